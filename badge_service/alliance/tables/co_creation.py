"""Co-creation sessions: a partner brings a challenge, a team works on it, and who may use the outcome is agreed first."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.alliance.tables.activities import Activity
from badge_service.curriculum.tables import Let
from badge_service.storage.tables import Base, identity, reference


class CoCreationSession(Base):
    """What belongs to a co-creation beside its activity, which holds title, dates, place, partner and the public page.

    `roles` are lines such as "Makers: sketch three handles"; `sectors` the fields of work that met there.
    """

    __tablename__ = "co_creation_sessions"
    __table_args__ = (UniqueConstraint("activity_id"),)

    id: Mapped[int] = identity()
    activity_id: Mapped[int] = reference("activities.id", index=False)
    let_id: Mapped[int] = reference("lets.id")
    challenge: Mapped[str]
    roles: Mapped[list[str]]
    outputs: Mapped[str]
    sectors: Mapped[list[str]]
    revision: Mapped[int] = mapped_column(default=1)

    activity: Mapped[Activity] = relationship(lazy="joined")
    let: Mapped[Let] = relationship(lazy="joined")


class RightsAgreement(Base):
    """One version of the text about who may use what comes out; its words are never changed (a trigger)."""

    __tablename__ = "rights_agreements"
    __table_args__ = (UniqueConstraint("session_id", "version"),)

    id: Mapped[int] = identity()
    session_id: Mapped[int] = reference("co_creation_sessions.id", index=False)
    version: Mapped[int]
    text: Mapped[str]
    written_by: Mapped[str]
    written_at: Mapped[datetime]


class RightsAssent(Base):
    """That a party agreed to one version of the text on a day, as somebody of the team wrote down."""

    __tablename__ = "rights_assents"
    __table_args__ = (UniqueConstraint("agreement_id", "party"),)

    id: Mapped[int] = identity()
    agreement_id: Mapped[int] = reference("rights_agreements.id", index=False)
    party: Mapped[str]
    agreed_on: Mapped[date]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
