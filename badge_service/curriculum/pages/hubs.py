"""The pages of hubs: a public one for everybody, and forms for the team that keeps it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.curriculum import actions
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.desk import lead
from badge_service.curriculum.pages.teams import own_team
from badge_service.curriculum.rules.teams import hub_faults
from badge_service.curriculum.team_forms import HubForm, shown_of_hub
from badge_service.errors import InvalidError
from badge_service.storage.revisions import StaleError
from badge_service.web import access
from badge_service.web.unit_of_work import current_session


@blueprint.get("/hubs/<slug>")
@access.public
def hub(slug: str) -> ResponseReturnValue:
    """A hub for everybody: where it is, what is there, when it is open, how one gets in."""
    session = current_session()
    found = actions.find_hub(session, slug)
    own = any(let.id == found.let_id for let in actions.own_lets(session, lead()))
    return render_template("curriculum/hub.html", hub=found, own=own)


@blueprint.get("/teams/<slug>/hubs")
@access.roles("let_lead")
def hubs(slug: str) -> ResponseReturnValue:
    """The hubs that a team keeps."""
    let = own_team(slug)
    found = actions.hubs_of(current_session(), let, closed=True)
    return render_template("curriculum/team_hubs.html", let=let, hubs=found)


@blueprint.route("/teams/<slug>/hubs/new", methods=["GET", "POST"])
@access.roles("let_lead")
def open_hub(slug: str) -> ResponseReturnValue:
    """Describe a new hub."""
    let, form = own_team(slug), HubForm()
    form.offer()
    if not form.is_submitted():
        form.language.data = lead().language
        form.spoken.data = [lead().language]
    elif form.validate():
        try:
            found = actions.open_hub(current_session(), lead(), let, form.facts())
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("“%(name)s” has its public page.", name=found.name))
            return redirect(url_for("curriculum.hub", slug=found.slug))
    else:
        form.show_more(hub_faults(form.facts()))
    page = render_template("curriculum/hub_edit.html", let=let, form=form, hub=None)
    return page, (422 if form.is_submitted() else 200)


@blueprint.route("/hubs/<slug>/edit", methods=["GET", "POST"])
@access.roles("let_lead")
def edit_hub(slug: str) -> ResponseReturnValue:
    """Change what a hub says about itself."""
    session, form = current_session(), HubForm()
    found = actions.find_own_hub(session, lead(), slug)
    form.offer()
    if not form.is_submitted():
        form.show(found)
    elif form.validate():
        try:
            actions.edit_hub(session, lead(), found, form.facts(), form.opened)
        except InvalidError as error:
            form.show_faults(error)
        except StaleError:
            form.show_meanwhile(shown_of_hub(found), found.revision)
        else:
            flash(_("Saved."))
            return redirect(url_for("curriculum.hub", slug=slug))
    else:
        form.show_more(hub_faults(form.facts()))
    page = render_template("curriculum/hub_edit.html", let=found.let, form=form, hub=found)
    return page, (422 if form.is_submitted() else 200)


@blueprint.post("/hubs/<slug>/closed")
@access.roles("let_lead")
def close_hub(slug: str) -> ResponseReturnValue:
    """Say that a hub is closed, or open again."""
    session = current_session()
    found = actions.find_own_hub(session, lead(), slug)
    actions.close_hub(session, lead(), found, closed=request.form.get("closed") == "yes")
    flash(_("Its page says that it is closed.") if found.closed_at else _("It is open again."))
    return redirect(url_for("curriculum.hub", slug=slug))
