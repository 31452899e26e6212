"""The operator's desk: regions and organisations, with new organisations opened as issuers."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.errors import ConflictError, InvalidError
from badge_service.people import actions
from badge_service.people.forms import KIND_WORDS, NewOrganisationForm, RegionForm
from badge_service.people.pages.blueprint import blueprint
from badge_service.people.pages.organisations import offer_regions, profile_from
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.forms import Form
from badge_service.web.surroundings import current_keyring, current_settings
from badge_service.web.unit_of_work import current_session


@blueprint.get("/operator")
@access.roles("operator")
def operator() -> ResponseReturnValue:
    """All organisations and regions, and the alarms of the last days."""
    session = current_session()
    return render_template(
        "people/operator.html",
        organisations=actions.organisations(session),
        regions=actions.regions(session),
        kind_words=KIND_WORDS,
        alarms=actions.recent_alarms(session),
    )


@blueprint.route("/operator/regions/new", methods=["GET", "POST"])
@access.roles("operator")
def new_region() -> ResponseReturnValue:
    """Add a region."""
    form = RegionForm()
    if form.validate_on_submit():
        try:
            actions.add_region(
                current_session(),
                own_viewer(),
                slug=form.slug.data or "",
                name=form.name.data or "",
                country=form.country.data or "",
            )
        except (InvalidError, ConflictError) as error:
            _show(form, error)
        else:
            flash(_("The region is there. Add the organisations that work in it."))
            return redirect(url_for(".operator"))
    return render_template("people/region_new.html", form=form), (422 if form.is_submitted() else 200)


@blueprint.route("/operator/organisations/new", methods=["GET", "POST"])
@access.roles("operator")
def new_organisation() -> ResponseReturnValue:
    """Add an organisation and, if it issues badges, give it its DID and key."""
    form = NewOrganisationForm()
    offer_regions(form)
    if form.validate_on_submit():
        try:
            slug = _add(form)
        except (InvalidError, ConflictError) as error:
            _show(form, error)
        else:
            flash(_("The organisation is there. Now enter its administrator."))
            return redirect(url_for(".members", slug=slug))
    return render_template("people/organisation_new.html", form=form), (422 if form.is_submitted() else 200)


@blueprint.post("/operator/organisations/<slug>/open")
@access.roles("operator")
def open_issuer(slug: str) -> ResponseReturnValue:
    """Let an organisation that is there already issue badges."""
    session = current_session()
    actions.open_as_issuer(
        session,
        own_viewer(),
        current_keyring(),
        actions.organisation_by_slug(session, slug),
        current_settings(),
    )
    flash(_("It can issue badges now."))
    return redirect(url_for(".organisation", slug=slug))


def _add(form: NewOrganisationForm) -> str:
    session, viewer = current_session(), own_viewer()
    profile = profile_from(form, bool(form.may_award_ects.data))
    made = actions.add_organisation(session, viewer, form.slug.data or "", profile)
    if form.issues.data:
        actions.open_as_issuer(session, viewer, current_keyring(), made, current_settings())
    return made.slug


def _show(form: Form, error: InvalidError | ConflictError) -> None:
    form.show_faults(InvalidError(error.message, code=error.code, faults=error.faults))
