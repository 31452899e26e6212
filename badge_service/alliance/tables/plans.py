"""Action plans: what somebody does until when, and every step an action took."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.alliance.tables.alliances import Alliance
from badge_service.curriculum.tables import Let, LetMember
from badge_service.storage.tables import Base, identity, reference


class Action(Base):
    """One thing that a team wants done: its owner is a member of the team, or an organisation by name.

    Who started it, and in which role, is never rewritten (a trigger).
    """

    __tablename__ = "actions"
    __table_args__ = (Index("ix_actions_plan", "let_id", "state", "due_on"),)

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    let_id: Mapped[int] = reference("lets.id", index=False)
    alliance_id: Mapped[int | None] = reference("alliances.id", nullable=True)
    track: Mapped[str]
    title: Mapped[str]
    goal: Mapped[str]
    owner_id: Mapped[int | None] = reference("let_members.id", nullable=True)
    owner_organisation: Mapped[str]
    due_on: Mapped[date]
    state: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    initiated_by: Mapped[str]
    initiator_role: Mapped[str]
    created_at: Mapped[datetime]

    let: Mapped[Let] = relationship(lazy="joined")
    alliance: Mapped[Alliance | None] = relationship(lazy="joined")
    owner: Mapped[LetMember | None] = relationship(lazy="joined")


class ActionStep(Base):
    """One step in the history of an action, only ever added (a trigger): a new state with its reason, or what was changed.

    `changed` maps the names of fields to what stood there before and after; of owners it says only that they changed.
    """

    __tablename__ = "action_steps"

    id: Mapped[int] = identity()
    action_id: Mapped[int] = reference("actions.id")
    at: Mapped[datetime]
    by: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str]
    changed: Mapped[dict[str, Any]]
