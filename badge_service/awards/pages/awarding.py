"""The one button: a list of names and the question how identity was checked, then the awards."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.awards import actions, words
from badge_service.awards.pages.assessing import ADDRESS
from badge_service.awards.pages.blueprint import asked_for, blueprint
from badge_service.awards.rules import identity_check
from badge_service.awards.signing import sign_after_commit
from badge_service.errors import Fault, InvalidError
from badge_service.people.viewers import own_viewer
from badge_service.storage.session import token as random_token
from badge_service.web import access
from badge_service.web.forms import small_number
from badge_service.web.limits import limited
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session


@blueprint.get(f"{ADDRESS}/award")
@access.signed_in
def confirm(token: str, slug: str, version: str) -> ResponseReturnValue:
    """Who gets the badge now, by name."""
    return _page(token, slug, version, key=random_token(current_session()))


@blueprint.post(f"{ADDRESS}/award")
@access.signed_in
@limited("20 per minute")
def award(token: str, slug: str, version: str) -> ResponseReturnValue:
    """Award everybody on the confirmed list; the same form sent twice is the same batch."""
    session, viewer = current_session(), own_viewer()
    workshop, taught = asked_for(token, slug, version)
    key = request.form.get("key", "")
    learners = actions.learners_in(session, workshop)
    numbers = {learner.number: learner.person_id for learner in learners}
    confirmed = [numbers.get(small_number(text) or 0, 0) for text in request.form.getlist("learner")]
    try:
        _refuse_incomplete(key, confirmed)
        batch = actions.award_ready(
            session,
            viewer,
            current_settings(),
            token,
            taught,
            idempotency_key=f"{viewer.acting_key()}:{key}",
            identity_check=identity_check(request.form.get("identity_check")),
            confirmed=confirmed,
            saw_each=bool(request.form.get("saw_each")),
            saw_evidence=bool(request.form.get("seen")),
        )
    except InvalidError as error:
        return _page(token, slug, version, key=key or random_token(session), error=error), 422
    sign_after_commit(actions.sign_tokens(session, batch))
    return redirect(url_for(".batch", token=batch.token))


def _refuse_incomplete(key: str, confirmed: list[int]) -> None:
    faults = []
    if not 16 <= len(key) <= 64:
        faults.append(Fault("", _("This form is damaged. Open the page again."), "key"))
    if not confirmed:
        faults.append(Fault("learners", _("Tick at least one learner."), "required"))
    if faults:
        raise InvalidError(_("Nobody has been awarded yet."), faults=faults)


def _page(token: str, slug: str, version: str, *, key: str, error: InvalidError | None = None) -> str:
    session = current_session()
    workshop, taught = asked_for(token, slug, version)
    rows = actions.readiness_of(session, workshop, taught, decider=own_viewer())
    ready = [row for row in rows if row.ready]
    lacking = actions.evidence_lacking(session, workshop, taught, [row.learner for row in ready])
    ticked = request.form.getlist("learner") if request.method == "POST" else None
    allowed = actions.allowance(session, workshop.activity.organisation_id, own_viewer().acting_key())
    return render_template(
        "awards/confirm.html",
        allowed=allowed,
        activity=workshop.activity,
        version=taught,
        address={"token": token, "slug": slug, "version": version},
        ready=ready,
        lacking=lacking,
        for_group=[row for row in ready if row.set_for_group],
        saw_each=bool(request.form.get("saw_each")),
        needed=actions.pieces_needed(taught),
        required=taught.content.get("evidence_required", []),
        seen=bool(request.form.get("seen")),
        why_not=words.why_not,
        others=[row for row in rows if not row.ready and "awarded" not in row.why],
        ticked=ticked,
        key=key,
        error=error,
        identity=words.IDENTITY,
        chosen_identity=request.form.get("identity_check", ""),
        minutes=current_settings().mail_delay_minutes,
    )
