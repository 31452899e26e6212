"""Gives a person a number on a class list, whichever way they came, and lets those who change the list take turns."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from badge_service.alliance.tables import Activity
from badge_service.people.tables import Person
from badge_service.storage.session import now
from badge_service.workshops.tables import Enrolment, WaitingPlace, Workshop


def take_turns(session: Session, workshop: Workshop) -> None:
    """Let those who enrol, assess or award in one workshop wait for each other (SQLite's writing sessions do so anyway)."""
    wait_for_turn(session, workshop.activity_id)


def wait_for_turn(session: Session, activity_id: int) -> None:
    """The same for an activity of which it is still open whether it has a class list."""
    activity = select(Activity.id).where(Activity.id == activity_id)
    session.execute(activity.with_for_update(key_share=True))


def seat(
    session: Session,
    workshop: Workshop,
    person: Person,
    name: str,
    email: str | None,
    *,
    number: int | None = None,
) -> Enrolment:
    """Put a person on the class list, or back on it with their old number and address; in line they wait no more.

    `number` is given to somebody new unless it is taken; else they get the next one. Take turns first.
    """
    mine = select(Enrolment).where(Enrolment.workshop_id == workshop.id)
    entry = session.scalar(mine.where(Enrolment.person_id == person.id))
    if entry is None:
        entry = Enrolment(
            workshop_id=workshop.id, person_id=person.id, number=_number(session, workshop, number), name=name,
            present=True, enrolled_at=now(session),
        )  # fmt: skip
        entry.person = person
        session.add(entry)
    entry.removed_at, entry.untold_since, entry.email = None, None, entry.email or email
    session.flush()
    waits = (WaitingPlace.workshop_id == workshop.id, WaitingPlace.person_id == person.id)
    session.execute(delete(WaitingPlace).where(*waits))
    return entry


def _number(session: Session, workshop: Workshop, wanted: int | None) -> int:
    mine = Enrolment.workshop_id == workshop.id
    taken = select(Enrolment.id).where(mine, Enrolment.number == wanted)
    if wanted and session.scalar(taken) is None:
        return wanted
    return (session.scalar(select(func.max(Enrolment.number)).where(mine)) or 0) + 1
