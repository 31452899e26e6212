"""Prepares an import: keeps the file for a day, reads it as its person says, and writes down what each row would do."""

import json
import zlib
from collections.abc import Sequence
from hashlib import sha256

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from badge_service.awards.actions.imports.file_reading import FileRead, read_file
from badge_service.awards.actions.imports.finding import MAY_IMPORT, find_import
from badge_service.awards.actions.imports.matching import Named, already_awarded
from badge_service.awards.rules.imports import (
    DRAFTS_ARE_KEPT,
    MOST_DRAFTS,
    ImportState,
    Reading,
    RowRead,
    RowState,
)
from badge_service.awards.tables import AwardImport, ImportRow
from badge_service.curriculum.rules import VersionState
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.storage.bulk import insert_rows
from badge_service.storage.session import now, token
from badge_service.web.csv_files import shown


def start_import(
    session: Session,
    viewer: Viewer,
    version_id: int,
    filename: str,
    data: bytes,
    read: FileRead | None = None,
) -> AwardImport:
    """Keep a file as a draft for one published version of the viewer's organisation, read as it was guessed.

    A page has `read` it beforehand (`read_sent`), while it holds nobody up. Raises `NotFoundError` for a foreign version,
    `ConflictError` (`batch_already_imported`) for a file that was imported for it before, `InvalidError` for what is no
    table at all (the fault's code says why).
    """
    version = _own_version(session, viewer, version_id)
    found = _draft(session, viewer, version, filename, data)
    if find_same(session, found) is not None:
        raise ConflictError(
            _("This file was imported for this micro-credential before."),
            code="batch_already_imported",
            hint=_("Look at that import. To add learners, send a file with the new ones."),
        )
    if read is None:
        read = read_file(version, data, now(session).date())
    if not read.is_table:
        raise InvalidError(_("This file cannot be read."), code=read.faults[0].code, faults=list(read.faults))
    _tidy(session, viewer, found)
    session.add(found)
    session.flush()
    _write_rows(session, found, read)
    return found


def read_sent(session: Session, viewer: Viewer, version_id: int, data: bytes) -> FileRead:
    """What a file says that was just sent, for `start_import`; raises as it does for the version."""
    return read_file(_own_version(session, viewer, version_id), data, now(session).date())


def change_reading(
    session: Session, viewer: Viewer, token: str, reading: Reading, read: FileRead | None = None
) -> AwardImport:
    """Read the file of a draft in another way; columns are guessed anew when they no longer fit the file.

    A page has `read` it beforehand (`read_again`). Raises `NotFoundError`, `ConflictError` once it is confirmed. What is
    wrong with the whole stands in its `faults`.
    """
    found = open_draft(session, viewer, token)
    if read is None or read.before != Reading.from_json(found.reading):
        read = _read_again(session, found, reading)
    _write_rows(session, found, read)
    return found


def read_again(session: Session, viewer: Viewer, token: str, reading: Reading) -> FileRead:
    """What the file of a draft says when it is read like this, for `change_reading`; raises as it does."""
    found = find_import(session, viewer, token)
    _require_draft(found)
    return _read_again(session, found, reading)


def _read_again(session: Session, found: AwardImport, reading: Reading) -> FileRead:
    before = Reading.from_json(found.reading)
    return read_file(found.version, zlib.decompress(found.data or b""), now(session).date(), reading, before)


def discard_import(session: Session, viewer: Viewer, token: str) -> None:
    """Forget a draft with its file; raises `NotFoundError`, `ConflictError` once it is confirmed."""
    _delete(session, [open_draft(session, viewer, token).id])


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


def open_draft(session: Session, viewer: Viewer, token: str) -> AwardImport:
    """The draft for this transaction alone to change; raises `NotFoundError`, `ConflictError` once it is confirmed."""
    found = find_import(session, viewer, token, for_update=True)
    _require_draft(found)
    return found


def _require_draft(found: AwardImport) -> None:
    if found.state != ImportState.DRAFT:
        raise ConflictError(_("This import was decided already."), code="import.decided")


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


def _write_rows(session: Session, found: AwardImport, read: FileRead) -> None:
    """Write down what was read; without a column of names there are no rows."""
    session.execute(delete(ImportRow).where(ImportRow.import_id == found.id))
    found.faults = [{"where": one.where, "message": one.message, "code": one.code} for one in read.faults]
    found.reading = read.reading.to_json()
    if read.rows:
        _insert(session, found, read.rows)
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
            "faults": [faults_as_json(one) for one in rows],
            "suggestion": [one.suggestion for one in rows],
            "other_row": [one.repeats for one in rows],
            "state": [state_of(one, known).value for one in rows],
        },
    )


def state_of(one: RowRead, known: set[Named]) -> RowState:
    """What is to become of a row, given who has the badge already."""
    if one.faults:
        return RowState.BAD
    if one.repeats is not None:
        return RowState.REPEATS
    return RowState.HAS_IT if Named(one.name, one.email) in known else RowState.GOOD


def faults_as_json(one: RowRead) -> str:
    """What is wrong with a row, as it is stored; `language` is that of the message, which stays as it was written."""
    written = {"language": str(get_locale() or "en")}
    faults = (
        {"column": f.column, "value": f.value, "message": f.message, "code": f.code} | written
        for f in one.faults
    )
    return json.dumps(list(faults))
