"""The learner's pages: type a code, look at what is in the badge and who can see it, accept or decline."""

import logging

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.awards import actions
from badge_service.awards.actions import ClaimState, ClaimView
from badge_service.awards.forms import AnswerForm, CodeForm
from badge_service.awards.mails import send_award_mail
from badge_service.awards.pages.blueprint import blueprint
from badge_service.awards.rules import Channel, age_band, contents_of
from badge_service.awards.signing import sign_after_commit
from badge_service.awards.tables import Award
from badge_service.errors import Fault, InvalidError, NotFoundError
from badge_service.people import accounts, purposes
from badge_service.people import actions as people
from badge_service.people.rules import Viewer, normal_email
from badge_service.people.tables import Account
from badge_service.people.viewers import own_viewer
from badge_service.storage import crockford
from badge_service.web import access
from badge_service.web.limits import limited
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_database, current_session, keep

WRONG_CODES = "5 per minute"

_log = logging.getLogger(__name__)


@blueprint.get("/claim")
@access.public
def type_code() -> ResponseReturnValue:
    """Where a code from a card is typed."""
    return render_template("awards/type_code.html", form=CodeForm(formdata=None))


@blueprint.post("/claim")
@access.public
@limited(WRONG_CODES, failures_only=True, shared="claim-codes")
def find_code() -> ResponseReturnValue:
    """Lead to the badge of a typed code."""
    form = CodeForm()
    typed = form.code.data or ""
    try:
        actions.find_code(current_session(), typed)
    except InvalidError as error:
        form.show_faults(error)
    except NotFoundError as error:
        _note_wrong_code()
        form.show_faults(InvalidError(error.message, faults=[Fault("code", error.message, "unknown")]))
    else:
        return redirect(url_for(".look", code=crockford.check(typed)))
    return render_template("awards/type_code.html", form=form), 422


@blueprint.get("/claim/<code>")
@access.public
@limited(WRONG_CODES, methods=("GET", "HEAD"), failures_only=True, shared="claim-codes")
def look(code: str) -> ResponseReturnValue:
    """What is in the badge; looking claims nothing, however often a mail scanner looks."""
    return _page(code, _view(code))


@blueprint.post("/claim/<code>")
@access.public
@limited(WRONG_CODES, failures_only=True, shared="claim-answers", key=lambda: request.path)
@limited("30 per minute")
def answer(code: str) -> ResponseReturnValue:
    """Accept or decline."""
    view = _view(code)
    if request.form.get("answer") == "decline":
        award = actions.decline(current_session(), code)
        sign_after_commit([award.token])
        return render_template("awards/declined.html", title=view.award.version.title)
    form = AnswerForm()
    form.offer(view)
    try:
        if _wants_mail(view, form):
            return _mail_instead(view, form)
        further = _further_address(view, form)
        claimed, is_theirs = _claim(code, view, form)
    except InvalidError as error:
        form.show_faults(error)
        return _page(code, view, form), 422
    if not is_theirs:
        return _send_to_sign_in(claimed.award)
    welcome = _welcome(claimed.award, claimed.account)
    if further is not None:
        _confirm_further(claimed.account, further)
    return welcome


@blueprint.post("/claim/<code>/open")
@access.public
@limited(WRONG_CODES, failures_only=True, shared="claim-answers", key=lambda: request.path)
def open_again(code: str) -> ResponseReturnValue:
    """Come back with a used card: its code and the passphrase sign in."""
    view = _view(code)
    owner = actions.card_owner(current_session(), code)
    form = AnswerForm()
    form.offer(view)
    if view.state is ClaimState.RETURN:
        return _come_back(code, view, form)
    account = accounts.check_passphrase(owner or 0, form.password.data or "")
    if owner is None or account is None:
        message = _("This is not the passphrase of this card. Try once more.")
        form.show_faults(InvalidError(message, faults=[Fault("password", message, "password")]))
        return _page(code, view, form), 422
    _sign_in(account)
    return redirect(url_for("backpack.badges"))


def _come_back(code: str, view: ClaimView, form: AnswerForm) -> ResponseReturnValue:
    """A return card from the school: whoever holds it sets a new passphrase."""
    try:
        account = actions.come_back(current_session(), code, form.password.data or "")
    except InvalidError as error:
        form.show_faults(error)
        return _page(code, view, form), 422
    _sign_in(account)
    return redirect(url_for("backpack.badges"))


@blueprint.route("/claim/waiting/<token>", methods=["GET", "POST"])
@access.signed_in
def own(token: str) -> ResponseReturnValue:
    """A badge that waits for the signed-in person, without a code."""
    session, viewer = current_session(), own_viewer()
    view = actions.look_at_own(session, viewer, token)
    form = AnswerForm()
    form.offer(view)
    if request.method != "POST":
        return _page(None, view, form)
    if request.form.get("answer") == "decline":
        actions.decline_own(session, viewer, token)
        sign_after_commit([token])
        return render_template("awards/declined.html", title=view.award.version.title)
    try:
        with_name, age = _chosen_name(form), age_band(form.age.data)
        actions.accept_own(session, viewer, token, with_name=with_name, age=age)
    except InvalidError as error:
        form.show_faults(error)
        return _page(None, view, form), 422
    return _welcome(view.award, None)


def _view(code: str) -> ClaimView:
    try:
        return actions.look_at_claim(current_session(), code)
    except NotFoundError:
        _note_wrong_code()
        raise


