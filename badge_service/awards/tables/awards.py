"""The decision to give a badge, with the press of the button that gave it."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.alliance.tables import Activity
from badge_service.awards.tables.cases import RecognitionCase
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.people.tables import Organisation, Person
from badge_service.storage.tables import Base, identity, reference


class AwardBatch(Base):
    """One press of the award button; the same key sent twice is the same batch.

    Of its `total` learners `held_back` were more than one person may award that day: they need a second person, and
    `to_confirm` of them still do. `sent_by` (a person's key) made the API key by which a program sent it in a teacher's name.
    Mails leave from `send_at` on, if that is said, and none since `mails_off_at`.
    """

    __tablename__ = "award_batches"
    __table_args__ = (
        Index("ix_award_batches_requested", "requested_by", "requested_at"),
        Index("ix_award_batches_sent", "sent_by", "requested_at"),
        Index("ix_award_batches_to_confirm", "organisation_id", "to_confirm"),
    )

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[int] = reference("organisations.id", index=False)
    activity_id: Mapped[int] = reference("activities.id")
    version_id: Mapped[int] = reference("definition_versions.id")
    identity_check: Mapped[str]
    requested_by: Mapped[str]
    sent_by: Mapped[str | None]
    requested_at: Mapped[datetime]
    total: Mapped[int]
    held_back: Mapped[int] = mapped_column(default=0)
    to_confirm: Mapped[int] = mapped_column(default=0)
    undone_at: Mapped[datetime | None]
    send_at: Mapped[datetime | None]
    mails_off_at: Mapped[datetime | None]

    activity: Mapped[Activity] = relationship(lazy="joined")
    version: Mapped[DefinitionVersion] = relationship(lazy="joined")


class Award(Base):
    """The decision to give one learner one definition version; `token` is its permanent address, one for all editions.

    One standing award (without `ended_at`) a learner, activity and version; after a mistake a new one may follow.
    A stacked badge belongs to no activity but to the `fulfilment` of a pathway, one for prior learning to a case; of
    these one stands a learner and version.

    One that was declined by mistake is `reopened_at` by the school: a new one may follow it.

    `share_code` is made when the learner accepts; `subject` is random and looked up by nobody.
    `state`: held (nobody is served it) → accepted | declined; any → revoked. `sharing`: private | link | listed.
    """

    __tablename__ = "awards"
    __table_args__ = (
        Index(
            "uq_awards_standing",
            "activity_id",
            "version_id",
            "person_id",
            unique=True,
            sqlite_where=sql("ended_at IS NULL"),
            postgresql_where=sql("ended_at IS NULL"),
        ),
        Index(
            "uq_awards_standing_alone",
            "version_id",
            "person_id",
            unique=True,
            sqlite_where=sql("ended_at IS NULL AND activity_id IS NULL"),
            postgresql_where=sql("ended_at IS NULL AND activity_id IS NULL"),
        ),
        Index("ix_awards_person", "person_id", "state"),
        Index("ix_awards_activity", "activity_id", "version_id"),
        Index("ix_awards_batch", "batch_id"),
        Index("ix_awards_case", "case_id"),
        Index("ix_awards_fulfilment", "fulfilment_id"),
        Index("ix_awards_decided", "decided_by", "decided_at"),
        Index(
            "ix_awards_unanswered",
            "decided_at",
            sqlite_where=sql("state = 'held'"),
            postgresql_where=sql("state = 'held'"),
        ),
    )

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    share_code: Mapped[str | None] = mapped_column(unique=True)
    subject: Mapped[str]
    person_id: Mapped[int | None] = reference("persons.id", nullable=True, index=False)
    version_id: Mapped[int] = reference("definition_versions.id")
    activity_id: Mapped[int | None] = reference("activities.id", nullable=True, index=False)
    case_id: Mapped[int | None] = reference("recognition_cases.id", nullable=True, index=False)
    organisation_id: Mapped[int] = reference("organisations.id")
    batch_id: Mapped[int | None] = reference("award_batches.id", nullable=True, index=False)
    fulfilment_id: Mapped[int | None] = reference("pathway_fulfilments.id", nullable=True, index=False)
    identity_check: Mapped[str]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]
    state: Mapped[str]
    sharing: Mapped[str] = mapped_column(default="private")
    name_on_badge: Mapped[str | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship(lazy="joined")
    version: Mapped[DefinitionVersion] = relationship(lazy="joined")
    activity: Mapped[Activity | None] = relationship(lazy="joined")
    case: Mapped[RecognitionCase | None] = relationship(lazy="select")
    organisation: Mapped[Organisation] = relationship(lazy="joined")
