"""Pathways for everybody: the list, one pathway in its newest or an older version, its picture."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.curriculum import actions
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.showing import turning
from badge_service.curriculum.rules import codes_in, progress
from badge_service.curriculum.rules.diagram import Diagram, diagram
from badge_service.curriculum.rules.pathways import Progress
from badge_service.curriculum.tables import DefinitionVersion, PathwayVersion
from badge_service.errors import NotFoundError
from badge_service.web import access
from badge_service.web.forms import asked_page
from badge_service.web.unit_of_work import current_session


@blueprint.get("/pathways")
@access.public
def pathways() -> ResponseReturnValue:
    """Every published pathway, a page of them."""
    page = actions.published_pathways(current_session(), asked_page())
    return render_template("curriculum/pathways.html", page=page, **turning(page))


@blueprint.get("/pathways/<slug>")
@access.public
def pathway(slug: str) -> ResponseReturnValue:
    """A pathway in its newest version: which badges together make a larger one."""
    return _page(actions.find_pathway(current_session(), slug), newest=None)


@blueprint.get("/pathways/<slug>/<version>")
@access.public
def pathway_version(slug: str, version: str) -> ResponseReturnValue:
    """One version of a pathway; an older one names the newest."""
    session = current_session()
    found = actions.find_pathway_version(session, slug, version)
    current = actions.pathways_by_slug(session, [slug])
    return _page(found, newest=current[0] if current and current[0].id != found.id else None)


@blueprint.get("/pathways/<slug>/picture.svg")
@access.public
def pathway_picture(slug: str) -> ResponseReturnValue:
    """The picture of a pathway's badge."""
    svg = actions.find_pathway(current_session(), slug).content.get("picture_svg")
    if not svg:
        raise NotFoundError(_("This pathway has no picture."), code="picture.missing")
    return svg, {"Content-Type": "image/svg+xml; charset=utf-8"}


@blueprint.app_template_global()
def pathway_diagram(found: Progress, members: dict[str, DefinitionVersion]) -> Diagram:
    """What `_pathway_picture.html` draws."""
    return diagram(found, {code: one.title for code, one in members.items()})


def _page(found: PathwayVersion, newest: PathwayVersion | None) -> ResponseReturnValue:
    session, rule = current_session(), found.content["rule"]
    members = actions.published_by_code(session, set(codes_in(rule)))
    return render_template(
        "curriculum/pathway.html",
        pathway=found,
        rule=rule,
        nothing_yet=progress(rule, frozenset()),
        members=members,
        first=next((members[code] for code in codes_in(rule) if code in members), None),
        let=actions.let_of(session, found),
        badge=found.badge_version,
        newest=newest,
        asked=request.path,
    )
