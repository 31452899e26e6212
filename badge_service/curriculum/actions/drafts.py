"""Drafts of definitions: begun, saved without overwriting anybody, continued as a new version; each by its own LET lead."""

import copy
import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.listing import enlist
from badge_service.curriculum.actions.slugs import unused_slug
from badge_service.curriculum.rules import (
    FIRST,
    Step,
    Version,
    VersionState,
    achievement_type,
    blank_content,
    parse_version,
)
from badge_service.curriculum.rules.achievement import generated_urls
from badge_service.curriculum.rules.content import target_urls, whole_numbers
from badge_service.curriculum.tables import Definition, DefinitionVersion, Let, Pathway, VersionAlignment
from badge_service.errors import ConflictError, Fault, InvalidError, NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Organisation
from badge_service.storage import audit
from badge_service.storage.session import now

MOST_TITLE = 300
CODE = re.compile(r"[A-Z0-9]{2,8}(-[A-Z0-9]{1,8}){1,3}")


class StaleDraftError(ConflictError):
    """Somebody saved this draft after it was opened: `typed` is what was sent now, `saved` what stands there."""

    def __init__(self, typed: Mapping[str, Any], saved: DefinitionVersion) -> None:
        super().__init__(_("Somebody else saved this draft in the meantime."), code="definition.stale")
        self.typed = typed
        self.saved = saved


def find_own_version(
    session: Session, viewer: Viewer, version_id: int, *, lock: bool = False
) -> DefinitionVersion:
    """A version in any state that the viewer leads; raises `NotFoundError` for foreign ones. `lock` holds it until commit."""
    held = {"of": DefinitionVersion} if lock else None
    version = session.get(DefinitionVersion, version_id, with_for_update=held, populate_existing=lock)
    if version is None or not _may_edit(viewer, version.definition.organisation_id):
        raise NotFoundError(_("There is no such definition."), code="definition.unknown")
    return version


def open_draft_of(session: Session, viewer: Viewer, slug: str, version: str) -> DefinitionVersion:
    """An own version in any state by its public names; raises `NotFoundError`."""
    found = session.scalar(
        select(DefinitionVersion)
        .join(DefinitionVersion.definition)
        .where(Definition.slug == slug, DefinitionVersion.version == version)
    )
    if found is None or not _may_edit(viewer, found.definition.organisation_id):
        raise NotFoundError(_("There is no such definition."), code="definition.unknown")
    return found


def lets_of(session: Session, viewer: Viewer) -> list[tuple[Organisation, Let]]:
    """For whom the viewer may write a definition: each own organisation with each LET of its region."""
    mine = viewer.organisations_as(Role.LET_LEAD)
    found = select(Organisation, Let).join(Let, Let.region_id == Organisation.region_id)
    rows = session.execute(found.where(Organisation.id.in_(mine)).order_by(Organisation.name, Let.name)).all()
    return [(organisation, let) for organisation, let in rows]


def create_draft(
    session: Session,
    viewer: Viewer,
    *,
    organisation_id: int,
    let_id: int,
    code: str,
    title: str,
    copy_of: DefinitionVersion | None = None,
) -> DefinitionVersion:
    """Begin a definition at version 1.0.0, empty or as a copy; raises `InvalidError` (code, title), `NotFoundError`."""
    if not _may_edit(viewer, organisation_id):
        raise NotFoundError(_("There is no such organisation."), code="organisation.unknown")
    code, title = code.strip().upper(), title.strip()
    _refuse_wrong_start(session, code, title)
    definition = add_definition(session, free_slug(session, title, code), code, let_id, organisation_id)
    content = copy.deepcopy(copy_of.content) if copy_of else blank_content()
    content |= {"title": title}
    version = add_version(session, definition, content, FIRST)
    version.further_text = copy_of.further_text if copy_of else ""
    audit.record(session, viewer.acting_key(), "definition.drafted", f"definition:{definition.slug}/{FIRST}")
    return version


def save_draft(
    session: Session,
    viewer: Viewer,
    version_id: int,
    content: Mapping[str, Any],
    revision: int,
    *,
    further_text: str | None = None,
) -> DefinitionVersion:
    """Keep what was typed, complete or not; `revision` is the one that was opened.

    Code and version stay as they are. Raises `NotFoundError`, `ConflictError` (published), `StaleDraftError`.
    """
    version = find_own_version(session, viewer, version_id, lock=True)
    if version.state != VersionState.DRAFT:
        raise ConflictError(
            _("A published version is never changed. Begin a new version."), code="definition.published"
        )
    if version.revision != revision:
        raise StaleDraftError(content, version)
    if _drawn_from(version.content) != _drawn_from(content):
        version.picture_svg = ""  # it shows the old words; a new one is drawn at publication
    fill(version, content)
    if further_text is not None:
        version.further_text = further_text.strip()
    version.revision += 1
    version.changed_at = now(session)
    enlist(session, version)
    return version


