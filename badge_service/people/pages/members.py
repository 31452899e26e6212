"""The people of an organisation and their roles, for its administrator."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from badge_service.errors import InvalidError
from badge_service.people import actions, mails
from badge_service.people.forms import ROLE_WORDS, MemberForm
from badge_service.people.pages.blueprint import blueprint
from badge_service.people.rules import Role
from badge_service.people.tables import Organisation, Person
from badge_service.people.viewers import own_viewer
from badge_service.web import access, mail
from badge_service.web.limits import limited
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session


@blueprint.route("/organisations/<slug>/people", methods=["GET", "POST"])
@access.roles("organisation_admin", "operator")
@limited("60 per 10 minutes")
def members(slug: str) -> ResponseReturnValue:
    """List everybody with a role; add somebody by e-mail and role."""
    session, viewer = current_session(), own_viewer()
    own = actions.administered(session, viewer, slug)
    form = MemberForm(role=Role.TEACHER.value, language=viewer.language)
    if form.validate_on_submit():
        try:
            _add(form, own)
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("Added. They get a mail that tells them how to sign in."))
            return redirect(url_for(".members", slug=slug))
    page = render_template(
        "people/members.html",
        form=form,
        organisation=own,
        members=actions.members(session, viewer, slug),
        role_words=ROLE_WORDS,
    )
    return page, (422 if form.is_submitted() else 200)


@blueprint.post("/organisations/<slug>/people/withdraw")
@access.roles("organisation_admin", "operator")
def withdraw_role(slug: str) -> ResponseReturnValue:
    """Take a role back from somebody."""
    session, viewer = current_session(), own_viewer()
    own = actions.administered(session, viewer, slug)
    person = actions.person_by_key(session, request.form.get("person", ""))
    actions.withdraw_role(session, viewer, person, _role(request.form.get("role", "")), own)
    flash(_("The role is withdrawn."))
    return redirect(url_for(".members", slug=slug))


def _add(form: MemberForm, own: Organisation) -> None:
    session, viewer, role = current_session(), own_viewer(), _role(form.role.data or "")
    person = actions.add_person(session, viewer, form.name.data or "", form.email.data, form.language.data)
    actions.grant_role(session, viewer, person, role, own)
    _welcome(person, role, own, form.email.data or "")


def _welcome(person: Person, role: Role, own: Organisation, email: str) -> None:
    with force_locale(person.language):
        role_word = str(ROLE_WORDS[role])
    letter = mails.welcome_letter(
        person.language, person.name, role_word, own.name, current_settings().address
    )
    to = email.strip().lower()
    mail.send(current_session(), to=to, subject=letter.subject, text=letter.text, language=person.language)


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError as error:
        raise InvalidError(_("There is no such role."), code="role.unknown") from error
