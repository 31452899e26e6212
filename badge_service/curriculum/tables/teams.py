"""Learning Ecosystem Teams: who defines."""

from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.people.tables import Region
from badge_service.storage.tables import Base, identity, reference


class Let(Base):
    """A Learning Ecosystem Team: the creator of definitions, never their issuer."""

    __tablename__ = "lets"

    id: Mapped[int] = identity()
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    description: Mapped[str]
    region_id: Mapped[int] = reference("regions.id")

    region: Mapped[Region] = relationship(lazy="joined")
