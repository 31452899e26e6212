"""Publishes a version: refuses it while anything is missing, freezes it, and puts its files at their fixed addresses."""

import functools
import json

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.drafts import find_own_version
from badge_service.curriculum.catalogue_files import drawn_picture
from badge_service.curriculum.checking import definition_faults
from badge_service.curriculum.picture import badge_png
from badge_service.curriculum.rules import Place, VersionState, achievement, fact_sheet, fact_sheet_bytes
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
    return definition_faults(version.content, may_award_ects=may_award_ects)


def publish(session: Session, viewer: Viewer, version_id: int, *, public_url: str) -> DefinitionVersion:
    """Freeze a draft and publish its achievement, fact sheet and picture.

    Raises `NotFoundError` (not theirs), `ConflictError` (no draft), `InvalidError` with every fault at once.
    """
    version = find_own_version(session, viewer, version_id, lock=True)
    if version.state != VersionState.DRAFT:
        raise ConflictError(_("This version is published already."), code="definition.published")
    faults = publishing_faults(version)
    if faults:
        raise InvalidError(_("This definition cannot be published yet."), code="definition", faults=faults)
    freeze_and_publish(session, viewer, version, public_url)
    return version


def freeze_and_publish(session: Session, viewer: Viewer, version: DefinitionVersion, public_url: str) -> None:
    """Publish a version whose content has been checked."""
    version.picture_svg = version.picture_svg or drawn_picture(version.content)
    version.state = VersionState.PUBLISHED
    version.published_at = version.changed_at = now(session)
    version.published_by = viewer.acting_key()
    _publish_files(session, version, place_of(version, public_url))
    subject = f"definition:{version.definition.slug}/{version.version}"
    audit.record(session, viewer.acting_key(), "definition.published", subject)
    session.flush()


def withdraw(session: Session, viewer: Viewer, version_id: int) -> DefinitionVersion:
    """Award this version no more; its pages and files stay, because badges name them."""
    version = find_own_version(session, viewer, version_id, lock=True)
    if version.state != VersionState.PUBLISHED:
        raise ConflictError(_("Only a published version can be withdrawn."), code="definition.not_published")
    version.state, version.withdrawn_at = VersionState.WITHDRAWN, now(session)
    subject = f"definition:{version.definition.slug}/{version.version}"
    audit.record(session, viewer.acting_key(), "definition.withdrawn", subject)
    session.flush()
    return version


# Drawing takes a third of a second, and the same picture is published again and again by demo and tests.
_png = functools.lru_cache(maxsize=64)(badge_png)


def _publish_files(session: Session, version: DefinitionVersion, place: Place) -> None:
    document = {"@context": [VC2, OB3], **achievement(version.content, place)}
    sheet = fact_sheet_bytes(fact_sheet(version.content, place))
    svg = version.picture_svg
    publish_bytes(session, f"{place.path}.json", _json(document), "application/json")
    publish_bytes(session, place.facts_path, sheet, "application/json")
    publish_bytes(session, f"{place.picture_path}.svg", svg.encode(), "image/svg+xml")
    publish_bytes(session, f"{place.picture_path}.png", _png(svg), "image/png")


def _json(document: dict[str, object]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
