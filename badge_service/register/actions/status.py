"""Gives out status indexes, sets revocation bits for ever, and keeps the signed lists fresh."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from badge_service.errors import NotFoundError
from badge_service.keyring.rules import Keyring
from badge_service.openbadges import bitstring_status_list
from badge_service.openbadges.credential import prepare
from badge_service.openbadges.proofs import eddsa_rdfc_2022, vc_jwt
from badge_service.register.actions.keys import signer_of
from badge_service.register.actions.publications import publish
from badge_service.register.rules import (
    LIST_IS_FULL_AT,
    PROOF_ALGORITHM,
    STATUS_LIST_SIZE,
    STATUS_LIST_VALIDITY,
    RevocationReason,
    as_jwt,
    base_url,
    status_list_path,
)
from badge_service.register.tables import Document, Edition, Issuer, IssuerKey, StatusEntry, StatusList
from badge_service.storage.audit import record, record_each
from badge_service.storage.bulk import insert_rows, one_of
from badge_service.storage.session import Database, now, random_bytes


@dataclass(frozen=True)
class Explanation:
    """Why and when a badge of ours was revoked; `newer` when an edition signed later takes its place."""

    reason: RevocationReason
    at: datetime
    newer: bool


def open_list(session: Session, issuer: Issuer) -> StatusList:
    """Open the issuer's next status list."""
    last = session.scalar(select(func.max(StatusList.number)).where(StatusList.issuer_id == issuer.id))
    opened = StatusList(
        issuer_id=issuer.id, number=(last or 0) + 1, size=STATUS_LIST_SIZE, opened_at=now(session)
    )
    session.add(opened)
    session.flush()
    return opened


def open_new_lists(session: Session) -> int:
    """Close every open list and open a new one (after a restore: indexes given since the backup are not known)."""
    open_ones = session.scalars(select(StatusList).where(StatusList.closed_at.is_(None))).all()
    for old in open_ones:
        old.closed_at = now(session)
        open_list(session, session.get_one(Issuer, old.issuer_id))
    return len(open_ones)


def allocate(session: Session, issuer: Issuer, count: int) -> list[tuple[StatusList, int]]:
    """`count` random unused positions, a constant number of statements for each list touched."""
    given: list[tuple[StatusList, int]] = []
    while len(given) < count:
        current = _open_list_for_update(session, issuer)
        room = max(LIST_IS_FULL_AT - current.given, 0)
        positions = _draw(session, current, min(count - len(given), room))
        insert_rows(session, StatusEntry, same={"list_id": current.id}, varying={"position": positions})
        given += [(current, position) for position in positions]
        current.given += len(positions)
        if len(positions) == room:
            current.closed_at = now(session)
            open_list(session, issuer)
    session.flush()
    return given


def revoke(session: Session, token: str, reason: RevocationReason, *, actor: str | None) -> None:
    """Set the status bit of every edition of the document `token`; bits already set keep their date and reason.

    Raises `NotFoundError` for an unknown document. The door re-signs the lists after its commit.
    """
    document = session.scalar(select(Document).where(Document.token == token))
    if document is None:
        raise NotFoundError("There is no such document.", code="document.missing")
    set_bits(
        session, session.scalars(select(Edition).where(Edition.document_id == document.id)).all(), reason
    )
    record(session, actor, "revoke", f"document:{token}", reason=reason.value)


def revoke_many(
    session: Session, tokens: Sequence[str], reason: RevocationReason, *, actor: str | None
) -> None:
    """The same for many documents, in a constant number of statements but for the lists touched; unknown ones are skipped."""
    editions = select(Edition.status_list_id, Edition.status_position)
    mine = editions.join(Document, Document.id == Edition.document_id)
    found = session.execute(mine.where(one_of(session, Document.token, tokens))).all()
    for list_id in sorted({row.status_list_id for row in found}):
        positions = [row.status_position for row in found if row.status_list_id == list_id]
        newly_set = session.execute(
            update(StatusEntry)
            .where(StatusEntry.list_id == list_id, StatusEntry.set_at.is_(None))
            .where(one_of(session, StatusEntry.position, positions))
            .values(set_at=now(session), reason=reason.value)
            .returning(StatusEntry.position),
            execution_options={"synchronize_session": False},
        ).all()
        if newly_set:
            count_change(session, list_id, len(newly_set))
    record_each(session, actor, "revoke", [f"document:{one}" for one in tokens], reason=reason.value)


def set_bits(session: Session, editions: Sequence[Edition], reason: RevocationReason) -> None:
    """Set the bits of these editions that are not set yet."""
    for edition in editions:
        entry = session.get_one(StatusEntry, (edition.status_list_id, edition.status_position))
        if entry.set_at is None:
            entry.set_at, entry.reason = now(session), reason.value
            count_change(session, edition.status_list_id)


def count_change(session: Session, list_id: int, bits: int = 1) -> None:
    """Say that a list must be signed anew; the database counts, so that two who revoke at once both count."""
    more = update(StatusList).where(StatusList.id == list_id).values(changes=StatusList.changes + bits)
    session.execute(more, execution_options={"synchronize_session": "fetch"})


