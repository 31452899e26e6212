"""Framework files between their preview and the button that imports them; nobody but who sent one can name it."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from badge_service.storage.tables import Base, identity


class FrameworkUpload(Base):
    """One file as it was sent, compressed; gone after a day. `person_key` is the key that logs keep of who sent it."""

    __tablename__ = "framework_uploads"

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    person_key: Mapped[str] = mapped_column(index=True)
    filename: Mapped[str]
    data: Mapped[bytes]
    created_at: Mapped[datetime]
