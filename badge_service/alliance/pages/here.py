"""Who looks, on which day and at which page: what every page of this room asks first."""

from datetime import date
from typing import cast

from flask import request

from badge_service.people.rules import Viewer
from badge_service.storage.session import now
from badge_service.web.forms import small_number
from badge_service.web.unit_of_work import current_session
from badge_service.web.viewer import current_viewer

PLANNERS = ("teacher", "let_lead", "organisation_admin")
OPENERS = ("let_lead", "organisation_admin", "operator")


def viewer_here() -> Viewer:
    """Whoever looks at the page."""
    return cast(Viewer, current_viewer())


def holds(roles: tuple[str, ...]) -> bool:
    """Whether the viewer holds one of these roles anywhere."""
    viewer = current_viewer()
    return any(viewer.has_role(role) for role in roles)


def today() -> date:
    """The day by the service's clock."""
    return now(current_session()).date()


def page_asked(name: str = "page") -> int:
    """The number of the page in the address; the first for anything else."""
    return small_number(request.args.get(name, "")) or 1
