"""Industry needs: logged by members of an alliance, tied to items of frameworks, answered and closed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badge_service.alliance.rules import (
    LOGGERS,
    MOST_ITEMS,
    NEXT_STATES,
    NeedFacts,
    NeedState,
    need_faults,
)
from badge_service.alliance.tables import Alliance, AllianceMember, IndustryNeed, NeedItem
from badge_service.curriculum.actions.frameworks import items_by_uris
from badge_service.errors import Fault, InvalidError, NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Organisation
from badge_service.storage import audit
from badge_service.storage.revisions import begin_change
from badge_service.storage.session import now, token
from badge_service.web.paging import Listing, page_of

PUBLIC_STATES = (NeedState.OPEN.value, NeedState.ANSWERED.value)


def loggers_here(session: Session, viewer: Viewer, alliance: Alliance) -> Sequence[Organisation]:
    """For which organisations the viewer logs needs in an alliance: as a member or LET lead of one that sits there."""
    seats = select(AllianceMember.organisation_id).where(AllianceMember.alliance_id == alliance.id)
    mine = viewer.organisations_as(*LOGGERS)
    query = select(Organisation).where(Organisation.id.in_(mine), Organisation.id.in_(seats))
    return session.scalars(query.order_by(Organisation.name)).all()


def log_need(
    session: Session, viewer: Viewer, alliance: Alliance, organisation: Organisation, facts: NeedFacts
) -> IndustryNeed:
    """Log what an organisation, or a company that it knows, needs people to be able to do.

    Raises InvalidError with every fault, NotFoundError for an organisation for which the viewer does not speak there.
    """
    actor = viewer.acting_key()
    if organisation.id not in {one.id for one in loggers_here(session, viewer, alliance)}:
        raise NotFoundError(_("There is no such organisation among yours."), code="organisation.unknown")
    _refuse(need_faults(facts))
    role = next(role for role in LOGGERS if viewer.has_role(role, organisation.id))
    need = IndustryNeed(
        token=token(session),
        alliance_id=alliance.id,
        alliance=alliance,
        organisation_id=organisation.id,
        organisation=organisation,
        state=NeedState.OPEN.value,
        logged_by=actor,
        logger_role=role.value,
        created_at=now(session),
        changed_at=now(session),
        **_columns(facts, None, now(session).date()),
    )
    session.add(need)
    session.flush()
    audit.record(session, actor, "need.log", _subject(need), role=role.value)
    return need


def edit_need(
    session: Session, viewer: Viewer, need: IndustryNeed, facts: NeedFacts, revision: int
) -> IndustryNeed:
    """Change what a need says. Raises as `log_need`, and StaleError when somebody was faster."""
    _require(session, viewer, need)
    _refuse(need_faults(facts))
    begin_change(session, need, revision)
    new = _columns(facts, need, now(session).date())
    changed = sorted(name for name, value in new.items() if getattr(need, name) != value)
    for name, value in new.items():
        setattr(need, name, value)
    _touch(session, viewer, need, "need.edit", fields=changed)
    return need


def add_need_item(session: Session, viewer: Viewer, need: IndustryNeed, target_url: str) -> NeedItem:
    """Tie a need to an item of a framework; twice is once. Raises NotFoundError for an item that is in none."""
    _require(session, viewer, need)
    session.refresh(need, with_for_update={"of": IndustryNeed})
    item = items_by_uris(session, [target_url]).get(target_url)
    if item is None:
        raise NotFoundError(_("There is no such item in any framework here."), code="item.unknown")
    known = session.get(NeedItem, (need.id, item.target_url))
    if known is not None:
        return known
    if (session.scalar(select(func.count()).where(NeedItem.need_id == need.id)) or 0) >= MOST_ITEMS:
        message = _("A need names at most %(most)s items: choose those that matter most.", most=MOST_ITEMS)
        raise InvalidError(message, code="too_many")
    tie = NeedItem(need_id=need.id, target_url=item.target_url)
    session.add(tie)
    _touch(session, viewer, need, "need.add_item", item=item.target_url)
    return tie


def remove_need_item(session: Session, viewer: Viewer, need: IndustryNeed, target_url: str) -> None:
    """Untie a need from an item; raises NotFoundError when it does not name it."""
    _require(session, viewer, need)
    tie = session.get(NeedItem, (need.id, target_url))
    if tie is None:
        raise NotFoundError(_("This need does not name that item."), code="item.unknown")
    session.delete(tie)
    _touch(session, viewer, need, "need.remove_item", item=target_url)


def set_need_state(session: Session, viewer: Viewer, need: IndustryNeed, to: str) -> IndustryNeed:
    """Say that a need is answered, closed, or open again; being there already changes nothing."""
    _require(session, viewer, need)
    session.refresh(need, with_for_update={"of": IndustryNeed})
    if need.state == to:
        return need
    if to not in {state.value for state in NEXT_STATES[NeedState(need.state)]}:
        raise InvalidError(_("This step is not possible from here."), code="state")
    before, need.state = need.state, to
    _touch(session, viewer, need, "need.state", before=before, after=to)
    return need


def find_need(session: Session, need_token: str) -> IndustryNeed:
    """The need at this public address; raises NotFoundError."""
    need = session.scalar(select(IndustryNeed).where(IndustryNeed.token == need_token))
    if need is None:
        raise NotFoundError(_("There is no such need."), code="need.unknown")
    return need


def find_own_need(session: Session, viewer: Viewer, need_token: str) -> IndustryNeed:
    """The need at this address if the viewer may change it; raises NotFoundError."""
    need = find_need(session, need_token)
    _require(session, viewer, need)
    return need


def may_change_need(session: Session, viewer: Viewer, need: IndustryNeed) -> bool:
    """Members change the needs of their own organisation; LET leads of an organisation with a seat, all of the alliance."""
    if viewer.has_role(Role.MEMBER, need.organisation_id):
        return True
    return any(viewer.has_role(Role.LET_LEAD, one.id) for one in loggers_here(session, viewer, need.alliance))


def needs_of(
    session: Session, alliance: Alliance, page: int = 1, *, closed: bool = False
) -> Listing[IndustryNeed]:
    """One page of the needs of an alliance, the newest first: open and answered ones, with `closed` the closed ones."""
    states = (NeedState.CLOSED.value,) if closed else PUBLIC_STATES
    query = select(IndustryNeed).where(
        IndustryNeed.alliance_id == alliance.id, IndustryNeed.state.in_(states)
    )
    return page_of(session, query.order_by(IndustryNeed.id.desc()), page)


def targets_of(session: Session, needs: Sequence[IndustryNeed]) -> dict[int, list[str]]:
    """The targets of the items that each of these needs names."""
    query = select(NeedItem).where(NeedItem.need_id.in_([need.id for need in needs]))
    found: dict[int, list[str]] = {}
    for tie in session.scalars(query.order_by(NeedItem.target_url)):
        found.setdefault(tie.need_id, []).append(tie.target_url)
    return found


def _columns(facts: NeedFacts, before: IndustryNeed | None, today: date) -> dict[str, Any]:
    company = facts.company.strip() if facts.for_company else ""
    agreed_on = None
    if company:
        same = before is not None and before.company == company
        agreed_on = before.company_agreed_on if before is not None and same else today
    return {
        "title": facts.title.strip(),
        "text": facts.text.strip(),
        "language": facts.language,
        "for_company": facts.for_company,
        "company": company,
        "company_agreed_on": agreed_on,
    }


def _touch(session: Session, viewer: Viewer, need: IndustryNeed, deed: str, **details: Any) -> None:
    need.changed_at = now(session)
    session.flush()
    audit.record(session, viewer.acting_key(), deed, _subject(need), **details)


def _subject(need: IndustryNeed) -> str:
    return f"need:{need.token}"


def _require(session: Session, viewer: Viewer, need: IndustryNeed) -> None:
    if not may_change_need(session, viewer, need):
        raise NotFoundError(_("There is no such need among yours."), code="need.unknown")


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise InvalidError(_("Something needs correcting."), faults=faults)
