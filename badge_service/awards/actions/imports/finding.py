"""Finds imports and their rows for the people of their organisation, and the row that an award came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from badge_service.awards.rules.imports import ImportState, RowState
from badge_service.awards.tables import Award, AwardImport, ImportRow
from badge_service.curriculum.rules import VersionState
from badge_service.curriculum.tables import Definition, DefinitionVersion
from badge_service.errors import NotAllowedError, NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.register.rules import EditionState
from badge_service.register.tables import Document, Edition

MAY_IMPORT = (Role.TEACHER, Role.ADMIN)
ROWS_A_PAGE = 50
IMPORTS_A_PAGE = 24


@dataclass(frozen=True)
class ImportCounts:
    """How many rows of an import are in which state, how many have a doubtful address, how many wait for a signature."""

    states: Mapping[RowState, int]
    doubtful: int
    unsigned: int

    @property
    def total(self) -> int:
        """All rows."""
        return sum(self.states.values())

    def of(self, *states: RowState) -> int:
        """Rows in one of these states."""
        return sum(self.states.get(state, 0) for state in states)

    @property
    def settled(self) -> int:
        """Rows that were to be awarded and no longer wait."""
        return self.of(RowState.AWARDED, RowState.FAILED)


def require_importer(viewer: Viewer) -> frozenset[int]:
    """The organisations for which the viewer may bring in awards; raises `NotAllowedError` when there are none."""
    mine = viewer.organisations_as(*MAY_IMPORT)
    if not mine:
        raise NotAllowedError(_("Only teachers and administrators bring in awards."), code="role")
    return mine


def find_import(session: Session, viewer: Viewer, token: str, *, for_update: bool = False) -> AwardImport:
    """An import of the viewer's organisation, a draft only for who made it; raises `NotFoundError`."""
    wanted = select(AwardImport).where(AwardImport.token == token)
    if for_update:
        locked = wanted.with_for_update(of=AwardImport)
        wanted = locked.execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None or found.organisation_id not in viewer.organisations_as(*MAY_IMPORT):
        raise _unknown()
    if found.state == ImportState.DRAFT and found.created_by != viewer.key:
        raise _unknown()
    return found


def imports_of(session: Session, viewer: Viewer, page: int) -> tuple[Sequence[AwardImport], int]:
    """One page of the imports that the viewer may see, newest first, and how many there are."""
    mine = AwardImport.organisation_id.in_(require_importer(viewer))
    seen = and_(mine, or_(AwardImport.state != ImportState.DRAFT, AwardImport.created_by == viewer.key))
    rows = select(AwardImport).where(seen).order_by(AwardImport.id.desc())
    total = session.scalar(select(func.count()).select_from(AwardImport).where(seen)) or 0
    first = rows.limit(IMPORTS_A_PAGE).offset((page - 1) * IMPORTS_A_PAGE)
    return session.scalars(first).all(), total


def imports_to_confirm(session: Session, viewer: Viewer, most: int = 10) -> Sequence[AwardImport]:
    """The imports of others that wait for the viewer or a colleague of theirs, the oldest first."""
    mine = AwardImport.organisation_id.in_(viewer.organisations_as(*MAY_IMPORT))
    waiting = (AwardImport.state == ImportState.SECOND.value) & (AwardImport.created_by != viewer.key)
    found = select(AwardImport).where(mine, waiting).order_by(AwardImport.id)
    return session.scalars(found.limit(most)).all()


def versions_to_import(session: Session, viewer: Viewer) -> Sequence[DefinitionVersion]:
    """The published versions of the viewer's organisations, by title."""
    mine = Definition.organisation_id.in_(require_importer(viewer))
    published = DefinitionVersion.state == VersionState.PUBLISHED.value
    return session.scalars(
        select(DefinitionVersion)
        .join(Definition, Definition.id == DefinitionVersion.definition_id)
        .where(mine, published)
        .order_by(DefinitionVersion.title, DefinitionVersion.id)
    ).all()


def import_counts(session: Session, found: AwardImport) -> ImportCounts:
    """Three statements, whatever the size."""
    mine = ImportRow.import_id == found.id
    by_state = session.execute(select(ImportRow.state, func.count()).where(mine).group_by(ImportRow.state))
    doubtful = select(func.count()).where(
        mine, ImportRow.suggestion.is_not(None), ImportRow.state == RowState.GOOD
    )
    unsigned = (
        select(func.count(func.distinct(Award.id)))
        .join(ImportRow, ImportRow.award_id == Award.id)
        .join(Document, Document.token == Award.token)
        .join(Edition, Edition.document_id == Document.id)
        .where(mine, Edition.state != EditionState.SIGNED.value, Award.ended_at.is_(None))
    )
    return ImportCounts(
        {RowState(state): count for state, count in by_state},
        session.scalar(doubtful) or 0,
        session.scalar(unsigned) or 0,
    )


def rows_of(
    session: Session,
    found: AwardImport,
    states: Sequence[RowState] = (),
    *,
    page: int = 1,
    doubtful: bool = False,
) -> Sequence[ImportRow]:
    """One page of the rows in these states (of all, without any), in the order of the file."""
    chosen = _chosen(found, states, doubtful=doubtful)
    return session.scalars(chosen.limit(ROWS_A_PAGE).offset((page - 1) * ROWS_A_PAGE)).all()


def all_rows(session: Session, found: AwardImport, states: Sequence[RowState] = ()) -> Sequence[ImportRow]:
    """The rows in these states, for a file of them."""
    return session.scalars(_chosen(found, states)).all()


def tokens_of(session: Session, rows: Sequence[ImportRow]) -> dict[int, Row[int, str, str]]:
    """The awards of these rows by their id: (id, token, state)."""
    ids = [row.award_id for row in rows if row.award_id is not None]
    found = session.execute(select(Award.id, Award.token, Award.state).where(Award.id.in_(ids)))
    return {row.id: row for row in found}


def _chosen(found: AwardImport, states: Sequence[RowState], *, doubtful: bool = False) -> Select[ImportRow]:
    chosen = select(ImportRow).where(ImportRow.import_id == found.id).order_by(ImportRow.row)
    if states:
        chosen = chosen.where(ImportRow.state.in_([state.value for state in states]))
    return chosen.where(ImportRow.suggestion.is_not(None)) if doubtful else chosen


def _unknown() -> NotFoundError:
    return NotFoundError(
        _("There is no such import, or its draft is gone after a day."), code="import.missing"
    )
