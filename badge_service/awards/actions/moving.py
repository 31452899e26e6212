"""Moves a learner's place in one workshop to the person who has proven to be that learner."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from badge_service.alliance.tables import Activity
from badge_service.awards.actions.origins import imported_row
from badge_service.awards.actions.stacking.upkeep import move_stacks
from badge_service.awards.rules import AwardState
from badge_service.awards.tables import (
    Assessment,
    AssessmentComment,
    AssessmentReason,
    Award,
    AwardBatch,
    BatchItem,
    Evidence,
    RecognitionCase,
)
from badge_service.errors import ConflictError
from badge_service.people.actions import person_by_id
from badge_service.people.tables import Consent
from badge_service.storage.session import now
from badge_service.workshops.tables import Enrolment, Workshop


def move_learner(session: Session, award: Award, person_id: int) -> None:
    """Make the award the person's, and with it the learner's other badges of that activity that still wait for an answer.

    Raises `ConflictError` when this person is a learner of the same workshop already (then it is somebody else's card),
    and when the learner has accepted another badge of it (then this one belongs beside that).
    """
    before = award.person_id
    if before == person_id:
        return
    if imported_row(session, award) is not None:
        _move_imported(session, award, person_id)
        return
    if award.case_id is not None:
        _move_case(session, award, person_id)
        return
    if award.activity is None:
        raise ConflictError(
            _("This badge belongs beside the badges of its parts."),
            code="claim.stacked",
            hint=_("Claim one of those first; this one follows."),
        )
    _move_place(session, award, award.activity, person_id)
    if before is not None:
        move_stacks(session, before, person_id)


def _move_place(session: Session, award: Award, activity: Activity, person_id: int) -> None:
    """The learner's place in the workshop with all that stands on it."""
    before = award.person_id
    workshop_id = session.scalar(select(Workshop.id).where(Workshop.activity_id == award.activity_id))
    _refuse_second_place(session, workshop_id, person_id)
    _refuse_parting(session, award)
    is_held = Award.state == AwardState.HELD.value
    places: tuple[tuple[Any, Any], ...] = (
        (Enrolment, Enrolment.workshop_id == workshop_id),
        (Assessment, Assessment.activity_id == award.activity_id),
        (AssessmentReason, AssessmentReason.activity_id == award.activity_id),
        (AssessmentComment, AssessmentComment.activity_id == award.activity_id),
        (Evidence, Evidence.activity_id == award.activity_id),
        (Consent, Consent.subject == f"activity:{activity.token}"),
        (BatchItem, BatchItem.batch_id.in_(_batches_of(award))),
        (Award, (Award.activity_id == award.activity_id) & (is_held | (Award.id == award.id))),
    )
    _close_evidence(session, before, Evidence.activity_id == award.activity_id)
    for table, here in places:
        session.execute(update(table).where(here, table.person_id == before).values(person_id=person_id))
    award.person = person_by_id(session, person_id)
    session.flush()


def _batches_of(award: Award) -> Select[int]:
    return select(AwardBatch.id).where(AwardBatch.activity_id == award.activity_id)


def _move_imported(session: Session, award: Award, person_id: int) -> None:
    """A badge from elsewhere stands by itself: it alone changes hands, unless its new owner has the same one."""
    _refuse_same_badge(session, award, person_id)
    _hand_over(session, award, person_id)


def _move_case(session: Session, award: Award, person_id: int) -> None:
    """A case has one learner and one badge, and a portfolio that goes with it."""
    _refuse_same_badge(session, award, person_id)
    _close_evidence(session, award.person_id, Evidence.case_id == award.case_id)
    for table in (Assessment, AssessmentComment, AssessmentReason, Evidence):
        here = update(table).where(table.case_id == award.case_id, table.person_id == award.person_id)
        session.execute(here.values(person_id=person_id))
    case = update(RecognitionCase).where(RecognitionCase.id == award.case_id)
    session.execute(case.values(person_id=person_id))
    _hand_over(session, award, person_id)


def _close_evidence(session: Session, before: int | None, here: ColumnElement[bool]) -> None:
    """What the one before has opened is nobody's to see, until the one who has it now opens it."""
    mine = (here, Evidence.person_id == before, Evidence.opened_at.is_not(None))
    tokens = session.scalars(select(Evidence.token).where(*mine)).all()
    if not tokens:
        return
    session.execute(update(Evidence).where(*mine).values(opened_at=None))
    given = (Consent.person_id == before, Consent.subject.in_([f"evidence:{one}" for one in tokens]))
    session.execute(
        update(Consent).where(*given, Consent.withdrawn_at.is_(None)).values(withdrawn_at=now(session))
    )


def _hand_over(session: Session, award: Award, person_id: int) -> None:
    before = award.person_id
    award.person = person_by_id(session, person_id)
    session.flush()
    if before is not None:
        move_stacks(session, before, person_id)


def _refuse_same_badge(session: Session, award: Award, person_id: int) -> None:
    same = select(Award.id).where(
        Award.person_id == person_id, Award.version_id == award.version_id, Award.ended_at.is_(None)
    )
    if session.scalar(same) is not None:
        raise ConflictError(
            _("Whoever claims this has the same badge already."),
            code="claim.same_badge",
            hint=_("Sign out first if this device belongs to somebody else, or ask your school."),
        )


def _refuse_second_place(session: Session, workshop_id: int | None, person_id: int) -> None:
    taken = select(Enrolment.id).where(Enrolment.workshop_id == workshop_id, Enrolment.person_id == person_id)
    if session.scalar(taken) is not None:
        raise ConflictError(
            _("This badge was given to another learner of the same workshop."),
            code="claim.other_learner",
            hint=_("Sign out first if this device belongs to somebody else, or ask your teacher."),
        )


def _refuse_parting(session: Session, award: Award) -> None:
    accepted = select(Award.id).where(
        Award.activity_id == award.activity_id,
        Award.person_id == award.person_id,
        Award.state == AwardState.ACCEPTED.value,
        Award.id != award.id,
    )
    if session.scalar(accepted) is not None:
        raise ConflictError(
            _("Another badge of this learner was accepted already, and this one belongs beside it."),
            code="claim.other_accepted",
            hint=_("Sign in to the account with that badge, or ask your teacher to undo that claim first."),
        )
