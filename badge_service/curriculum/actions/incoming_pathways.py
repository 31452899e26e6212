"""Takes a pathway in from a file: as a draft of a new pathway, or of a new version of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.drafts import CODE, free_slug
from badge_service.curriculum.actions.pathways import add_pathway_version, open_pathway
from badge_service.curriculum.checking import pathway_shape_faults
from badge_service.curriculum.rules import FIRST, Version, VersionState, parse_version
from badge_service.curriculum.rules.formats import IncomingPathway, text_faults_in
from badge_service.curriculum.tables import Definition, PathwayVersion
from badge_service.errors import Fault, InvalidError, NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.storage import audit


@dataclass(frozen=True)
class PlannedPathway:
    """What becomes of a pathway's file: a draft of a new pathway (`newest` is None) or of a new version, or its faults."""

    incoming: IncomingPathway
    faults: tuple[Fault, ...]
    newest: PathwayVersion | None


def plan_pathway(
    session: Session, viewer: Viewer, organisation_id: int, incoming: IncomingPathway
) -> PlannedPathway:
    """What `import_pathway` would do, without doing it; raises `NotFoundError` for a foreign organisation."""
    if organisation_id not in viewer.organisations_as(Role.LET_LEAD):
        raise NotFoundError(_("There is no such organisation."), code="organisation.unknown")
    content = incoming.content
    faults = [
        *incoming.faults,
        *pathway_shape_faults(content),
        *text_faults_in(content, incoming.further_text),
    ]
    if faults:
        return PlannedPathway(incoming, tuple(faults), None)
    known = session.scalars(select(PathwayVersion).where(PathwayVersion.code == _code(incoming))).all()
    newest = max(known, key=lambda version: version.sort_key, default=None)
    return PlannedPathway(incoming, tuple(_place_faults(session, incoming, organisation_id, known)), newest)


def import_pathway(
    session: Session, viewer: Viewer, organisation_id: int, let_id: int, incoming: IncomingPathway
) -> PathwayVersion:
    """Make the draft; raises `NotFoundError` (organisation, LET), `InvalidError` with every fault at once."""
    planned = plan_pathway(session, viewer, organisation_id, incoming)
    if planned.faults:
        raise InvalidError(
            _("This pathway cannot be taken in."), code="pathway.import", faults=list(planned.faults)
        )
    newest, content = planned.newest, {**incoming.content, "further_text": incoming.further_text.strip()}
    if newest is None:
        code = _code(incoming)
        slug = free_slug(session, content.get("title") or "", code)
        pathway = open_pathway(session, slug, code, let_id=let_id, organisation_id=organisation_id)
    else:
        pathway = newest.pathway
    draft = add_pathway_version(session, pathway, content, _number(incoming, newest))
    audit.record(session, viewer.acting_key(), "pathway.imported", f"pathway:{pathway.slug}/{draft.version}")
    return draft


def _code(incoming: IncomingPathway) -> str:
    code = incoming.content.get("code")
    return code.strip().upper() if isinstance(code, str) else ""


def _number(incoming: IncomingPathway, newest: PathwayVersion | None) -> Version:
    said = parse_version(incoming.content["version"]) if incoming.content.get("version") else FIRST
    if newest is None:
        return said
    before = parse_version(newest.version)
    return said if said > before else before.next_minor()


def _place_faults(
    session: Session,
    incoming: IncomingPathway,
    organisation_id: int,
    versions: Sequence[PathwayVersion],
) -> list[Fault]:
    code = _code(incoming)
    faults = []
    if not CODE.fullmatch(code):
        words = _("Write a short code of capital letters and figures with a hyphen, such as PATH-MAKER.")
        faults.append(Fault("code", words, "code.form"))
    foreign = any(version.pathway.organisation_id != organisation_id for version in versions)
    is_badge = (
        not versions and session.scalar(select(Definition.id).where(Definition.code == code)) is not None
    )
    if foreign or is_badge:
        words = _("The code %(code)s is taken. Choose another.", code=code)
        faults.append(Fault("code", words, "code.double"))
    elif any(version.state == VersionState.DRAFT for version in versions):
        words = _("A draft of %(code)s is open already. Finish or take over that one first.", code=code)
        faults.append(Fault("code", words, "pathway.open_draft"))
    if not str(incoming.content.get("title") or "").strip():
        faults.append(Fault("title", _("Give it a title."), "missing"))
    return faults
