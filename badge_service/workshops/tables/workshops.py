"""Pilot workshops: an alliance activity that teaches versions of definitions to enrolled learners."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.alliance.tables import Activity
from badge_service.curriculum.tables import CurriculumVersion, DefinitionVersion, Hub
from badge_service.people.tables import Person
from badge_service.storage.tables import Base, identity, reference
from badge_service.workshops.tables.dates import WorkshopDate


class Workshop(Base):
    """The teaching side of an activity of kind workshop; `iteration` counts how often it was piloted.

    `join_token` names the public page on which learners enrol themselves, open up to and on the day `join_until`.
    """

    __tablename__ = "workshops"

    id: Mapped[int] = identity()
    activity_id: Mapped[int] = reference("activities.id", index=False)
    iteration: Mapped[int]
    capacity: Mapped[int | None]
    curriculum_version_id: Mapped[int | None] = reference("curriculum_versions.id", nullable=True)
    hub_id: Mapped[int | None] = reference("hubs.id", nullable=True)
    material_notes: Mapped[str] = mapped_column(default="")
    accessibility_notes: Mapped[str] = mapped_column(default="")
    join_token: Mapped[str | None]
    join_until: Mapped[date | None]

    activity: Mapped[Activity] = relationship(lazy="joined")
    versions: Mapped[list["WorkshopVersion"]] = relationship(
        lazy="selectin", order_by="WorkshopVersion.version_id", cascade="all, delete-orphan"
    )
    trainers: Mapped[list["WorkshopTrainer"]] = relationship(
        lazy="selectin", order_by="WorkshopTrainer.person_id", cascade="all, delete-orphan"
    )

    dates: Mapped[list[WorkshopDate]] = relationship(
        lazy="selectin", order_by=WorkshopDate.day, cascade="all, delete-orphan"
    )
    curriculum_version: Mapped[CurriculumVersion | None] = relationship(lazy="select")
    hub: Mapped[Hub | None] = relationship(lazy="select")

    __table_args__ = (UniqueConstraint("activity_id"), UniqueConstraint("join_token"))


class WorkshopVersion(Base):
    """A version of a definition that a workshop teaches."""

    __tablename__ = "workshop_versions"

    workshop_id: Mapped[int] = reference("workshops.id", primary_key=True, index=False)
    version_id: Mapped[int] = reference("definition_versions.id", primary_key=True)

    version: Mapped[DefinitionVersion] = relationship(lazy="joined")


class WorkshopTrainer(Base):
    """A person who teaches a workshop, and may therefore assess and award in it."""

    __tablename__ = "workshop_trainers"

    workshop_id: Mapped[int] = reference("workshops.id", primary_key=True, index=False)
    person_id: Mapped[int] = reference("persons.id", primary_key=True)

    person: Mapped[Person] = relationship(lazy="joined")


class Enrolment(Base):
    """A learner in a workshop, named as the school wrote the name (the person may write it otherwise themself).

    `number` is what a learner without e-mail is known by on paper. Who enrolled themself has the `join_key` of the form
    they sent, and with an address the `leave_hash` of the link mailed to them. `learner_kind` is one of
    `rules.LearnerKind`; who moved up and has no address is `untold_since` then, until somebody has told them.
    """

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("workshop_id", "person_id"),
        UniqueConstraint("workshop_id", "number"),
        UniqueConstraint("workshop_id", "join_key"),
    )

    id: Mapped[int] = identity()
    workshop_id: Mapped[int] = reference("workshops.id", index=False)
    person_id: Mapped[int] = reference("persons.id")
    number: Mapped[int]
    name: Mapped[str]
    email: Mapped[str | None]
    present: Mapped[bool] = mapped_column(default=True)
    enrolled_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    join_key: Mapped[str | None]
    leave_hash: Mapped[str | None] = mapped_column(unique=True)
    learner_kind: Mapped[str] = mapped_column(default="student")
    untold_since: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined")
