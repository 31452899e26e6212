"""The skills matrix and the capacity log of a team."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.curriculum import actions
from badge_service.curriculum.actions import frameworks
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.desk import lead
from badge_service.curriculum.pages.teams import own_team
from badge_service.curriculum.rules.teams import capacity_faults
from badge_service.curriculum.tables import CapacityEntry, Let
from badge_service.curriculum.team_forms import CapacityForm, SkillForm
from badge_service.curriculum.words import teams as words
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.storage.session import now
from badge_service.web import access
from badge_service.web.forms import asked_page, small_number
from badge_service.web.i18n import current_language
from badge_service.web.unit_of_work import current_session

OFFERED_ITEMS = 8
LONGEST_QUERY = 200


@blueprint.get("/teams/<slug>/skills")
@access.roles("let_lead")
def skills(slug: str) -> ResponseReturnValue:
    """The matrix as a form: members down, skills across."""
    return _skills_page(own_team(slug), SkillForm(formdata=None))


@blueprint.post("/teams/<slug>/skills")
@access.roles("let_lead")
def set_levels(slug: str) -> ResponseReturnValue:
    """Save the cells of the matrix that were changed since the page was opened."""
    let = own_team(slug)
    written = actions.set_levels(current_session(), lead(), let, _changed_cells())
    flash(_("Saved: %(cells)s cells changed.", cells=written))
    return redirect(url_for("curriculum.skills", slug=slug))


@blueprint.post("/teams/<slug>/skills/add")
@access.roles("let_lead")
def add_skill(slug: str) -> ResponseReturnValue:
    """Add a skill in own words, or the item of a framework that was chosen from the search."""
    session, let, form = current_session(), own_team(slug), SkillForm()
    target = request.form.get("target_url", "")
    try:
        if target:
            form.name.data = _label_of(target)
        actions.add_skill(session, lead(), let, form.name.data or "", target or None)
    except InvalidError as error:
        form.show_faults(error)
        return _skills_page(let, form), 422
    return redirect(url_for("curriculum.skills", slug=slug, _anchor="add"))


@blueprint.post("/teams/<slug>/skills/remove")
@access.roles("let_lead")
def remove_skill(slug: str) -> ResponseReturnValue:
    """Take a skill out of the matrix."""
    skill_id = small_number(request.form.get("skill", "")) or 0
    actions.remove_skill(current_session(), lead(), own_team(slug), skill_id)
    flash(_("Taken out of the matrix."))
    return redirect(url_for("curriculum.skills", slug=slug))


@blueprint.route("/teams/<slug>/capacity", methods=["GET", "POST"])
@access.roles("let_lead")
def capacity(slug: str) -> ResponseReturnValue:
    """The log, and the form that adds to it."""
    return _log(own_team(slug), None)


@blueprint.route("/teams/<slug>/capacity/<entry_token>/correct", methods=["GET", "POST"])
@access.roles("let_lead")
def correct_capacity(slug: str, entry_token: str) -> ResponseReturnValue:
    """Correct an entry by a new one; the old one stays and says so."""
    let = own_team(slug)
    return _log(let, actions.find_capacity_entry(current_session(), lead(), let, entry_token))


def _log(let: Let, corrected: CapacityEntry | None) -> ResponseReturnValue:
    session, form = current_session(), CapacityForm()
    members = actions.members_of_let(session, let)
    form.offer([(one.token, one.shown_name) for one in members])
    if form.is_submitted() and form.validate():
        try:
            actions.log_capacity(session, lead(), let, form.facts(), corrected)
        except InvalidError as error:
            form.show_faults(error)
        except ConflictError as error:
            form.show_faults(InvalidError(error.message))
        else:
            flash(_("Written down."))
            return redirect(url_for("curriculum.capacity", slug=let.slug))
    elif form.is_submitted():
        form.show_more(capacity_faults(form.facts(), now(session).date()))
    status = 422 if form.is_submitted() else 200
    entries = actions.capacity_log(session, let, asked_page())
    present = actions.present_at(session, entries.rows)
    if corrected is not None and not form.is_submitted():
        there = actions.present_at(session, [corrected]).get(corrected.id, [])
        form.show(corrected, [one.token for one in there])
    page = render_template(
        "curriculum/team_capacity.html",
        let=let,
        form=form,
        entries=entries,
        present=present,
        corrected_ids=actions.corrected_among(session, entries.rows),
        total=actions.capacity_sum(session, let),
        corrects=corrected,
    )
    return page, status


def _skills_page(let: Let, form: SkillForm) -> str:
    session = current_session()
    asked = " ".join(request.args.get("q", "").split())[:LONGEST_QUERY]
    found = frameworks.search_frameworks(session, asked, limit=OFFERED_ITEMS) if asked else None
    members, skills = actions.current_members(session, let), actions.skills_of(session, let)
    levels = actions.levels_of(session, let)
    return render_template(
        "curriculum/team_skills.html",
        let=let,
        form=form,
        members=members,
        skills=skills,
        levels=levels,
        asked=asked,
        found=found,
        label_in=frameworks.label_in,
        language=current_language(),
        words=words,
    )


def _changed_cells() -> dict[tuple[str, int], int]:
    """The cells of which the form says another level than it was opened with: "level:<member>:<skill>" beside "was:…"."""
    cells: dict[tuple[str, int], int] = {}
    for name, value in request.form.items():
        kind, _colon, rest = name.partition(":")
        member, _colon, skill = rest.rpartition(":")
        if kind == "level" and value != request.form.get(f"was:{rest}"):
            cells[member, small_number(skill) or 0] = _level(value)
    return cells


def _level(value: str) -> int:
    number = small_number(value)
    if number is None:
        raise InvalidError(_("Choose one of the levels offered."), code="level")
    return number


def _label_of(target_url: str) -> str:
    item = frameworks.items_by_uris(current_session(), [target_url]).get(target_url)
    if item is None:
        raise NotFoundError(_("There is no such item in any framework here."), code="item.unknown")
    return str(frameworks.label_in(item, current_language()).text)
