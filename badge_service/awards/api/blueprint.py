"""What the operations of this room share: the blueprint, the workshop and the version that a request means."""

from typing import Any

from flask import Blueprint

from badge_service.awards import actions
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.people.rules import Viewer
from badge_service.programs.rules.shapes import Schema, text
from badge_service.web.unit_of_work import current_session
from badge_service.workshops.tables import Workshop

blueprint = Blueprint("awards_api", __name__)

TAUGHT: dict[str, Schema] = {
    "definition": text(80, minLength=1, description="short name of the micro-credential"),
    "version": text(40, minLength=1),
}
TEACHER = text(
    1000, description="e-mail address of the teacher of your organisation in whose name it is done"
)


def asked_for(viewer: Viewer, token: str, asked: Any) -> tuple[Workshop, DefinitionVersion]:
    """The workshop and the version it teaches, as `definition` and `version` name it; raises `NotFoundError`."""
    session = current_session()
    workshop = actions.find_taught(session, viewer, token)
    return workshop, actions.find_taught_version(session, workshop, asked["definition"], asked["version"])
