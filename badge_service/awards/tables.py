"""Assessment, evidence and the decision to award, with its batch, the codes that claim it, and fulfilled pathways."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.alliance.tables import Activity
from badge_service.curriculum.tables import DefinitionVersion, PathwayVersion
from badge_service.people.tables import Organisation, Person
from badge_service.storage.tables import Base, identity, reference


class Assessment(Base):
    """The level a named assessor gave one learner on one criterion, in one activity."""

    __tablename__ = "assessments"
    __table_args__ = (UniqueConstraint("activity_id", "version_id", "person_id", "criterion"),)

    id: Mapped[int] = identity()
    activity_id: Mapped[int] = reference("activities.id", index=False)
    version_id: Mapped[int] = reference("definition_versions.id")
    person_id: Mapped[int] = reference("persons.id")
    criterion: Mapped[str]
    level: Mapped[str]
    set_for_group: Mapped[bool] = mapped_column(default=False)
    set_by: Mapped[str]
    set_at: Mapped[datetime]


class AssessmentReason(Base):
    """Why an assessor let one criterion below the pass level through (the pass rule asks for it in writing)."""

    __tablename__ = "assessment_reasons"
    __table_args__ = (UniqueConstraint("activity_id", "version_id", "person_id"),)

    id: Mapped[int] = identity()
    activity_id: Mapped[int] = reference("activities.id", index=False)
    version_id: Mapped[int] = reference("definition_versions.id")
    person_id: Mapped[int] = reference("persons.id")
    text: Mapped[str]
    written_by: Mapped[str]
    written_at: Mapped[datetime]


class Evidence(Base):
    """What was handed in, for one learner or (without a person) for the whole group; files lie outside the web root."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_activity", "activity_id", "version_id", "person_id"),)

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    activity_id: Mapped[int] = reference("activities.id", index=False)
    version_id: Mapped[int] = reference("definition_versions.id")
    person_id: Mapped[int | None] = reference("persons.id", nullable=True)
    kind: Mapped[str]
    genre: Mapped[str]
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    url: Mapped[str | None]
    media_type: Mapped[str | None]
    digest: Mapped[str | None]
    in_credential: Mapped[bool] = mapped_column(default=False)
    added_by: Mapped[str]
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class AwardBatch(Base):
    """One press of the award button; the same key sent twice is the same batch."""

    __tablename__ = "award_batches"

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    activity_id: Mapped[int] = reference("activities.id")
    version_id: Mapped[int] = reference("definition_versions.id")
    identity_check: Mapped[str]
    requested_by: Mapped[str]
    requested_at: Mapped[datetime]
    total: Mapped[int]

    activity: Mapped[Activity] = relationship(lazy="joined")
    version: Mapped[DefinitionVersion] = relationship(lazy="joined")


class Award(Base):
    """The decision to give one learner one definition version; `token` is its permanent address, one for all editions.

    One standing award (without `ended_at`) a learner, activity and version; after a mistake a new one may follow.
    A stacked badge belongs to no activity but to the `fulfilment` of a pathway, one standing a learner and version.

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
        Index("ix_awards_fulfilment", "fulfilment_id"),
    )

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    share_code: Mapped[str | None] = mapped_column(unique=True)
    subject: Mapped[str]
    person_id: Mapped[int | None] = reference("persons.id", nullable=True, index=False)
    version_id: Mapped[int] = reference("definition_versions.id")
    activity_id: Mapped[int | None] = reference("activities.id", nullable=True, index=False)
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

    person: Mapped[Person | None] = relationship(lazy="joined")
    version: Mapped[DefinitionVersion] = relationship(lazy="joined")
    activity: Mapped[Activity | None] = relationship(lazy="joined")
    organisation: Mapped[Organisation] = relationship(lazy="joined")


class ClaimCode(Base):
    """A code that claims an award: mailed as a link, or printed on a card; stored hashed, ended when renewed or used.

    `sent_to` is the address that using it proves. What using it changed stands in `moved_from_id` (whose award it was
    before) and `opened_account`, for an undo.
    """

    __tablename__ = "claim_codes"

    id: Mapped[int] = identity()
    award_id: Mapped[int] = reference("awards.id")
    code_hash: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    sent_to: Mapped[str | None]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    moved_from_id: Mapped[int | None] = reference("persons.id", nullable=True)
    opened_account: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None]


class PathwayFulfilment(Base):
    """That somebody holds all a pathway's version asks for: one standing row (without `ended_at`) a person and version.

    `state`: proposed ⇄ postponed → awarded; awarded ⇄ flagged (a part ended, a person decides) → revoked. `automatic`
    when it was awarded by a standing decision. `decided_by` is always a person's key.
    """

    __tablename__ = "pathway_fulfilments"
    __table_args__ = (
        Index(
            "uq_pathway_fulfilments_standing",
            "person_id",
            "pathway_version_id",
            unique=True,
            sqlite_where=sql("ended_at IS NULL"),
            postgresql_where=sql("ended_at IS NULL"),
        ),
        Index("ix_pathway_fulfilments_desk", "organisation_id", "state"),
    )

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int | None] = reference("persons.id", nullable=True, index=False)
    pathway_version_id: Mapped[int] = reference("pathway_versions.id")
    organisation_id: Mapped[int] = reference("organisations.id", index=False)
    state: Mapped[str]
    automatic: Mapped[bool] = mapped_column(default=False)
    fulfilled_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    flagged_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship(lazy="joined")
    pathway_version: Mapped[PathwayVersion] = relationship(lazy="joined")


class FulfilmentPart(Base):
    """One award that a fulfilment rests on."""

    __tablename__ = "fulfilment_parts"

    fulfilment_id: Mapped[int] = reference("pathway_fulfilments.id", primary_key=True, index=False)
    award_id: Mapped[int] = reference("awards.id", primary_key=True)


class StandingDecision(Base):
    """That a named LET member decides beforehand: whoever fulfils this pathway's version gets its badge. One open a version.

    `made_by` is recorded as `decided_by` of each such award; it counts only while that person may still make it.
    """

    __tablename__ = "standing_decisions"
    __table_args__ = (
        Index(
            "uq_standing_decisions_open",
            "pathway_version_id",
            unique=True,
            sqlite_where=sql("ended_at IS NULL"),
            postgresql_where=sql("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = identity()
    pathway_version_id: Mapped[int] = reference("pathway_versions.id", index=False)
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
