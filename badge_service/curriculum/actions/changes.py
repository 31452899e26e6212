"""Why a version differs from the one before it: what the difference is, the notes that were given for it, and the whole trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.curricula import pinned
from badge_service.curriculum.rules.difference import Change, advised, changed_fields, difference
from badge_service.curriculum.rules.findings import READY, Note, RequestState, note_faults, text_faults
from badge_service.curriculum.rules.versions import Step, parse_version
from badge_service.curriculum.tables import (
    ChangeNote,
    ChangeRequest,
    Curriculum,
    CurriculumVersion,
    Definition,
    DefinitionVersion,
    PathwayVersion,
)
from badge_service.errors import Fault, NotFoundError
from badge_service.openbadges.digests import digest_sri
from badge_service.storage.session import now
from badge_service.web.paging import Listing, page_of

AnyVersion = DefinitionVersion | CurriculumVersion
MOST_REASON = 500


@dataclass(frozen=True)
class Comparison:
    """A version beside the one before it (`None`: it is the first), with what differs and what number that advises."""

    before: AnyVersion | None
    after: AnyVersion
    changes: tuple[Change, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields for which a reason is asked."""
        return changed_fields(self.changes)

    @property
    def advised(self) -> Step:
        """The step of the number that the difference calls for."""
        return advised(self.changes)

    @property
    def numbers(self) -> dict[Step, str]:
        """The number that each step would give; empty for a first version."""
        if self.before is None:
            return {}
        earlier = parse_version(self.before.version)
        return {step: str(earlier.next(step)) for step in Step}

    @property
    def step(self) -> Step:
        """The step of the number that the version has now."""
        earlier = parse_version(self.before.version) if self.before else None
        return parse_version(self.after.version).step_from(earlier) if earlier else Step.MAJOR


def compared(session: Session, version: AnyVersion) -> Comparison:
    """A version beside the one published before it."""
    return compare(session, previous_of(session, version), version)


def compare(session: Session, before: AnyVersion | None, after: AnyVersion) -> Comparison:
    """Two versions of one definition or curriculum, whatever was published between them."""
    changes = difference(whole(session, before), whole(session, after)) if before else ()
    return Comparison(before, after, changes)


def previous_of(session: Session, version: AnyVersion) -> AnyVersion | None:
    """The version that was published before this one (withdrawn ones count), or none; of a draft the newest."""
    kind: Any = type(version)
    owner = "definition_id" if isinstance(version, DefinitionVersion) else "curriculum_id"
    query = select(kind).where(getattr(kind, owner) == getattr(version, owner))
    query = query.where(kind.published_at.is_not(None))
    if version.published_at is not None:
        query = query.where(kind.sort_key < version.sort_key)
    found: AnyVersion | None = session.scalar(query.order_by(kind.sort_key.desc()).limit(1))
    return found


def whole(session: Session, version: AnyVersion) -> dict[str, Any]:
    """All that a version says: its content and what stands beside it (further text, a picture of its own).

    The draft of a curriculum names the versions of definitions that it would name if it were published now.
    """
    if isinstance(version, CurriculumVersion):
        return dict(version.content) if version.published_at else pinned(session, version.content)
    picture = version.picture_png if version.picture_uploaded else None
    beside = {"further_text": version.further_text, "picture": digest_sri(picture) if picture else ""}
    return {**version.content, **_pathway_of(version), **beside}


def _pathway_of(version: DefinitionVersion) -> dict[str, Any]:
    """The pathway that a stacked badge names, without its number: that is a name of the whole."""
    pathway = version.content.get("pathway")
    return {"pathway": {**pathway, "version": None}} if isinstance(pathway, Mapping) else {}


def change_faults(
    session: Session, comparison: Comparison, notes: Sequence[Note], step: Step, number_reason: str
) -> list[Fault]:
    """What is wrong with the reasons given for a version: by `changes.<field>`, `step`, `number_reason`.

    A first version needs no reasons. A version that says the same as the one before is refused.
    """
    if comparison.before is None:
        return []
    faults = unexplained(session, comparison.before.version, comparison.after, comparison.fields, notes)
    if not comparison.changes:
        return faults
    if step < comparison.advised and not number_reason.strip():
        words = _("What changed asks for version %(number)s. Choose that number, or say why a lower one is right.",
                  number=comparison.numbers[comparison.advised])  # fmt: skip
        faults.append(Fault("number_reason", words, "step.low"))
    elif number_reason.strip():
        faults += text_faults("number_reason", number_reason, MOST_REASON)
    return faults


