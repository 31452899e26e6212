"""Signs in two steps: `intend` writes what will be signed into the caller's transaction, `sign_intended` signs it after.

1. `intend` fixes the document's address, the edition's number, its status index and its exact content.
2. The caller's door commits.
3. `sign_intended` signs whatever is intended; a run that dies is simply repeated.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badge_service.errors import InvalidError, NotFoundError
from badge_service.keyring.rules import Keyring
from badge_service.openbadges.credential import prepare, status_entry
from badge_service.openbadges.proofs import eddsa_rdfc_2022
from badge_service.register.actions.issuers import current_key
from badge_service.register.actions.publications import publish
from badge_service.register.actions.status import allocate, list_url, refresh_status_lists, set_bits
from badge_service.register.rules import EditionState, Intention, RevocationReason, credential_path
from badge_service.register.tables import Document, Edition, Issuer, IssuerKey, StatusEntry, StatusList
from badge_service.storage.session import Database, now

BATCH = 100


def intend(session: Session, intentions: Sequence[Intention]) -> list[Edition]:
    """Write down what is to be signed, in the caller's transaction; one edition an intention, in order.

    Raises `NotFoundError` for an unknown issuer. Nothing is signed or served yet.
    """
    editions: list[Edition] = []
    for issuer_id in dict.fromkeys(intention.issuer_id for intention in intentions):
        mine = [intention for intention in intentions if intention.issuer_id == issuer_id]
        editions += _intend_for(session, issuer_id, mine)
    by_token = {edition.content["id"].rsplit("/", 1)[1]: edition for edition in editions}
    return [by_token[intention.token] for intention in intentions]


def _intend_for(session: Session, issuer_id: int, intentions: Sequence[Intention]) -> list[Edition]:
    issuer = session.get(Issuer, issuer_id)
    if issuer is None:
        raise NotFoundError("There is no such issuer.", code="issuer.missing")
    places = allocate(session, issuer, len(intentions))
    documents = _documents(session, issuer, [intention.token for intention in intentions])
    numbers = _next_numbers(session, [document.id for document in documents.values()])
    editions = []
    for intention, (status_list, position) in zip(intentions, places, strict=True):
        document = documents[intention.token]
        editions.append(
            Edition(
                document_id=document.id,
                number=numbers.get(document.id, 1),
                content=_content(intention, issuer, status_list, position),
                status_list_id=status_list.id,
                status_position=position,
                visible=intention.visible,
                state=EditionState.INTENDED.value,
                intended_at=now(session),
            )
        )
    session.add_all(editions)
    session.flush()
    return editions


def _documents(session: Session, issuer: Issuer, tokens: Sequence[str]) -> dict[str, Document]:
    found: dict[str, Document] = {}
    for start in range(0, len(tokens), 500):
        part = tokens[start : start + 500]
        found |= {row.token: row for row in session.scalars(select(Document).where(Document.token.in_(part)))}
    if any(document.issuer_id != issuer.id for document in found.values()):
        raise InvalidError("A document keeps its issuer.", code="document.issuer")
    new = {
        token: Document(token=token, issuer_id=issuer.id, created_at=now(session))
        for token in tokens
        if token not in found
    }
    session.add_all(new.values())
    session.flush()
    return found | new


def _next_numbers(session: Session, document_ids: Sequence[int]) -> dict[int, int]:
    numbers: dict[int, int] = {}
    for start in range(0, len(document_ids), 500):
        rows = session.execute(
            select(Edition.document_id, func.max(Edition.number))
            .where(Edition.document_id.in_(document_ids[start : start + 500]))
            .group_by(Edition.document_id)
        )
        numbers |= {document_id: number + 1 for document_id, number in rows}
    return numbers


def _content(intention: Intention, issuer: Issuer, status_list: StatusList, position: int) -> dict[str, Any]:
    base = issuer.profile["url"].split("/issuers/", 1)[0]
    return {
        **intention.content,
        "id": f"{base}{credential_path(intention.token)}",
        "credentialStatus": status_entry(list_url(issuer, status_list), position),
    }


@dataclass(frozen=True)
class _Task:
    edition_id: int
    content: dict[str, Any]
    issuer_id: int


def sign_intended(database: Database, keyring: Keyring, *, document_tokens: Sequence[str] = ()) -> int:
    """Sign every intended edition (or those of some documents), then the lists that changed; returns how many.

    Each batch is signed outside and written in a short transaction of its own, so a kill at any moment loses nothing
    and signs nothing twice. A content that `prepare` refuses is marked with its faults and the rest goes on. Raises
    `UnavailableError` when a key cannot be used: what is intended waits.
    """
    signed, after = 0, 0
    while tasks := _next_tasks(database, after, document_tokens):
        signed += _sign_batch(database, keyring, tasks)
        after = tasks[-1].edition_id
    refresh_status_lists(database, keyring)
    return signed


def _next_tasks(database: Database, after: int, tokens: Sequence[str]) -> list[_Task]:
    open_editions = (
        select(Edition.id, Edition.content, Document.issuer_id)
        .join(Document, Document.id == Edition.document_id)
        .where(Edition.state == EditionState.INTENDED.value, Edition.failure.is_(None), Edition.id > after)
        .order_by(Edition.id)
        .limit(BATCH)
    )
    if tokens:
        open_editions = open_editions.where(Document.token.in_(tokens))
    with database.reading() as session:
        return [_Task(*row) for row in session.execute(open_editions)]


def _sign_batch(database: Database, keyring: Keyring, tasks: Sequence[_Task]) -> int:
    keys = _keys(database, keyring, {task.issuer_id for task in tasks})
    outcomes = {task.edition_id: _sign_one(database, keyring, task, keys[task.issuer_id]) for task in tasks}
    with database.writing() as session:
        open_ones = session.scalars(
            select(Edition)
            .where(Edition.id.in_(outcomes), Edition.state == EditionState.INTENDED.value)
            .order_by(Edition.id)
            .with_for_update()
        ).all()
        for edition in open_ones:
            text, failure = outcomes[edition.id]
            if text is None:
                edition.failure = failure
            else:
                _write_signed(session, edition, text, keys[_issuer_id(tasks, edition.id)])
    return sum(1 for edition in open_ones if edition.state == EditionState.SIGNED.value)


def _issuer_id(tasks: Sequence[_Task], edition_id: int) -> int:
    return next(task.issuer_id for task in tasks if task.edition_id == edition_id)


def _keys(database: Database, keyring: Keyring, issuer_ids: set[int]) -> dict[int, IssuerKey]:
    with database.writing() as session:
        return {id_: current_key(session, keyring, session.get_one(Issuer, id_)) for id_ in issuer_ids}


def _sign_one(
    database: Database, keyring: Keyring, task: _Task, key: IssuerKey
) -> tuple[str | None, str | None]:
    try:
        signed = eddsa_rdfc_2022.sign(
            prepare(task.content),
            signer=keyring.signer(key.name),
            verification_method=key.verification_method,
            created=database.clock(),
        )
    except InvalidError as error:
        return None, "; ".join(f"{fault.where}: {fault.message}" for fault in error.faults) or error.message
    return json.dumps(signed, ensure_ascii=False), None


def _write_signed(session: Session, edition: Edition, text: str, key: IssuerKey) -> None:
    edition.signed_text, edition.state = text, EditionState.SIGNED.value
    edition.signed_at, edition.key_id = now(session), key.id
    others = session.scalars(
        select(Edition).where(Edition.document_id == edition.document_id, Edition.id != edition.id)
    ).all()
    ended = _why_ended(session, others)
    if ended is not None:
        set_bits(session, [edition], ended)
    if any(other.number > edition.number and other.signed_text is not None for other in others):
        set_bits(session, [edition], RevocationReason.REPLACED)
        return
    set_bits(session, [other for other in others if other.number < edition.number], RevocationReason.REPLACED)
    path = f"{credential_path(edition.content['id'].rsplit('/', 1)[1])}.json"
    publish(session, path, text.encode(), "application/vc+ld+json", visible=edition.visible)


def _why_ended(session: Session, others: Sequence[Edition]) -> RevocationReason | None:
    """A badge that was withdrawn while its next edition waited for a signature stays withdrawn."""
    for other in others:
        entry = session.get_one(StatusEntry, (other.status_list_id, other.status_position))
        if entry.reason is not None and entry.reason != RevocationReason.REPLACED:
            return RevocationReason(entry.reason)
    return None


def find_document(session: Session, token: str) -> Document:
    """The document at this address; raises `NotFoundError`."""
    document = session.scalar(select(Document).where(Document.token == token))
    if document is None:
        raise NotFoundError("There is no such document.", code="document.missing")
    return document


def current_edition(session: Session, token: str) -> Edition | None:
    """The newest signed edition of a document, or `None` while the first still waits for its signature."""
    return session.scalars(
        select(Edition)
        .join(Document, Document.id == Edition.document_id)
        .where(Document.token == token, Edition.state == EditionState.SIGNED.value)
        .order_by(Edition.number.desc())
    ).first()


def unsigned_count(session: Session, tokens: Sequence[str] = ()) -> int:
    """How many editions still wait for their signature."""
    waiting = select(func.count()).select_from(Edition).where(Edition.state == EditionState.INTENDED.value)
    if tokens:
        waiting = waiting.join(Document, Document.id == Edition.document_id).where(Document.token.in_(tokens))
    return session.scalar(waiting) or 0
