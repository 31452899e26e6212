"""Keys of organisations' programs, requests that were answered once, and the addresses that are told what happened."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.people.tables import Organisation
from badge_service.storage.tables import Base, identity, reference


class ApiKey(Base):
    """The key of one program of an organisation, made by an administrator; only its hash is kept.

    `token` names the key in addresses and in the audit log; `ending` are its last characters, to tell keys apart.
    """

    __tablename__ = "api_keys"

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[int] = reference("organisations.id")
    name: Mapped[str]
    scopes: Mapped[list[str]]
    secret_hash: Mapped[str] = mapped_column(unique=True)
    ending: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]

    organisation: Mapped[Organisation] = relationship(lazy="joined")


class AnsweredRequest(Base):
    """What a request with an Idempotency-Key was answered, so that sent again it does nothing again; kept for a day."""

    __tablename__ = "answered_requests"
    __table_args__ = (UniqueConstraint("key_id", "name_hash"),)

    id: Mapped[int] = identity()
    key_id: Mapped[int] = reference("api_keys.id", index=False)
    name_hash: Mapped[str]
    request_digest: Mapped[str]
    status: Mapped[int]
    body: Mapped[str]
    answered_at: Mapped[datetime] = mapped_column(index=True)


class Webhook(Base):
    """An address of an organisation that is told of events; what it is sent is signed with its secret.

    After the secret was exchanged both are used until `former_until`. `failing_since` is the first failure after the
    last success.
    """

    __tablename__ = "webhooks"

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[int] = reference("organisations.id")
    url: Mapped[str]
    events: Mapped[list[str]]
    secret: Mapped[str]
    former_secret: Mapped[str | None]
    former_until: Mapped[datetime | None]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    failing_since: Mapped[datetime | None]
    switched_off_at: Mapped[datetime | None]
    switched_off_why: Mapped[str | None]
    removed_at: Mapped[datetime | None]


class Delivery(Base):
    """One message to a webhook: what is said, and how it went; `token` stays the same at every try."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (Index("ix_webhook_deliveries_log", "webhook_id", "id"),)

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    webhook_id: Mapped[int] = reference("webhooks.id", index=False)
    event: Mapped[str]
    payload: Mapped[dict[str, Any]]
    made_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]
    answered: Mapped[int | None]
    trouble: Mapped[str | None]
    delivered_at: Mapped[datetime | None]

    webhook: Mapped[Webhook] = relationship(lazy="joined")
