"""Publishes a pathway together with the definition of the badge that it stacks to, and withdraws both."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.drafts import add_definition, add_version, free_slug
from badge_service.curriculum.actions.originals import code_of_original
from badge_service.curriculum.actions.pathways.badge import badge_faults, parts_of, stacked_badge
from badge_service.curriculum.actions.pathways.changing import (
    compared_pathway,
    imported_notes,
    reason_faults,
)
from badge_service.curriculum.actions.pathways.reading import find_own_pathway
from badge_service.curriculum.actions.publishing import freeze_and_publish, withdraw
from badge_service.curriculum.checking import pathway_faults
from badge_service.curriculum.rules import VersionState, is_assessed, parse_version
from badge_service.curriculum.rules.faults import unknown_references
from badge_service.curriculum.rules.findings import Note
from badge_service.curriculum.rules.pathways import codes_in
from badge_service.curriculum.tables import Definition, DefinitionVersion, Pathway, PathwayVersion
from badge_service.errors import ConflictError, Fault, InvalidError
from badge_service.people.rules import Viewer
from badge_service.storage import audit, outbox
from badge_service.storage.session import now
from badge_service.web.texts import LONGEST_REASON, text_faults

PATHWAY_PUBLISHED = "pathway_published"
"""The outbox job after which everybody who holds all parts already is settled."""


def pathway_faults_of(session: Session, version: PathwayVersion, public_url: str) -> list[Fault]:
    """Everything that keeps this version from being published: its rule, its parts, and the badge's own definition."""
    faults, _content = _checked(session, version, public_url)
    return faults


def publish_pathway(
    session: Session,
    viewer: Viewer,
    slug: str,
    version: str,
    *,
    public_url: str,
    changes: Sequence[Note] = (),
) -> PathwayVersion:
    """Freeze a draft and publish the definition of its stacked badge; who fulfils it already is settled soon after.

    From the second version on `changes` say why each field differs (`compared_pathway`); the badge carries them.
    Raises `NotFoundError` (not theirs), `ConflictError` (no draft), `InvalidError` with every fault at once.
    """
    found = find_own_pathway(session, viewer, slug, version, lock=True)
    if found.state != VersionState.DRAFT:
        raise ConflictError(_("This version is published already."), code="pathway.published")
    content = _content_to_publish(session, found, public_url)
    faults = reason_faults(session, compared_pathway(session, found, public_url), changes)
    if faults:
        raise InvalidError(_("This pathway cannot be published yet."), code="pathway", faults=faults)
    found.state = VersionState.PUBLISHED.value
    found.published_at = found.changed_at = now(session)
    found.published_by = viewer.acting_key()
    _publish_badge(session, viewer, found, content, public_url, changes)
    audit.record(session, viewer.acting_key(), "pathway.published", f"pathway:{slug}/{version}")
    return found


def publish_badge_of(
    session: Session, viewer: Viewer, slug: str, version: str, *, public_url: str
) -> PathwayVersion:
    """Publish the stacked badge of a published pathway that has none yet, such as one from a catalogue of files.

    Raises as `publish_pathway`.
    """
    found = find_own_pathway(session, viewer, slug, version, lock=True)
    if found.state != VersionState.PUBLISHED or found.badge_version_id is not None:
        raise ConflictError(_("This pathway has its badge already."), code="pathway.badge")
    content = _content_to_publish(session, found, public_url)
    _publish_badge(session, viewer, found, content, public_url, imported_notes(session, found))
    audit.record(session, viewer.acting_key(), "pathway.badge_published", f"pathway:{slug}/{version}")
    return found


def withdraw_pathway(
    session: Session, viewer: Viewer, slug: str, version: str, *, reason: str
) -> PathwayVersion:
    """Settle this version no more, nor award its badge, for a reason that everybody reads; given badges stay valid.

    Raises `NotFoundError` (not theirs), `ConflictError` (not published), `InvalidError` (no reason).
    """
    found = find_own_pathway(session, viewer, slug, version, lock=True)
    if found.state != VersionState.PUBLISHED:
        raise ConflictError(_("Only a published version can be withdrawn."), code="pathway.not_published")
    faults = text_faults("reason", reason, LONGEST_REASON)
    if faults:
        raise InvalidError(_("A withdrawal needs a reason."), code="pathway", faults=faults)
    found.state, found.withdrawn_at = VersionState.WITHDRAWN.value, now(session)
    badge = found.badge_version
    if badge is not None and badge.state == VersionState.PUBLISHED:
        withdraw(session, viewer, badge.id, reason=reason)
    audit.record(session, viewer.acting_key(), "pathway.withdrawn", f"pathway:{slug}/{version}")
    session.flush()
    return found


