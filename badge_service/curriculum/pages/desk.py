"""The desk of a LET lead: own definitions, begin one, continue a published one, publish, withdraw."""

from typing import cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.curriculum import actions, words
from badge_service.curriculum.actions.catalogue import MOST_CHOICES
from badge_service.curriculum.forms import StartForm
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.room import OFTEN, person, refuse_large
from badge_service.curriculum.pages.showing import turning
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import InvalidError
from badge_service.people.rules import Viewer
from badge_service.web import access
from badge_service.web.forms import asked_page
from badge_service.web.limits import limited
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
    """The viewer's own definitions, each once with its other versions folded away, a page of them, found by words where asked."""
    text = request.args.get("text", "")[:100]
    page = actions.own_versions(current_session(), lead(), asked_page(), text=text)
    translated = actions.translations_among(current_session(), [one.definition_id for one in page.rows])
    others = actions.other_versions(current_session(), page.rows)
    shown = {"page": page, "text": text, "words": words, "translated": translated, "others": others}
    return render_template("curriculum/definitions.html", **shown, **turning(page))


@blueprint.route("/definitions/new", methods=["GET", "POST"])
@access.roles("let_lead")
@limited(OFTEN, key=person)
def begin() -> ResponseReturnValue:
    """Begin a definition, empty or as a copy of any published one."""
    refuse_large()
    session, form = current_session(), StartForm()
    places = {
        f"{organisation.id}:{let.id}": (organisation, let)
        for organisation, let in actions.lets_of(session, lead())
    }
    form.place.choices = [(key, f"{school.name}, {let.name}") for key, (school, let) in places.items()]
    sources = {
        str(one.id): one for one in actions.published_versions(session, text=(form.like.data or "")[:200])
    }
    form.copy_of.choices = [(EMPTY, _("An empty page")), *((key, one.title) for key, one in sources.items())]
    has_many = len(sources) >= MOST_CHOICES or bool(form.like.data)
    is_search = request.form.get("do") == "find"
    if not is_search and form.validate_on_submit():
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
            return redirect(address_of("curriculum.edit", version))
    status = 422 if form.is_submitted() and not is_search else 200
    return render_template(
        "curriculum/begin.html", form=form, has_place=bool(places), has_many=has_many
    ), status


@blueprint.post("/definitions/<slug>/<version>/new-version")
@access.roles("let_lead")
def new_version(slug: str, version: str) -> ResponseReturnValue:
    """Continue a published version in a new draft."""
    source = own(slug, version)
    draft = actions.new_version_from(current_session(), lead(), source.id)
    return redirect(address_of("curriculum.edit", draft))


def address_of(endpoint: str, version: DefinitionVersion) -> str:
    """Where a page about this version is."""
    return url_for(endpoint, slug=version.definition.slug, version=version.version)
