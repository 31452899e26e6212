"""What every table shares, and the tables that belong to no room: outbox of work, audit log, facts of the service."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

BigId = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC with its zone; a time without zone is refused at the door."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite forgets the zone: it is UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The declarative base of all rooms' tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcDateTime,
        date: Date,
        str: Text,
        bytes: LargeBinary,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        list[str]: JSON,
    }


def identity() -> Mapped[int]:
    """An internal number as primary key; never shown in a public URL."""
    return mapped_column(BigId, primary_key=True, autoincrement=True)


def reference(
    target: str, *, nullable: bool = False, index: bool = True, primary_key: bool = False
) -> Mapped[Any]:
    """A foreign key to `table.column`, indexed unless said otherwise."""
    return mapped_column(BigId, ForeignKey(target), nullable=nullable, index=index, primary_key=primary_key)


class OutboxJob(Base):
    """Work promised in somebody's transaction, to be done after it (decisions 24).

    `refusal` is why it can never succeed, as a stable word, for work that the other side has refused for good.
    """

    __tablename__ = "outbox_jobs"
    __table_args__ = (Index("ix_outbox_jobs_open", "done_at", "due_at"),)

    id: Mapped[int] = identity()
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    refusal: Mapped[str | None]
    done_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]


class AuditEntry(Base):
    """Who did what to what, when; rows are only ever added (a trigger refuses the rest)."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = identity()
    at: Mapped[datetime]
    actor: Mapped[str | None]
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    details: Mapped[dict[str, Any]]


class ServiceFact(Base):
    """A fact of the whole service that must not change by itself, such as its public URL."""

    __tablename__ = "service_facts"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
