"""Regional alliances, the seats of their members, and the issuers elsewhere that they know."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.people.tables import Organisation, Region
from badge_service.storage.tables import Base, identity, reference


class Alliance(Base):
    """The alliance of craftsmen, museums, companies and authorities of one region."""

    __tablename__ = "alliances"

    id: Mapped[int] = identity()
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    aims: Mapped[str]
    region_id: Mapped[int] = reference("regions.id")

    region: Mapped[Region] = relationship(lazy="joined")


class AllianceMember(Base):
    """An organisation's seat in an alliance."""

    __tablename__ = "alliance_members"

    alliance_id: Mapped[int] = reference("alliances.id", primary_key=True, index=False)
    organisation_id: Mapped[int] = reference("organisations.id", primary_key=True)
    since: Mapped[date]

    organisation: Mapped[Organisation] = relationship(lazy="joined")


class AllianceIssuer(Base):
    """An issuer elsewhere that an alliance knows and answers for: whoever checks its badges here is told so."""

    __tablename__ = "alliance_issuers"

    alliance_id: Mapped[int] = reference("alliances.id", primary_key=True, index=False)
    did: Mapped[str] = mapped_column(primary_key=True, index=True)
    name: Mapped[str]
    since: Mapped[date]