def new_version_from(
    session: Session, viewer: Viewer, version_id: int, *, step: Step = Step.MINOR
) -> DefinitionVersion:
    """A draft that begins as a copy of a published version; the open draft of that definition, if there is one.

    `step` is what its author expects to change; at publication the difference is asked again.
    """
    source = find_own_version(session, viewer, version_id, lock=True)
    if source.content.get("pathway"):
        raise ConflictError(
            _("This is the badge of a pathway, written from its parts."),
            code="definition.stacked",
            hint=_("Begin a new version of the pathway instead."),
        )
    siblings = session.scalars(
        select(DefinitionVersion).where(DefinitionVersion.definition_id == source.definition_id)
    ).all()
    for sibling in siblings:
        if sibling.state == VersionState.DRAFT:
            return sibling
    newest = max(parse_version(sibling.version) for sibling in siblings)
    following = newest.next(step)
    version = add_version(session, source.definition, copy.deepcopy(source.content), following)
    version.further_text, version.picture_svg = source.further_text, source.picture_svg
    version.picture_png, version.picture_uploaded = source.picture_png, source.picture_uploaded
    subject = f"definition:{source.definition.slug}/{following}"
    audit.record(session, viewer.acting_key(), "definition.drafted", subject, source=source.version)
    return version


def renumber(version: DefinitionVersion, number: Version) -> None:
    """Give a draft another number; its address changes with it."""
    version.version, version.sort_key = str(number), number.sort_key
    fill(version, version.content)


def add_definition(session: Session, slug: str, code: str, let_id: int, organisation_id: int) -> Definition:
    """A new definition without versions."""
    if session.get(Let, let_id) is None:
        raise NotFoundError(_("There is no such Learning Ecosystem Team."), code="let.unknown")
    definition = Definition(
        slug=slug, code=code, let_id=let_id, organisation_id=organisation_id, created_at=now(session)
    )
    session.add(definition)
    session.flush()
    return definition


def add_version(
    session: Session, definition: Definition, content: Mapping[str, Any], number: Version
) -> DefinitionVersion:
    """A new draft version of a definition."""
    at = now(session)
    version = DefinitionVersion(
        definition_id=definition.id,
        definition=definition,
        version=str(number),
        sort_key=number.sort_key,
        state=VersionState.DRAFT,
        created_at=at,
        changed_at=at,
        published_at=None,
        published_by=None,
        withdrawn_at=None,
    )
    fill(version, content)
    session.add(version)
    enlist(session, version)
    return version


def fill(version: DefinitionVersion, content: Mapping[str, Any]) -> None:
    """Set the content and the columns that repeat parts of it for lists; the one place that does."""
    whole = {**whole_numbers(dict(content)), "code": version.definition.code, "version": version.version}
    whole["achievement_type"] = achievement_type(whole).value
    version.content = whole
    level = whole.get("eqf_level")
    version.title = str(whole.get("title") or "")
    version.topic = str(whole.get("alliance_topic") or "")
    version.category = str(whole.get("category") or "")
    version.language = str(whole.get("language") or "")
    version.level = level if isinstance(level, int) else 0
    name_targets(version)


def name_targets(version: DefinitionVersion) -> None:
    """Keep the rows that say which addresses this version's alignments name, its level and field of study included."""
    written = target_urls(version.content)
    wanted = written | generated_urls(version.content)
    kept = [row for row in version.named_targets if row.target_url in wanted]
    new = wanted - {row.target_url for row in kept}
    if new or len(kept) != len(version.named_targets):
        version.named_targets = [*kept, *(VersionAlignment(target_url=url) for url in sorted(new))]
    for row in version.named_targets:
        row.generated = row.target_url not in written


def free_slug(session: Session, title: str, code: str) -> str:
    """An address that no definition and no pathway has yet."""
    return unused_slug(session, title, code.lower(), Definition.slug, Pathway.slug)


def _drawn_from(content: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(content.get(name) for name in ("title", "category", "eqf_level", "tags", "look"))


def _refuse_wrong_start(session: Session, code: str, title: str) -> None:
    faults = []
    if not title:
        faults.append(Fault("title", _("Give it a title."), "missing"))
    if len(title) > MOST_TITLE:
        words = _(
            "This has %(count)s characters; at most %(wanted)s fit.", count=len(title), wanted=MOST_TITLE
        )
        faults.append(Fault("title", words, "maxLength"))
    if not CODE.fullmatch(code):
        words = _("Write a short code of capital letters and figures with a hyphen, such as ALL-GST-1.")
        faults.append(Fault("code", words, "code.form"))
    elif any(
        session.scalar(select(table.id).where(table.code == code)) is not None
        for table in (Definition, Pathway)
    ):
        faults.append(
            Fault("code", _("The code %(code)s is taken. Choose another.", code=code), "code.double")
        )
    if faults:
        raise InvalidError(_("The definition cannot be begun like this."), code="definition", faults=faults)


def _may_edit(viewer: Viewer, organisation_id: int) -> bool:
    return organisation_id in viewer.organisations_as(Role.LET_LEAD)
