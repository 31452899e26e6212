"""Fills the slot of an organisation's page: its administrator finds keys and webhooks there."""

from flask import render_template
from markupsafe import Markup

from badge_service.people.rules import Role
from badge_service.people.tables import Organisation
from badge_service.web.slots import Filler
from badge_service.web.viewer import Viewer


def doors(viewer: Viewer, organisation: Organisation) -> Markup | None:
    """Links to what programs use, for those who run the organisation."""
    if viewer.has_role(Role.OPERATOR) or viewer.has_role(Role.ADMIN, organisation.id):
        return Markup(render_template("programs/_doors.html", organisation=organisation))  # noqa: S704 (our template)
    return None


SLOTS: dict[str, Filler] = {"organisation.after": doors}
