"""Surveys: one run of a form about one thing, who was asked by mail, what was answered by nobody in particular."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from badge_service.people import tables as _people_tables  # noqa: F401  runs refer to its organisations and persons
from badge_service.storage.tables import Base, identity, reference


class SurveyRun(Base):
    """One form about one thing (`subject_kind`, `subject`: words of a later room), from its opening to its results.

    `code` is typed or scanned by whoever is in the room; with `by_link` it leads to the form. `pairs` are what people
    rate before and after: [{"key", "text", "language", "about"}]. `results` are written once, at the close, and hold
    no group under five.
    """

    __tablename__ = "survey_runs"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject", "instrument"),
        Index("ix_survey_runs_organisation_id", "organisation_id", "opens_on"),
    )

    id: Mapped[int] = identity()
    code: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[int] = reference("organisations.id", index=False)
    instrument: Mapped[str]
    instrument_version: Mapped[int]
    subject_kind: Mapped[str]
    subject: Mapped[str]
    title: Mapped[str]
    language: Mapped[str]
    pairs: Mapped[list[Any]]
    by_link: Mapped[bool]
    invited: Mapped[int]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    called_off_at: Mapped[datetime | None]
    results: Mapped[dict[str, Any] | None]


class SurveyInvitation(Base):
    """That somebody was asked by mail; gone when the run closes. It says whether they answered, never what.

    Its two links (of the mail and of the one reminder) are kept hashed and work for one answer together.
    """

    __tablename__ = "survey_invitations"
    __table_args__ = (UniqueConstraint("run_id", "person_id"),)

    id: Mapped[int] = identity()
    run_id: Mapped[int] = reference("survey_runs.id", index=False)
    person_id: Mapped[int] = reference("persons.id")
    token_hash: Mapped[str] = mapped_column(unique=True)
    reminder_hash: Mapped[str | None] = mapped_column(unique=True)
    used: Mapped[bool] = mapped_column(default=False)


class SurveyResponse(Base):
    """One answered form, of nobody in particular: the day, numbers by question, and words, if any.

    Names are taken out of the words for good when the run closes; before that nobody reads them.
    """

    __tablename__ = "survey_responses"

    id: Mapped[int] = identity()
    run_id: Mapped[int] = reference("survey_runs.id")
    day: Mapped[date]
    answers: Mapped[dict[str, Any]]
    words: Mapped[dict[str, Any]]


class SurveyRefusal(Base):
    """A person who said that they want no mails that ask for answers."""

    __tablename__ = "survey_refusals"

    person_id: Mapped[int] = reference("persons.id", primary_key=True, index=False)
    said_on: Mapped[date]
