"""Publishes a version: refuses it while anything is missing, freezes it, and puts its files at their fixed addresses."""

import functools
import json
from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.changes import MOST_REASON, change_faults, compared, keep_notes
from badge_service.curriculum.actions.drafts import find_own_version, renumber
from badge_service.curriculum.actions.listing import enlist
from badge_service.curriculum.actions.related import related_of
from badge_service.curriculum.actions.translations import structure_faults
from badge_service.curriculum.catalogue_files import drawn_picture
from badge_service.curriculum.checking import definition_faults
from badge_service.curriculum.picture import badge_png
from badge_service.curriculum.rules import (
    Place,
    Step,
    VersionState,
    achievement,
    fact_sheet,
    fact_sheet_bytes,
    parse_version,
)
from badge_service.curriculum.rules.findings import Note, text_faults
from badge_service.curriculum.rules.formats import text_faults_in
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import ConflictError, Fault, InvalidError
from badge_service.openbadges.contexts import OB3, VC2
from badge_service.people.rules import Viewer
from badge_service.register.actions import publish as publish_bytes
from badge_service.storage import audit
from badge_service.storage.session import now


def place_of(version: DefinitionVersion, public_url: str) -> Place:
    """Where this version is published; `public_url` has no slash at its end."""
    definition = version.definition
    let, organisation = definition.let, definition.organisation
    return Place(public_url, definition.slug, version.version, let.slug, let.name, organisation.slug)


def publishing_faults(version: DefinitionVersion) -> list[Fault]:
    """Everything that keeps this draft from being published, EU elements included."""
    may_award_ects = version.definition.organisation.may_award_ects
    found = definition_faults(version.content, may_award_ects=may_award_ects)
    return found + text_faults_in("", version.further_text)


def publish(
    session: Session,
    viewer: Viewer,
    version_id: int,
    *,
    public_url: str,
    changes: Sequence[Note] = (),
    step: Step | None = None,
    number_reason: str = "",
) -> DefinitionVersion:
    """Freeze a draft and publish its achievement, fact sheet and picture.

    From the second version on `changes` say why each field differs from the version before, and `step` which part of
    the number grows (`None`: the draft's own number); one lower than the difference advises needs `number_reason`.
    Raises `NotFoundError` (not theirs), `ConflictError` (no draft), `InvalidError` with every fault at once.
    """
    version = find_own_version(session, viewer, version_id, lock=True)
    if version.state != VersionState.DRAFT:
        raise ConflictError(_("This version is published already."), code="definition.published")
    comparison = compared(session, version)
    step = comparison.step if step is None else step
    faults = publishing_faults(version) + structure_faults(session, version)
    faults += change_faults(session, comparison, changes, step, number_reason)
    if faults:
        raise InvalidError(_("This definition cannot be published yet."), code="definition", faults=faults)
    if comparison.before is not None:
        renumber(version, parse_version(comparison.numbers[step]))
    version.number_reason = number_reason.strip() or None
    freeze_and_publish(session, viewer, version, public_url, changes)
    return version


def freeze_and_publish(
    session: Session,
    viewer: Viewer,
    version: DefinitionVersion,
    public_url: str,
    changes: Sequence[Note] = (),
) -> None:
    """Publish a version whose content and whose reasons have been checked."""
    keep_notes(session, version, changes)
    version.related = related_of(session, version, public_url) or None
    version.picture_svg = (
        "" if version.picture_uploaded else version.picture_svg or drawn_picture(version.content)
    )
    version.state = VersionState.PUBLISHED
    version.published_at = version.changed_at = now(session)
    version.published_by = viewer.acting_key()
    _publish_files(session, version, place_of(version, public_url))
    subject = f"definition:{version.definition.slug}/{version.version}"
    audit.record(session, viewer.acting_key(), "definition.published", subject)
    enlist(session, version)


def withdraw(session: Session, viewer: Viewer, version_id: int, *, reason: str) -> DefinitionVersion:
    """Award this version no more, for a reason that everybody reads; its pages and files stay, because badges name them.

    Raises `NotFoundError` (not theirs), `ConflictError` (not published), `InvalidError` (no reason).
    """
    version = find_own_version(session, viewer, version_id, lock=True)
    if version.state != VersionState.PUBLISHED:
        raise ConflictError(_("Only a published version can be withdrawn."), code="definition.not_published")
    faults = text_faults("reason", reason, MOST_REASON)
    if faults:
        raise InvalidError(_("A withdrawal needs a reason."), code="definition", faults=faults)
    version.state, version.withdrawn_at = VersionState.WITHDRAWN, now(session)
    version.withdrawn_reason = reason.strip()
    subject = f"definition:{version.definition.slug}/{version.version}"
    audit.record(session, viewer.acting_key(), "definition.withdrawn", subject)
    enlist(session, version)
    return version


# Drawing takes a third of a second, and the same picture is published again and again by demo and tests.
_png = functools.lru_cache(maxsize=64)(badge_png)


def _publish_files(session: Session, version: DefinitionVersion, place: Place) -> None:
    document = {"@context": [VC2, OB3], **achievement(version.content, place, version.related or ())}
    sheet = fact_sheet_bytes(fact_sheet(version.content, place))
    publish_bytes(session, f"{place.path}.json", _json(document), "application/json")
    publish_bytes(session, place.facts_path, sheet, "application/json")
    svg, png = version.picture_svg, version.picture_png
    if not version.picture_uploaded or png is None:
        publish_bytes(session, f"{place.picture_path}.svg", svg.encode(), "image/svg+xml")
        png = _png(svg)
    publish_bytes(session, f"{place.picture_path}.png", png, "image/png")


def _json(document: dict[str, object]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
