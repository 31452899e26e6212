"""Hubs: opened and described by the team that keeps them, read by everybody, closed when they close."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.slugs import unused_slug
from badge_service.curriculum.actions.teams import find_own_let
from badge_service.curriculum.rules.teams import HubFacts, hub_faults
from badge_service.curriculum.tables import Hub, Let
from badge_service.errors import InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.storage import audit
from badge_service.storage.revisions import begin_change
from badge_service.storage.session import now


def open_hub(session: Session, viewer: Viewer, let: Let, facts: HubFacts) -> Hub:
    """Describe a new hub; its page is public at once. Raises InvalidError with every fault, NotFoundError."""
    own = find_own_let(session, viewer, let.slug)
    _refuse(facts)
    hub = Hub(
        slug=unused_slug(session, facts.name, f"{own.slug}-hub", Hub.slug),
        let_id=own.id,
        let=own,
        created_at=now(session),
        **_columns(facts),
    )
    session.add(hub)
    session.flush()
    audit.record(session, viewer.acting_key(), "hub.open", f"hub:{hub.slug}")
    return hub


def edit_hub(session: Session, viewer: Viewer, hub: Hub, facts: HubFacts, revision: int) -> Hub:
    """Change what a hub says about itself; its address stays. Raises as `open_hub`, and StaleError."""
    find_own_let(session, viewer, hub.let.slug)
    _refuse(facts)
    begin_change(session, hub, revision)
    for name, value in _columns(facts).items():
        setattr(hub, name, value)
    audit.record(session, viewer.acting_key(), "hub.edit", f"hub:{hub.slug}")
    return hub


def close_hub(session: Session, viewer: Viewer, hub: Hub, *, closed: bool = True) -> Hub:
    """Say that a hub is closed, or open again; its page stays and says so."""
    find_own_let(session, viewer, hub.let.slug)
    if closed != (hub.closed_at is not None):
        hub.closed_at = now(session) if closed else None
        audit.record(session, viewer.acting_key(), "hub.close" if closed else "hub.reopen", f"hub:{hub.slug}")
        session.flush()
    return hub


def find_hub(session: Session, slug: str) -> Hub:
    """The hub at this public address; raises NotFoundError."""
    hub = session.scalar(select(Hub).where(Hub.slug == slug))
    if hub is None:
        raise NotFoundError(_("There is no hub at this address."), code="hub.unknown")
    return hub


def find_own_hub(session: Session, viewer: Viewer, slug: str) -> Hub:
    """A hub of a team that the viewer leads; raises NotFoundError."""
    hub = find_hub(session, slug)
    find_own_let(session, viewer, hub.let.slug)
    return hub


def hubs_of(session: Session, let: Let, *, closed: bool = False) -> Sequence[Hub]:
    """The hubs of a team by name: the open ones, with `closed` the others too."""
    query = select(Hub).where(Hub.let_id == let.id).order_by(Hub.closed_at.is_not(None), Hub.name)
    return session.scalars(query if closed else query.where(Hub.closed_at.is_(None))).all()


def _columns(facts: HubFacts) -> dict[str, Any]:
    return {
        "name": facts.name.strip(),
        "place": facts.place.strip(),
        "about": facts.about.strip(),
        "machines": list(facts.machines),
        "partners": list(facts.partners),
        "opening": facts.opening.strip(),
        "accessibility": facts.accessibility.strip(),
        "language": facts.language,
        "spoken": list(facts.spoken),
    }


def _refuse(facts: HubFacts) -> None:
    faults = hub_faults(facts)
    if faults:
        raise InvalidError(_("Something needs correcting."), faults=faults)
