"""What everybody can read about an organisation, and the form in which its administrator writes it."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from badge_service.errors import InvalidError, NotFoundError
from badge_service.people import actions
from badge_service.people.actions import OrganisationProfile
from badge_service.people.forms import KIND_WORDS, OrganisationForm
from badge_service.people.pages.blueprint import blueprint
from badge_service.people.rules import identifier_type
from badge_service.people.tables import Organisation
from badge_service.people.viewers import own_viewer
from badge_service.register import actions as register
from badge_service.web import access
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session


@blueprint.get("/issuers/<slug>")
@access.public
def organisation(slug: str) -> ResponseReturnValue:
    """Who an organisation is: legal name, country, DID, and whether its own site confirms it."""
    session = current_session()
    shown = actions.organisation_by_slug(session, slug)
    issuer = register.find_issuer(session, shown.issuer_id) if shown.issuer_id else None
    numbers = [
        (entry["identifierType"].removeprefix("ext:"), entry["identifier"]) for entry in shown.identifiers
    ]
    return render_template(
        "people/organisation.html",
        organisation=shown,
        issuer=issuer,
        kind=KIND_WORDS[shown.kind],
        numbers=numbers,
    )


@blueprint.get("/quality/<slug>")
@access.public
def quality(slug: str) -> ResponseReturnValue:
    """How an organisation keeps the quality of its micro-credentials."""
    shown = actions.organisation_by_slug(current_session(), slug)
    if not shown.quality_statement:
        raise NotFoundError(
            _("This organisation has not written how it keeps quality."), code="quality.missing"
        )
    return render_template("people/quality.html", organisation=shown)


@blueprint.route("/organisations/<slug>/edit", methods=["GET", "POST"])
@access.roles("organisation_admin", "operator")
def edit_organisation(slug: str) -> ResponseReturnValue:
    """Change what the organisation says about itself."""
    session, viewer = current_session(), own_viewer()
    own = actions.administered(session, viewer, slug)
    form = OrganisationForm(**_typed_from(own))
    offer_regions(form)
    if form.validate_on_submit():
        try:
            actions.edit_organisation(
                session, viewer, slug, profile_from(form, own.may_award_ects), current_settings()
            )
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("Saved. Badges that are awarded from now on carry it."))
            return redirect(url_for(".organisation", slug=slug))
    page = render_template("people/organisation_edit.html", form=form, organisation=own)
    return page, (422 if form.is_submitted() else 200)


def offer_regions(form: OrganisationForm) -> None:
    """Let the form offer every region."""
    form.region_slug.choices = [
        SelectChoice(region.slug, region.name) for region in actions.regions(current_session())
    ]


def profile_from(form: OrganisationForm, may_award_ects: bool) -> OrganisationProfile:
    """What was typed, as the action takes it."""
    lines = [line.partition(":") for line in (form.identifiers.data or "").splitlines() if line.strip()]
    return OrganisationProfile(
        name=form.name.data or "",
        kind=form.kind.data or "",
        region_slug=form.region_slug.data or "",
        website=(form.website.data or "").strip() or None,
        email=(form.email.data or "").strip() or None,
        identifiers=[
            {"identifierType": identifier_type(kind), "identifier": number.strip()}
            for kind, _colon, number in lines
        ],
        quality_statement=form.quality_statement.data or "",
        may_award_ects=may_award_ects,
    )


def _typed_from(own: Organisation) -> dict[str, Any]:
    lines = [
        f"{entry['identifierType'].removeprefix('ext:')}: {entry['identifier']}" for entry in own.identifiers
    ]
    return {
        "name": own.name,
        "kind": own.kind,
        "region_slug": own.region.slug,
        "website": own.website,
        "email": own.email,
        "identifiers": "\n".join(lines),
        "quality_statement": own.quality_statement,
    }