def _content_to_publish(session: Session, version: PathwayVersion, public_url: str) -> Mapping[str, Any]:
    faults, content = _checked(session, version, public_url)
    if faults or content is None:
        raise InvalidError(_("This pathway cannot be published yet."), code="pathway", faults=faults)
    return content


def _checked(
    session: Session, version: PathwayVersion, public_url: str
) -> tuple[list[Fault], Mapping[str, Any] | None]:
    faults = pathway_faults(document_of(version))
    if faults:
        return faults, None
    parts = parts_of(session, version, public_url)
    codes = set(codes_in(version.content["rule"]))
    faults = unknown_references(version.content, parts) + _part_faults(session, version, codes)
    for code, part in parts.items():
        if not is_assessed(part.content):
            words = _("“%(code)s” is a certificate of completion: nothing is assessed for it.", code=code)
            faults.append(Fault("rule", words, "pathway.unassessed"))
    if faults:
        return faults, None
    content = stacked_badge(session, version, public_url, parts)
    return badge_faults(version, content), content


def document_of(version: PathwayVersion) -> dict[str, Any]:
    """The pathway as `schemas/pathway.schema.json` describes it, without text and picture beside it."""
    return {
        name: value for name, value in version.content.items() if name not in {"further_text", "picture_svg"}
    }


def _part_faults(session: Session, version: PathwayVersion, codes: set[str]) -> list[Fault]:
    faults = []
    if not codes:
        words = _("Name at least one badge: a free choice alone does not say what the larger badge is about.")
        faults.append(Fault("rule", words, "pathway.nothing_named"))
    if version.code in codes:
        words = _("The pathway cannot be a part of itself.")
        faults.append(Fault("rule", words, "pathway.itself"))
    for code, original in code_of_original(session, codes).items():
        if code != original:
            words = _("“%(code)s” is a translation. Name its original, %(original)s; badges of both count.", code=code, original=original)  # fmt: skip
            faults.append(Fault("rule", words, "pathway.translation"))
    taken = session.scalar(select(Definition.id).where(Definition.code == version.code))
    if taken is not None and taken != version.pathway.definition_id:
        words = _("The code %(code)s is taken. Choose another.", code=version.code)
        faults.append(Fault("code", words, "code.double"))
    return faults


def _publish_badge(
    session: Session,
    viewer: Viewer,
    version: PathwayVersion,
    content: Mapping[str, Any],
    public_url: str,
    changes: Sequence[Note],
) -> None:
    badge = _badge_version(session, version, content)
    badge.picture_svg = version.content.get("picture_svg", "")
    freeze_and_publish(session, viewer, badge, public_url, changes)
    version.badge_version_id, version.badge_version = badge.id, badge
    session.flush()
    outbox.promise(session, PATHWAY_PUBLISHED, {"version": version.id})


def _badge_version(
    session: Session, version: PathwayVersion, content: Mapping[str, Any]
) -> DefinitionVersion:
    pathway = version.pathway
    definition = session.get(Definition, pathway.definition_id) if pathway.definition_id else None
    if definition is None:
        slug = _slug_of_badge(session, pathway)
        definition = add_definition(session, slug, pathway.code, pathway.let_id, pathway.organisation_id)
        pathway.definition_id = definition.id
    badge = add_version(session, definition, content, parse_version(version.version))
    badge.further_text = str(version.content.get("further_text") or "")
    return badge


def _slug_of_badge(session: Session, pathway: Pathway) -> str:
    taken = session.scalar(select(Definition.id).where(Definition.slug == pathway.slug))
    return pathway.slug if taken is None else free_slug(session, f"{pathway.slug} pathway", pathway.code)
