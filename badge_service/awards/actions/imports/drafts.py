"""Prepares an import: keeps the file for a day, reads it as its person says, and writes down what each row would do."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from badge_service.awards.actions.imports.finding import MAY_IMPORT, find_import
from badge_service.awards.actions.imports.matching import Named, already_awarded
from badge_service.awards.rules.imports import (
    DRAFTS_ARE_KEPT,
    MOST_DRAFTS,
    ImportState,
    Reading,
    RowRead,
    RowState,
    column_faults,
    guess_reading,
    open_table,
    read_rows,
)
from badge_service.awards.tables import AwardImport, ImportRow
from badge_service.curriculum.rules import VersionState, rubric_of
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.storage.bulk import insert_rows
from badge_service.storage.session import now, token
from badge_service.web.csv_files import CsvTable, RowFault, shown


def start_import(
    session: Session, viewer: Viewer, version_id: int, filename: str, data: bytes
) -> AwardImport:
    """Keep a file as a draft for one published version of the viewer's organisation, read as it was guessed.

    Raises `NotFoundError` for a foreign version, `ConflictError` (`batch_already_imported`) for a file that was
    imported for it before, `InvalidError` for what is no table at all (the fault's code says why).
    """
    version = _own_version(session, viewer, version_id)
    found = _draft(session, viewer, version, filename, data)
    if find_same(session, found) is not None:
        raise ConflictError(
            _("This file was imported for this micro-credential before."),
            code="batch_already_imported",
            hint=_("Look at that import. To add learners, send a file with the new ones."),
        )
    table = open_table(data)
    if not table.records:
        faults = [fault.as_fault() for fault in table.faults]
        raise InvalidError(_("This file cannot be read."), code=faults[0].code, faults=faults)
    _tidy(session, viewer, found)
    session.add(found)
    session.flush()
    _write_rows(session, found, guess_reading(table, rubric_of(version.content)), table)
    return found


def change_reading(session: Session, viewer: Viewer, token: str, reading: Reading) -> AwardImport:
    """Read the file of a draft in another way; columns are guessed anew when they no longer fit the file.

    Raises `NotFoundError`, `ConflictError` once it is confirmed. What is wrong with the whole stands in its `faults`.
    """
    found = _open_draft(session, viewer, token)
    before, table = Reading.from_json(found.reading), _table_of(found, reading)
    looks = guess_reading(table, rubric_of(found.version.content), reading.has_headings)
    as_before = (reading.encoding, reading.separator) == (before.encoding, before.separator)
    said = reading.columns != before.columns or reading.has_headings == before.has_headings
    if as_before and said and len(looks.columns) == len(reading.columns):
        looks = replace(looks, columns=reading.columns, month_first=reading.month_first, emails=before.emails)
    reading = replace(looks, encoding=reading.encoding or looks.encoding)
    _write_rows(session, found, reading, table)
    return found


def take_suggestions(session: Session, viewer: Viewer, token: str, rows: Sequence[int] | None = None) -> int:
    """Correct the doubtful addresses of these rows (of all, without any) as suggested; returns how many."""
    found = _open_draft(session, viewer, token)
    doubtful = select(ImportRow.row, ImportRow.suggestion).where(
        ImportRow.import_id == found.id, ImportRow.suggestion.is_not(None)
    )
    if rows is not None:
        doubtful = doubtful.where(ImportRow.row.in_(rows))
    emails = {str(row): suggestion for row, suggestion in session.execute(doubtful) if suggestion}
    before = Reading.from_json(found.reading)
    reading = replace(before, emails={**before.emails, **emails})
    _write_rows(session, found, reading, _table_of(found, reading))
    return len(emails)


def discard_import(session: Session, viewer: Viewer, token: str) -> None:
    """Forget a draft with its file; raises `NotFoundError`, `ConflictError` once it is confirmed."""
    _delete(session, [_open_draft(session, viewer, token).id])


def find_same(session: Session, found: AwardImport) -> AwardImport | None:
    """The confirmed import of the same file for the same version, if there is one."""
    return session.scalar(
        select(AwardImport).where(
            AwardImport.organisation_id == found.organisation_id,
            AwardImport.version_id == found.version_id,
            AwardImport.digest == found.digest,
            AwardImport.confirmed_at.is_not(None),
        )
    )


def same_file(session: Session, viewer: Viewer, version_id: int, data: bytes) -> AwardImport | None:
    """The same, for a file that was just sent."""
    return find_same(session, _draft(session, viewer, _own_version(session, viewer, version_id), "", data))


def _own_version(session: Session, viewer: Viewer, version_id: int) -> DefinitionVersion:
    version = session.get(DefinitionVersion, version_id)
    mine = viewer.organisations_as(*MAY_IMPORT)
    if version is None or version.definition.organisation_id not in mine:
        raise NotFoundError(_("There is no such micro-credential."), code="version.missing")
    if version.state != VersionState.PUBLISHED:
        raise ConflictError(_("This micro-credential is not awarded any more."), code="version.withdrawn")
    return version


def _draft(
    session: Session, viewer: Viewer, version: DefinitionVersion, filename: str, data: bytes
) -> AwardImport:
    return AwardImport(
        token=token(session),
        organisation_id=version.definition.organisation_id,
        version_id=version.id,
        filename=shown(filename),
        digest=sha256(data).hexdigest(),
        data=zlib.compress(data, 6),
        reading={},
        faults=[],
        state=ImportState.DRAFT.value,
        created_by=viewer.acting_key(),
        created_at=now(session),
        reason="",
    )


def _open_draft(session: Session, viewer: Viewer, token: str) -> AwardImport:
    found = find_import(session, viewer, token, for_update=True)
    if found.state != ImportState.DRAFT:
        raise ConflictError(_("This import was decided already."), code="import.decided")
    return found


def _table_of(found: AwardImport, reading: Reading) -> CsvTable:
    return open_table(zlib.decompress(found.data or b""), reading.encoding, reading.separator)


def _tidy(session: Session, viewer: Viewer, new: AwardImport) -> None:
    """Drafts are personal data of learners: those of yesterday go, and all but a few of one person."""
    is_draft = AwardImport.state == ImportState.DRAFT
    old = select(AwardImport.id).where(is_draft, AwardImport.created_at < now(session) - DRAFTS_ARE_KEPT)
    mine = select(AwardImport.id).where(is_draft, AwardImport.created_by == viewer.key)
    kept = session.scalars(mine.order_by(AwardImport.id.desc()).offset(MOST_DRAFTS - 1)).all()
    same = session.scalars(
        mine.where(AwardImport.digest == new.digest, AwardImport.version_id == new.version_id)
    ).all()
    _delete(session, [*session.scalars(old), *kept, *same])


def _delete(session: Session, ids: Sequence[int]) -> None:
    session.execute(delete(ImportRow).where(ImportRow.import_id.in_(ids)))
    session.execute(delete(AwardImport).where(AwardImport.id.in_(ids)))


def _write_rows(session: Session, found: AwardImport, reading: Reading, table: CsvTable) -> None:
    """Read the whole file and write down its rows; without a column of names there are none."""
    session.execute(delete(ImportRow).where(ImportRow.import_id == found.id))
    faults = [fault.as_fault() for fault in table.faults if not fault.row]
    faults += column_faults(reading.columns, rubric_of(found.version.content)) if table.records else []
    found.faults = [{"where": one.where, "message": one.message, "code": one.code} for one in faults]
    found.reading = reading.to_json()
    if table.records:
        rows = read_rows(table, reading, found.version.content, now(session).date())
        _insert(session, found, rows)
    session.flush()


def _insert(session: Session, found: AwardImport, rows: Sequence[RowRead]) -> None:
    good = [Named(one.name, one.email) for one in rows if not one.faults and one.repeats is None]
    known = already_awarded(session, found, good) if good else set()
    insert_rows(
        session,
        ImportRow,
        same={"import_id": found.id},
        varying={
            "row": [one.row for one in rows],
            "name": [one.name for one in rows],
            "email": [one.email for one in rows],
            "awarded_on": [one.awarded_on.isoformat() if one.awarded_on else None for one in rows],
            "evidence_url": [one.evidence_url for one in rows],
            "levels": [json.dumps(one.levels) for one in rows],
            "faults": [json.dumps([_as_json(fault) for fault in one.faults]) for one in rows],
            "suggestion": [one.suggestion for one in rows],
            "other_row": [one.repeats for one in rows],
            "state": [_state(one, known).value for one in rows],
        },
    )


def _state(one: RowRead, known: set[Named]) -> RowState:
    if one.faults:
        return RowState.BAD
    if one.repeats is not None:
        return RowState.REPEATS
    return RowState.HAS_IT if Named(one.name, one.email) in known else RowState.GOOD


def _as_json(fault: RowFault) -> dict[str, str]:
    return {"column": fault.column, "value": fault.value, "message": fault.message, "code": fault.code}
