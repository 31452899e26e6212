"""The front door: what this is for strangers, what waits for those who signed in, and the pages about the service."""

from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from badge_service.people import actions
from badge_service.people.pages.blueprint import blueprint
from badge_service.people.rules import Role
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.slots import fragments
from badge_service.web.unit_of_work import current_session
from badge_service.web.viewer import current_viewer


@blueprint.get("/")
@access.public
def home() -> ResponseReturnValue:
    """For a stranger what this is; for everybody else what waits for them."""
    if not current_viewer().is_signed_in:
        return render_template("people/front.html")
    viewer, session = own_viewer(), current_session()
    administered = [
        actions.organisation_by_id(session, number) for number in sorted(viewer.organisations_as(Role.ADMIN))
    ]
    return render_template(
        "people/home.html", viewer=viewer, waiting=fragments("person.home", viewer), administered=administered
    )


@blueprint.get("/about")
@access.public
def about() -> ResponseReturnValue:
    """What the service is made of and whose work it uses."""
    return render_template("people/about.html")


@blueprint.get("/privacy")
@access.public
def privacy() -> ResponseReturnValue:
    """What is kept about people, in plain words."""
    return render_template("people/privacy.html")


def footer_links(_viewer: object, _subject: object) -> Markup:
    """Fills the slot `footer.links` of every page."""
    return Markup(render_template("people/_footer_links.html"))  # noqa: S704 (our own template, escaped)
