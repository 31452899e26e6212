"""Standing decisions: a named LET member decides beforehand that whoever fulfils a pathway's version gets its badge."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from badge_service.awards.tables import StandingDecision
from badge_service.curriculum.rules import VersionState
from badge_service.curriculum.tables import LetMember, Pathway, PathwayVersion
from badge_service.errors import ConflictError, NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Person, RoleGrant
from badge_service.storage import audit
from badge_service.storage.session import now


def may_decide_beforehand(session: Session, viewer: Viewer, version: PathwayVersion) -> bool:
    """Whether the viewer leads the LET for the pathway's organisation, or is in the LET and works there."""
    if viewer.person_id is None:
        return False
    may = select(Person.id).join(Pathway, Pathway.id == version.pathway_id)
    return session.scalar(may.where(Person.id == viewer.person_id, entitled(session))) is not None


def entitled(session: Session) -> ColumnElement[bool]:
    """That this `Person` may decide beforehand about this `Pathway` now: the one condition, for whoever asks.

    A LET lead of its organisation may, and a current member of its LET who has a role there besides that of a learner.
    """
    return _entitled(session, RoleGrant.id.is_not(None))


def still_entitled(session: Session) -> ColumnElement[bool]:
    """That the `Person` may still make this `StandingDecision`, by roles no younger than it.

    A role that was taken away and granted again does not bring a decision back.
    """
    return _entitled(session, RoleGrant.granted_at <= StandingDecision.made_at)


def _entitled(session: Session, counts: ColumnElement[bool]) -> ColumnElement[bool]:
    there = and_(
        RoleGrant.person_id == Person.id, RoleGrant.organisation_id == Pathway.organisation_id, counts
    )
    leads = exists().where(there, RoleGrant.role == Role.LET_LEAD.value)
    works = exists().where(there, RoleGrant.role != Role.LEARNER.value)
    belongs = (
        exists()
        .where(LetMember.person_id == Person.id, LetMember.let_id == Pathway.let_id)
        .where(or_(LetMember.until.is_(None), LetMember.until >= now(session).date()))
    )
    return and_(Person.erased_at.is_(None), or_(leads, and_(works, belongs)))


def find_standing(session: Session, version: PathwayVersion) -> tuple[StandingDecision, str] | None:
    """The decision that is in force for a version, with the name of who made it; a lapsed one is none."""
    row = session.execute(
        select(StandingDecision, Person.name)
        .join(Person, Person.key == StandingDecision.made_by)
        .join(Pathway, Pathway.id == version.pathway_id)
        .where(StandingDecision.pathway_version_id == version.id, StandingDecision.ended_at.is_(None))
        .where(still_entitled(session))
    ).first()
    return (row[0], row[1] or "") if row is not None else None


def end_lapsed(session: Session, version_ids: Sequence[int]) -> None:
    """End the decisions for these versions whose makers have lost the right to them: they are made anew or not at all."""
    open_ones = select(StandingDecision).where(
        StandingDecision.pathway_version_id.in_(version_ids), StandingDecision.ended_at.is_(None)
    )
    in_force = (
        select(Person.id)
        .join(Pathway, still_entitled(session))
        .join(PathwayVersion, PathwayVersion.pathway_id == Pathway.id)
        .where(PathwayVersion.id == StandingDecision.pathway_version_id)
        .where(Person.key == StandingDecision.made_by)
    )
    for one in session.scalars(open_ones.where(~in_force.correlate(StandingDecision).exists())):
        one.ended_at = now(session)
        audit.record(session, None, "pathway.standing_lapsed", f"standing-decision:{one.id}")
    session.flush()


def switch_on(session: Session, viewer: Viewer, version: PathwayVersion) -> StandingDecision:
    """Decide beforehand, in the viewer's own name; what is proposed already stays with the people on the desk.

    Raises `NotFoundError` for who may not, `ConflictError` when it is on, or the version is not settled.
    """
    _require(session, viewer, version)
    end_lapsed(session, [version.id])
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