def explain(session: Session, token: str, position: int) -> Explanation | None:
    """Why the edition of `token` at this status position was revoked, or `None` when it was not (or is not ours)."""
    found = session.execute(
        select(StatusEntry, Edition, Document)
        .join(
            Edition,
            (Edition.status_list_id == StatusEntry.list_id)
            & (Edition.status_position == StatusEntry.position),
        )
        .join(Document, Document.id == Edition.document_id)
        .where(Document.token == token, StatusEntry.position == position, StatusEntry.set_at.is_not(None))
    ).first()
    if found is None or found.StatusEntry.set_at is None:
        return None
    reason = RevocationReason(found.StatusEntry.reason)
    return Explanation(reason, found.StatusEntry.set_at, newer=reason is RevocationReason.REPLACED)


def refresh_status_lists(database: Database, keyring: Keyring) -> int:
    """Sign and publish every list that changed or is half-aged; returns how many. Safe to repeat.

    The last good list stays served when the key cannot be used (`UnavailableError` goes to the caller).
    """
    with database.reading() as session:
        half_aged = now(session) - STATUS_LIST_VALIDITY / 2
        stale = select(StatusList.id).where(
            or_(
                StatusList.signed_changes.is_(None),
                StatusList.signed_changes != StatusList.changes,
                StatusList.signed_at < half_aged,
            )
        )
        ids = session.scalars(stale).all()
    for list_id in ids:
        with database.writing() as session:
            _sign_list(session, keyring, session.get_one(StatusList, list_id, with_for_update=True))
    return len(ids)


def _sign_list(session: Session, keyring: Keyring, status_list: StatusList) -> None:
    issuer = session.get_one(Issuer, status_list.issuer_id)
    key = session.scalars(
        select(IssuerKey)
        .where(
            IssuerKey.issuer_id == issuer.id,
            IssuerKey.algorithm == PROOF_ALGORITHM,
            IssuerKey.compromised_at.is_(None),
        )
        .order_by(IssuerKey.id.desc())
    ).first()
    if key is None:
        raise NotFoundError("The issuer has no usable key.", code="key.missing")
    at = now(session)
    prepared = prepare(_unsigned_list(session, status_list, issuer, at))
    signer, method = signer_of(keyring, key), key.verification_method
    signed = eddsa_rdfc_2022.sign(prepared, signer=signer, verification_method=method, created=at)
    token = vc_jwt.sign(prepared, signer=signer, key_id=method)
    path = status_list_path(issuer.slug, status_list.number)
    publish(session, path, json.dumps(signed, ensure_ascii=False).encode(), "application/vc+json")
    publish(session, as_jwt(path), token.encode(), vc_jwt.MEDIA_TYPE)
    status_list.signed_at, status_list.signed_changes = at, status_list.changes


def _unsigned_list(session: Session, status_list: StatusList, issuer: Issuer, at: datetime) -> dict[str, Any]:
    bits = session.scalars(
        select(StatusEntry.position).where(
            StatusEntry.list_id == status_list.id, StatusEntry.set_at.is_not(None)
        )
    )
    return bitstring_status_list.compose_list(
        id=list_url(issuer, status_list),
        issuer_id=issuer.did,
        indexes=bits,
        entries=status_list.size,
        valid_from=at,
    )


def list_url(issuer: Issuer, status_list: StatusList) -> str:
    """The address of a list, on the host that signed documents name."""
    return f"{base_url(issuer.profile)}{status_list_path(issuer.slug, status_list.number)}"


def _open_list_for_update(session: Session, issuer: Issuer) -> StatusList:
    current = session.scalars(
        select(StatusList)
        .where(StatusList.issuer_id == issuer.id, StatusList.closed_at.is_(None))
        .order_by(StatusList.number.desc())
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    return current if current is not None else open_list(session, issuer)


def _draw(session: Session, status_list: StatusList, count: int) -> list[int]:
    """Random positions of which none was given; the list is never read whole, only asked about what was drawn."""
    drawn: dict[int, None] = {}
    while len(drawn) < count:
        candidates = _random_positions(session, status_list, count - len(drawn))
        given = _given_among(session, status_list, candidates)
        drawn |= dict.fromkeys(number for number in candidates if number not in given)
    return list(drawn)[:count]


def _random_positions(session: Session, status_list: StatusList, wanted: int) -> list[int]:
    """As many as will probably hold `wanted` that are free; a few too many cost less than to ask again."""
    free = 1 - status_list.given / status_list.size
    count = int(wanted / free * 1.1) + 8
    raw = random_bytes(session, 4 * count)
    return [int.from_bytes(raw[at : at + 4], "big") % status_list.size for at in range(0, 4 * count, 4)]


def _given_among(session: Session, status_list: StatusList, positions: Sequence[int]) -> set[int]:
    mine = StatusEntry.list_id == status_list.id
    return set(
        session.scalars(
            select(StatusEntry.position).where(mine, one_of(session, StatusEntry.position, positions))
        )
    )