def _note_wrong_code() -> None:
    """A reading request needs a session of its own for it; a writing one keeps the count though it fails."""
    if request.method in ("GET", "HEAD"):
        with current_database().writing() as session:
            alarmed = actions.note_wrong_code(session)
    else:
        alarmed = actions.note_wrong_code(current_session())
        keep()
    if alarmed:
        _log.warning("Many wrong claim codes within an hour: somebody may be guessing.")


def _claim(code: str, view: ClaimView, form: AnswerForm) -> tuple[actions.Claimed, bool]:
    """The accepted badge, and whether this browser has shown that the account it is in is theirs."""
    viewer = own_viewer()
    with_name = _chosen_name(form)
    into_mine = viewer.is_signed_in and (_is_theirs(viewer, view) or _chosen_place(form) == "mine")
    if not into_mine and view.channel == "card" and view.account is not None:
        viewer, into_mine = _by_passphrase(view, form), True
    claimed = actions.claim(
        current_session(),
        viewer,
        code,
        with_name=with_name,
        age=age_band(form.age.data),
        password=form.password.data,
        into_mine=into_mine,
    )
    return claimed, into_mine or claimed.opened


def _by_passphrase(view: ClaimView, form: AnswerForm) -> Viewer:
    """A second card of a learner who has an account: its passphrase shows that it is theirs."""
    account = accounts.check_passphrase(view.award.person_id or 0, form.password.data or "")
    if account is None:
        message = _("This is not the passphrase that you chose with your first card.")
        raise InvalidError(message, faults=[Fault("password", message, "password")])
    return people.load_viewer(current_session(), account.person_id)


def _chosen_name(form: AnswerForm) -> bool:
    if form.name_choice.data not in ("with", "without"):
        message = _("Choose one of the two.")
        raise InvalidError(message, faults=[Fault("name_choice", message, "required")])
    return bool(form.name_choice.data == "with")


def _chosen_place(form: AnswerForm) -> str:
    if form.keep_in.data not in ("mine", "own"):
        message = _("Choose where the badge shall go.")
        raise InvalidError(message, faults=[Fault("keep_in", message, "required")])
    return str(form.keep_in.data)


def _is_theirs(viewer: Viewer, view: ClaimView) -> bool:
    return viewer.person_id is not None and viewer.person_id == view.award.person_id


def _wants_mail(view: ClaimView, form: AnswerForm) -> bool:
    return view.needs_passphrase and bool(form.email.data) and not form.password.data


def _further_address(view: ClaimView, form: AnswerForm) -> str | None:
    """Who has opened the link mailed to one address may name another, by which they come back later."""
    if view.channel != Channel.MAIL or not form.email.data:
        return None
    return normal_email(form.email.data)


def _confirm_further(account: Account, email: str) -> None:
    """The other address counts once a link mailed to it was opened, by whoever has this account."""
    session, settings = current_session(), current_settings()
    if not actions.name_further_address(session, account.person_id, email):
        return
    purposes.mail_link(session, settings, purposes.CONFIRM_ADDRESS, email, account.person_id)
    flash(
        _(
            "We are mailing a link to %(email)s. Open it on this device, and that address is yours too.",
            email=email,
        )
    )


def _mail_instead(view: ClaimView, form: AnswerForm) -> ResponseReturnValue:
    """The address is proven by a link mailed to it; the card keeps working until then."""
    email = actions.send_instead(current_session(), view, form.email.data or "")
    send_award_mail(current_session(), current_settings(), view.award, view.name, email)
    sign_after_commit([])
    return render_template("awards/look_in_mailbox.html", email=email)


def _welcome(award: Award, account: Account | None) -> ResponseReturnValue:
    if account is not None:
        _sign_in(account)
    sign_after_commit([award.token])
    flash(_("The badge is yours. Nobody else can see it until you open it."))
    return redirect(url_for("backpack.show", token=award.token))


def _send_to_sign_in(award: Award) -> ResponseReturnValue:
    """A mailed link opens this badge and no account that was there before: mails are passed on."""
    sign_after_commit([award.token])
    flash(_("The badge is in the account of this address. Sign in to see it."))
    back = url_for("backpack.show", token=award.token)
    return redirect(url_for("people.sign_in", next=back))


def _sign_in(account: Account) -> None:
    if own_viewer().person_id != account.person_id:
        accounts.sign_in_account(account)


def _page(code: str | None, view: ClaimView, form: AnswerForm | None = None) -> str:
    if form is None:
        form = AnswerForm(formdata=None)
        form.offer(view)
    viewer = own_viewer()
    form.password.flags.required = True  # for whoever is asked for it, it is not optional
    if not view.needs_passphrase and view.state is not ClaimState.RETURN:
        form.password.label.text = _("Your passphrase")
    asks_further = view.channel == Channel.MAIL and not viewer.is_signed_in
    if asks_further:
        form.email.label.text = _("Another e-mail address")
    return render_template(
        "awards/claim.html",
        asks_further=asks_further,
        code=code,
        view=view,
        form=form,
        contents=contents_of(view.content),
        picture=view.award.version.picture_address,
        asks_place=code is not None and viewer.is_signed_in and not _is_theirs(viewer, view),
        asks_known_passphrase=_asks_known_passphrase(viewer, view),
        can_open_again=view.account is not None
        and view.account.password is not None
        and view.channel == "card",
    )


def _asks_known_passphrase(viewer: Viewer, view: ClaimView) -> bool:
    has_one = view.account is not None and view.account.password is not None
    return view.channel == "card" and has_one and not viewer.is_signed_in
