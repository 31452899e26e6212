"""The tables behind the shell: how often something was tried in the current window, and which forms were answered."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from badge_service.storage.tables import Base


class RateLimit(Base):
    """One counter; its name is a hash, so that no address of a visitor is stored."""

    __tablename__ = "rate_limits"

    name: Mapped[str] = mapped_column(primary_key=True)
    hits: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class AnsweredForm(Base):
    """A form that was done, by the hash of its sender, key and content, and where its sender was sent then."""

    __tablename__ = "answered_forms"

    name: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(index=True)
