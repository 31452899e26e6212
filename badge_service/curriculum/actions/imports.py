"""Brings the catalogue of files into the service: what is new is published, what exists stays as it is."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.changes import compared
from badge_service.curriculum.actions.drafts import add_definition, add_version
from badge_service.curriculum.actions.pathways.drafting import add_pathway_version, open_pathway
from badge_service.curriculum.actions.publishing import freeze_and_publish
from badge_service.curriculum.catalogue_files import PATHWAY, Entry, read_catalogue
from badge_service.curriculum.checking import definition_faults
from badge_service.curriculum.rules import VersionState, parse_version
from badge_service.curriculum.rules.findings import Note
from badge_service.curriculum.tables import Definition, DefinitionVersion, Let, Pathway, PathwayVersion
from badge_service.errors import ConflictError, Fault, InvalidError, NotAllowedError
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Organisation
from badge_service.storage import audit
from badge_service.storage.session import now


@dataclass(frozen=True)
class Imported:
    """The slugs of what was published now, and of what was there already."""

    published: tuple[str, ...]
    kept: tuple[str, ...]


def open_let(
    session: Session, viewer: Viewer, *, slug: str, name: str, description: str, region_id: int
) -> Let:
    """A Learning Ecosystem Team; the one with this slug if it exists. Only the operator may."""
    if not viewer.has_role(Role.OPERATOR):
        raise NotAllowedError(_("Only the operator opens a Learning Ecosystem Team."), code="let.operator")
    found = session.scalar(select(Let).where(Let.slug == slug))
    if found is not None:
        return found
    let = Let(slug=slug, name=name, description=description, region_id=region_id)
    session.add(let)
    session.flush()
    audit.record(session, viewer.acting_key(), "let.opened", f"let:{slug}")
    return let


def import_catalogue(
    session: Session,
    viewer: Viewer,
    folder: Path,
    *,
    let: Let,
    organisation: Organisation,
    public_url: str,
    only: Collection[str] | None = None,
) -> Imported:
    """Publish every definition and pathway of `folder` (or those whose slugs are in `only`) for a LET and its school.

    A version that exists is kept, so that a second run changes nothing. The operator and the school's LET lead may.
    Raises `InvalidError` with every fault of every file, before anything is written; `ConflictError` when a slug or
    code belongs to another organisation's definition.
    """
    if not viewer.has_role(Role.OPERATOR) and not viewer.has_role(Role.LET_LEAD, organisation.id):
        raise NotAllowedError(
            _("Only the operator or a LET lead imports definitions."), code="catalogue.import"
        )
    entries = [entry for entry in read_catalogue(folder) if only is None or entry.slug in only]
    _refuse_ects(entries, organisation)
    published: list[str] = []
    kept: list[str] = []
    for entry in entries:
        is_new = (
            _import_pathway(session, viewer, entry, let, organisation)
            if entry.kind == PATHWAY
            else _import_definition(session, viewer, entry, let, organisation, public_url)
        )
        (published if is_new else kept).append(entry.slug)
    if published:
        audit.record(session, viewer.acting_key(), "catalogue.imported", f"let:{let.slug}", slugs=published)
    session.flush()
    return Imported(tuple(published), tuple(kept))


def _refuse_ects(entries: list[Entry], organisation: Organisation) -> None:
    faults = [
        Fault(f"{entry.slug}/{entry.kind}: {fault.where}", fault.message, fault.code)
        for entry in entries
        if entry.kind != PATHWAY
        for fault in definition_faults(entry.content, may_award_ects=organisation.may_award_ects)
    ]
    if faults:
        words = "These definitions are not for this organisation."
        raise InvalidError(words, code="catalogue", faults=faults)


def _import_definition(
    session: Session, viewer: Viewer, entry: Entry, let: Let, organisation: Organisation, public_url: str
) -> bool:
    definition = session.scalar(select(Definition).where(Definition.slug == entry.slug))
    if definition is None:
        code = entry.content["code"]
        definition = add_definition(session, entry.slug, code, let.id, organisation.id)
    elif definition.organisation_id != organisation.id or definition.code != entry.content["code"]:
        words = f"“{entry.slug}” is already another definition's address."
        raise ConflictError(words, code="catalogue.taken")
    number = parse_version(entry.content["version"])
    existing = select(DefinitionVersion.id).where(DefinitionVersion.definition_id == definition.id)
    if session.scalar(existing.where(DefinitionVersion.version == str(number))) is not None:
        return False
    version = add_version(session, definition, entry.content, number)
    version.further_text, version.picture_svg = entry.further_text, entry.picture_svg
    freeze_and_publish(session, viewer, version, public_url, _why(session, version, entry.changes))
    return True


def _why(session: Session, version: DefinitionVersion, sentence: str) -> list[Note]:
    """A later version out of the files is editorial: its changes were decided where the files are kept."""
    fields = compared(session, version).fields
    words = sentence or _(
        "Brought in from a catalogue of files as version %(version)s.", version=version.version
    )
    return [Note(fields, editorial=words)] if fields else []


def _import_pathway(
    session: Session, viewer: Viewer, entry: Entry, let: Let, organisation: Organisation
) -> bool:
    pathway = session.scalar(select(Pathway).where(Pathway.slug == entry.slug))
    if pathway is None:
        places = {"let_id": let.id, "organisation_id": organisation.id}
        pathway = open_pathway(session, entry.slug, entry.content["code"], **places)
    elif pathway.organisation_id != organisation.id or pathway.code != entry.content["code"]:
        words = f"“{entry.slug}” is already another pathway's address."
        raise ConflictError(words, code="catalogue.taken")
    number = parse_version(entry.content["version"])
    existing = select(PathwayVersion.id).where(PathwayVersion.pathway_id == pathway.id)
    if session.scalar(existing.where(PathwayVersion.version == str(number))) is not None:
        return False
    content = {**entry.content, "further_text": entry.further_text, "picture_svg": entry.picture_svg}
    version = add_pathway_version(session, pathway, content, number)
    version.state, version.published_at = VersionState.PUBLISHED.value, now(session)
    version.published_by = viewer.acting_key()
    session.flush()
    return True
