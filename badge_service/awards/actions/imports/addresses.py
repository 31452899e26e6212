"""Corrects doubtful addresses in a draft: only the rows they stand in, and those that share an address with them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from badge_service.awards.actions.imports.drafts import faults_as_json, open_draft, state_of
from badge_service.awards.actions.imports.matching import Named, already_awarded
from badge_service.awards.rules.imports import Reading, RowRead, alone
from badge_service.awards.tables import AwardImport, ImportRow
from badge_service.people.rules import Viewer
from badge_service.storage.bulk import one_of, update_rows
from badge_service.workshops.rules.learners import SHARED_ADDRESS


def take_suggestions(session: Session, viewer: Viewer, token: str, rows: Sequence[int] | None = None) -> int:
    """Correct the doubtful addresses of these rows (of all, without any) as suggested; returns how many.

    Raises `NotFoundError`, `ConflictError` once the draft is confirmed.
    """
    found = open_draft(session, viewer, token)
    doubtful = (ImportRow.import_id == found.id) & ImportRow.suggestion.is_not(None)
    if rows is not None:
        doubtful &= one_of(session, ImportRow.row, rows)
    taken = session.execute(
        select(ImportRow.row, ImportRow.email, ImportRow.suggestion).where(doubtful)
    ).all()
    changed = update(ImportRow).where(doubtful).values(email=ImportRow.suggestion, suggestion=None)
    session.execute(changed, execution_options={"synchronize_session": False})
    _remember(found, {str(row): suggestion for row, _email, suggestion in taken})
    touched = {email for _row, before, after in taken for email in (before, after) if email}
    _judge_again(session, found, touched)
    session.expire_all()
    return len(taken)


def _remember(found: AwardImport, emails: Mapping[str, str | None]) -> None:
    """So that the file read in another way keeps them."""
    before = Reading.from_json(found.reading)
    kept = {row: email for row, email in emails.items() if email}
    found.reading = replace(before, emails={**before.emails, **kept}).to_json()


def _judge_again(session: Session, found: AwardImport, emails: Collection[str]) -> None:
    """What becomes of the rows with these addresses: who repeats another, shares an address, has the badge already."""
    columns = (ImportRow.id, ImportRow.row, ImportRow.name, ImportRow.email, ImportRow.faults)
    mine = (ImportRow.import_id == found.id) & one_of(session, ImportRow.email, emails)
    good = [
        row for row in session.execute(select(*columns).where(mine).order_by(ImportRow.row)) if _fits(row)
    ]
    ids = {row.row: row.id for row in good}
    judged = list(alone([RowRead(row.row, row.name, row.email) for row in good]))
    known = already_awarded(session, found, [Named(one.name, one.email) for one in judged])
    session.flush()
    update_rows(
        session,
        ImportRow,
        key="id",
        same={},
        varying={
            "id": [ids[one.row] for one in judged],
            "state": [state_of(one, known).value for one in judged],
            "other_row": [one.repeats for one in judged],
            "faults": [faults_as_json(one) for one in judged],
        },
    )


def _fits(row: Row[*tuple[Any, ...]]) -> bool:
    """Whether a row by itself can be awarded: what else is wrong with it stays wrong whatever its address."""
    return all(fault["code"] == SHARED_ADDRESS for fault in row.faults)
