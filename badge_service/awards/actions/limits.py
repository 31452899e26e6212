"""Reads and sets how many badges a person may award, and keeps to it, however many requests come at once."""

from datetime import datetime, time

from flask_babel import gettext as _
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from badge_service.awards.rules import (
    HOUR,
    MOST_A_DAY,
    MOST_AN_HOUR,
    Allowance,
    Limits,
)
from badge_service.awards.rules.cases import CaseState
from badge_service.awards.rules.imports import ImportState, RowState
from badge_service.awards.tables import (
    Award,
    AwardBatch,
    AwardImport,
    AwardLimits,
    ImportRow,
    RecognitionCase,
)
from badge_service.errors import Fault, InvalidError, QuotaError
from badge_service.people import actions as people
from badge_service.people.rules import Viewer
from badge_service.people.tables import Organisation
from badge_service.storage import audit
from badge_service.storage.session import alone, now


def limits_of(session: Session, organisation_id: int) -> Limits:
    """The numbers of an organisation; where nobody has set them, those of this service."""
    row = session.get(AwardLimits, organisation_id)
    return Limits(row.a_day, row.an_hour, row.second_looks) if row is not None else Limits()


def set_limits(
    session: Session, viewer: Viewer, slug: str, *, a_day: int, an_hour: int, second_looks: int | None = None
) -> Organisation:
    """Change them, as an administrator of the organisation; without `second_looks` that share stays.

    Raises `NotFoundError` for a foreign organisation, `NotAllowedError`, `InvalidError` with faults at `a_day`, `an_hour`
    and `second_looks`.
    """
    organisation = people.administered(session, viewer, slug)
    share = limits_of(session, organisation.id).second_looks if second_looks is None else second_looks
    numbers = (
        ("a_day", a_day, 0, MOST_A_DAY),
        ("an_hour", an_hour, 1, MOST_AN_HOUR),
        ("second_looks", share, 0, 100),
    )
    faults = [
        Fault(where, _("Choose a number from %(least)s to %(most)s.", least=least, most=most), "range")
        for where, number, least, most in numbers
        if not least <= number <= most
    ]
    if faults:
        raise InvalidError(faults[0].message, faults=faults)
    row = session.get(AwardLimits, organisation.id) or AwardLimits(organisation_id=organisation.id)
    row.a_day, row.an_hour, row.second_looks = a_day, an_hour, share
    row.changed_by, row.changed_at = viewer.acting_key(), now(session)
    session.add(row)
    subject = f"organisation:{organisation.slug}"
    told = {"a_day": a_day, "an_hour": an_hour, "second_looks": share}
    audit.record(session, row.changed_by, "award.limits", subject, **told)
    session.flush()
    return organisation


def allowance(session: Session, organisation_id: int, actor: str) -> Allowance:
    """How many badges a person (by key) may still award there, counting what their programs sent in others' names.

    What a second person confirmed counts for the hour of the decision, and not for the day.
    """
    at = now(session)
    day = datetime.combine(at.date(), time(), tzinfo=at.tzinfo)
    given, decided = 0, 0
    mine = (AwardBatch.requested_by == actor) | (AwardBatch.sent_by == actor)
    for requested_at, total, held_back, undone_at in session.execute(
        select(AwardBatch.requested_at, AwardBatch.total, AwardBatch.held_back, AwardBatch.undone_at).where(
            mine,
            AwardBatch.organisation_id == organisation_id,
            AwardBatch.requested_at > min(day, at - HOUR),
        )
    ):
        given += total - held_back if requested_at >= day and undone_at is None else 0
        decided += total if requested_at > at - HOUR else 0
    singly = _single_ones(session, organisation_id, actor, day, at)
    by_file = _by_file(session, organisation_id, actor, day, at)
    return Allowance(
        limits_of(session, organisation_id),
        given + singly[0] + by_file[0],
        decided + singly[1] + by_file[1],
    )


def require_allowance(
    session: Session, organisation_id: int, actor: str, count: int, sent_by: str | None = None
) -> Allowance:
    """Before `count` more decisions: others of the same person wait until this transaction is over, so the limits hold.

    With `sent_by`, another person's key, whichever of the two has less left. How many of them need a second person is for
    the caller to ask (`at_once`). Raises `QuotaError` (`award_quota`) when
    they are more than the hour has left.
    """
    keys = sorted({actor, sent_by or actor})
    for key in keys:
        alone(session, f"award-limits:{organisation_id}:{key}")
    theirs = [allowance(session, organisation_id, key) for key in keys]
    found = Allowance(
        theirs[0].limits,
        max(one.given_today for one in theirs),
        max(one.decided_this_hour for one in theirs),
    )
    if count > found.left_this_hour:
        raise QuotaError(
            _("You may award at most %(most)s badges an hour.", most=found.limits.an_hour),
            code="award_quota",
            hint=_(
                "You can award %(left)s more now. Try again later, or ask an administrator of your organisation.",
                left=found.left_this_hour,
            ),
        )
    return found


def _single_ones(
    session: Session, organisation_id: int, actor: str, day: datetime, at: datetime
) -> tuple[int, int]:
    """What was decided one at a time, today and within the hour; a stacked badge rests on what was counted."""
    by_file = exists().where(ImportRow.award_id == Award.id)
    mine = (
        select(func.count())
        .select_from(Award)
        .where(Award.decided_by == actor, Award.organisation_id == organisation_id)
        .where(Award.batch_id.is_(None), Award.fulfilment_id.is_(None), ~by_file)
    )
    case = (RecognitionCase.decided_by == actor) & (RecognitionCase.organisation_id == organisation_id)
    confirmed = RecognitionCase.confirmed_by.is_not(None)
    by_one = mine.where(~exists().where(RecognitionCase.id == Award.case_id, confirmed))
    by_two = select(func.count()).select_from(RecognitionCase)
    by_two = by_two.where(case, confirmed | (RecognitionCase.state == CaseState.SECOND.value))
    given = session.scalar(by_one.where(Award.decided_at >= day)) or 0
    decided = session.scalar(by_one.where(Award.decided_at > at - HOUR)) or 0
    return given, decided + (session.scalar(by_two.where(RecognitionCase.decided_at > at - HOUR)) or 0)


def _by_file(
    session: Session, organisation_id: int, actor: str, day: datetime, at: datetime
) -> tuple[int, int]:
    """The rows of imports decided today without a second person, and within the hour, awarded already or not yet."""
    counted = (RowState.WAITING.value, RowState.AWARDED.value)
    found = session.execute(
        select(AwardImport.confirmed_at, AwardImport.state, AwardImport.second_by, func.count())
        .join(ImportRow, ImportRow.import_id == AwardImport.id)
        .where(AwardImport.created_by == actor, AwardImport.organisation_id == organisation_id)
        .where(AwardImport.confirmed_at >= min(day, at - HOUR))
        .where(ImportRow.state.in_(counted))
        .group_by(AwardImport.id)
    )
    given = decided = 0
    for confirmed_at, state, second_by, count in found:
        by_one = state != ImportState.SECOND and second_by is None
        given += count if confirmed_at and confirmed_at >= day and by_one else 0
        decided += count if confirmed_at and confirmed_at > at - HOUR else 0
    return given, decided
