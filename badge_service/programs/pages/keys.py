"""The keys of an organisation's programs: make one (it is shown once), see when each was used, revoke one."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.errors import InvalidError
from badge_service.people import actions as people
from badge_service.people.viewers import own_viewer
from badge_service.programs import actions
from badge_service.programs.forms import SCOPE_WORDS, KeyForm
from badge_service.programs.pages.blueprint import blueprint
from badge_service.programs.rules import Scope
from badge_service.web import access
from badge_service.web.forms import asked_page
from badge_service.web.limits import limited
from badge_service.web.unit_of_work import current_session


@blueprint.route("/organisations/<slug>/keys", methods=["GET", "POST"])
@access.roles("organisation_admin", "operator")
@limited("20 per 10 minutes")
def keys(slug: str) -> ResponseReturnValue:
    """List the keys; a new one is shown on the answer to its form alone."""
    session, viewer = current_session(), own_viewer()
    people.administered(session, viewer, slug)
    form = KeyForm()
    if form.validate_on_submit():
        try:
            made = actions.make_key(session, viewer, slug, form.name.data or "", form.scopes.data or [])
        except InvalidError as error:
            form.show_faults(error)
        else:
            return _page(slug, KeyForm(formdata=None), made=made)
    return _page(slug, form), (422 if form.is_submitted() else 200)


@blueprint.post("/organisations/<slug>/keys/<key_token>/revoke")
@access.roles("organisation_admin", "operator")
def revoke_key(slug: str, key_token: str) -> ResponseReturnValue:
    """End a key for ever."""
    actions.revoke_key(current_session(), own_viewer(), slug, key_token)
    flash(_("Revoked. Whatever still sends this key is refused from now on."))
    return redirect(url_for(".keys", slug=slug))


def _page(slug: str, form: KeyForm, made: actions.NewKey | None = None) -> str:
    session, viewer = current_session(), own_viewer()
    organisation = people.administered(session, viewer, slug)
    listed = actions.keys_of(session, viewer, slug, asked_page())
    words = {scope.value: SCOPE_WORDS[scope] for scope in Scope}
    return render_template(
        "programs/keys.html",
        form=form,
        organisation=organisation,
        listed=listed,
        made=made,
        scope_words=words,
        makers=actions.names_of(session, [key.made_by for key in listed.rows]),
    )
