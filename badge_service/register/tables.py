"""The book of signed documents: issuers, keys, status lists, documents with their editions, published bytes."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from badge_service.storage.tables import Base, BigId, identity, reference


class Issuer(Base):
    """A legal organisation as an issuer: its DID never changes, its profile is what the next badge will carry."""

    __tablename__ = "issuers"

    id: Mapped[int] = identity()
    slug: Mapped[str] = mapped_column(unique=True)
    did: Mapped[str] = mapped_column(unique=True)
    profile: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class IssuerKey(Base):
    """One public key of an issuer; the private half is in the keyring under `name`."""

    __tablename__ = "issuer_keys"

    id: Mapped[int] = identity()
    issuer_id: Mapped[int] = reference("issuers.id")
    name: Mapped[str] = mapped_column(unique=True)
    verification_method: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    compromised_at: Mapped[datetime | None]


class StatusList(Base):
    """One Bitstring status list of an issuer; closed lists give out no more indexes (full, or before a restore)."""

    __tablename__ = "status_lists"
    __table_args__ = (UniqueConstraint("issuer_id", "number"),)

    id: Mapped[int] = identity()
    issuer_id: Mapped[int] = reference("issuers.id")
    number: Mapped[int]
    size: Mapped[int]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    changes: Mapped[int] = mapped_column(default=0)
    signed_changes: Mapped[int | None]
    signed_at: Mapped[datetime | None]


class StatusEntry(Base):
    """One index given to one edition, for ever; `set_at` once written is never cleared (a trigger refuses it)."""

    __tablename__ = "status_entries"
    __table_args__ = (Index("ix_status_entries_set", "list_id", "set_at"),)

    list_id: Mapped[int] = reference("status_lists.id", primary_key=True, index=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    set_at: Mapped[datetime | None]
    reason: Mapped[str | None]


class Document(Base):
    """One permanent address of a signed thing; what is signed there are its editions."""

    __tablename__ = "documents"

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True, insert_sentinel=True)
    issuer_id: Mapped[int] = reference("issuers.id")
    created_at: Mapped[datetime]


class Edition(Base):
    """One state of a document: the exact unsigned content first, its signed text afterwards."""

    __tablename__ = "editions"
    __table_args__ = (UniqueConstraint("document_id", "number"), Index("ix_editions_state", "state", "id"))

    id: Mapped[int] = identity()
    document_id: Mapped[int] = mapped_column(BigId, ForeignKey("documents.id"), insert_sentinel=True)
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    status_list_id: Mapped[int] = reference("status_lists.id")
    status_position: Mapped[int]
    visible: Mapped[bool]
    state: Mapped[str]
    intended_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    signed_text: Mapped[str | None]
    key_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("issuer_keys.id"))
    failure: Mapped[str | None]


class Publication(Base):
    """The bytes served at a fixed path of our own host; hidden ones answer as an unknown address does."""

    __tablename__ = "publications"

    path: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[bytes]
    media_type: Mapped[str]
    digest: Mapped[str]
    visible: Mapped[bool]
    changed_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]
