"""Definitions and pathways on their way out: our JSON, a table, Open Badges 3.0, unsigned material for an EDC issuer."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from badge_service.curriculum.actions.publishing import place_of
from badge_service.curriculum.checking import definition_faults
from badge_service.curriculum.rules import achievement
from badge_service.curriculum.rules.elm import FILE_ENDING, IssuerFacts, elm_material
from badge_service.curriculum.rules.formats import definition_file, pathway_file, table_of
from badge_service.curriculum.tables import Definition, DefinitionVersion, PathwayVersion
from badge_service.errors import ConflictError, NotFoundError
from badge_service.openbadges.contexts import OB3, VC2
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Organisation

BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Exported:
    """A file to save: its name, media type and bytes."""

    name: str
    media_type: str
    body: bytes


def export_version(version: DefinitionVersion, form: str, public_url: str) -> Exported:
    """One version as `definition`, `table`, `open-badges` or `elm-unsigned-material`.

    The last two need a version without faults. Raises `NotFoundError` for another form, `ConflictError` for a draft
    that is not complete.
    """
    if form not in _FORMS:
        raise NotFoundError(_("There is no such file."), code="export.unknown")
    name, media_type, write = _FORMS[form]
    stem = f"{version.definition.slug}-{version.version}"
    return Exported(f"{stem}.{name}", media_type, write(version, public_url))


def export_own_table(session: Session, viewer: Viewer) -> Exported:
    """The newest version of every definition that the viewer leads, drafts too, as one table by code."""
    newer = aliased(DefinitionVersion)
    has_newer = (
        select(newer.id)
        .where(newer.definition_id == DefinitionVersion.definition_id)
        .where(newer.sort_key > DefinitionVersion.sort_key)
        .exists()
    )
    mine = Definition.organisation_id.in_(viewer.organisations_as(Role.LET_LEAD))
    found = session.execute(
        select(DefinitionVersion.content, DefinitionVersion.further_text)
        .join(Definition, Definition.id == DefinitionVersion.definition_id)
        .where(mine, ~has_newer)
        .order_by(Definition.code)
    )
    rows = [(content, further) for content, further in found if not content.get("pathway")]
    return Exported("definitions.csv", _CSV, _table(rows))


def export_pathway(pathway: PathwayVersion) -> Exported:
    """One version of a pathway as our JSON."""
    name = f"{pathway.slug}-{pathway.version}.pathway.json"
    return Exported(name, _JSON, _json(pathway_file(pathway.content)))


def issuer_facts(organisation: Organisation, public_url: str) -> IssuerFacts:
    """The legal organisation as the European Learning Model wants to know it."""
    return IssuerFacts(
        id=f"{public_url}/issuers/{organisation.slug}",
        name=organisation.name,
        country=organisation.region.country,
        region=organisation.region.name,
        website=organisation.website,
    )


def _definition(version: DefinitionVersion, _public_url: str) -> bytes:
    picture = version.picture_png if version.picture_uploaded else None
    return _json(definition_file(version.content, version.further_text, picture))


def _one_row(version: DefinitionVersion, _public_url: str) -> bytes:
    return _table([(version.content, version.further_text)])


def _open_badges(version: DefinitionVersion, public_url: str) -> bytes:
    _refuse_incomplete(version)
    return _json(
        {
            "@context": [VC2, OB3],
            **achievement(version.content, place_of(version, public_url), version.related or ()),
        }
    )


def _elm(version: DefinitionVersion, public_url: str) -> bytes:
    _refuse_incomplete(version)
    issuer = issuer_facts(version.definition.organisation, public_url)
    return _json(elm_material(version.content, place_of(version, public_url), issuer))


def _refuse_incomplete(version: DefinitionVersion) -> None:
    if version.published_at is None and definition_faults(version.content):
        raise ConflictError(
            _("This file can be made only of a definition in which nothing is missing."),
            code="definition.incomplete",
            hint=_("Complete the draft first; our own JSON and the table can be saved at any time."),
        )


def _table(rows: Iterable[tuple[dict[str, Any], str]]) -> bytes:
    return (BYTE_ORDER_MARK + table_of(rows)).encode()


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


_JSON, _CSV, _JSON_LD = "application/json", "text/csv; charset=utf-8", "application/ld+json"
_FORMS: dict[str, tuple[str, str, Callable[[DefinitionVersion, str], bytes]]] = {
    "definition": ("definition.json", _JSON, _definition),
    "table": ("definitions.csv", _CSV, _one_row),
    "open-badges": ("open-badges.json", _JSON, _open_badges),
    FILE_ENDING: (f"{FILE_ENDING}.jsonld", _JSON_LD, _elm),
}
