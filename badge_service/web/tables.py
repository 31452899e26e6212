"""The table behind the rate limits: how often something was tried in the current window."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from badge_service.storage.tables import Base


class RateLimit(Base):
    """One counter; its name is a hash, so that no address of a visitor is stored."""

    __tablename__ = "rate_limits"

    name: Mapped[str] = mapped_column(primary_key=True)
    hits: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)
