"""What everybody may see: the catalogue, one micro-credential with its criteria, a pathway, a Learning Ecosystem Team."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from badge_service.curriculum import actions, words
from badge_service.curriculum.actions import Filters
from badge_service.curriculum.actions.pathways import pathway_of_badge
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.showing import picture_address, shown, turning
from badge_service.curriculum.rules import codes_in, criteria_narrative, progress
from badge_service.curriculum.rules.teams import missing_helix
from badge_service.curriculum.tables import DefinitionVersion, PathwayVersion
from badge_service.curriculum.words import teams as team_words
from badge_service.web import access
from badge_service.web.forms import asked_page, small_number
from badge_service.web.unit_of_work import current_session

MOST_PATHWAYS = 6
"""So many the catalogue shows below its first page; the rest have a page of their own."""

blueprint.add_app_template_global(picture_address, "picture_address")


@blueprint.get("/catalogue")
@access.public
def catalogue() -> ResponseReturnValue:
    """All published micro-credentials, filtered by what the address says."""
    session, asked = current_session(), _filters()
    page = actions.catalogue(session, asked, asked_page())
    return render_template(
        "curriculum/catalogue.html",
        page=page,
        asked=asked,
        choices=actions.catalogue_choices(session),
        pathways=actions.all_pathways(session, MOST_PATHWAYS)
        if asked == Filters() and page.number == 1
        else [],
        words=words,
        **turning(page),
    )


@blueprint.get("/achievements/<slug>")
@access.public
def newest(slug: str) -> ResponseReturnValue:
    """The newest version of a micro-credential, under the address that never changes."""
    return _achievement(actions.newest_version(current_session(), slug))


@blueprint.get("/achievements/<slug>/<version>")
@access.public
def achievement(slug: str, version: str) -> ResponseReturnValue:
    """One version of a micro-credential for people; machines fetch the same address + `.json`."""
    return _achievement(actions.find_version(current_session(), slug, version))


@blueprint.get("/achievements/<slug>/<version>/criteria")
@access.public
def criteria(slug: str, version: str) -> ResponseReturnValue:
    """The criteria text exactly as badges carry it."""
    found = actions.find_version(current_session(), slug, version)
    return render_template(
        "curriculum/criteria.html", version=found, narrative=criteria_narrative(found.content)
    )


@blueprint.get("/lets/<slug>")
@access.public
def let(slug: str) -> ResponseReturnValue:
    """A Learning Ecosystem Team: what it has defined, where it works, and those members who want to be named."""
    session = current_session()
    found = actions.find_let(session, slug)
    counts, page = (
        actions.helix_counts(session, found),
        actions.versions_of_let(session, found.id, asked_page()),
    )
    return render_template(
        "curriculum/let.html",
        let=found,
        page=page,
        **turning(page),
        hubs=actions.hubs_of(session, found),
        counts=counts,
        missing=missing_helix(counts),
        members=actions.public_members(session, found),
        team_words=team_words,
        words=words,
    )


def _achievement(version: DefinitionVersion) -> ResponseReturnValue:
    session = current_session()
    newest_one = actions.newest_or_none(session, version.definition.slug)
    return render_template(
        "curriculum/achievement.html",
        **shown(version),
        newest=newest_one if newest_one and newest_one.sort_key > version.sort_key else None,
        pathways=_pathways(version),
        **_made_of(version),
        picture=picture_address(version),
        why_changed=actions.notes_of(session, [version]).get(version.id, ()),
        has_history=actions.has_history(session, version),
        translations=actions.translations_of(session, version.definition_id),
        curricula=actions.curricula_with(session, version.definition_id),
        preview=False,
    )


def _made_of(version: DefinitionVersion) -> dict[str, Any]:
    """Of a stacked badge the pathway that it stands for, what that asks for, and the parts that are published."""
    session = current_session()
    made_by = pathway_of_badge(session, version)
    if made_by is None:
        return {"made_by": None}
    rule = made_by.content["rule"]
    members = actions.published_by_code(session, set(codes_in(rule)))
    return {"made_by": made_by, "made_of": progress(rule, frozenset()), "members": members}


def _pathways(version: DefinitionVersion) -> list[PathwayVersion]:
    """Those that the version itself names, and those whose rule names it now."""
    session = current_session()
    named = actions.pathways_by_slug(session, version.content["stackability"]["pathways"])
    naming = actions.pathways_naming(session, [version.definition.code])
    return list({one.slug: one for one in (*named, *naming)}.values())


def _filters() -> Filters:
    asked = request.args
    return Filters(
        topic=asked.get("topic", ""),
        category=asked.get("category", ""),
        level=small_number(asked.get("level", "")),
        region=asked.get("region", ""),
        language=asked.get("language", ""),
        kind=asked.get("kind", ""),
        text=asked.get("text", "")[:100],
    )
