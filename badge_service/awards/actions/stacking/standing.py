"""Standing decisions: a named LET member decides beforehand that whoever fulfils a pathway's version gets its badge."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.tables import StandingDecision
from badge_service.curriculum.rules import VersionState
from badge_service.curriculum.tables import LetMember, PathwayVersion
from badge_service.errors import ConflictError, NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Person
from badge_service.storage import audit
from badge_service.storage.session import now


def may_decide_beforehand(session: Session, viewer: Viewer, version: PathwayVersion) -> bool:
    """Whether the viewer leads the pathway's LET for its organisation, or is one of the LET's members."""
    if viewer.person_id is None:
        return False
    if viewer.has_role(Role.LET_LEAD, version.pathway.organisation_id):
        return True
    member = select(LetMember.id).where(
        LetMember.let_id == version.let_id, LetMember.person_id == viewer.person_id, LetMember.until.is_(None)
    )
    return session.scalar(member) is not None


def find_standing(session: Session, version: PathwayVersion) -> tuple[StandingDecision, str] | None:
    """The decision that is switched on for a version, with the name of who made it."""
    row = session.execute(
        select(StandingDecision, Person.name)
        .outerjoin(Person, Person.key == StandingDecision.made_by)
        .where(StandingDecision.pathway_version_id == version.id, StandingDecision.ended_at.is_(None))
    ).first()
    return (row[0], row[1] or "") if row is not None else None


def switch_on(session: Session, viewer: Viewer, version: PathwayVersion) -> StandingDecision:
    """Decide beforehand, in the viewer's own name; what is proposed already stays with the people on the desk.

    Raises `NotFoundError` for who may not, `ConflictError` when it is on, or the version is not settled.
    """
    _require(session, viewer, version)
    if version.state != VersionState.PUBLISHED or version.badge_version_id is None:
        raise ConflictError(
            _("Only a published pathway with a badge can be decided."), code="standing.version"
        )
    if find_standing(session, version) is not None:
        raise ConflictError(_("Somebody has switched this on already."), code="standing.on")
    made = StandingDecision(
        pathway_version_id=version.id,
        made_by=viewer.acting_key(),
        made_at=now(session),
        ended_at=None,
        ended_by=None,
    )
    session.add(made)
    session.flush()
    audit.record(
        session, viewer.acting_key(), "pathway.standing_on", f"pathway:{version.slug}/{version.version}"
    )
    return made


def switch_off(session: Session, viewer: Viewer, version: PathwayVersion) -> None:
    """From now on every fulfilment is proposed to a person. Raises `NotFoundError`, `ConflictError` when it is off."""
    _require(session, viewer, version)
    found = find_standing(session, version)
    if found is None:
        raise ConflictError(_("Nothing is switched on."), code="standing.off")
    found[0].ended_at, found[0].ended_by = now(session), viewer.acting_key()
    audit.record(
        session, viewer.acting_key(), "pathway.standing_off", f"pathway:{version.slug}/{version.version}"
    )
    session.flush()


def _require(session: Session, viewer: Viewer, version: PathwayVersion) -> None:
    if not may_decide_beforehand(session, viewer, version):
        raise NotFoundError(_("There is no such pathway."), code="pathway.unknown")
