"""The pages of alliances: public ones that list organisations, and forms for those who open and seat."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.alliance import actions
from badge_service.alliance.forms import AllianceForm, IssuerForm
from badge_service.alliance.pages.blueprint import blueprint
from badge_service.alliance.pages.here import OPENERS, PLANNERS, holds, page_asked, viewer_here
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people import actions as people
from badge_service.web import access
from badge_service.web.unit_of_work import current_session


@blueprint.get("/alliances")
@access.public
def alliances() -> ResponseReturnValue:
    """All alliances."""
    found = actions.alliances(current_session())
    return render_template("alliance/list.html", alliances=found, may_open=holds(OPENERS))


@blueprint.route("/alliances/new", methods=["GET", "POST"])
@access.roles(*OPENERS)
def open_alliance() -> ResponseReturnValue:
    """Open the alliance of a region."""
    session, viewer = current_session(), viewer_here()
    form = AllianceForm()
    form.offer(actions.openable_regions(session, viewer))
    if form.validate_on_submit():
        try:
            alliance = actions.open_alliance(session, viewer, form.facts())
        except InvalidError as error:
            form.show_faults(error)
        except ConflictError as error:
            form.show_faults(InvalidError(error.message, faults=error.faults))
        else:
            flash(_("The alliance is open. Now give its members their seats."))
            return redirect(url_for(".alliance", slug=alliance.slug))
    return render_template("alliance/open.html", form=form), (422 if form.is_submitted() else 200)


@blueprint.get("/alliances/<slug>")
@access.public
def alliance(slug: str) -> ResponseReturnValue:
    """One alliance: its region and members, what comes and what was."""
    session = current_session()
    found = actions.find_alliance(session, slug)
    seats_people = holds(OPENERS) and actions.may_add_members(session, viewer_here(), found)
    return render_template(
        "alliance/show.html",
        alliance=found,
        members=actions.members_of(session, found),
        upcoming=actions.activities_of(session, found, page_asked("upcoming")),
        past=actions.activities_of(session, found, page_asked("past"), past=True),
        to_add=actions.organisations_to_add(session, found) if seats_people else [],
        issuers=actions.issuers_of(session, found),
        keeps_issuers=seats_people,
        may_plan=holds(PLANNERS),
        has_seat=actions.has_seat(session, viewer_here(), found),
    )


@blueprint.post("/alliances/<slug>/members")
@access.roles(*OPENERS)
def add_member(slug: str) -> ResponseReturnValue:
    """Give an organisation its seat."""
    session = current_session()
    found = actions.find_alliance(session, slug)
    organisation = people.organisation_by_slug(session, request.form.get("organisation", ""))
    actions.add_member(session, viewer_here(), found, organisation)
    flash(_("%(name)s has its seat.", name=organisation.name))
    return redirect(url_for(".alliance", slug=slug))


@blueprint.route("/alliances/<slug>/issuers", methods=["GET", "POST"])
@access.roles(*OPENERS)
def issuers(slug: str) -> ResponseReturnValue:
    """Keep the list of issuers elsewhere that the alliance knows; only for those who give seats in it."""
    session, viewer = current_session(), viewer_here()
    found = actions.find_alliance(session, slug)
    if not actions.may_add_members(session, viewer, found):
        raise NotFoundError(_("There is no alliance at this address."))
    form = IssuerForm()
    if form.validate_on_submit():
        try:
            entry = actions.list_issuer(session, viewer, found, form.did.data or "", form.name.data or "")
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("%(name)s is on the list.", name=entry.name))
            return redirect(url_for(".issuers", slug=slug))
    page = render_template(
        "alliance/issuers.html", alliance=found, form=form, issuers=actions.issuers_of(session, found)
    )
    return page, (422 if form.is_submitted() else 200)


@blueprint.post("/alliances/<slug>/issuers/strike")
@access.roles(*OPENERS)
def strike_issuer(slug: str) -> ResponseReturnValue:
    """Take an issuer off the list."""
    session = current_session()
    found = actions.find_alliance(session, slug)
    actions.strike_issuer(session, viewer_here(), found, request.form.get("did", ""))
    flash(_("Taken off the list."))
    return redirect(url_for(".issuers", slug=slug))
