"""Writes down what will be signed: the document's address, the edition's number, its status index, its exact content.

A constant number of statements for any number of intentions, but for the status lists that they touch.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from badge_service.errors import InvalidError, NotFoundError
from badge_service.openbadges.credential import status_entry
from badge_service.register.actions.status import allocate, list_url
from badge_service.register.patches import packed, patch_between
from badge_service.register.rules import EditionState, Intention, base_url, credential_path
from badge_service.register.tables import Document, Edition, EditionForm, Issuer, StatusList
from badge_service.storage.bulk import insert_rows, one_of
from badge_service.storage.session import now


def intend(session: Session, intentions: Sequence[Intention]) -> None:
    """Write down what is to be signed, in the caller's transaction; one edition an intention.

    Nothing is signed or served yet. Raises `NotFoundError` for an unknown issuer, `InvalidError` for an address of
    another issuer.
    """
    for issuer_id in dict.fromkeys(intention.issuer_id for intention in intentions):
        mine = [intention for intention in intentions if intention.issuer_id == issuer_id]
        _intend_for(session, issuer_id, mine)


def _intend_for(session: Session, issuer_id: int, intentions: Sequence[Intention]) -> None:
    issuer = session.get(Issuer, issuer_id)
    if issuer is None:
        raise NotFoundError("There is no such issuer.", code="issuer.missing")
    documents = _documents(session, issuer, intentions)
    numbers = _next_numbers(session, [documents[one.token] for one in intentions if not one.first])
    places = allocate(session, issuer, len(intentions))
    forms, patches = _as_patches(session, _contents(issuer, intentions, places))
    insert_rows(
        session,
        Edition,
        same={"state": EditionState.INTENDED.value, "intended_at": now(session)},
        varying={
            "document_id": [documents[one.token] for one in intentions],
            "number": [numbers.get(documents[one.token], 1) for one in intentions],
            "form_id": forms,
            "patch": patches,
            "status_list_id": [status_list.id for status_list, _ in places],
            "status_position": [position for _, position in places],
            "visible": [one.visible for one in intentions],
        },
    )


def _documents(session: Session, issuer: Issuer, intentions: Sequence[Intention]) -> dict[str, int]:
    """The numbers of the documents at these addresses, those that are new made now."""
    ids = _known_documents(session, issuer, [one.token for one in intentions if not one.first])
    new = list(dict.fromkeys(one.token for one in intentions if one.token not in ids))
    if not new:
        return ids
    before = session.scalar(select(func.max(Document.id))) or 0
    same = {"issuer_id": issuer.id, "created_at": now(session)}
    insert_rows(session, Document, same=same, varying={"token": new})
    made = session.execute(
        select(Document.token, Document.id).where(Document.id > before, Document.issuer_id == issuer.id)
    )
    return ids | {token: id_ for token, id_ in made}  # noqa: C416 (a result is no list of pairs)


def _known_documents(session: Session, issuer: Issuer, tokens: Sequence[str]) -> dict[str, int]:
    if not tokens:
        return {}
    rows = session.execute(
        select(Document.token, Document.id, Document.issuer_id).where(one_of(session, Document.token, tokens))
    ).all()
    if any(row.issuer_id != issuer.id for row in rows):
        raise InvalidError("A document keeps its issuer.", code="document.issuer")
    return {row.token: row.id for row in rows}


def _next_numbers(session: Session, document_ids: Sequence[int]) -> dict[int, int]:
    if not document_ids:
        return {}
    rows = session.execute(
        select(Edition.document_id, func.max(Edition.number))
        .where(one_of(session, Edition.document_id, document_ids))
        .group_by(Edition.document_id)
    )
    return {document_id: number + 1 for document_id, number in rows}


def _contents(
    issuer: Issuer, intentions: Sequence[Intention], places: Sequence[tuple[StatusList, int]]
) -> Iterator[dict[str, Any]]:
    base = base_url(issuer.profile)
    urls = {status_list.id: list_url(issuer, status_list) for status_list in {one for one, _ in places}}
    for one, (status_list, position) in zip(intentions, places, strict=True):
        yield {
            **one.content,
            "id": f"{base}{credential_path(one.token)}",
            "credentialStatus": status_entry(urls[status_list.id], position),
        }


def _as_patches(session: Session, contents: Iterable[Mapping[str, Any]]) -> tuple[list[int], list[str]]:
    """For each content its form and what differs from it; a new form wherever the last one does not fit."""
    forms: list[int] = []
    patches: list[str] = []
    form: Mapping[str, Any] = {}
    for content in contents:
        patch = patch_between(form, content)
        if patch is None:
            form, patch = content, "[]"
            form_id = _new_form(session, form)
        forms.append(form_id)
        patches.append(patch)
    return forms, patches


def _new_form(session: Session, form: Mapping[str, Any]) -> int:
    made = insert(EditionForm).values(body=packed(form)).returning(EditionForm.id)
    return session.execute(made).scalar_one()
