"""The viewer of the current request as this house's own class, with roles and organisations."""

from typing import cast

from badge_service.people.rules import Viewer
from badge_service.web.viewer import current_viewer


def own_viewer() -> Viewer:
    """The viewer that `accounts.viewer_loader` found, for actions."""
    return cast(Viewer, current_viewer())
