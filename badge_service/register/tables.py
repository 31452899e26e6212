"""The book of signed documents: issuers, keys, status lists, documents with their editions, published bytes."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.register import patches
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
    """One public key of an issuer; the private half is in the keyring under `name`.

    `algorithm` is its JOSE name; `verification_method` is how signatures name it: a DID URL, or for tokens an https one.
    """

    __tablename__ = "issuer_keys"

    id: Mapped[int] = identity()
    issuer_id: Mapped[int] = reference("issuers.id")
    name: Mapped[str] = mapped_column(unique=True)
    algorithm: Mapped[str]
    verification_method: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    compromised_at: Mapped[datetime | None]


class StatusList(Base):
    """One Bitstring status list of an issuer; closed lists give out no more indexes (full, or before a restore).

    `given` counts the indexes given out; `changes` the bits set, of which the signed list shows `signed_changes`.
    """

    __tablename__ = "status_lists"
    __table_args__ = (UniqueConstraint("issuer_id", "number"),)

    id: Mapped[int] = identity()
    issuer_id: Mapped[int] = reference("issuers.id")
    number: Mapped[int]
    size: Mapped[int]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    given: Mapped[int] = mapped_column(default=0)
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
    token: Mapped[str] = mapped_column(unique=True)
    issuer_id: Mapped[int] = reference("issuers.id")
    created_at: Mapped[datetime]


class EditionForm(Base):
    """The first document of a bulk, compressed: each of its editions is stored as what differs from it."""

    __tablename__ = "edition_forms"

    id: Mapped[int] = identity()
    body: Mapped[bytes]


class Edition(Base):
    """One state of a document: the exact unsigned content first, its proof afterwards.

    The content is stored as `patch`, the places where it differs from its form; `proof` is the text of the proof member.
    """

    __tablename__ = "editions"
    __table_args__ = (UniqueConstraint("document_id", "number"), Index("ix_editions_state", "state", "id"))

    id: Mapped[int] = identity()
    document_id: Mapped[int] = mapped_column(BigId, ForeignKey("documents.id"))
    number: Mapped[int]
    form_id: Mapped[int] = reference("edition_forms.id", index=False)
    patch: Mapped[str]
    status_list_id: Mapped[int] = reference("status_lists.id")
    status_position: Mapped[int]
    visible: Mapped[bool]
    state: Mapped[str]
    intended_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    proof: Mapped[str | None]
    key_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("issuer_keys.id"))
    failure: Mapped[str | None]

    form: Mapped[EditionForm] = relationship(lazy="joined", innerjoin=True)

    @property
    def content(self) -> dict[str, Any]:
        """The unsigned credential."""
        return patches.filled_in(patches.unpacked(self.form.body), self.patch)

    @property
    def signed_text(self) -> str | None:
        """The signed credential, or `None` while it waits for its signature."""
        return patches.with_proof(self.content, self.proof) if self.proof is not None else None


class EditionJwt(Base):
    """The same edition as a VC-JWT: wanted first (without `text`), signed afterwards, once."""

    __tablename__ = "edition_jwts"

    edition_id: Mapped[int] = reference("editions.id", primary_key=True, index=False)
    wanted_at: Mapped[datetime]
    signed_at: Mapped[datetime | None] = mapped_column(index=True)
    text: Mapped[str | None]
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
