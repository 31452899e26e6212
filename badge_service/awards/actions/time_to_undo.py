"""Until when awards that were given together can be taken back together: while their mails wait, or for some minutes."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.orm import Session

from badge_service.awards.actions.mailing import AWARD_MAIL
from badge_service.awards.rules import AwardState
from badge_service.awards.tables import Award
from badge_service.settings import Settings
from badge_service.storage.session import now
from badge_service.storage.tables import OutboxJob

_ANSWERED = (AwardState.ACCEPTED.value, AwardState.DECLINED.value)


def undo_until(
    session: Session,
    settings: Settings,
    which: ColumnElement[bool],
    group: str,
    *,
    in_line: int = 0,
    to_confirm: int = 0,
    send_at: datetime | None = None,
) -> datetime | None:
    """Until when all awards of `which` can be taken back, None once they cannot: that is until their last mail leaves,
    and in any case for some minutes after the last of them was given; but never once a learner has answered.

    Their mails were promised under the token `group`. `in_line` wait for the worker, `to_confirm` for a second person:
    they have the minutes still before them. `send_at` is when somebody had the mails leave.
    """
    answered = func.sum(case((Award.state.in_(_ANSWERED), 1), else_=0))
    stand = func.sum(case((Award.ended_at.is_(None), 1), else_=0))
    last, gone, standing = session.execute(
        select(func.max(Award.decided_at), answered, stand).where(which)
    ).one()
    if gone or not (standing or in_line or to_confirm):
        return None
    at = now(session)
    given = at if in_line or last is None else last
    until = send_at or given + timedelta(minutes=settings.undo_minutes)
    until = max(until, _last_mail(session, group) or until)
    return until if at < until else None


def take_mails_back(session: Session, group: str) -> None:
    """Let no mail leave that waits in this group, however long the badges themselves take."""
    waiting = update(OutboxJob).where(*_waiting(group)).values(cancelled_at=now(session))
    session.execute(waiting, execution_options={"synchronize_session": False})


def _last_mail(session: Session, group: str) -> datetime | None:
    """When the last mail leaves that was not tried before."""
    return session.scalar(select(func.max(OutboxJob.due_at)).where(*_waiting(group), OutboxJob.attempts == 0))


def _waiting(group: str) -> tuple[ColumnElement[bool], ...]:
    return (
        OutboxJob.kind == AWARD_MAIL,
        OutboxJob.done_at.is_(None),
        OutboxJob.cancelled_at.is_(None),
        OutboxJob.payload["batch"].as_string() == group,
    )
