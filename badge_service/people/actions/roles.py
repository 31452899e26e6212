"""Who is what where: grant and withdraw roles, and list the people of an organisation."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from badge_service.errors import ConflictError, NotAllowedError, NotFoundError
from badge_service.people.actions.organisations import administered
from badge_service.people.rules import Role, Viewer, normal_email
from badge_service.people.tables import Organisation, Person, PersonAddress, RoleGrant
from badge_service.storage import audit
from badge_service.storage.session import now


@dataclass(frozen=True)
class Member:
    """One role of one person in an organisation, as its members page lists it."""

    grant_id: int
    person_key: str
    name: str
    email: str | None
    role: Role


def grant_role(
    session: Session, viewer: Viewer, person: Person, role: Role, organisation: Organisation | None
) -> RoleGrant:
    """Give a person a role: an admin in the own organisation, the operator anywhere; twice is once.

    `organisation` is None for the operator's role only. Raises `NotFoundError` for a foreign organisation.
    """
    actor = viewer.acting_key()
    _check_may_change(session, viewer, role, organisation)
    place = organisation.id if organisation else None
    known = session.scalar(_grant(person.id, role, place))
    if known is not None:
        return known
    grant = RoleGrant(
        person_id=person.id, organisation_id=place, role=role.value, granted_at=now(session), granted_by=actor
    )
    session.add(grant)
    session.flush()
    where = organisation.slug if organisation else None
    audit.record(session, actor, "role.grant", f"person:{person.key}", role=role.value, organisation=where)
    return grant


def withdraw_role(
    session: Session, viewer: Viewer, person: Person, role: Role, organisation: Organisation | None
) -> None:
    """Take a role back; raises `NotFoundError` if it is not held, `ConflictError` for the last operator or own admin role."""
    actor = viewer.acting_key()
    _check_may_change(session, viewer, role, organisation)
    grant = session.scalar(_grant(person.id, role, organisation.id if organisation else None))
    if grant is None:
        raise NotFoundError(_("This person does not hold this role."), code="role.missing")
    if person.id == viewer.person_id and role in (Role.OPERATOR, Role.ADMIN):
        message = _("You cannot take this role from yourself. Somebody else who holds it can.")
        raise ConflictError(message, code="role.own")
    session.delete(grant)
    session.flush()
    where = organisation.slug if organisation else None
    audit.record(session, actor, "role.withdraw", f"person:{person.key}", role=role.value, organisation=where)


def members(session: Session, viewer: Viewer, slug: str) -> Sequence[Member]:
    """Everybody with a role in an organisation that the viewer runs, by name."""
    organisation = administered(session, viewer, slug)
    rows = session.execute(
        select(RoleGrant.id, Person.key, Person.name, PersonAddress.email, RoleGrant.role)
        .join(Person, Person.id == RoleGrant.person_id)
        .outerjoin(PersonAddress, (PersonAddress.person_id == Person.id) & PersonAddress.primary)
        .where(RoleGrant.organisation_id == organisation.id, Person.erased_at.is_(None))
        .order_by(Person.name, RoleGrant.role)
    )
    return [Member(number, key, name, email, Role(role)) for number, key, name, email, role in rows]


def people_with(session: Session, role: Role, organisation_id: int) -> Sequence[Person]:
    """Everybody who holds this role in this organisation, by name."""
    holders = select(Person).join(RoleGrant, RoleGrant.person_id == Person.id)
    wanted = holders.where(RoleGrant.role == role.value, RoleGrant.organisation_id == organisation_id)
    return session.scalars(wanted.where(Person.erased_at.is_(None)).order_by(Person.name)).all()


def holder_by_email(session: Session, role: Role, organisation_id: int, email: str) -> Person | None:
    """Who holds this role in this organisation and is written to at this address; whoever has proven it comes first.

    An address that somebody only typed for themselves does not count. Raises `InvalidError` for what is no address.
    """
    counts = PersonAddress.verified_at.is_not(None) | ~PersonAddress.self_added
    holders = (
        select(Person)
        .join(PersonAddress, PersonAddress.person_id == Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(PersonAddress.email == normal_email(email), counts, Person.erased_at.is_(None))
        .where(RoleGrant.role == role.value, RoleGrant.organisation_id == organisation_id)
    )
    return session.scalar(holders.order_by(PersonAddress.verified_at.is_(None), Person.id).limit(1))


def _grant(person_id: int, role: Role, organisation_id: int | None) -> Select[RoleGrant]:
    held = select(RoleGrant).where(RoleGrant.person_id == person_id, RoleGrant.role == role.value)
    if organisation_id is None:
        return held.where(RoleGrant.organisation_id.is_(None))
    return held.where(RoleGrant.organisation_id == organisation_id)


def _check_may_change(
    session: Session, viewer: Viewer, role: Role, organisation: Organisation | None
) -> None:
    if organisation is not None and role is not Role.OPERATOR:
        administered(session, viewer, organisation.slug)
    elif organisation is not None or role is not Role.OPERATOR:
        raise ConflictError(
            _("The operator's role belongs to no organisation, every other role to one."), code="role.place"
        )
    elif not viewer.has_role(Role.OPERATOR):
        raise NotAllowedError(_("Only the operator of this service may do that."), code="role")
