"""My account: name, language, addresses, password, and signing out everywhere."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.errors import Fault, InvalidError, NotFoundError
from badge_service.people import accounts, actions, purposes
from badge_service.people.forms import AddressForm, PasswordForm, ProfileForm
from badge_service.people.pages.blueprint import blueprint
from badge_service.people.tables import PersonAddress
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.i18n import COOKIE
from badge_service.web.limits import limited
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session
from badge_service.web.viewer import forget_viewer


@blueprint.get("/account")
@access.signed_in
def account() -> ResponseReturnValue:
    """Everything about the own account on one page."""
    return _page()


@blueprint.post("/account")
@access.signed_in
def save_profile() -> ResponseReturnValue:
    """Change name and language."""
    form = ProfileForm()
    if form.validate_on_submit():
        try:
            actions.change_profile(
                current_session(), own_viewer(), name=form.name.data or "", language=form.language.data
            )
        except InvalidError as error:
            form.show_faults(error)
        else:
            forget_viewer()
            flash(_("Saved."))
            answer = redirect(url_for(".account"))
            answer.delete_cookie(COOKIE)  # else the language chosen before would win over the one just saved
            return answer
    return _page(profile=form), 422


@blueprint.post("/account/addresses")
@access.signed_in
@limited("10 per 15 minutes")
def add_address() -> ResponseReturnValue:
    """Add an address and mail the link that proves it."""
    form, session, viewer = AddressForm(), current_session(), own_viewer()
    if form.validate_on_submit():
        try:
            address = actions.add_address(session, viewer, form.email.data or "")
        except InvalidError as error:
            form.show_faults(error)
        else:
            return _mail_confirmation(address)
    return _page(address=form), 422


@blueprint.post("/account/addresses/confirm")
@access.signed_in
@limited("10 per 15 minutes")
def confirm_address() -> ResponseReturnValue:
    """Mail the proving link once more."""
    return _mail_confirmation(_own_address())


@blueprint.post("/account/addresses/write-to")
@access.signed_in
def write_to_address() -> ResponseReturnValue:
    """Choose the address that is written to."""
    actions.write_to_address(current_session(), own_viewer(), _own_address().id)
    return redirect(url_for(".account"))


@blueprint.post("/account/addresses/remove")
@access.signed_in
def remove_address() -> ResponseReturnValue:
    """Forget an address."""
    actions.remove_address(current_session(), own_viewer(), _own_address().id)
    return redirect(url_for(".account"))


@blueprint.post("/account/password")
@access.signed_in
@limited("10 per 15 minutes", failures_only=True)
def set_password() -> ResponseReturnValue:
    """Set a password: signs out everywhere else, and this browser in anew."""
    form, session, viewer = PasswordForm(), current_session(), own_viewer()
    if form.validate_on_submit():
        try:
            _check_current(form.current.data or "")
            changed = actions.set_password(session, viewer, form.password.data or "")
        except InvalidError as error:
            form.show_faults(error)
        else:
            accounts.sign_in_account(changed)
            flash(_("The password is set. All other devices are signed out."))
            return redirect(url_for(".account"))
    return _page(password=form), 422


@blueprint.post("/account/sign-out-everywhere")
@access.signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    """End every sign-in of this account, this one too."""
    actions.sign_out_everywhere(current_session(), own_viewer())
    accounts.sign_out_here()
    return redirect(url_for(".sign_in"))


def _page(
    profile: ProfileForm | None = None,
    address: AddressForm | None = None,
    password: PasswordForm | None = None,
) -> str:
    session, viewer = current_session(), own_viewer()
    person_id = viewer.person_id or 0
    known = actions.account_of(session, person_id)
    return render_template(
        "people/account.html",
        profile=profile or ProfileForm(formdata=None, name=viewer.name, language=viewer.language),
        address=address or AddressForm(formdata=None),
        password=password or PasswordForm(formdata=None),
        addresses=actions.addresses(session, person_id),
        has_password=known is not None and known.password is not None,
    )


def _own_address() -> PersonAddress:
    email = request.form.get("email", "")
    for address in actions.addresses(current_session(), own_viewer().person_id or 0):
        if address.email == email:
            return address
    raise NotFoundError(_("There is no such address."), code="address.missing")


def _mail_confirmation(address: PersonAddress) -> ResponseReturnValue:
    session, viewer = current_session(), own_viewer()
    link = purposes.mail_link(
        session, current_settings(), purposes.CONFIRM_ADDRESS, address.email, viewer.person_id or 0
    )
    return redirect(url_for(".type_digits", page=link.page))


def _check_current(password: str) -> None:
    """Who has a password must know it to change it; who signs in by mail has just proven that."""
    person_id = own_viewer().person_id or 0
    known = actions.account_of(current_session(), person_id)
    if known is None or known.password is None or accounts.check_passphrase(person_id, password):
        return
    message = _("This is not your password.")
    raise InvalidError(message, code="password.wrong", faults=[Fault("current", message, "password.wrong")])
