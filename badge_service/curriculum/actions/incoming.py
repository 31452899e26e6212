"""Takes definitions in from files: says first what would become of each, then makes drafts of those that can be read."""

import dataclasses
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.drafts import CODE, add_definition, add_version, free_slug
from badge_service.curriculum.actions.listing import enlist
from badge_service.curriculum.actions.pictures import LEAST_SIDE, MOST_BYTES, SIDE
from badge_service.curriculum.checking import definition_faults, shape_faults
from badge_service.curriculum.rules import FIRST, Step, Version, VersionState, achievement_type, parse_version
from badge_service.curriculum.rules.content import whole_numbers
from badge_service.curriculum.rules.formats import Incoming, text_faults_in
from badge_service.curriculum.tables import Definition, DefinitionVersion, Let, Pathway
from badge_service.errors import Fault, InvalidError, NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Organisation
from badge_service.storage import audit
from badge_service.web.pictures import keep_square


class Fate(StrEnum):
    """What an import makes of one definition."""

    NEW = "new"
    NEW_VERSION = "new_version"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True)
class Planned:
    """One definition of a file: its fate, why it is refused, and how many things are still to fill in as a draft.

    `newest` is the version that the viewer's organisation has of it already.
    """

    incoming: Incoming
    fate: Fate
    faults: tuple[Fault, ...] = ()
    still_open: int = 0
    newest: DefinitionVersion | None = None


def plan_drafts(
    session: Session, viewer: Viewer, organisation_id: int, incoming: Sequence[Incoming]
) -> list[Planned]:
    """What `import_drafts` would make of each definition, without doing it; every fault of each that is refused.

    A constant number of statements. Raises `NotFoundError` for an organisation that the viewer does not lead.
    """
    organisation = _led(session, viewer, organisation_id)
    codes = {_code(one) for one in incoming}
    known = _versions_by_code(session, codes)
    reserved = set(session.scalars(select(Pathway.code).where(Pathway.code.in_(codes))))
    return [_plan(one, organisation, known.get(_code(one), []), _code(one) in reserved) for one in incoming]


def import_drafts(
    session: Session,
    viewer: Viewer,
    organisation_id: int,
    let_id: int,
    incoming: Sequence[Incoming],
) -> list[DefinitionVersion]:
    """Make a draft of each definition that is new or differs from what is there; refused and equal ones are left out.

    A new code makes a new definition under its own number, a code of this organisation a new version of it. Raises
    `NotFoundError` (organisation or LET), `InvalidError` when nothing can be taken in.
    """
    made = []
    let = session.get(Let, let_id)
    for planned in plan_drafts(session, viewer, organisation_id, incoming):
        if let is None or let.region_id != _led(session, viewer, organisation_id).region_id:
            raise NotFoundError(_("There is no such Learning Ecosystem Team."), code="let.unknown")
        if planned.fate in (Fate.NEW, Fate.NEW_VERSION):
            made.append(_draft(session, viewer, planned, organisation_id, let_id))
    if not made:
        raise InvalidError(_("Nothing in this file can be taken in."), code="definition.import")
    return made


def _led(session: Session, viewer: Viewer, organisation_id: int) -> Organisation:
    organisation = session.get(Organisation, organisation_id)
    if organisation is None or organisation_id not in viewer.organisations_as(Role.LET_LEAD):
        raise NotFoundError(_("There is no such organisation."), code="organisation.unknown")
    return organisation


def _code(incoming: Incoming) -> str:
    code = incoming.content.get("code")
    return code.strip().upper() if isinstance(code, str) and "\0" not in code else ""


def _versions_by_code(session: Session, codes: Collection[str]) -> dict[str, list[DefinitionVersion]]:
    found: dict[str, list[DefinitionVersion]] = {}
    rows = session.scalars(
        select(DefinitionVersion).join(DefinitionVersion.definition).where(Definition.code.in_(codes))
    )
    for version in rows:
        found.setdefault(version.definition.code, []).append(version)
    return found


