"""Signing in by password or mailed link, with the same answer whether the address is known or not; signing out."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from badge_service.errors import Fault, InvalidError
from badge_service.people import accounts, actions, purposes
from badge_service.people.actions import IssuedLink
from badge_service.people.forms import LinkForm, SignInForm
from badge_service.people.pages.blueprint import blueprint
from badge_service.people.rules import normal_email
from badge_service.web import access
from badge_service.web.addresses import safe_next
from badge_service.web.limits import limited
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session


def typed_address() -> str:
    """What limits count tries by: the address that was typed, in any spelling."""
    return f"address:{request.form.get('email', '').strip().lower()[:254]}"


@blueprint.get("/sign-in")
@access.public
def sign_in() -> ResponseReturnValue:
    """The sign-in page; `?next=` is where to go afterwards, if it is a path of ours."""
    return _page()


@blueprint.post("/sign-in")
@access.public
@limited("20 per 5 minutes", failures_only=True)
@limited("10 per 15 minutes", failures_only=True, key=typed_address)
def sign_in_by_password() -> ResponseReturnValue:
    """Check the password; whatever is wrong, the answer is the same."""
    form = SignInForm()
    if form.validate_on_submit():
        account = accounts.check_password(form.email.data or "", form.password.data or "")
        if account is not None and account.active:
            accounts.sign_in_account(account)
            return redirect(safe_next(form.next.data))
        message = _("Address and password do not fit together. You can have a link mailed to you instead.")
        form.show_faults(InvalidError(message, code="sign_in", faults=[Fault("", message)]))
    return _page(form=form), 401


@blueprint.post("/sign-in/link")
@access.public
@limited("60 per 10 minutes")
@limited("5 per 15 minutes", key=typed_address)
def ask_for_link() -> ResponseReturnValue:
    """Mail a one-time link; the page that follows is the same for known and unknown addresses."""
    form = LinkForm()
    if not form.validate_on_submit():
        return _page(link_form=form), 422
    try:
        email = normal_email(form.email.data or "")
    except InvalidError as error:
        form.show_faults(error)
        return _page(link_form=form), 422
    link = _link_for(current_session(), email, safe_next(form.next.data))
    return redirect(url_for(".type_digits", page=link.page))


@blueprint.post("/sign-out")
@access.public
def sign_out() -> ResponseReturnValue:
    """Sign out on this device."""
    accounts.sign_out_here()
    return redirect("/")


def _page(form: SignInForm | None = None, link_form: LinkForm | None = None) -> str:
    """Both forms; the one that was sent keeps what was typed, the other starts afresh."""
    back = safe_next(request.args.get("next") or request.form.get("next"), "")
    return render_template(
        "people/sign_in.html",
        form=form or SignInForm(formdata=None, next=back),
        link_form=link_form or LinkForm(formdata=None, next=back),
    )


def _link_for(session: Session, email: str, back: str) -> IssuedLink:
    account = actions.account_by_email(session, email)
    person = account.person if account else actions.person_to_write_to(session, email)
    if person is None:
        return actions.issue_nothing(session)
    return purposes.mail_link(session, current_settings(), purposes.SIGN_IN, email, person.id, {"next": back})
