"""Begins pathways, saves their drafts without overwriting anybody, and continues published ones in a new version."""

import copy
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.drafts import CODE, free_slug
from badge_service.curriculum.actions.pathways.reading import find_own_pathway
from badge_service.curriculum.catalogue_files import drawn_picture
from badge_service.curriculum.rules import FIRST, Version, VersionState, parse_version
from badge_service.curriculum.rules.pathways import DEEPEST, depth, part_codes, whole_numbers
from badge_service.curriculum.tables import Definition, Let, Pathway, PathwayPart, PathwayVersion
from badge_service.errors import ConflictError, Fault, InvalidError, NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Organisation
from badge_service.storage import audit
from badge_service.storage.revisions import begin_change
from badge_service.storage.session import now
from badge_service.web.texts import text_faults

LONGEST_TITLE = 120


def blank_pathway(title: str, language: str) -> dict[str, Any]:
    """An empty pathway, as a new draft begins; it asks for nothing yet."""
    return {
        "description": "",
        "achievement_type": "MicroCredential",
        "language": language,
        "title": title,
        "rule": {"all_of": []},
        "badge": {},
        "further_text": "",
    }


def create_pathway(
    session: Session,
    viewer: Viewer,
    *,
    organisation_id: int,
    let_id: int,
    code: str,
    title: str,
    language: str = "en",
) -> PathwayVersion:
    """Begin a pathway at version 1.0.0; raises `InvalidError` (code, title), `NotFoundError`."""
    if organisation_id not in viewer.organisations_as(Role.LET_LEAD):
        raise NotFoundError(_("There is no such organisation."), code="organisation.unknown")
    code, title = code.strip().upper(), title.strip()
    faults = text_faults("title", title, LONGEST_TITLE) + _code_faults(session, code)
    if faults:
        raise InvalidError(_("The pathway cannot be begun like this."), code="pathway", faults=faults)
    slug = free_slug(session, title, code)
    pathway = open_pathway(session, slug, code, let_id=let_id, organisation_id=organisation_id)
    version = add_pathway_version(session, pathway, blank_pathway(title, language), FIRST)
    audit.record(session, viewer.acting_key(), "pathway.drafted", f"pathway:{slug}/{FIRST}")
    return version


def open_pathway(session: Session, slug: str, code: str, *, let_id: int, organisation_id: int) -> Pathway:
    """A new pathway without versions; raises `NotFoundError` for an unknown LET or organisation."""
    if session.get(Let, let_id) is None or session.get(Organisation, organisation_id) is None:
        raise NotFoundError(_("There is no such Learning Ecosystem Team."), code="let.unknown")
    pathway = Pathway(
        slug=slug,
        code=code,
        let_id=let_id,
        organisation_id=organisation_id,
        definition_id=None,
        created_at=now(session),
    )
    session.add(pathway)
    session.flush()
    return pathway


def add_pathway_version(
    session: Session, pathway: Pathway, content: Mapping[str, Any], number: Version
) -> PathwayVersion:
    """A new draft version of a pathway."""
    at = now(session)
    version = PathwayVersion(
        pathway_id=pathway.id,
        pathway=pathway,
        slug=pathway.slug,
        code=pathway.code,
        version=str(number),
        sort_key=number.sort_key,
        state=VersionState.DRAFT.value,
        let_id=pathway.let_id,
        badge_version_id=None,
        created_at=at,
        changed_at=at,
        published_at=None,
        published_by=None,
        withdrawn_at=None,
    )
    fill_pathway(session, version, content)
    return version


def save_pathway(
    session: Session, viewer: Viewer, slug: str, version: str, content: Mapping[str, Any], revision: int
) -> PathwayVersion:
    """Keep what was typed, complete or not; `revision` is the one that was opened.

    Code and version stay as they are. Raises `NotFoundError`, `ConflictError` (published), `StaleError`.
    """
    found = find_own_pathway(session, viewer, slug, version)
    if found.state != VersionState.DRAFT:
        raise ConflictError(
            _("A published version is never changed. Begin a new version."), code="pathway.published"
        )
    begin_change(session, found, revision)
    fill_pathway(session, found, content)
    found.changed_at = now(session)
    session.flush()
    return found


def new_pathway_version(
    session: Session, viewer: Viewer, slug: str, version: str, *, major: bool = False
) -> PathwayVersion:
    """A draft that begins as a copy of a published version; the open draft of that pathway, if there is one."""
    source = find_own_pathway(session, viewer, slug, version)
    # Two presses of the button wait for each other at the pathway (SQLite's writing sessions do so anyway).
    session.execute(select(Pathway.id).where(Pathway.id == source.pathway_id).with_for_update())
    siblings = session.scalars(
        select(PathwayVersion).where(PathwayVersion.pathway_id == source.pathway_id)
    ).all()
    for sibling in siblings:
        if sibling.state == VersionState.DRAFT:
            return sibling
    newest = max(parse_version(sibling.version) for sibling in siblings)
    following = newest.next_major() if major else newest.next_minor()
    draft = add_pathway_version(session, source.pathway, copy.deepcopy(source.content), following)
    subject = f"pathway:{slug}/{following}"
    audit.record(session, viewer.acting_key(), "pathway.drafted", subject, source=source.version)
    return draft


def fill_pathway(session: Session, version: PathwayVersion, content: Mapping[str, Any]) -> None:
    """Set the content, what repeats of it beside it, the picture and the parts it names; the one place that does."""
    whole = {**content, "code": version.code, "version": version.version}
    if "rule" in whole:
        whole["rule"] = whole_numbers(whole["rule"])
    renamed = version.content is not None and whole.get("title") != version.content.get("title")
    if renamed or not whole.get("picture_svg"):
        whole["picture_svg"] = drawn_picture({**whole, "title": whole.get("title") or version.code})
    version.content = whole
    version.title = str(whole.get("title") or "")
    session.add(version)
    session.flush()
    session.execute(delete(PathwayPart).where(PathwayPart.version_id == version.id))
    for code in sorted(_codes(whole.get("rule"))):
        session.add(PathwayPart(code=code, version_id=version.id))
    session.flush()


def _codes(rule: Any) -> frozenset[str]:
    """The codes of a rule that may be half written; one that is too deep names none yet."""
    if not isinstance(rule, str | Mapping) or depth(rule) > DEEPEST:
        return frozenset()
    return frozenset(code for code in part_codes(rule) if code)


def _code_faults(session: Session, code: str) -> list[Fault]:
    if not CODE.fullmatch(code):
        words = _("Write a short code of capital letters and figures with a hyphen, such as PATH-MAKER.")
        return [Fault("code", words, "code.form")]
    taken = [session.scalar(select(table.id).where(table.code == code)) for table in (Pathway, Definition)]
    if any(one is not None for one in taken):
        return [Fault("code", _("The code %(code)s is taken. Choose another.", code=code), "code.double")]
    return []
