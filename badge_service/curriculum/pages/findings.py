"""The feedback loop on the desk: findings, the changes they ask for, and the team's decisions."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from badge_service.curriculum import actions, words
from badge_service.curriculum.actions import Titles
from badge_service.curriculum.feedback_forms import DecisionForm, FindingForm, RequestForm
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.desk import address_of, lead
from badge_service.curriculum.pages.trail import neighbours, page_number
from badge_service.curriculum.rules.findings import READY, RequestState
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import Fault, InvalidError
from badge_service.people.rules import Role
from badge_service.web import access
from badge_service.web.forms import small_number
from badge_service.web.i18n import current_language
from badge_service.web.texts import plain
from badge_service.web.unit_of_work import current_session


@blueprint.get("/studio/findings")
@access.roles("let_lead")
def findings() -> ResponseReturnValue:
    """What was learnt, newest first, with what was asked for because of it."""
    session = current_session()
    listing = actions.own_findings(session, lead(), page_number())
    return render_template(
        "curriculum/findings.html",
        listing=listing,
        titles=actions.titles_for(session, listing.rows),
        asked=actions.asked_for(session, listing.rows),
        words=words,
        **neighbours(listing),
    )


@blueprint.route("/studio/findings/new", methods=["GET", "POST"])
@access.roles("let_lead")
def new_finding() -> ResponseReturnValue:
    """Write down one finding."""
    session, form = current_session(), FindingForm()
    titles = _own_titles()
    form.about.choices = _about_choices(titles, units=True)
    if not form.is_submitted():
        form.about.data, form.language.data = request.args.get("about", ""), current_language()
    if form.validate_on_submit():
        kind, number, unit = _about(form.about.data)
        try:
            actions.record_finding(
                session,
                lead(),
                source_kind=form.source_kind.data or "",
                public_url=plain(form.public_url.data) or None,
                label=plain(form.label.data),
                n=form.n.data,
                iteration=form.iteration.data,
                text=plain(form.text.data),
                kind=form.kind.data or "",
                severity=form.severity.data or "",
                definition_id=number if kind == "definition" else None,
                curriculum_id=number if kind == "curriculum" else None,
                unit=unit if unit in titles.units.get(number or 0, {}) else "",
                language=form.language.data or "",
            )
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("The finding is kept. Now ask for a change because of it, or leave it for later."))
            return redirect(url_for(".findings"))
    status = 422 if form.is_submitted() else 200
    has_any = bool(titles.definitions or titles.curricula)
    return render_template("curriculum/finding_form.html", form=form, has_any=has_any), status


@blueprint.route("/studio/findings/<number>/ask", methods=["GET", "POST"])
@access.roles("let_lead")
def ask(number: str) -> ResponseReturnValue:
    """Ask for a change because of a finding and, if they say the same, others on this page."""
    session, form = current_session(), RequestForm()
    finding = actions.own_finding(session, lead(), small_number(number) or 0)
    others = [one for one in actions.findings_beside(session, finding) if one.id != finding.id]
    form.about.choices = _about_choices(_own_titles())
    if not form.is_submitted():
        named = (finding.definition_id, "definition"), (finding.curriculum_id, "curriculum")
        form.about.data = next(f"{kind}:{one}" for one, kind in named if one is not None)
    chosen = {small_number(one) for one in request.form.getlist("also")}
    if form.validate_on_submit():
        kind, target, _unit = _about(form.about.data)
        try:
            actions.ask_for_change(
                session,
                lead(),
                [finding.id, *(one.id for one in others if one.id in chosen)],
                text=plain(form.text.data),
                definition_id=target if kind == "definition" else None,
                curriculum_id=target if kind == "curriculum" else None,
            )
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("The change is asked for. The team decides about it here."))
            return redirect(url_for(".change_requests"))
    status = 422 if form.is_submitted() else 200
    page = render_template(
        "curriculum/ask.html", form=form, finding=finding, others=others, chosen=chosen, words=words
    )
    return page, status


@blueprint.get("/studio/changes")
@access.roles("let_lead")
def change_requests() -> ResponseReturnValue:
    """The changes that were asked for, by state."""
    return _requests_page(DecisionForm(formdata=None), None)


@blueprint.post("/studio/changes/<number>/decide")
@access.roles("let_lead")
def decide(number: str) -> ResponseReturnValue:
    """Accept or reject a change, with a reason."""
    session, form = current_session(), DecisionForm()
    asked = actions.own_request(session, lead(), small_number(number) or 0)
    decision = request.form.get("decision")
    accept = decision == "accept"
    try:
        form.validate()
        if decision not in ("accept", "reject"):
            fault = Fault("reason", _("Accept it or reject it."), "decision")
            raise InvalidError(fault.message, code="decision", faults=[fault])
        actions.decide_change(session, lead(), asked.id, accept=accept, reason=plain(form.reason.data))
    except InvalidError as error:
        form.show_faults(error)
        return _requests_page(form, asked.id), 422
    flash(
        _("Accepted. Put it into a draft when you are ready.") if accept else _("Rejected, with your reason.")
    )
    return redirect(url_for(".change_requests"))


@blueprint.post("/studio/changes/<number>/draft")
@access.roles("let_lead")
def draft_change(number: str) -> ResponseReturnValue:
    """Put an accepted change into the draft that will answer it, and open that draft."""
    draft = actions.draft_for(current_session(), lead(), small_number(number) or 0)
    if isinstance(draft, DefinitionVersion):
        return redirect(address_of("curriculum.edit", draft))
    return redirect(url_for(".edit_curriculum", slug=draft.curriculum.slug, version=draft.version))


def _requests_page(form: DecisionForm, wrong: int | None) -> str:
    session = current_session()
    states = {state.value: state for state in RequestState}
    state = states.get(request.args.get("state", ""))
    listing = actions.own_requests(session, lead(), state, page_number())
    return render_template(
        "curriculum/change_requests.html",
        listing=listing,
        titles=actions.titles_for(session, listing.rows),
        deciders=actions.names_by_key(session, [one.decided_by for one in listing.rows]),
        form=form,
        wrong=wrong,
        state=state,
        ready=READY,
        words=words,
        **(
            {"previous": None, "next": None} if request.method == "POST" else neighbours(listing, state=state)
        ),
    )


def _own_titles() -> Titles:
    return actions.own_titles(current_session(), lead().organisations_as(Role.LET_LEAD))


def _about_choices(titles: Titles, *, units: bool = False) -> list[SelectChoice]:
    found = [SelectChoice("", _("Choose …"))]
    for number, (_slug, title) in sorted(titles.curricula.items(), key=lambda item: item[1][1]):
        found.append(SelectChoice(f"curriculum:{number}", _("Curriculum: %(title)s", title=title)))
        if units:
            found += [
                SelectChoice(f"curriculum:{number}:{key}", f"\u2003{name}")
                for key, name in titles.units.get(number, {}).items()
            ]
    for number, (slug, title) in sorted(titles.definitions.items(), key=lambda item: item[1][1]):
        found.append(SelectChoice(f"definition:{number}", title or slug))
    return found


def _about(chosen: str | None) -> tuple[str, int | None, str]:
    kind, number, unit = [*(chosen or "").split(":"), "", ""][:3]
    return kind, small_number(number), unit[:40]