def _plan(
    incoming: Incoming, organisation: Organisation, known: list[DefinitionVersion], reserved: bool
) -> Planned:
    newest = max(known, key=lambda version: version.sort_key, default=None)
    content = {**whole_numbers(incoming.content), "code": _code(incoming)}
    picture, picture_faults = _picture(incoming.picture_png)
    faults = [*incoming.faults, *shape_faults(content), *text_faults_in(content, incoming.further_text)]
    faults += picture_faults
    if not faults:
        # The type is never taken from a file against its content.
        content["achievement_type"] = achievement_type(content).value
        faults += _place_faults(content, organisation, known, reserved)
    if faults:
        return Planned(incoming, Fate.REFUSED, tuple(faults), newest=newest)
    taken = dataclasses.replace(incoming, content=content, picture_png=picture)
    if newest is not None and _says_the_same(taken, newest):
        return Planned(taken, Fate.SAME, newest=newest)
    still_open = len(definition_faults(content, may_award_ects=organisation.may_award_ects))
    fate = Fate.NEW if newest is None else Fate.NEW_VERSION
    return Planned(taken, fate, still_open=still_open, newest=newest)


def _picture(given: bytes | None) -> tuple[bytes | None, list[Fault]]:
    """A picture of a file goes through the same gate as one that is uploaded."""
    if given is None:
        return None, []
    try:
        return keep_square(given, side=SIDE, least=LEAST_SIDE, most_bytes=MOST_BYTES).content, []
    except InvalidError as error:
        return None, list(error.faults)


def _place_faults(
    content: dict[str, Any], organisation: Organisation, known: list[DefinitionVersion], reserved: bool
) -> list[Fault]:
    """Why these words cannot stand here: the code is somebody else's, a draft is open, ECTS are not theirs to award."""
    faults, code = [], content["code"]
    if not CODE.fullmatch(code):
        words = _("Write a short code of capital letters and figures with a hyphen, such as ALL-GST-1.")
        faults.append(Fault("code", words, "code.form"))
    if reserved or any(version.definition.organisation_id != organisation.id for version in known):
        words = _("The code %(code)s is taken. Choose another.", code=code)
        faults.append(Fault("code", words, "code.double"))
    elif any(version.state == VersionState.DRAFT for version in known):
        words = _("A draft of %(code)s is open already. Finish or take over that one first.", code=code)
        faults.append(Fault("code", words, "definition.open_draft"))
    if content.get("pathway"):
        words = _("This is the badge of a pathway, written from its parts. Bring the pathway instead.")
        faults.append(Fault("pathway", words, "definition.stacked"))
    if not str(content.get("title") or "").strip():
        faults.append(Fault("title", _("Give it a title."), "missing"))
    if content.get("ects_awarded") is not None and not organisation.may_award_ects:
        words = _("%(name)s is not set up to award ECTS. Take them out; the hours say how much work it is.", name=organisation.name)  # fmt: skip
        faults.append(Fault("ects_awarded", words, "ects.not_allowed"))
    return faults


def _says_the_same(incoming: Incoming, version: DefinitionVersion) -> bool:
    numbered = {**incoming.content, "version": version.version}
    picture = version.picture_png if version.picture_uploaded else None
    return (
        numbered == version.content
        and incoming.further_text.strip() == version.further_text
        and incoming.picture_png == picture
    )


def _draft(
    session: Session, viewer: Viewer, planned: Planned, organisation_id: int, let_id: int
) -> DefinitionVersion:
    incoming = planned.incoming
    content, newest = incoming.content, planned.newest
    if newest is None:
        slug = free_slug(session, content["title"], content["code"])
        definition = add_definition(session, slug, content["code"], let_id, organisation_id)
    else:
        definition = newest.definition
    version = add_version(session, definition, content, _number(content, newest))
    version.further_text = incoming.further_text.strip()
    if incoming.picture_png is not None:
        version.picture_png, version.picture_uploaded = incoming.picture_png, True
    enlist(session, version)
    subject = f"definition:{definition.slug}/{version.version}"
    audit.record(session, viewer.acting_key(), "definition.imported", subject)
    return version


def _number(content: dict[str, Any], newest: DefinitionVersion | None) -> Version:
    """The file's own number where it can stand; else the next one."""
    said = parse_version(content["version"]) if content.get("version") else FIRST
    if newest is None:
        return said
    before = parse_version(newest.version)
    return said if said > before else before.next(Step.MINOR)
