"""Pathways: which definitions together make a larger one."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from badge_service.storage.tables import Base, identity, reference


class PathwayVersion(Base):
    """A pathway's rule in one version: which definitions together make a larger one."""

    __tablename__ = "pathway_versions"
    __table_args__ = (UniqueConstraint("slug", "version"),)

    id: Mapped[int] = identity()
    slug: Mapped[str]
    code: Mapped[str]
    version: Mapped[str]
    title: Mapped[str]
    content: Mapped[dict[str, Any]]
    let_id: Mapped[int] = reference("lets.id")
    published_at: Mapped[datetime]
