"""The public page of a draft as it would look; nobody else sees it."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from badge_service.curriculum import actions
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.desk import own
from badge_service.curriculum.pages.showing import shown
from badge_service.web import access
from badge_service.web.unit_of_work import current_session


@blueprint.get("/definitions/<slug>/<version>/preview")
@access.roles("let_lead")
def preview(slug: str, version: str) -> ResponseReturnValue:
    """The public page as it would look; nobody else sees it."""
    found = own(slug, version)
    stackability = found.content.get("stackability") or {}
    return render_template(
        "curriculum/achievement.html",
        **shown(found),
        newest=None,
        pathways=actions.pathways_by_slug(current_session(), stackability.get("pathways", [])),
        picture=url_for(".draft_picture", slug=slug, version=version),
        preview=True,
    )
