"""Whom a school's mails go to when something waits for a person there, and what of it is new."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.actions.sending import troubles_since
from badge_service.awards.tables import AwardBatch
from badge_service.errors import NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import Role
from badge_service.people.tables import Person
from badge_service.storage.session import now
from badge_service.storage.tables import ServiceFact
from badge_service.workshops.tables import Workshop, WorkshopTrainer

SECOND_MAIL = "second_mail"
"""The outbox job that tells colleagues that a decision waits for a second person."""
CASE_MAIL = "case_mail"
"""The outbox job that tells teachers that a case of prior learning has no assessor."""
EVIDENCE_MAIL = "evidence_mail"
"""The outbox job that tells a learner that a teacher took back what they had handed in."""
_TOLD = "troubles_told_until"

Addressed = tuple[Person, str]
"""Somebody, and where to write to."""


def with_address(session: Session, found: Iterable[Person], but: Collection[str] = ()) -> list[Addressed]:
    """Each of these persons once who can be written to, but for those with these keys."""
    once = {one.id: one for one in found if one.key not in but}
    return [(one, email) for one in once.values() if (email := people.address_to_write_to(session, one.id))]


def second_people(session: Session, batch: AwardBatch) -> list[Addressed]:
    """Who may confirm a batch: its workshop's trainers and the administrators; without any, the teachers."""
    trainers = (
        select(Person)
        .join(WorkshopTrainer, WorkshopTrainer.person_id == Person.id)
        .join(Workshop, Workshop.id == WorkshopTrainer.workshop_id)
        .where(Workshop.activity_id == batch.activity_id, Person.erased_at.is_(None))
    )
    own = {batch.requested_by, batch.sent_by or ""}
    admins = people.people_with(session, Role.ADMIN, batch.organisation_id)
    found = with_address(session, [*admins, *session.scalars(trainers)], own)
    return found or staff(session, batch.organisation_id, own)


def staff(session: Session, organisation_id: int, but: Collection[str] = ()) -> list[Addressed]:
    """The administrators of an organisation who can be written to; without one its teachers."""
    for role in (Role.ADMIN, Role.TEACHER):
        if found := with_address(session, people.people_with(session, role, organisation_id), but):
            return found
    return []


def troubles_to_tell(session: Session) -> list[tuple[Person, str, int]]:
    """Whom to tell that mails did not arrive since the last time this was asked, where, and how many; then they are told.

    Whoever awarded the badge and still has a role there, else the organisation's staff.
    """
    fact = session.get(ServiceFact, _TOLD)
    since = datetime.fromisoformat(fact.value) if fact is not None else now(session) - timedelta(days=1)
    found = Counter(troubles_since(session, since, now(session)))
    if fact is None:
        session.add(ServiceFact(name=_TOLD, value=now(session).isoformat()))
    else:
        fact.value = now(session).isoformat()
    counts: Counter[Addressed] = Counter()
    for (decided_by, organisation_id), count in sorted(found.items()):
        for one in _decider(session, decided_by, organisation_id) or staff(session, organisation_id):
            counts[one] += count
    return [(person, email, count) for (person, email), count in counts.items()]


def _decider(session: Session, key: str, organisation_id: int) -> Sequence[Addressed]:
    try:
        viewer = people.load_viewer(session, key=key)
    except NotFoundError:
        return []
    if organisation_id not in viewer.organisations_as(Role.TEACHER, Role.ADMIN):
        return []
    return with_address(session, [people.person_by_id(session, viewer.person_id or 0)])
