"""Opens and closes the door by which learners of a workshop check in, and finds it by its printed code."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.alliance.rules import State
from badge_service.errors import InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.storage import audit
from badge_service.storage.session import now, token
from badge_service.workshops.actions.finding import require_managed
from badge_service.workshops.actions.presence import days_of, recount_presence
from badge_service.workshops.rules import LATE_DAYS, Phase, days_to_claim, phase_of, rule_faults
from badge_service.workshops.tables import CheckInDoor, Workshop


@dataclass(frozen=True)
class Door:
    """A door that was found, the workshop behind it, and what it takes today; `claimable` are days of a late claim."""

    row: CheckInDoor
    workshop: Workshop
    phase: Phase
    claimable: tuple[date, ...]
    today: date

    @property
    def is_open(self) -> bool:
        """Whether it takes anything at all."""
        return self.row.closed_at is None and self.workshop.activity.state != State.CANCELLED.value


def door_of(session: Session, viewer: Viewer, workshop: Workshop) -> CheckInDoor | None:
    """The door of a workshop, None as long as nobody opened one. Raises NotFoundError for a foreign workshop."""
    require_managed(viewer, workshop)
    return session.get(CheckInDoor, workshop.id)


def open_door(session: Session, viewer: Viewer, workshop: Workshop, *, renew: bool = False) -> CheckInDoor:
    """Let learners check in; with `renew` by a new code, so that every printed one stops working."""
    row = door_of(session, viewer, workshop) or _new_door(session, workshop)
    row.opened_at, row.closed_at = now(session), None
    if renew:
        row.token, row.screen_token = token(session), token(session)
    session.add(row)
    session.flush()
    _write_down(session, viewer, workshop, "renew" if renew else "open")
    return row


def close_door(session: Session, viewer: Viewer, workshop: Workshop) -> None:
    """Take no check-ins and no late claims any more; opened again, the printed code works as before."""
    row = door_of(session, viewer, workshop)
    if row is not None and row.closed_at is None:
        row.closed_at = now(session)
        _write_down(session, viewer, workshop, "close")


def set_check_in_rules(
    session: Session, viewer: Viewer, workshop: Workshop, late_days: int | None, days_needed: int | None
) -> None:
    """Say how long late claims are taken and on how many days one must have been there (None: half of them).

    Raises InvalidError with every fault, NotFoundError for a foreign workshop.
    """
    row = door_of(session, viewer, workshop)
    faults = rule_faults(late_days, days_needed, len(days_of(workshop)))
    if faults:
        raise InvalidError(_("Something needs correcting."), faults=faults)
    if row is None:
        row = _new_door(session, workshop)
        row.closed_at = now(session)
        session.add(row)
    row.late_days, row.days_needed = late_days or 0, days_needed
    session.flush()
    recount_presence(session, workshop)
    _write_down(session, viewer, workshop, "rules", late_days=late_days, days_needed=days_needed)


def find_door(session: Session, door_token: str) -> Door:
    """The door with this printed code, open or not; raises NotFoundError."""
    row = session.scalar(select(CheckInDoor).where(CheckInDoor.token == door_token))
    return _found(session, row)


def find_screen(session: Session, screen_token: str) -> Door:
    """The door whose codes change on a screen; raises NotFoundError."""
    row = session.scalar(select(CheckInDoor).where(CheckInDoor.screen_token == screen_token))
    return _found(session, row)


def _found(session: Session, row: CheckInDoor | None) -> Door:
    if row is None:
        raise NotFoundError(_("This code is not in use. Ask your teacher for the present one."))
    workshop = session.get_one(Workshop, row.workshop_id)
    today, days = now(session).date(), days_of(workshop)
    claimable = tuple(days_to_claim(days, today, row.late_days))
    return Door(row, workshop, phase_of(days, today, row.late_days), claimable, today)


def _new_door(session: Session, workshop: Workshop) -> CheckInDoor:
    return CheckInDoor(
        workshop_id=workshop.id,
        token=token(session),
        screen_token=token(session),
        late_days=LATE_DAYS,
        opened_at=now(session),
    )


def _write_down(session: Session, viewer: Viewer, workshop: Workshop, what: str, **details: object) -> None:
    subject = f"activity:{workshop.activity.token}"
    audit.record(session, viewer.acting_key(), f"check_in.{what}", subject, **details)
