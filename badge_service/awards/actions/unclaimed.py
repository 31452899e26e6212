"""What is done about badges that nobody answers: learners are reminded, then the school, then contact data goes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, exists, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from badge_service.awards.actions.addresses import contact_of, forget_contact
from badge_service.awards.actions.codes import end_codes
from badge_service.awards.actions.locking import lock_award
from badge_service.awards.actions.mailing import cancel_mails, undelivered
from badge_service.awards.rules import AwardState, Channel
from badge_service.awards.tables import Award, AwardBatch, ClaimCode, ClaimReminder
from badge_service.errors import NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Organisation
from badge_service.settings import Settings
from badge_service.storage import audit, outbox
from badge_service.storage.session import hashed, now, token
from badge_service.storage.tables import ServiceFact
from badge_service.web.paging import Listing, page_of

UPKEEP = "award_upkeep"
"""The outbox job that looks after unanswered awards, once a day and a part at a time."""
PART = 100
MOST_REMINDERS = 2
_LOOKED = "unclaimed_looked_at"


def begin_day(session: Session) -> bool:
    """Promise the day's look at unanswered awards, once a day (UTC); returns whether it was promised now."""
    today = now(session).date().isoformat()
    fact = session.get(ServiceFact, _LOOKED, with_for_update=True)
    if fact is not None and fact.value == today:
        return False
    if fact is None:
        session.add(ServiceFact(name=_LOOKED, value=today))
    else:
        fact.value = today
    outbox.promise(session, UPKEEP, {})
    return True


def day_has_begun(session: Session) -> bool:
    """Whether today's look was promised already; changes nothing."""
    fact = session.get(ServiceFact, _LOOKED)
    return fact is not None and fact.value == now(session).date().isoformat()


def reminders_due(session: Session, settings: Settings) -> Sequence[Award]:
    """Some unanswered awards that it is time to look at for a reminder, oldest first; none when reminding is off."""
    first, again = settings.remind_after_days, settings.remind_again_after_days
    due: list[ColumnElement[bool]] = []
    if first:
        due.append(_since(session, first) & (func.coalesce(ClaimReminder.looks, 0) == 0))
    if again:
        long_ago = ClaimReminder.last_at <= now(session) - timedelta(days=max(again - first, 1))
        due.append(_since(session, again) & (ClaimReminder.looks == 1) & long_ago)
    if not due:
        return []
    wanted = _unanswered().where(or_(*due), ~_since(session, settings.unclaimed_after_days))
    return session.scalars(wanted.order_by(Award.id).limit(PART)).all()


def take_reminder(session: Session, award: Award) -> tuple[str, str] | None:
    """Count this look; the address to write to and the word by which the learner says stop, if a reminder may leave.

    None for somebody who was never written to or has no address, after a stop, and when an earlier mail did not arrive.
    """
    row = session.get(ClaimReminder, award.id) or ClaimReminder(award_id=award.id, looks=0, sent=0)
    session.add(row)
    row.looks, row.last_at = row.looks + 1, now(session)
    email = contact_of(session, award)
    stopped = row.stopped_at is not None or row.sent >= MOST_REMINDERS
    if email is None or stopped or not _was_reached(session, award):
        session.flush()
        return None
    stop = token(session)
    row.sent, row.stop_hash = row.sent + 1, hashed(stop)
    session.flush()
    return email, stop


def _was_reached(session: Session, award: Award) -> bool:
    mailed = exists().where(ClaimCode.award_id == award.id, ClaimCode.channel == Channel.MAIL.value)
    arrived = select(Award.id).where(Award.id == award.id, mailed, ~undelivered())
    return session.scalar(arrived) is not None


def reminded_award(session: Session, stop: str) -> Award:
    """The award of a stop link; looking changes nothing. Raises `NotFoundError`."""
    found = select(Award).join(ClaimReminder, ClaimReminder.award_id == Award.id)
    award = session.scalar(found.where(ClaimReminder.stop_hash == hashed(stop)))
    if award is None:
        raise NotFoundError(
            _("We do not know this link, or a newer mail has replaced it."), code="reminder.stop"
        )
    return award


