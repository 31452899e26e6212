"""Learning Ecosystem Teams: who defines, who belongs to them, what they can do and what they have done to learn it."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.people.tables import Person, Region
from badge_service.storage.tables import Base, identity, reference


class Let(Base):
    """A Learning Ecosystem Team: the creator of definitions, never their issuer."""

    __tablename__ = "lets"

    id: Mapped[int] = identity()
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    description: Mapped[str]
    region_id: Mapped[int] = reference("regions.id")
    revision: Mapped[int] = mapped_column(default=1)

    region: Mapped[Region] = relationship(lazy="joined")


class LetMember(Base):
    """Somebody who works in a team: a person of this service, or a partner known by name and organisation.

    `helix` is one of the four roles of `rules.teams.Helix`. `listed` is the team's wish to show the name publicly; a
    person of the service is shown only with their own standing consent besides (`actions.teams`).
    """

    __tablename__ = "let_members"
    __table_args__ = (UniqueConstraint("let_id", "person_id"),)

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    let_id: Mapped[int] = reference("lets.id")
    person_id: Mapped[int | None] = reference("persons.id", nullable=True)
    name: Mapped[str]
    organisation: Mapped[str]
    helix: Mapped[str]
    sector: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
    listed: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    let: Mapped[Let] = relationship(lazy="joined")
    person: Mapped[Person | None] = relationship(lazy="joined")

    @property
    def shown_name(self) -> str:
        """The name the team knows this member by: a person's own, a partner's as it was typed."""
        return self.person.name if self.person else self.name


class TeamSkill(Base):
    """A skill that a team wants to have among its members, in its own words or as an item of a framework."""

    __tablename__ = "team_skills"
    __table_args__ = (UniqueConstraint("let_id", "name"),)

    id: Mapped[int] = identity()
    let_id: Mapped[int] = reference("lets.id", index=False)
    name: Mapped[str]
    target_url: Mapped[str | None]
    created_at: Mapped[datetime]


class MemberSkill(Base):
    """How well a member has a skill: 1 to 4, as in `rules.teams.SKILL_LEVELS`."""

    __tablename__ = "member_skills"

    member_id: Mapped[int] = reference("let_members.id", primary_key=True, index=False)
    skill_id: Mapped[int] = reference("team_skills.id", primary_key=True)
    level: Mapped[int]


class CapacityEntry(Base):
    """One thing a team did to become more able; never changed (a trigger), corrected by a new entry that names it.

    `minutes` is how long it took, `headcount` how many took part whoever they were.
    """

    __tablename__ = "capacity_entries"
    __table_args__ = (UniqueConstraint("corrects_id"),)

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    let_id: Mapped[int] = reference("lets.id")
    held_on: Mapped[date]
    what: Mapped[str]
    topic: Mapped[str]
    minutes: Mapped[int]
    headcount: Mapped[int]
    corrects_id: Mapped[int | None] = reference("capacity_entries.id", nullable=True, index=False)
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]


class CapacityPresence(Base):
    """That a member took part in what an entry of the capacity log tells."""

    __tablename__ = "capacity_presences"

    entry_id: Mapped[int] = reference("capacity_entries.id", primary_key=True, index=False)
    member_id: Mapped[int] = reference("let_members.id", primary_key=True)
