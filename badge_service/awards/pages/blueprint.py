"""The one blueprint of this room, and what several of its pages need: the workshop and the version asked for."""

from pathlib import Path

from flask import Blueprint

from badge_service.awards import actions
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.people.viewers import own_viewer
from badge_service.web.unit_of_work import current_session
from badge_service.workshops.tables import Workshop

blueprint = Blueprint(
    "awards",
    __name__,
    template_folder="../templates",
    static_folder=str(Path(__file__).parents[1] / "static"),
    static_url_path="/static/awards",
)


def asked_for(token: str, slug: str, version: str) -> tuple[Workshop, DefinitionVersion]:
    """The viewer's workshop and the version it teaches; raises `NotFoundError`."""
    workshop = actions.find_taught(current_session(), own_viewer(), token)
    return workshop, actions.find_taught_version(current_session(), workshop, slug, version)
