"""Makes, lists and revokes keys of programs, and says who acts when one is used."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from badge_service.errors import Fault, InvalidError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import Grant, Role, Viewer
from badge_service.people.tables import Organisation, Person
from badge_service.programs.rules import KEY_START, key_faults
from badge_service.programs.tables import ApiKey
from badge_service.storage import audit
from badge_service.storage.session import hashed, now, token
from badge_service.web.paging import Listing, page_of

USE_IS_NOTED = timedelta(minutes=5)
"""How exactly the last use of a key is known; writing it down at each request would cost more than it tells."""


@dataclass(frozen=True)
class NewKey:
    """A key that was just made, with the secret that is shown this once."""

    key: ApiKey
    secret: str


@dataclass(frozen=True)
class Caller:
    """The program that calls: its key and what it may do.

    `viewer` is its maker as an administrator of this one organisation, `reader` also sees what a teacher there sees;
    levels and badges are decided in the name of a teacher who is named each time (`named_teacher`).
    """

    key_id: int
    key_token: str
    organisation_id: int
    scopes: frozenset[str]
    viewer: Viewer
    use_is_old: bool

    @property
    def reader(self) -> Viewer:
        """Whoever looks at assessments and awards for the program."""
        teaching = Grant(Role.TEACHER, self.organisation_id)
        return replace(self.viewer, grants=self.viewer.grants | {teaching})


def make_key(session: Session, viewer: Viewer, slug: str, name: str, scopes: Collection[str]) -> NewKey:
    """Make a key for a program of an organisation that the viewer runs; the secret is shown once and never kept.

    Only an administrator of the organisation itself, as the key acts in their name. Raises `InvalidError`,
    `NotFoundError`.
    """
    organisation = _own(session, viewer, slug)
    standing = _count(session, organisation)
    if faults := key_faults(name, scopes, standing):
        raise InvalidError(_("This key cannot be made yet."), faults=faults)
    secret = KEY_START + token(session, 256)
    key = ApiKey(
        token=token(session),
        organisation_id=organisation.id,
        name=name.strip(),
        scopes=sorted(set(scopes)),
        secret_hash=hashed(secret),
        ending=secret[-4:],
        made_by=viewer.acting_key(),
        made_at=now(session),
    )
    key.organisation = organisation
    session.add(key)
    session.flush()
    audit.record(session, viewer.acting_key(), "api_key.make", f"api_key:{key.token}", scopes=key.scopes)
    return NewKey(key, secret)


def keys_of(session: Session, viewer: Viewer, slug: str, page: int = 1) -> Listing[ApiKey]:
    """One page of the keys of an organisation that the viewer runs: those in use first, then the newest."""
    organisation = people.administered(session, viewer, slug)
    mine = select(ApiKey).where(ApiKey.organisation_id == organisation.id)
    return page_of(session, mine.order_by(ApiKey.revoked_at.is_not(None), ApiKey.id.desc()), page)


def revoke_key(session: Session, viewer: Viewer, slug: str, key_token: str) -> ApiKey:
    """End a key for ever, from the next request on; twice is once. Raises `NotFoundError` for a foreign one."""
    organisation = people.administered(session, viewer, slug)
    key = session.scalar(
        select(ApiKey).where(ApiKey.token == key_token, ApiKey.organisation_id == organisation.id)
    )
    if key is None:
        raise NotFoundError(_("There is no such key."), code="api_key.missing")
    if key.revoked_at is None:
        key.revoked_at, key.revoked_by = now(session), viewer.acting_key()
        audit.record(session, viewer.acting_key(), "api_key.revoke", f"api_key:{key.token}")
    return key


def names_of(session: Session, keys: Collection[str]) -> dict[str, str]:
    """The names of persons by their keys; erased ones are left out."""
    known = select(Person.key, Person.name).where(Person.key.in_(set(keys)), Person.erased_at.is_(None))
    return dict(session.execute(known).all())


def caller_of(session: Session, secret: str) -> Caller | None:
    """Who calls with this key; None for an unknown or revoked one, and when its maker runs the organisation no more."""
    key = session.scalar(
        select(ApiKey).where(ApiKey.secret_hash == hashed(secret), ApiKey.revoked_at.is_(None))
    )
    maker = _maker(session, key) if key else None
    if key is None or maker is None:
        return None
    place = key.organisation_id
    grants = frozenset({Grant(Role.ADMIN, place)})
    old = key.last_used_at is None or now(session) - key.last_used_at >= USE_IS_NOTED
    viewer = Viewer(maker.key, maker.person_id, maker.name, maker.language, grants)
    return Caller(key.id, key.token, place, frozenset(key.scopes), viewer, old)


def note_use(session: Session, caller: Caller) -> None:
    """Write down that the key is in use, for the page of the keys."""
    session.execute(update(ApiKey).where(ApiKey.id == caller.key_id).values(last_used_at=now(session)))


def named_teacher(session: Session, caller: Caller, email: str, where: str = "decided_by") -> Viewer:
    """The teacher of the caller's organisation in whose name a program assesses or awards, as a viewer of that one place.

    Raises `InvalidError` with one sentence for an unknown address and for somebody who is no teacher there.
    """
    place = caller.organisation_id
    teacher = _holder(session, Role.TEACHER, place, email)
    if teacher is not None and _may_sign_in(session, teacher.id):
        return Viewer(
            teacher.key, teacher.id, teacher.name, teacher.language, frozenset({Grant(Role.TEACHER, place)})
        )
    message = _("No teacher of your organisation has this address.")
    raise InvalidError(message, faults=[Fault(where, message, "no_teacher")])


def named_trainer(session: Session, caller: Caller, email: str, roles: Sequence[Role]) -> int:
    """The id of who has one of these roles in the caller's organisation, by address.

    Raises `InvalidError` with one sentence for an unknown address and for everybody else.
    """
    found = (_holder(session, role, caller.organisation_id, email) for role in roles)
    known = next((person for person in found if person is not None), None)
    if known is not None and _may_sign_in(session, known.id):
        return known.id
    message = _("No teacher, LET lead or administrator of your organisation has this address.")
    raise InvalidError(message, faults=[Fault("email", message, "no_trainer")])


def _own(session: Session, viewer: Viewer, slug: str) -> Organisation:
    organisation = people.administered(session, viewer, slug)
    if not viewer.has_role(Role.ADMIN, organisation.id):
        message = _("A key acts in its maker's name, so only an administrator of the organisation makes one.")
        raise InvalidError(message, faults=[Fault("name", message, "maker")])
    return organisation


def _count(session: Session, organisation: Organisation) -> int:
    standing = select(func.count()).select_from(ApiKey)
    mine = standing.where(ApiKey.organisation_id == organisation.id, ApiKey.revoked_at.is_(None))
    return session.scalar(mine) or 0


def _maker(session: Session, key: ApiKey) -> Viewer | None:
    try:
        maker = people.load_viewer(session, key=key.made_by)
    except NotFoundError:
        return None
    runs = maker.has_role(Role.ADMIN, key.organisation_id)
    return maker if runs and _may_sign_in(session, maker.person_id or 0) else None


def _may_sign_in(session: Session, person_id: int) -> bool:
    account = people.account_of(session, person_id)
    return account is None or account.active


def _holder(session: Session, role: Role, organisation_id: int, email: str) -> Person | None:
    try:
        return people.holder_by_email(session, role, organisation_id, email)
    except InvalidError:
        return None
