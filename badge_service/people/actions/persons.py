"""Persons and their e-mail addresses: add, match by a verified address, change, and make the first operator."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import Select, delete, exists, select, update
from sqlalchemy.orm import Session

from badge_service.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from badge_service.people import rules
from badge_service.people.actions.links import end_links
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Account, Person, PersonAddress, RoleGrant
from badge_service.storage import audit
from badge_service.storage.session import now, token

_MAY_ADD_PERSONS = (Role.ADMIN, Role.LET_LEAD, Role.TEACHER)


def add_person(
    session: Session, viewer: Viewer, name: str, email: str | None, language: str = "en"
) -> Person:
    """Add a person, or return the one who has already proven to own this address.

    `email` stays unverified until its owner opens a mailed link. Raises `InvalidError`, `NotAllowedError`.
    """
    viewer.acting_key()
    if not (viewer.has_role(Role.OPERATOR) or viewer.organisations_as(*_MAY_ADD_PERSONS)):
        raise NotAllowedError(_("Only people who run or teach something may add others."), code="role")
    known = person_by_email(session, email) if email else None
    return known or _new_person(session, viewer.acting_key(), name, email, language)


def add_first_operator(session: Session, name: str, email: str, language: str = "en") -> Person:
    """Make the person who runs a fresh service; raises `ConflictError` once there is one."""
    if session.scalar(select(RoleGrant.id).where(RoleGrant.role == Role.OPERATOR)):
        raise ConflictError(_("This service has its operator already."), code="operator.exists")
    person = _new_person(session, None, name, email, language)
    session.add(RoleGrant(person_id=person.id, role=Role.OPERATOR, granted_at=now(session)))
    session.flush()
    audit.record(session, person.key, "role.grant", f"person:{person.key}", role=Role.OPERATOR)
    return person


def add_claimant(session: Session, name: str, email: str, language: str) -> Person:
    """Add the person who opened a link mailed to `email`, an address that nobody else has proven to own."""
    person = _new_person(session, None, name, email, language)
    verify_address(session, person.id, email)
    return person


def add_joiner(session: Session, name: str, email: str | None, language: str) -> Person:
    """Add somebody who typed their own name on a public page; the address proves nothing, so it is nobody's way in.

    Nobody is looked up by it: whoever owns it is not drawn into what a stranger typed. Raises `InvalidError`.
    """
    person = _new_person(session, None, name, None, language)
    if email:
        _new_address(session, person.id, rules.normal_email(email), primary=True, self_added=True)
    return person


def forget_unproven_address(session: Session, person_id: int, email: str) -> None:
    """Forget an address that somebody typed for this person and nobody has proven."""
    typed = (PersonAddress.email == email, PersonAddress.self_added, PersonAddress.verified_at.is_(None))
    session.execute(delete(PersonAddress).where(PersonAddress.person_id == person_id, *typed))


def person_by_id(session: Session, person_id: int) -> Person:
    """The person with this internal number; raises `NotFoundError`."""
    person = session.get(Person, person_id)
    if person is None or person.erased_at is not None:
        raise NotFoundError(_("There is no such person."), code="person.missing")
    return person


def person_by_key(session: Session, key: str) -> Person:
    """The person with this random key; raises `NotFoundError`."""
    person = session.scalar(select(Person).where(Person.key == key, Person.erased_at.is_(None)))
    if person is None:
        raise NotFoundError(_("There is no such person."), code="person.missing")
    return person


def person_by_email(session: Session, email: str) -> Person | None:
    """Who has proven to own this address, if anybody; raises `InvalidError` for what is no address."""
    return session.scalar(_owners(email).where(PersonAddress.verified_at.is_not(None)).limit(1))


def person_to_write_to(session: Session, email: str) -> Person | None:
    """Whom a sign-in link to this address is for: its proven owner, else whoever others entered with it first.

    An address that nobody has proven may be mistyped: it leads to no account that has a password.
    """
    locked = exists().where(Account.person_id == Person.id, Account.password.is_not(None))
    entered = ~PersonAddress.self_added & ~locked
    counted = _owners(email).where(PersonAddress.verified_at.is_not(None) | entered)
    return session.scalar(counted.order_by(PersonAddress.verified_at.is_(None), Person.id).limit(1))


def _owners(email: str) -> Select[Person]:
    normal = rules.normal_email(email)
    joined = select(Person).join(PersonAddress, PersonAddress.person_id == Person.id)
    return joined.where(PersonAddress.email == normal, Person.erased_at.is_(None))


def addresses(session: Session, person_id: int) -> Sequence[PersonAddress]:
    """All addresses of a person, the one written to first."""
    mine = select(PersonAddress).where(PersonAddress.person_id == person_id)
    return session.scalars(mine.order_by(PersonAddress.primary.desc(), PersonAddress.id)).all()


def address_to_write_to(session: Session, person_id: int) -> str | None:
    """Where mails to this person go; None for somebody without e-mail, or with only an unproven one of their own."""
    mine = addresses(session, person_id)
    return next((one.email for one in mine if one.verified_at or not one.self_added), None)


def add_address(session: Session, viewer: Viewer, email: str) -> PersonAddress:
    """Add an unverified address to the viewer's own person; adding it twice changes nothing."""
    viewer.acting_key()
    normal = rules.normal_email(email)
    mine = addresses(session, viewer.person_id or 0)
    return next((a for a in mine if a.email == normal), None) or _new_address(
        session, viewer.person_id or 0, normal, primary=False, self_added=True
    )


