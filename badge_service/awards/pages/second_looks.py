"""Second looks: the list of an organisation, one award with its levels and evidence, the answer of a second assessor."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.awards import actions, words
from badge_service.awards.actions.second_looks import (
    agree,
    count_looks,
    disagree,
    look_at,
    looks_of,
    uphold,
    withdraw_disputed,
)
from badge_service.awards.pages.blueprint import blueprint
from badge_service.awards.rules.second_looks import WAITING, LookState
from badge_service.awards.signing import sign_after_commit
from badge_service.curriculum.rules import rubric_of
from badge_service.errors import InvalidError
from badge_service.people.viewers import own_viewer
from badge_service.storage.session import now
from badge_service.web import access
from badge_service.web.forms import asked_page
from badge_service.web.limits import limited
from badge_service.web.unit_of_work import current_session

ADDRESS = "/awards/second-looks"


@blueprint.get(ADDRESS)
@access.roles("teacher", "organisation_admin")
def second_looks() -> ResponseReturnValue:
    """What waits for a second assessor or a decision; with `?which=done` what is over."""
    session, viewer = current_session(), own_viewer()
    done = request.args.get("which") == "done"
    states = [state for state in LookState if (state not in WAITING) == done]
    page = looks_of(session, viewer, states, asked_page())

    def address(number: int) -> str:
        return url_for(".second_looks", page=number, which="done" if done else None)

    return render_template(
        "awards/second_looks.html",
        page=page,
        done=done,
        waiting=count_looks(session, viewer),
        states=words.LOOKS,
        me=viewer.person_id,
        now=now(session),
        previous=address(page.number - 1) if page.number > 1 else None,
        next=address(page.number + 1) if page.number < page.pages else None,
    )


@blueprint.get(f"{ADDRESS}/<token>")
@access.roles("teacher", "organisation_admin")
def second_look(token: str) -> ResponseReturnValue:
    """One award to look at: levels, evidence, and the answer."""
    return _page(token)


@blueprint.post(f"{ADDRESS}/<token>/agree")
@access.roles("teacher")
def agree_with_award(token: str) -> ResponseReturnValue:
    """I would have judged the same."""
    agree(current_session(), own_viewer(), token)
    flash(_("Thank you. It is written down that you agree."))
    return redirect(url_for(".second_looks"))


@blueprint.post(f"{ADDRESS}/<token>/disagree")
@access.roles("teacher")
@limited("60 per minute")
def disagree_with_award(token: str) -> ResponseReturnValue:
    """I judge otherwise."""
    session, viewer = current_session(), own_viewer()
    view = look_at(session, viewer, token)
    levels = {criterion: request.form.get(f"level:{criterion}", "") for criterion in view.levels}
    try:
        look = disagree(session, viewer, token, levels, request.form.get("words", ""))
    except InvalidError as error:
        return _page(token, error), 422
    if look.state == LookState.CORRECTED:
        sign_after_commit([look.award.token])
        flash(_("The badge is corrected, and its learner is told."))
        return redirect(url_for(".second_looks"))
    flash(_("With your levels it would not have been given. Now a person decides whether it stands."))
    return redirect(url_for(".second_look", token=token))


@blueprint.post(f"{ADDRESS}/<token>/uphold")
@access.roles("teacher", "organisation_admin")
def uphold_award(token: str) -> ResponseReturnValue:
    """The badge stands all the same."""
    try:
        uphold(current_session(), own_viewer(), token, request.form.get("words", ""))
    except InvalidError as error:
        return _page(token, error), 422
    flash(_("The badge stands, and your reason is kept."))
    return redirect(url_for(".second_looks"))


@blueprint.post(f"{ADDRESS}/<token>/withdraw")
@access.roles("teacher", "organisation_admin")
def withdraw_after_look(token: str) -> ResponseReturnValue:
    """The badge is withdrawn as given by mistake."""
    look = withdraw_disputed(current_session(), own_viewer(), token)
    sign_after_commit([look.award.token])
    flash(_("The badge is withdrawn. Whoever checks it is told so within a minute."))
    return redirect(url_for(".second_looks"))


def _page(token: str, error: InvalidError | None = None) -> str:
    session, viewer = current_session(), own_viewer()
    view = look_at(session, viewer, token)
    version = view.look.award.version
    rubric = rubric_of(version.content)
    return render_template(
        "awards/second_look.html",
        view=view,
        look=view.look,
        award=view.look.award,
        version=version,
        criteria=[one for one in rubric.criteria if one.id in view.levels],
        rubric=rubric,
        name=actions.school_name(session, view.look.award),
        states=words.LOOKS,
        genres=words.GENRES,
        now=now(session),
        typed=request.form,
        error=error,
    )
