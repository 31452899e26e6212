"""Adds many persons at once, in a constant number of statements: those who have proven their address are matched."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from badge_service.errors import NotAllowedError
from badge_service.people.rules import Role, Viewer, normal_email
from badge_service.people.tables import Person, PersonAddress
from badge_service.storage import audit
from badge_service.storage.bulk import insert_rows, one_of
from badge_service.storage.session import now, token


def add_people(
    session: Session, viewer: Viewer, people: Sequence[tuple[str, str | None]], language: str
) -> list[int]:
    """The person ids of these (name, e-mail) in their order: whoever has proven an address, else a new person.

    Names must have been checked. An address here stands for one person. Raises `NotAllowedError`, `InvalidError`.
    """
    if not viewer.organisations_as(Role.ADMIN, Role.LET_LEAD, Role.TEACHER):
        raise NotAllowedError(_("Only people who run or teach something may add others."), code="role")
    emails = [normal_email(email) if email else None for _name, email in people]
    owners = owners_of(session, [email for email in emails if email])
    new = [place for place, email in enumerate(emails) if email not in owners]
    ids = _insert(session, viewer.acting_key(), [people[place][0] for place in new], language)
    added = dict(zip(new, ids, strict=True))
    addresses = [
        {"person_id": added[place], "email": emails[place], "primary": True, "self_added": False}
        for place in new
        if emails[place]
    ]
    if addresses:
        session.execute(insert(PersonAddress), addresses)
    return [added[place] if place in added else owners[email or ""] for place, email in enumerate(emails)]


def owners_of(session: Session, emails: Sequence[str]) -> dict[str, int]:
    """Who has proven to own these addresses (in their normal form), as far as anybody has."""
    rows = session.execute(
        select(PersonAddress.email, PersonAddress.person_id)
        .join(Person, Person.id == PersonAddress.person_id)
        .where(one_of(session, PersonAddress.email, emails), PersonAddress.verified_at.is_not(None))
        .where(Person.erased_at.is_(None))
    )
    return {row.email: row.person_id for row in rows}


def _insert(session: Session, actor: str, names: Sequence[str], language: str) -> list[int]:
    keys = [token(session) for _name in names]
    same = {"language": language, "created_at": now(session)}
    insert_rows(session, Person, same=same, varying={"key": keys, "name": [name.strip() for name in names]})
    audit.record_each(session, actor, "person.add", [f"person:{key}" for key in keys])
    found = session.execute(select(Person.key, Person.id).where(one_of(session, Person.key, keys)))
    ids = {row.key: row.id for row in found}
    return [ids[key] for key in keys]
