"""The desk of a LET lead: own definitions, begin one, continue a published one, publish, withdraw."""

from typing import cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.curriculum import actions, words
from badge_service.curriculum.forms import StartForm
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.showing import public_url
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.web import access
from badge_service.web.unit_of_work import current_session
from badge_service.web.viewer import current_viewer

EMPTY = "empty"


def lead() -> Viewer:
    """The signed-in person; the route's rule has already asked for a LET lead."""
    return cast(Viewer, current_viewer())


def own(slug: str, version: str) -> DefinitionVersion:
    """One of the viewer's own versions by the names in the address."""
    return actions.open_draft_of(current_session(), lead(), slug, version)


@blueprint.get("/definitions")
@access.roles("let_lead")
def definitions() -> ResponseReturnValue:
    """The viewer's own definitions with all their versions."""
    versions = actions.own_versions(current_session(), lead())
    return render_template("curriculum/definitions.html", versions=versions, words=words)


@blueprint.route("/definitions/new", methods=["GET", "POST"])
@access.roles("let_lead")
def begin() -> ResponseReturnValue:
    """Begin a definition, empty or as a copy of any published one."""
    session, form = current_session(), StartForm()
    places = {
        f"{organisation.id}:{let.id}": (organisation, let)
        for organisation, let in actions.lets_of(session, lead())
    }
    form.place.choices = [(key, f"{school.name}, {let.name}") for key, (school, let) in places.items()]
    sources = {str(one.id): one for one in actions.published_versions(session)}
    form.copy_of.choices = [(EMPTY, _("An empty page")), *((key, one.title) for key, one in sources.items())]
    if form.validate_on_submit():
        school, let = places[form.place.data]
        try:
            version = actions.create_draft(
                session,
                lead(),
                organisation_id=school.id,
                let_id=let.id,
                code=form.code.data,
                title=form.title.data,
                copy_of=sources.get(form.copy_of.data),
            )
        except InvalidError as error:
            form.show_faults(error)
        else:
            return redirect(_address("curriculum.edit", version))
    status = 422 if form.is_submitted() else 200
    return render_template("curriculum/begin.html", form=form, has_place=bool(places)), status


@blueprint.post("/definitions/<slug>/<version>/new-version")
@access.roles("let_lead")
def new_version(slug: str, version: str) -> ResponseReturnValue:
    """Continue a published version in a new draft."""
    source = own(slug, version)
    is_major = request.form.get("kind") == "major"
    draft = actions.new_version_from(current_session(), lead(), source.id, major=is_major)
    return redirect(_address("curriculum.edit", draft))


@blueprint.route("/definitions/<slug>/<version>/publish", methods=["GET", "POST"])
@access.roles("let_lead")
def publish(slug: str, version: str) -> ResponseReturnValue:
    """Ask first, saying what cannot be undone; then publish."""
    found = own(slug, version)
    faults = actions.publishing_faults(found)
    if request.method == "POST" and not faults:
        actions.publish(current_session(), lead(), found.id, public_url=public_url())
        flash(_("“%(title)s” is published.", title=found.title))
        return redirect(_address("curriculum.achievement", found))
    status = 422 if request.method == "POST" else 200
    page = render_template("curriculum/publish.html", version=found, faults=faults, words=words)
    return page, status


@blueprint.route("/definitions/<slug>/<version>/withdraw", methods=["GET", "POST"])
@access.roles("let_lead")
def withdraw(slug: str, version: str) -> ResponseReturnValue:
    """Ask first; then take a version out of the catalogue."""
    found = own(slug, version)
    if found.published_at is None:
        raise NotFoundError(_("Only a published version can be withdrawn."), code="definition.not_published")
    if request.method == "POST":
        actions.withdraw(current_session(), lead(), found.id)
        flash(_("“%(title)s” is withdrawn.", title=found.title))
        return redirect(url_for("curriculum.definitions"))
    return render_template("curriculum/withdraw.html", version=found)


def _address(endpoint: str, version: DefinitionVersion) -> str:
    return url_for(endpoint, slug=version.definition.slug, version=version.version)
