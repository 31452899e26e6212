"""One award as its school sees it: what became of it, a new card, undoing a wrong claim, withdrawing it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.awards import actions, words
from badge_service.awards.actions import second_chance
from badge_service.awards.actions.origins import import_of
from badge_service.awards.actions.other_mails import other_troubles
from badge_service.awards.actions.sending import settle_trouble
from badge_service.awards.pages.blueprint import blueprint
from badge_service.awards.pages.cards import cards_answer
from badge_service.awards.rules import CLAIM_CAN_BE_UNDONE, AwardState
from badge_service.awards.signing import sign_after_commit
from badge_service.errors import Fault, InvalidError
from badge_service.people.rules import Role
from badge_service.people.viewers import own_viewer
from badge_service.register import actions as register
from badge_service.register.rules import RevocationReason
from badge_service.storage.session import now
from badge_service.web import access, bounces
from badge_service.web.forms import asked_page
from badge_service.web.i18n import LANGUAGES
from badge_service.web.limits import limited
from badge_service.web.unit_of_work import current_session


@blueprint.get("/awards/<token>")
@access.signed_in
def show(token: str) -> ResponseReturnValue:
    """One award."""
    return _page(token)


@blueprint.post("/awards/<token>/revoke")
@access.signed_in
def revoke(token: str) -> ResponseReturnValue:
    """Withdraw the badge for ever."""
    reason = request.form.get("reason", "")
    try:
        if reason not in {one.value for one in actions.SCHOOL_REASONS}:
            message = _("Choose why the badge is withdrawn.")
            raise InvalidError(message, faults=[Fault("reason", message, "reason")])
        actions.revoke_award(current_session(), own_viewer(), token, RevocationReason(reason))
    except InvalidError as error:
        return _page(token, error), 422
    sign_after_commit([token])
    flash(_("The badge is withdrawn. Whoever checks it is told so within a minute."))
    return redirect(url_for(".show", token=token))


@blueprint.post("/awards/<token>/card.pdf")
@access.signed_in
@limited("30 per minute")
def card(token: str) -> ResponseReturnValue:
    """A new claim card, or for a badge that was accepted a return card; older ones stop working."""
    session, viewer = current_session(), own_viewer()
    award = actions.find_teachers_award(session, viewer, token)
    spoken = award.activity.language if award.activity else award.version.language
    language = spoken if spoken in LANGUAGES else "en"
    make = actions.return_card if award.state == AwardState.ACCEPTED else actions.new_card
    return cards_answer([make(session, viewer, token)], award.version, language)


@blueprint.post("/awards/<token>/undo-claim")
@access.signed_in
def undo_claim(token: str) -> ResponseReturnValue:
    """Take a claim back that the wrong person made."""
    actions.undo_claim(current_session(), own_viewer(), token)
    sign_after_commit([token])
    flash(_("The claim is undone. Now print a new card for the learner."))
    return redirect(url_for(".show", token=token))


@blueprint.post("/awards/<token>/let-again")
@access.signed_in
def let_again(token: str) -> ResponseReturnValue:
    """Let a badge that was declined by mistake be given anew."""
    second_chance.let_again(current_session(), own_viewer(), token)
    flash(_("They can be awarded the badge anew, with everybody else who is ready."))
    return redirect(url_for(".show", token=token))


@blueprint.post("/awards/<token>/send-again")
@access.signed_in
@limited("30 per minute")
def send_again(token: str) -> ResponseReturnValue:
    """Mail a fresh link to the address we have."""
    try:
        email = actions.send_again(current_session(), own_viewer(), token)
    except InvalidError as error:
        return _page(token, mail_error=error), 422
    return _on_its_way(token, email)


@blueprint.post("/awards/<token>/address")
@access.signed_in
@limited("30 per minute")
def correct_address(token: str) -> ResponseReturnValue:
    """Mail the badge to another address."""
    try:
        email = actions.correct_address(current_session(), own_viewer(), token, request.form.get("email", ""))
    except InvalidError as error:
        return _page(token, mail_error=error), 422
    return _on_its_way(token, email)


def _on_its_way(token: str, email: str) -> ResponseReturnValue:
    sign_after_commit([])  # wakes the worker, which writes the mail
    flash(_("A new link is on its way to %(email)s. Links that were mailed before end.", email=email))
    return redirect(url_for(".show", token=token, _anchor="mail"))


@blueprint.get("/awards/mail-troubles")
@access.roles(Role.TEACHER, Role.ADMIN)
def mail_troubles() -> ResponseReturnValue:
    """The badges whose mail did not arrive, with what to do."""
    session, viewer = current_session(), own_viewer()
    return render_template(
        "awards/mail_troubles.html",
        listing=actions.mail_troubles(session, viewer, asked_page()),
        others=other_troubles(session, viewer.organisations_as(Role.TEACHER, Role.ADMIN)),
        kinds=words.OTHER_MAILS,
        troubles=words.MAIL_TROUBLES,
        read_at=bounces.last_read(session),
    )


@blueprint.post("/awards/mail-troubles/settled")
@access.roles(Role.TEACHER, Role.ADMIN)
@limited("60 per minute")
def settle_mail_trouble() -> ResponseReturnValue:
    """Somebody was told in another way: the mail leaves the list."""
    settle_trouble(current_session(), own_viewer(), request.form.get("reference", ""))
    flash(_("It is off the list."))
    return redirect(url_for(".mail_troubles"))


def _page(token: str, error: InvalidError | None = None, mail_error: InvalidError | None = None) -> str:
    session, viewer = current_session(), own_viewer()
    award = actions.find_teachers_award(session, viewer, token)
    undo_until = award.accepted_at + CLAIM_CAN_BE_UNDONE if award.accepted_at else None
    if undo_until and (undo_until <= now(session) or award.state != AwardState.ACCEPTED):
        undo_until = None
    return render_template(
        "awards/award.html",
        award=award,
        brought_in=import_of(session, award),
        name=actions.school_name(session, award),
        signed=register.current_edition(session, award.token) is not None,
        undo_until=undo_until,
        can_return=actions.may_return_by_card(session, award),
        states=words.STATES,
        identity=words.IDENTITY_SAID,
        corrections=actions.corrections_of(session, award),
        changed=words.CORRECTED,
        reasons=[(reason.value, words.REASONS[reason]) for reason in actions.SCHOOL_REASONS],
        error=error,
        mail_error=mail_error,
        mail=actions.mail_state(session, award) if award.state == AwardState.HELD else None,
        troubles=words.MAIL_TROUBLES,
        typed=request.form.get("email", ""),
    )
