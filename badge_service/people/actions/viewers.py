"""Finds out who is acting: the person with all roles, as the frozen viewer that every action and page takes."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.errors import NotFoundError
from badge_service.people.rules import Grant, Role, Viewer
from badge_service.people.tables import Person, RoleGrant


def load_viewer(session: Session, person_id: int | None = None, *, key: str | None = None) -> Viewer:
    """The viewer for a person given by number or by key; raises `NotFoundError` for nobody and for erased ones."""
    wanted = Person.id == person_id if key is None else Person.key == key
    person = session.scalar(select(Person).where(wanted, Person.erased_at.is_(None)))
    if person is None:
        raise NotFoundError(_("There is no such person."), code="person.missing")
    return Viewer(
        key=person.key,
        person_id=person.id,
        name=person.name,
        language=person.language,
        grants=_grants(session, person.id),
    )


def _grants(session: Session, person_id: int) -> frozenset[Grant]:
    rows = session.execute(
        select(RoleGrant.role, RoleGrant.organisation_id).where(RoleGrant.person_id == person_id)
    )
    return frozenset(Grant(Role(role), organisation_id) for role, organisation_id in rows)
