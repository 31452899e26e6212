"""The addresses that an organisation's programs are told at: add one, see what it was told and how that went, send again."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.errors import InvalidError
from badge_service.people import actions as people
from badge_service.people.viewers import own_viewer
from badge_service.programs.actions import webhooks as actions
from badge_service.programs.forms import EVENT_WORDS, WebhookForm
from badge_service.programs.pages.blueprint import blueprint
from badge_service.programs.tables import Webhook
from badge_service.web import access
from badge_service.web.forms import asked_page
from badge_service.web.limits import limited
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session

_ONE = "/organisations/<slug>/webhooks/<webhook_token>"


@blueprint.route("/organisations/<slug>/webhooks", methods=["GET", "POST"])
@access.roles("organisation_admin", "operator")
@limited("20 per 10 minutes")
def webhooks(slug: str) -> ResponseReturnValue:
    """List them; add one."""
    session, viewer = current_session(), own_viewer()
    organisation = people.administered(session, viewer, slug)
    form = WebhookForm()
    if form.validate_on_submit():
        try:
            url, events = form.url.data or "", form.events.data or []
            made = actions.add_webhook(session, viewer, current_settings(), slug, url, events)
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("Added. Give its secret to the program that listens there."))
            return _to(slug, made)
    page = render_template(
        "programs/webhooks.html",
        form=form,
        organisation=organisation,
        webhooks=actions.webhooks_of(session, viewer, slug),
        event_words=EVENT_WORDS,
    )
    return page, (422 if form.is_submitted() else 200)


@blueprint.get(_ONE)
@access.roles("organisation_admin", "operator")
def webhook(slug: str, webhook_token: str) -> ResponseReturnValue:
    """Its secret, and what it was told, newest first."""
    session, viewer = current_session(), own_viewer()
    found = _find(slug, webhook_token)
    return render_template(
        "programs/webhook.html",
        organisation=people.administered(session, viewer, slug),
        webhook=found,
        log=actions.log_of(session, found, asked_page()),
        event_words=EVENT_WORDS,
    )


@blueprint.post(f"{_ONE}/secret")
@access.roles("organisation_admin", "operator")
def exchange_secret(slug: str, webhook_token: str) -> ResponseReturnValue:
    """Make a new secret; the old one is used beside it for a day."""
    found = actions.exchange_secret(current_session(), own_viewer(), _find(slug, webhook_token))
    flash(_("There is a new secret. For a day every message is signed with both."))
    return _to(slug, found)


@blueprint.post(f"{_ONE}/on")
@access.roles("organisation_admin", "operator")
def switch_on(slug: str, webhook_token: str) -> ResponseReturnValue:
    """Tell it again after it was switched off."""
    found = actions.switch_on(current_session(), own_viewer(), _find(slug, webhook_token))
    flash(_("Switched on. What it missed is not sent by itself: send again what it needs."))
    return _to(slug, found)


@blueprint.post(f"{_ONE}/remove")
@access.roles("organisation_admin", "operator")
def remove_webhook(slug: str, webhook_token: str) -> ResponseReturnValue:
    """Tell this address nothing any more."""
    actions.remove_webhook(current_session(), own_viewer(), _find(slug, webhook_token))
    flash(_("Removed."))
    return redirect(url_for(".webhooks", slug=slug))


@blueprint.post(f"{_ONE}/again")
@access.roles("organisation_admin", "operator")
@limited("60 per 10 minutes")
def send_again(slug: str, webhook_token: str) -> ResponseReturnValue:
    """Send one message once more."""
    found = _find(slug, webhook_token)
    actions.send_again(current_session(), own_viewer(), found, request.form.get("message", ""))
    flash(_("It is on its way. Load this page again to see how it went."))
    return _to(slug, found)


def _find(slug: str, webhook_token: str) -> Webhook:
    return actions.find_webhook(current_session(), own_viewer(), slug, webhook_token)


def _to(slug: str, found: Webhook) -> ResponseReturnValue:
    return redirect(url_for(".webhook", slug=slug, webhook_token=found.token))
