"""Signs what was intended, in batches: each is signed outside and written in a short transaction of its own.

1. `intend` fixes the document's address, the edition's number, its status index and its exact content.
2. The caller's door commits.
3. `sign_intended` signs whatever is intended; a run that dies is simply repeated.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, aliased

from badge_service.errors import InvalidError
from badge_service.keyring.rules import Keyring
from badge_service.openbadges.credential import prepare_many
from badge_service.openbadges.proofs import eddsa_rdfc_2022
from badge_service.register.actions.issuers import current_key
from badge_service.register.actions.jwts import sign_wanted_jwts, want_as_before
from badge_service.register.actions.keys import signer_of
from badge_service.register.actions.publications import publish_edition
from badge_service.register.actions.status import refresh_status_lists, set_bits
from badge_service.register.patches import filled_in, proof_of, unpacked
from badge_service.register.rules import JWT_ALGORITHM, EditionState, RevocationReason
from badge_service.register.tables import Document, Edition, EditionForm, Issuer, IssuerKey, StatusEntry
from badge_service.storage.bulk import one_of, update_rows
from badge_service.storage.session import Database, now

BATCH = 2_000

_other = aliased(Edition)
_HAS_OTHERS = (
    exists()
    .where(_other.document_id == Edition.document_id, _other.id != Edition.id)
    .correlate(Edition)
    .label("has_others")
)


@dataclass(frozen=True)
class _Task:
    edition_id: int
    issuer_id: int
    form_id: int
    patch: str


@dataclass(frozen=True)
class _Outcome:
    """The proof of an edition, or why it cannot have one."""

    edition_id: int
    key_id: int
    proof: str | None
    failure: str | None


def sign_intended(
    database: Database,
    keyring: Keyring,
    *,
    document_tokens: Sequence[str] = (),
    jwt_algorithm: str = JWT_ALGORITHM,
) -> int:
    """Sign every intended edition (or those of some documents), then the lists that changed; returns how many.

    A kill at any moment loses nothing and signs nothing twice. A content that is refused is marked with its faults and
    the rest goes on. Tokens (VC-JWT) that are wanted are signed last, by `jwt_algorithm`. Raises `UnavailableError`
    when a key cannot be used: what is intended waits.
    """
    signed = 0
    forms: dict[int, dict[str, Any]] = {}
    for tasks in _open_tasks(database, document_tokens):
        _load_forms(database, forms, {task.form_id for task in tasks})
        signed += _sign_batch(database, keyring, tasks, forms)
    refresh_status_lists(database, keyring)
    sign_wanted_jwts(database, keyring, jwt_algorithm, document_tokens)
    return signed


def _open_tasks(database: Database, tokens: Sequence[str]) -> Iterator[list[_Task]]:
    """What waits for its signature, oldest first, a batch at a time; each batch is read when it is its turn."""
    parts = [tokens[start : start + BATCH] for start in range(0, len(tokens), BATCH)] or [()]
    for part in parts:
        after = 0
        while tasks := _next_tasks(database, after, part):
            yield tasks
            after = tasks[-1].edition_id


def _next_tasks(database: Database, after: int, tokens: Sequence[str]) -> list[_Task]:
    waiting = (
        select(Edition.id, Document.issuer_id, Edition.form_id, Edition.patch)
        .join(Document, Document.id == Edition.document_id)
        .where(Edition.state == EditionState.INTENDED.value, Edition.failure.is_(None), Edition.id > after)
        .order_by(Edition.id)
        .limit(BATCH)
    )
    with database.reading() as session:
        if tokens:
            waiting = waiting.where(one_of(session, Document.token, tokens))
        return [_Task(*row) for row in session.execute(waiting)]


def _load_forms(database: Database, forms: dict[int, dict[str, Any]], wanted: set[int]) -> None:
    """Forget the forms of earlier batches, read those that are new."""
    for known in forms.keys() - wanted:
        del forms[known]
    if missing := wanted - forms.keys():
        with database.reading() as session:
            rows = session.execute(
                select(EditionForm.id, EditionForm.body).where(EditionForm.id.in_(missing))
            )
            forms |= {id_: unpacked(body) for id_, body in rows}


def _sign_batch(
    database: Database, keyring: Keyring, tasks: Sequence[_Task], forms: Mapping[int, dict[str, Any]]
) -> int:
    keys = _keys(database, keyring, {task.issuer_id for task in tasks})
    outcomes: list[_Outcome] = []
    for issuer_id, key in keys.items():
        mine = [task for task in tasks if task.issuer_id == issuer_id]
        outcomes += _sign_with(database, keyring, key, mine, forms)
    with database.writing() as session:
        return _write_down(session, outcomes)


def _keys(database: Database, keyring: Keyring, issuer_ids: set[int]) -> dict[int, IssuerKey]:
    with database.writing() as session:
        return {id_: current_key(session, keyring, session.get_one(Issuer, id_)) for id_ in issuer_ids}


def _sign_with(
    database: Database,
    keyring: Keyring,
    key: IssuerKey,
    tasks: Sequence[_Task],
    forms: Mapping[int, dict[str, Any]],
) -> list[_Outcome]:
    contents = [filled_in(forms[task.form_id], task.patch) for task in tasks]
    prepared = prepare_many(contents)
    good = [one for one in prepared if not isinstance(one, InvalidError)]
    texts = iter(
        eddsa_rdfc_2022.sign_many(
            good,
            signer=signer_of(keyring, key),
            verification_method=key.verification_method,
            created=database.clock(),
        )
    )
    return [
        _Outcome(task.edition_id, key.id, None, _in_words(one))
        if isinstance(one, InvalidError)
        else _Outcome(task.edition_id, key.id, proof_of(next(texts)), None)
        for task, one in zip(tasks, prepared, strict=True)
    ]


def _in_words(error: InvalidError) -> str:
    return "; ".join(f"{fault.where}: {fault.message}" for fault in error.faults) or error.message


def _write_down(session: Session, outcomes: Sequence[_Outcome]) -> int:
    """What another process has signed meanwhile stays as it is."""
    ids = [outcome.edition_id for outcome in outcomes]
    rows = session.execute(
        select(Edition.id, Edition.visible, _HAS_OTHERS)
        .where(one_of(session, Edition.id, ids), Edition.state == EditionState.INTENDED.value)
        .order_by(Edition.id)
        .with_for_update()
    ).all()
    still_open = {row.id for row in rows}
    for refused in (one for one in outcomes if one.failure is not None and one.edition_id in still_open):
        session.execute(
            update(Edition).where(Edition.id == refused.edition_id).values(failure=refused.failure)
        )
    signed = [one for one in outcomes if one.proof is not None and one.edition_id in still_open]
    update_rows(
        session,
        Edition,
        key="id",
        same={"state": EditionState.SIGNED.value, "signed_at": now(session)},
        varying={
            "id": [one.edition_id for one in signed],
            "key_id": [one.key_id for one in signed],
            "proof": [one.proof for one in signed],
        },
    )
    mine = {one.edition_id for one in signed}
    for row in rows:
        # First editions that nobody is served need no more; others replace an edition, or are published.
        if row.id in mine and (row.visible or row.has_others):
            _settle(session, session.get_one(Edition, row.id, populate_existing=True))
    return len(signed)


def _settle(session: Session, edition: Edition) -> None:
    others = session.scalars(
        select(Edition).where(Edition.document_id == edition.document_id, Edition.id != edition.id)
    ).all()
    ended = _why_ended(session, others)
    if ended is not None:
        set_bits(session, [edition], ended)
    if any(other.number > edition.number and other.proof is not None for other in others):
        set_bits(session, [edition], RevocationReason.REPLACED)
        return
    set_bits(session, [other for other in others if other.number < edition.number], RevocationReason.REPLACED)
    publish_edition(session, edition)
    want_as_before(session, edition, others)


def _why_ended(session: Session, others: Sequence[Edition]) -> RevocationReason | None:
    """A badge that was withdrawn while its next edition waited for a signature stays withdrawn."""
    for other in others:
        entry = session.get_one(StatusEntry, (other.status_list_id, other.status_position))
        if entry.reason is not None and entry.reason != RevocationReason.REPLACED:
            return RevocationReason(entry.reason)
    return None
