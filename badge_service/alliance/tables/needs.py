"""What industry needs: skills that employers look for, each tied to items of competence frameworks."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.alliance.tables.alliances import Alliance
from badge_service.people.tables import Organisation
from badge_service.storage.tables import Base, identity, reference


class IndustryNeed(Base):
    """A need that a member of an alliance logged, for itself or for a company of the region.

    `company` is empty for the organisation's own need, and for a company that is not named; `company_agreed_on` is the
    day on which a named company agreed to be named.
    """

    __tablename__ = "industry_needs"
    __table_args__ = (Index("ix_industry_needs_list", "alliance_id", "state", "id"),)

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    alliance_id: Mapped[int] = reference("alliances.id", index=False)
    organisation_id: Mapped[int] = reference("organisations.id")
    for_company: Mapped[bool]
    company: Mapped[str]
    company_agreed_on: Mapped[date | None]
    title: Mapped[str]
    text: Mapped[str]
    language: Mapped[str]
    state: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    logged_by: Mapped[str]
    logger_role: Mapped[str]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    alliance: Mapped[Alliance] = relationship(lazy="joined")
    organisation: Mapped[Organisation] = relationship(lazy="joined")


class NeedItem(Base):
    """That a need asks for an item of a framework, by what an alignment to it gives as targetUrl."""

    __tablename__ = "need_items"
    __table_args__ = (Index("ix_need_items_target", "target_url", "need_id"),)

    need_id: Mapped[int] = reference("industry_needs.id", primary_key=True, index=False)
    target_url: Mapped[str] = mapped_column(primary_key=True)
