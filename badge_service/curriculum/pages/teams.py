"""The desk of a team: its members and what is public of them; and, for each member, whether their own name is shown."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.curriculum import actions
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.desk import lead
from badge_service.curriculum.rules.teams import member_faults, missing_helix, team_faults
from badge_service.curriculum.tables import Let
from badge_service.curriculum.team_forms import MemberForm, TeamForm
from badge_service.curriculum.words import teams as words
from badge_service.errors import ConflictError, InvalidError
from badge_service.storage.revisions import StaleError
from badge_service.storage.session import now
from badge_service.web import access
from badge_service.web.unit_of_work import current_session


def own_team(slug: str) -> Let:
    """One of the viewer's own teams by the name in the address."""
    return actions.find_own_let(current_session(), lead(), slug)


@blueprint.get("/teams")
@access.roles("let_lead")
def teams() -> ResponseReturnValue:
    """The viewer's teams; with one of them, its own page at once."""
    found = actions.own_lets(current_session(), lead())
    if len(found) == 1:
        return redirect(url_for("curriculum.team", slug=found[0].slug))
    return render_template("curriculum/teams.html", teams=found)


@blueprint.get("/teams/<slug>")
@access.roles("let_lead")
def team(slug: str) -> ResponseReturnValue:
    """Members, helix balance, and who of them is shown publicly."""
    session, let = current_session(), own_team(slug)
    members = actions.members_of_let(session, let)
    today = _today()
    roles = [one.helix for one in members if one.until is None or one.until >= today]
    return render_template(
        "curriculum/team.html",
        let=let,
        members=members,
        agreed=actions.agreed_members(session, let),
        counts={side: roles.count(side) for side in words.HELIX},
        missing=missing_helix(roles),
        climate=actions.climate_count(session, let),
        today=today,
        words=words,
    )


@blueprint.route("/teams/<slug>/edit", methods=["GET", "POST"])
@access.roles("let_lead")
def edit_team(slug: str) -> ResponseReturnValue:
    """Change what the team says about itself."""
    let, form = own_team(slug), TeamForm()
    if not form.is_submitted():
        form.show(let)
    elif form.validate():
        try:
            actions.edit_team(current_session(), lead(), let, form.facts(), form.opened)
        except InvalidError as error:
            form.show_faults(error)
        except StaleError:
            form.show_meanwhile({"name": let.name, "description": let.description}, let.revision)
        else:
            flash(_("Saved."))
            return redirect(url_for("curriculum.team", slug=slug))
    else:
        form.show_more(team_faults(form.facts()))
    page = render_template("curriculum/team_edit.html", let=let, form=form)
    return page, (422 if form.is_submitted() else 200)


@blueprint.route("/teams/<slug>/members/new", methods=["GET", "POST"])
@access.roles("let_lead")
def add_member(slug: str) -> ResponseReturnValue:
    """Take somebody into the team."""
    session, let, form = current_session(), own_team(slug), MemberForm()
    form.offer([(one.key, one.name) for one in actions.staff_to_add(session, lead(), let)])
    if form.is_submitted() and form.validate():
        try:
            member = actions.add_member(session, lead(), let, form.facts(), form.person_key)
        except InvalidError as error:
            form.show_faults(error)
        except ConflictError as error:
            form.show_faults(InvalidError(error.message))
        else:
            flash(_("%(name)s is in the team.", name=member.shown_name))
            return redirect(url_for("curriculum.team", slug=slug))
    elif form.is_submitted():
        form.show_more(member_faults(form.facts(), _today(), is_person=bool(form.person_key)))
    page = render_template("curriculum/team_member.html", let=let, form=form, member=None)
    return page, (422 if form.is_submitted() else 200)


@blueprint.route("/teams/<slug>/members/<member_token>", methods=["GET", "POST"])
@access.roles("let_lead")
def edit_member(slug: str, member_token: str) -> ResponseReturnValue:
    """Change what is said about a member."""
    session, let, form = current_session(), own_team(slug), MemberForm()
    member = actions.find_member(session, lead(), let, member_token)
    form.offer([])
    del form.person
    if member.person_id is not None:
        del form.name
    if not form.is_submitted():
        form.show(member)
    elif form.validate():
        try:
            actions.edit_member(session, lead(), member, form.facts(), form.opened)
        except InvalidError as error:
            form.show_faults(error)
        except StaleError:
            form.show_meanwhile(form.saved(member), member.revision)
        else:
            flash(_("Saved."))
            return redirect(url_for("curriculum.team", slug=slug))
    else:
        form.show_more(member_faults(form.facts(), _today(), is_person=member.person_id is not None))
    page = render_template("curriculum/team_member.html", let=let, form=form, member=member)
    return page, (422 if form.is_submitted() else 200)


@blueprint.get("/account/teams")
@access.signed_in
def own_teams() -> ResponseReturnValue:
    """The teams that count the viewer as a member, and whether each may show the viewer's name."""
    found = actions.own_memberships(current_session(), lead())
    return render_template("curriculum/own_teams.html", memberships=found, words=words)


@blueprint.post("/account/teams/<member_token>")
@access.signed_in
def show_own_name(member_token: str) -> ResponseReturnValue:
    """Agree that the own name is shown, or take that back."""
    shown = request.form.get("shown") == "yes"
    actions.show_own_name(current_session(), lead(), member_token, shown=shown)
    flash(_("Your name may be shown.") if shown else _("Your name is not shown any more."))
    return redirect(url_for("curriculum.own_teams"))


def _today() -> date:
    return now(current_session()).date()
