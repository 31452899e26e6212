"""The API's view of an organisation's micro-credentials: what can be awarded, and by which criteria and levels."""

from typing import Any

from flask import Blueprint
from flask_babel import gettext as _

from badge_service.curriculum import actions
from badge_service.curriculum.rules import rubric_of
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import NotFoundError
from badge_service.programs.operations import Call, Operation, operation
from badge_service.programs.paging import after, page
from badge_service.programs.rules import Scope
from badge_service.programs.rules.shapes import PAGED, listing, named, shape, text
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session

blueprint = Blueprint("curriculum_api", __name__)

_ITEM = {
    "slug": text(80),
    "code": text(80),
    "version": text(40, description="the newest published version"),
    "title": text(500),
    "language": text(10),
    "level": {"type": "integer", "description": "EQF level, 0 when it has none"},
    "url": text(2000),
}
DEFINITION = named("Definition", shape(_ITEM))
_NAMED_THING = shape({"id": text(200), "name": text(1000)})
DEFINITION_WITH_RUBRIC = named(
    "DefinitionWithRubric",
    shape(
        {
            **_ITEM,
            "versions": {
                "type": "array",
                "items": text(40),
                "description": "all published ones, newest first",
            },
            "criteria": {"type": "array", "items": _NAMED_THING},
            "levels": {"type": "array", "items": _NAMED_THING, "description": "from low to high"},
            "pass_level": text(200),
        }
    ),
)


@operation(
    blueprint,
    "/api/v1/definitions",
    Operation(
        "GET",
        "The published micro-credentials of your organisation, by short name",
        Scope.DEFINITIONS_READ,
        listing(DEFINITION),
        query=PAGED,
    ),
)
def definitions(call: Call) -> dict[str, Any]:
    """One page, each with its newest published version."""
    limit = call.query["limit"]
    found = actions.published_of(
        current_session(), call.caller.organisation_id, after(call.query["cursor"]), limit + 1
    )
    return page(found, limit, lambda row: row.definition.slug, _told)


@operation(
    blueprint,
    "/api/v1/definitions/<slug>",
    Operation(
        "GET",
        "One micro-credential of your organisation with criteria and levels",
        Scope.DEFINITIONS_READ,
        DEFINITION_WITH_RUBRIC,
        query={"version": text(40, description="another version than the newest")},
    ),
)
def definition(call: Call, slug: str) -> dict[str, Any]:
    """With the ids by which levels are set."""
    session = current_session()
    versions = actions.published_versions_of(session, slug, call.caller.organisation_id)
    wanted = call.query["version"]
    chosen = next((one for one in versions if wanted in (None, one.version)), None)
    if chosen is None:
        raise NotFoundError(_("There is no such micro-credential."), code="definition.unknown")
    rubric = rubric_of(chosen.content)
    return {
        **_told(chosen),
        "versions": [one.version for one in versions],
        "criteria": [{"id": one.id, "name": one.name} for one in rubric.criteria],
        "levels": [{"id": one.id, "name": one.name} for one in rubric.levels],
        "pass_level": rubric.pass_level.id,
    }


def _told(version: DefinitionVersion) -> dict[str, Any]:
    slug = version.definition.slug
    return {
        "slug": slug,
        "code": version.definition.code,
        "version": version.version,
        "title": version.title,
        "language": version.language,
        "level": version.level,
        "url": f"{current_settings().public_url}/achievements/{slug}/{version.version}",
    }