def stop_reminders(session: Session, stop: str) -> Award:
    """The learner wants no reminder of this badge any more; it stays where it is. Raises `NotFoundError`."""
    award = reminded_award(session, stop)
    row = session.get_one(ClaimReminder, award.id)
    if row.stopped_at is None:
        row.stopped_at = now(session)
        audit.record(session, None, "reminder.stop", f"award:{award.token}")
    return award


def tell_schools(session: Session, settings: Settings) -> list[tuple[Organisation, int]]:
    """Mark what has waited for a year as told; the organisations to tell, each with how many badges."""
    due = (_since(session, settings.unclaimed_after_days), ClaimReminder.school_told_at.is_(None))
    counts = session.execute(
        _unanswered(select(Award.organisation_id, func.count())).where(*due).group_by(Award.organisation_id)
    ).all()
    mine = _unanswered(select(Award.id)).where(*due)
    without = mine.where(ClaimReminder.award_id.is_(None)).add_columns(*_nothing())
    session.execute(insert(ClaimReminder).from_select(["award_id", "looks", "sent"], without))
    told = update(ClaimReminder).where(ClaimReminder.award_id.in_(mine))
    session.execute(
        told.values(school_told_at=now(session)), execution_options={"synchronize_session": False}
    )
    return [(session.get_one(Organisation, id_), count) for id_, count in counts]


def end_contacts(session: Session, settings: Settings) -> int:
    """Forget the addresses of some badges whose school was told a month ago; the badges stay, cards still claim them.

    Returns how many, and writes the counts into the audit log; 0 when none is left.
    """
    told_before = now(session) - timedelta(days=settings.contact_kept_days)
    wanted = _unanswered().where(
        ClaimReminder.school_told_at <= told_before, ClaimReminder.contact_ended_at.is_(None)
    )
    awards = session.scalars(wanted.order_by(Award.id).limit(PART)).all()
    counts: dict[str, int] = {}
    for award in awards:
        lock_award(session, award.token)
        if award.state == AwardState.HELD:
            cancel_mails(session, award)
            end_codes(session, [award.id], Channel.MAIL)
            forget_contact(session, award)
            counts[award.organisation.slug] = counts.get(award.organisation.slug, 0) + 1
        session.get_one(ClaimReminder, award.id).contact_ended_at = now(session)
    for slug, count in counts.items():
        audit.record(session, None, "unclaimed.contact_ended", f"organisation:{slug}", awards=count)
    session.flush()
    return len(awards)


def unclaimed_awards(session: Session, viewer: Viewer, settings: Settings, page: int = 1) -> Listing[Award]:
    """The badges of the viewer's organisations that have waited for a year, oldest first."""
    mine = viewer.organisations_as(Role.TEACHER, Role.ADMIN)
    waiting = _unanswered().where(
        _since(session, settings.unclaimed_after_days), Award.organisation_id.in_(mine)
    )
    return page_of(session, waiting.order_by(Award.decided_at, Award.id), page)


def contact_ended_at(session: Session, award: Award) -> datetime | None:
    """When the address of an unanswered award was deleted, if it was."""
    row = session.get(ClaimReminder, award.id)
    return row.contact_ended_at if row is not None else None


def _unanswered(chosen: Any = None) -> Select[Any]:
    """Awards that wait for their learner, with the batch and the reminder they may have."""
    wanted: Any = select(Award) if chosen is None else chosen
    joined = wanted.select_from(Award).outerjoin(ClaimReminder, ClaimReminder.award_id == Award.id)
    found: Select[Any] = joined.where(Award.state == AwardState.HELD.value)
    return found


def _since(session: Session, days: int) -> ColumnElement[bool]:
    """That the award was decided, and its mails were meant to leave, so many days ago."""
    before = now(session) - timedelta(days=days)
    later = exists().where(AwardBatch.id == Award.batch_id, AwardBatch.send_at > before)
    return (Award.decided_at <= before) & ~later


def _nothing() -> tuple[ColumnElement[int], ColumnElement[int]]:
    return literal(0).label("looks"), literal(0).label("sent")