def unexplained(
    session: Session,
    before: str,
    after: AnyVersion | PathwayVersion,
    fields: Sequence[str],
    notes: Sequence[Note],
) -> list[Fault]:
    """What is wrong with the reasons for changed `fields`, by `changes.<field>`; that nothing differs is a fault too."""
    if not fields:
        words = _("Nothing differs from version %(version)s.", version=before)
        return [Fault("changes", words, "changes.none")]
    return list(note_faults(fields, notes, [one.id for one in ready_requests(session, after)]))


def ready_requests(session: Session, version: AnyVersion | PathwayVersion) -> Sequence[ChangeRequest]:
    """The accepted changes that no version answers yet, oldest first: of a definition (a pathway's badge too) or curriculum."""
    found = select(ChangeRequest).where(ChangeRequest.state.in_(READY)).order_by(ChangeRequest.id)
    if isinstance(version, CurriculumVersion):
        return session.scalars(found.where(ChangeRequest.curriculum_id == version.curriculum_id)).all()
    owner = version.pathway if isinstance(version, PathwayVersion) else version
    return session.scalars(found.where(ChangeRequest.definition_id == owner.definition_id)).all()


def keep_notes(session: Session, version: AnyVersion, notes: Sequence[Note]) -> None:
    """Write the notes of a version that is being published, and mark the changes they name as answered by it.

    Changes that were put into this draft and that no note names go back to the accepted ones.
    """
    link = _link(version)
    named = {note.request_id for note in notes if note.request_id is not None}
    for note in notes:
        editorial = note.editorial.strip() if note.request_id is None else None
        session.add(
            ChangeNote(**link, fields=list(note.fields), request_id=note.request_id, editorial=editorial)
        )
    for request in ready_requests(session, version):
        if request.id in named:
            request.state, request.answered_at = RequestState.ANSWERED, now(session)
            request.definition_version_id = link.get("definition_version_id")
            request.curriculum_version_id = link.get("curriculum_version_id")
        elif version.id in (request.definition_version_id, request.curriculum_version_id):
            request.state = RequestState.ACCEPTED
            request.definition_version_id = request.curriculum_version_id = None
    session.flush()


def notes_of(session: Session, versions: Sequence[AnyVersion]) -> Mapping[int, Sequence[ChangeNote]]:
    """The change notes of these versions (of one kind) by version id, in the order they were given."""
    if not versions:
        return {}
    name = next(iter(_link(versions[0])))
    column = getattr(ChangeNote, name)
    found = session.scalars(
        select(ChangeNote).where(column.in_([one.id for one in versions])).order_by(ChangeNote.id)
    )
    notes: dict[int, list[ChangeNote]] = {}
    for note in found:
        notes.setdefault(getattr(note, name), []).append(note)
    return notes


def has_history(session: Session, version: DefinitionVersion) -> bool:
    """Whether another version of the same definition has been published."""
    other = select(DefinitionVersion.id).where(
        DefinitionVersion.definition_id == version.definition_id,
        DefinitionVersion.published_at.is_not(None),
        DefinitionVersion.id != version.id,
    )
    return session.scalar(other.limit(1)) is not None


def published_history(session: Session, slug: str, page: int = 1) -> Listing[DefinitionVersion]:
    """One page of the published and withdrawn versions of a definition, newest first; `NotFoundError` when none is."""
    found = (
        select(DefinitionVersion)
        .join(DefinitionVersion.definition)
        .where(Definition.slug == slug, DefinitionVersion.published_at.is_not(None))
    )
    listing = page_of(session, found.order_by(DefinitionVersion.sort_key.desc()), page)
    if not listing.total:
        raise NotFoundError(_("There is no such micro-credential."), code="definition.unknown")
    return listing


def curriculum_history(session: Session, slug: str, page: int = 1) -> Listing[CurriculumVersion]:
    """One page of the published versions of a curriculum, newest first; raises `NotFoundError` when none is."""
    found = (
        select(CurriculumVersion)
        .join(CurriculumVersion.curriculum)
        .where(Curriculum.slug == slug, CurriculumVersion.published_at.is_not(None))
    )
    listing = page_of(session, found.order_by(CurriculumVersion.sort_key.desc()), page)
    if not listing.total:
        raise NotFoundError(_("There is no such curriculum."), code="curriculum.unknown")
    return listing


def _link(version: AnyVersion) -> dict[str, int]:
    is_definition = isinstance(version, DefinitionVersion)
    return {"definition_version_id" if is_definition else "curriculum_version_id": version.id}
