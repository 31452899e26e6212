"""Persons, their sign-in, the organisations and regions they belong to, and what they consented to."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.register import tables as _register_tables  # noqa: F401  organisations refer to its issuers
from badge_service.storage.tables import Base, identity, reference


class Region(Base):
    """A region in which an alliance works."""

    __tablename__ = "regions"

    id: Mapped[int] = identity()
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    country: Mapped[str]


class Organisation(Base):
    """A legal organisation: a school that issues, a museum, a company."""

    __tablename__ = "organisations"

    id: Mapped[int] = identity()
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    region_id: Mapped[int] = reference("regions.id")
    website: Mapped[str | None]
    email: Mapped[str | None]
    identifiers: Mapped[list[Any]]
    quality_statement: Mapped[str] = mapped_column(default="")
    accent: Mapped[str | None]
    may_award_ects: Mapped[bool] = mapped_column(default=False)
    domain_confirmed_at: Mapped[datetime | None]
    issuer_id: Mapped[int | None] = reference("issuers.id", nullable=True)
    created_at: Mapped[datetime]

    region: Mapped[Region] = relationship(lazy="joined")


class Person(Base):
    """One human being; `key` is the random name that logs keep, so that erasing this row erases who it was."""

    __tablename__ = "persons"

    id: Mapped[int] = identity()
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    age_band: Mapped[str | None]
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class PersonAddress(Base):
    """An e-mail address of a person; several are allowed, one is written to.

    What people typed for themselves (`self_added`) says nothing about them before they open a link mailed to it.
    """

    __tablename__ = "person_addresses"
    __table_args__ = (UniqueConstraint("person_id", "email"),)

    id: Mapped[int] = identity()
    person_id: Mapped[int] = reference("persons.id")
    email: Mapped[str] = mapped_column(index=True)
    verified_at: Mapped[datetime | None]
    primary: Mapped[bool] = mapped_column(default=True)
    self_added: Mapped[bool] = mapped_column(default=False)


class Account(Base):
    """The sign-in of a person, as Flask-Security wants it; without e-mail for learners who claimed by a printed card.

    `email` follows the proven address that is written to; who signs in is looked up by `PersonAddress` alone.
    """

    __tablename__ = "accounts"

    id: Mapped[int] = identity()
    person_id: Mapped[int] = reference("persons.id", index=False)
    email: Mapped[str | None] = mapped_column(unique=True)
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("person_id"),)

    person: Mapped[Person] = relationship(lazy="joined")

    @property
    def is_authenticated(self) -> bool:
        """Flask-Login's word for: this is somebody."""
        return True

    @property
    def is_active(self) -> bool:
        """Flask-Login's word for: may sign in."""
        return self.active

    @property
    def is_anonymous(self) -> bool:
        """Flask-Login's word for: this is nobody."""
        return False

    def get_id(self) -> str:
        """What the session cookie names this account by; a new one signs out everywhere."""
        return self.fs_uniquifier


class SignIn(Base):
    """One signed-in browser: its cookie carries a random token, ended at sign-out, so that a copied cookie is worthless."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = identity()
    account_id: Mapped[int] = reference("accounts.id")
    token_hash: Mapped[str] = mapped_column(unique=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class RoleGrant(Base):
    """A role of a person in an organisation (the operator's has none)."""

    __tablename__ = "role_grants"
    __table_args__ = (UniqueConstraint("person_id", "organisation_id", "role"),)

    id: Mapped[int] = identity()
    person_id: Mapped[int] = reference("persons.id")
    organisation_id: Mapped[int | None] = reference("organisations.id", nullable=True)
    role: Mapped[str]
    granted_at: Mapped[datetime]
    granted_by: Mapped[str | None]


class LinkToken(Base):
    """A one-time link that was mailed: stored hashed, used once, with six digits for the same page (decisions 18).

    `page_hash` is of the address of the page where the six digits are typed, on the device that asked for the link.
    """

    __tablename__ = "link_tokens"

    id: Mapped[int] = identity()
    token_hash: Mapped[str] = mapped_column(unique=True)
    page_hash: Mapped[str] = mapped_column(unique=True)
    digits_hash: Mapped[str]
    purpose: Mapped[str]
    person_id: Mapped[int | None] = reference("persons.id", nullable=True)
    email: Mapped[str]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    wrong_tries: Mapped[int] = mapped_column(default=0)


class Consent(Base):
    """What a person agreed to: text version, language, time, how; withdrawn as easily as given."""

    __tablename__ = "consents"

    id: Mapped[int] = identity()
    person_id: Mapped[int] = reference("persons.id")
    kind: Mapped[str]
    subject: Mapped[str]
    text_version: Mapped[str]
    language: Mapped[str]
    how: Mapped[str]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
