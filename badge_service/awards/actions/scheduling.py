"""When the mails of a batch leave: on a chosen day, at once, or not at all, for as long as they have not left."""

from datetime import UTC, date, datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from badge_service.awards.actions.mailing import AWARD_MAIL, promise_unsent, waiting_mails
from badge_service.awards.actions.teaching import find_taught_batch
from badge_service.awards.tables import AwardBatch
from badge_service.errors import ConflictError, Fault, InvalidError
from badge_service.people.rules import Viewer
from badge_service.settings import Settings
from badge_service.storage import audit
from badge_service.storage.session import now
from badge_service.storage.tables import OutboxJob

MORNING = time(7, tzinfo=UTC)
LATEST = timedelta(days=180)


def send_on(session: Session, viewer: Viewer, batch_token: str, day: date | None) -> datetime:
    """Let the mails that wait leave in the morning of a later day, or at once (None); returns the moment.

    Learners awarded later in the same batch get theirs then too. Raises `InvalidError` for a day that is not in the next
    180, `NotFoundError`, and `ConflictError` once the mails have left.
    """
    batch = _waiting_batch(session, viewer, batch_token)
    moment = now(session)
    if day is not None:
        if not moment.date() < day <= (moment + LATEST).date():
            message = _("Choose a day after today, within half a year.")
            raise InvalidError(message, faults=[Fault("day", message, "day")])
        moment = datetime.combine(day, MORNING)
    _change(session, batch, due_at=moment)
    batch.send_at = moment
    audit.record(session, viewer.acting_key(), "mail.schedule", f"batch:{batch.token}", at=moment.isoformat())
    return moment


def send_none(session: Session, viewer: Viewer, batch_token: str) -> int:
    """Take the waiting mails of a batch back; its learners get cards instead. Returns how many; raises as `send_on`."""
    batch = _waiting_batch(session, viewer, batch_token)
    count = _change(session, batch, cancelled_at=now(session))
    batch.mails_off_at = now(session)
    audit.record(session, viewer.acting_key(), "mail.cancel", f"batch:{batch.token}", mails=count)
    return count


def send_after_all(session: Session, viewer: Viewer, settings: Settings, batch_token: str) -> int:
    """Take `send_none` back: who has a badge waiting and was never written to is, as if it had not been said.

    Returns how many. Raises `NotFoundError`, `ConflictError` when the mails are not off.
    """
    batch = find_taught_batch(session, viewer, batch_token)
    if batch.mails_off_at is None or batch.undone_at is not None:
        raise ConflictError(_("The mails of this group are not switched off."), code="mail.on")
    batch.mails_off_at = None
    count = promise_unsent(session, settings, batch)
    audit.record(session, viewer.acting_key(), "mail.after_all", f"batch:{batch.token}", mails=count)
    session.flush()
    return count


def _waiting_batch(session: Session, viewer: Viewer, batch_token: str) -> AwardBatch:
    batch = find_taught_batch(session, viewer, batch_token)
    if not waiting_mails(session, batch):
        raise ConflictError(
            _("No mail of this group waits any more."),
            code="mail.left",
            hint=_("On the page of each badge you can send its mail again."),
        )
    return batch


def _change(session: Session, batch: AwardBatch, **values: datetime) -> int:
    waiting = update(OutboxJob).where(
        OutboxJob.kind == AWARD_MAIL,
        OutboxJob.done_at.is_(None),
        OutboxJob.cancelled_at.is_(None),
        OutboxJob.payload["batch"].as_string() == batch.token,
    )
    changed = session.execute(waiting.values(**values).returning(OutboxJob.id)).all()
    session.flush()
    return len(changed)
