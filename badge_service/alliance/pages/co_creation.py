"""The desk of co-creation sessions: plan one, write the rights agreement, note who agreed when."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.alliance import actions
from badge_service.alliance.forms import chosen_host
from badge_service.alliance.forms.co_creation import (
    AgreementForm,
    AssentForm,
    CoCreationFields,
    CoCreationForm,
    shown_co_creation,
)
from badge_service.alliance.pages.blueprint import blueprint
from badge_service.alliance.pages.here import PLANNERS, page_asked, today, viewer_here
from badge_service.alliance.pages.plans import own_team
from badge_service.alliance.rules import sectors_bridged
from badge_service.alliance.tables import CoCreationSession
from badge_service.curriculum.words.teams import SECTORS
from badge_service.errors import ConflictError, InvalidError
from badge_service.storage.revisions import StaleError
from badge_service.web import access
from badge_service.web.forms import small_number
from badge_service.web.texts import plain
from badge_service.web.unit_of_work import current_session


@blueprint.get("/teams/<slug>/co-creation")
@access.roles("let_lead")
def co_creations(slug: str) -> ResponseReturnValue:
    """The sessions of a team."""
    let = own_team(slug)
    found = actions.co_creations_of(current_session(), let, page_asked())
    return render_template("alliance/co_creations.html", let=let, sessions=found)


@blueprint.route("/teams/<slug>/co-creation/new", methods=["GET", "POST"])
@access.roles("let_lead")
def plan_co_creation(slug: str) -> ResponseReturnValue:
    """Plan a session together with its activity."""
    session, viewer, let = current_session(), viewer_here(), own_team(slug)
    hosts, form = actions.hosts(session, viewer), CoCreationForm()
    form.offer(hosts)
    if not form.is_submitted():
        form.language.data = viewer.language
    elif form.validate():
        try:
            alliance, organisation = chosen_host(hosts, form.host.data)
            activity, facts = form.activity(today()), form.facts()
            found = actions.plan_co_creation(session, viewer, let, alliance, organisation, activity, facts)
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("The session is planned. Now agree on the rights, before anybody starts."))
            return redirect(url_for(".co_creation", token=found.activity.token))
    else:
        form.show_more(form.faults(today()))
    page = render_template("alliance/co_creation_plan.html", let=let, form=form, hosts=hosts)
    return page, (422 if form.is_submitted() else 200)


@blueprint.get("/co-creation/<token>")
@access.roles(*PLANNERS)
def co_creation(token: str) -> ResponseReturnValue:
    """Where a session stands: the rights agreement and who agreed to it."""
    found = actions.find_own_co_creation(current_session(), viewer_here(), token)
    return _page(found)


@blueprint.route("/co-creation/<token>/edit", methods=["GET", "POST"])
@access.roles("let_lead")
def edit_co_creation(token: str) -> ResponseReturnValue:
    """Change what a session says; afterwards also what came out."""
    session, viewer, form = current_session(), viewer_here(), CoCreationFields()
    found = actions.find_own_co_creation(session, viewer, token)
    form.offer_languages()
    if not form.is_submitted():
        form.show(found)
    elif form.validate():
        try:
            activity, facts = form.activity(today()), form.facts()
            actions.edit_co_creation(session, viewer, found, activity, facts, form.opened)
        except InvalidError as error:
            form.show_faults(error)
        except StaleError:
            form.show_meanwhile(shown_co_creation(found), found.revision)
        else:
            flash(_("Saved."))
            return redirect(url_for(".co_creation", token=token))
    else:
        form.show_more(form.faults(today()))
    page = render_template("alliance/co_creation_edit.html", work=found, form=form)
    return page, (422 if form.is_submitted() else 200)


@blueprint.post("/co-creation/<token>/agreement")
@access.roles(*PLANNERS)
def write_agreement(token: str) -> ResponseReturnValue:
    """Write the rights agreement, or a new version of it."""
    session, form = current_session(), AgreementForm()
    found = actions.find_own_co_creation(session, viewer_here(), token)
    try:
        agreement = actions.write_agreement(session, viewer_here(), found, plain(form.text.data))
    except InvalidError as error:
        form.show_faults(error)
        return _page(found, agreement=form), 422
    flash(
        _(
            "Version %(version)s of the agreement stands. Everybody agrees to it anew.",
            version=agreement.version,
        )
    )
    return redirect(url_for(".co_creation", token=token))


@blueprint.post("/co-creation/<token>/assent")
@access.roles(*PLANNERS)
def record_assent(token: str) -> ResponseReturnValue:
    """Note that a party agreed."""
    session, form = current_session(), AssentForm()
    found = actions.find_own_co_creation(session, viewer_here(), token)
    version = small_number(form.version.data or "") or 0
    try:
        actions.record_assent(
            session, viewer_here(), found, version, plain(form.party.data), form.agreed_on.data
        )
    except InvalidError as error:
        form.show_faults(error)
        return _page(found, assent=form), 422
    except ConflictError as error:
        form.show_faults(InvalidError(error.message))
        return _page(found, assent=form), 409
    flash(_("Noted."))
    return redirect(url_for(".co_creation", token=token))


def _page(
    found: CoCreationSession, agreement: AgreementForm | None = None, assent: AssentForm | None = None
) -> str:
    session = current_session()
    agreements = actions.agreements_of(session, found)
    newest = agreements[0][0] if agreements else None
    return render_template(
        "alliance/co_creation.html",
        work=found,
        agreements=agreements,
        agreement=agreement or AgreementForm(formdata=None, text=newest.text if newest else ""),
        assent=assent or AssentForm(formdata=None, agreed_on=today()),
        newest=newest,
        sectors=[SECTORS[one] for one in found.sectors],
        bridged=sectors_bridged(found.sectors),
        may_edit=viewer_here().has_role("let_lead", found.activity.organisation_id),
    )