def remove_address(session: Session, viewer: Viewer, address_id: int) -> None:
    """Forget one of the viewer's own addresses, and end the links mailed to them.

    Raises `ConflictError` for the last one that is proven, by which they sign in.
    """
    person_id = viewer.person_id or 0
    mine = addresses(session, person_id)
    wanted = _own(mine, address_id)
    proven = [address for address in mine if address.verified_at and address is not wanted]
    if not proven and (wanted.verified_at or not wanted.self_added):
        raise ConflictError(
            _("Add another address first: this is the only one we can write to."), code="address.last"
        )
    session.delete(wanted)
    if wanted.primary:
        proven[0].primary = True
    session.flush()
    follow_address(session, person_id)
    end_links(session, person_id)


def forget_addresses(session: Session, viewer: Viewer) -> None:
    """Forget all of the viewer's own addresses, which others may read now; they come back by passphrase from here on."""
    person_id = viewer.person_id or 0
    for address in addresses(session, person_id):
        session.delete(address)
    session.flush()
    follow_address(session, person_id)
    end_links(session, person_id)


def write_to_address(session: Session, viewer: Viewer, address_id: int) -> None:
    """Make one of the viewer's own verified addresses the one that is written to."""
    mine = addresses(session, viewer.person_id or 0)
    wanted = _own(mine, address_id)
    if wanted.verified_at is None:
        raise ConflictError(
            _("Confirm this address first, by the link we mailed to it."), code="address.unverified"
        )
    _write_only_to(mine, wanted)
    session.flush()
    follow_address(session, viewer.person_id or 0)


def verify_address(session: Session, person_id: int, email: str) -> None:
    """Write down that this person opened a link mailed to this address; adds the address if it is new to them.

    Raises `ConflictError` when somebody else has proven to own it.
    """
    normal = rules.normal_email(email)
    owner = person_by_email(session, normal)
    if owner is not None and owner.id != person_id:
        raise ConflictError(_("This address belongs to somebody else here."), code="address.taken")
    mine = addresses(session, person_id)
    found = next((address for address in mine if address.email == normal), None)
    address = found or _new_address(session, person_id, normal, primary=False)
    if address.verified_at is None:
        address.verified_at = now(session)
        audit.record(session, person_by_id(session, person_id).key, "address.verify", f"address:{address.id}")
    if not any(one.primary and one.verified_at for one in mine):
        _write_only_to([*mine, address], address)
    session.flush()
    follow_address(session, person_id)


def follow_address(session: Session, person_id: int) -> None:
    """Keep the address of a person's account the proven one that is written to, and of nobody else's account."""
    mine = addresses(session, person_id)
    email = next((address.email for address in mine if address.verified_at), None)
    if email is not None:
        others = update(Account).where(Account.email == email, Account.person_id != person_id)
        session.execute(others.values(email=None))
    account = session.scalar(select(Account).where(Account.person_id == person_id))
    if account is not None:
        account.email = email
    session.flush()


def _write_only_to(mine: Sequence[PersonAddress], wanted: PersonAddress) -> None:
    for address in mine:
        address.primary = address is wanted


def change_profile(session: Session, viewer: Viewer, *, name: str, language: str) -> Person:
    """Change the viewer's own name and language; raises `InvalidError`."""
    viewer.acting_key()
    if faults := rules.name_faults(name):
        raise InvalidError(_("Your profile cannot be saved yet."), faults=faults)
    person = person_by_id(session, viewer.person_id or 0)
    person.name, person.language = name.strip(), language
    session.flush()
    return person


def _own(mine: Sequence[PersonAddress], address_id: int) -> PersonAddress:
    for address in mine:
        if address.id == address_id:
            return address
    raise NotFoundError(_("There is no such address."), code="address.missing")


def _new_person(session: Session, actor: str | None, name: str, email: str | None, language: str) -> Person:
    if faults := rules.name_faults(name):
        raise InvalidError(_("This person cannot be added yet."), faults=faults)
    normal = rules.normal_email(email) if email else None
    person = Person(key=token(session), name=name.strip(), language=language, created_at=now(session))
    session.add(person)
    session.flush()
    if normal:
        _new_address(session, person.id, normal, primary=True)
    audit.record(session, actor or person.key, "person.add", f"person:{person.key}")
    return person


def _new_address(
    session: Session, person_id: int, normal: str, *, primary: bool, self_added: bool = False
) -> PersonAddress:
    address = PersonAddress(person_id=person_id, email=normal, primary=primary, self_added=self_added)
    session.add(address)
    session.flush()
    return address
