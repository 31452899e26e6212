"""Recognition of prior learning: one learner, one micro-credential, a portfolio, an assessor and a decision."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.curriculum.tables import DefinitionVersion
from badge_service.people.tables import Organisation, Person
from badge_service.storage.tables import Base, identity, reference

_BEING_LOOKED_AT = sql("state IN ('open', 'assessed')")


class RecognitionCase(Base):
    """That somebody asks to have recognised what they learnt elsewhere; one such a learner and version at a time.

    `state`: open → assessed → awarded | refused (with the `refusal` the learner reads) ; open or assessed → withdrawn.
    Beyond what one person may give a day assessed → second, with the `identity_check` that was answered, until another
    person confirms (`confirmed_by`, their key: awarded) or sends it back (assessed).
    `name` is the learner's as the school wrote it, `email` where the claim link goes; `statement` is their own words.
    """

    __tablename__ = "recognition_cases"
    __table_args__ = (
        Index(
            "uq_recognition_cases_open",
            "person_id",
            "version_id",
            unique=True,
            sqlite_where=_BEING_LOOKED_AT,
            postgresql_where=_BEING_LOOKED_AT,
        ),
        Index("ix_recognition_cases_desk", "organisation_id", "state"),
    )

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[int] = reference("organisations.id", index=False)
    version_id: Mapped[int] = reference("definition_versions.id")
    person_id: Mapped[int] = reference("persons.id")
    name: Mapped[str]
    email: Mapped[str | None]
    statement: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    assessor_id: Mapped[int | None] = reference("persons.id", nullable=True)
    assessed_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    refusal: Mapped[str] = mapped_column(default="")
    identity_check: Mapped[str | None]
    confirmed_by: Mapped[str | None]

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    version: Mapped[DefinitionVersion] = relationship(lazy="joined")
    person: Mapped[Person] = relationship(lazy="joined", foreign_keys=[person_id])
    assessor: Mapped[Person | None] = relationship(lazy="joined", foreign_keys=[assessor_id])
