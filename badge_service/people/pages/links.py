"""Where mailed links lead: a page that says what will happen and a button; looking never spends (decisions 18)."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.errors import InvalidError, NotAllowedError
from badge_service.people import actions, purposes
from badge_service.people.actions import Link, LinkState
from badge_service.people.forms import DigitsForm
from badge_service.people.pages.blueprint import blueprint
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.addresses import sign_in_address
from badge_service.web.limits import limited
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session, keep


@blueprint.get("/link/<token>")
@access.public
def show_link(token: str) -> ResponseReturnValue:
    """What the link will do, or why it will not any more."""
    link = actions.look_at_link(current_session(), token)
    purpose = purposes.purpose_of(link.purpose)
    page = render_template("people/link.html", link=link, purpose=purpose, token=token)
    return page, (200 if link.state is LinkState.OPEN else 410)


@blueprint.post("/link/<token>")
@access.public
@limited("30 per minute", shared="links")
def follow_link(token: str) -> ResponseReturnValue:
    """Spend the link and do what it is for."""
    link = actions.look_at_link(current_session(), token)
    if answer := _only_the_owner(link, url_for(".show_link", token=token)):
        return answer
    return _act(actions.spend_link(current_session(), token))


@blueprint.post("/link/<token>/renew")
@access.public
@limited("5 per 15 minutes", shared="link-renewals")
def renew_link(token: str) -> ResponseReturnValue:
    """Mail a fresh link in place of one that was too old."""
    session = current_session()
    old, fresh = actions.renew_link(session, token)
    purpose = purposes.purpose_of(old.purpose)
    purposes.send_link(session, current_settings(), purpose, old.email, old.person_id or 0, fresh)
    return redirect(url_for(".type_digits", page=fresh.page))


@blueprint.route("/link/code/<page>", methods=["GET", "POST"])
@access.public
@limited("30 per 5 minutes", failures_only=True, shared="links")
def type_digits(page: str) -> ResponseReturnValue:
    """The page that follows a request for a link: look into your mail, or type its six digits here."""
    form = DigitsForm()
    state = actions.look_at_page(current_session(), page)
    if state is LinkState.OPEN and form.validate_on_submit():
        try:
            return _act(actions.spend_digits(current_session(), page, form.digits.data or ""))
        except InvalidError as error:
            keep()  # a wrong try counts
            form.show_faults(error)
            state = actions.look_at_page(current_session(), page)
    code = 422 if form.is_submitted() else 200
    return render_template("people/digits.html", form=form, state=state), (
        410 if state is not LinkState.OPEN else code
    )


def _act(link: Link) -> ResponseReturnValue:
    _only_the_owner(link, None)
    return redirect(purposes.purpose_of(link.purpose).act(current_session(), link))


def _only_the_owner(link: Link, back: str | None) -> ResponseReturnValue | None:
    """Send a stranger to the sign-in page first; refuse everybody else who is not the person the link is about."""
    viewer = own_viewer()
    if not purposes.purpose_of(link.purpose).needs_owner or viewer.person_id == link.person_id:
        return None
    if back is not None and not viewer.is_signed_in:
        return redirect(sign_in_address(back))
    raise NotAllowedError(
        _("This link is for another account than the one signed in here."),
        code="link.owner",
        hint=_("Sign out, sign in with the account that asked for the link, and open it again."),
    )
