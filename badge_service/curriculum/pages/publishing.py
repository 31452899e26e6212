"""Publishing a definition with a reason for every change, withdrawing it with one, and the public trail of its versions."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.curriculum import actions, words
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.desk import address_of, lead, own
from badge_service.curriculum.pages.reasons import asked, typed_reasons
from badge_service.curriculum.pages.showing import public_url
from badge_service.curriculum.pages.trail import comparison_page, page_number, trail_page
from badge_service.errors import InvalidError, NotFoundError
from badge_service.web import access
from badge_service.web.texts import plain
from badge_service.web.unit_of_work import current_session


@blueprint.route("/definitions/<slug>/<version>/publish", methods=["GET", "POST"])
@access.roles("let_lead")
def publish(slug: str, version: str) -> ResponseReturnValue:
    """Say what cannot be undone, ask why each field changed and which number follows; then publish."""
    session, found = current_session(), own(slug, version)
    comparison = actions.compared(session, found)
    lacking, faults = actions.publishing_faults(found), []
    if request.method == "POST":
        reasons = typed_reasons(comparison)
        try:
            done = actions.publish(
                session,
                lead(),
                found.id,
                public_url=public_url(),
                changes=reasons.notes,
                step=reasons.step,
                number_reason=reasons.number_reason,
            )
        except InvalidError as error:
            faults = [fault for fault in error.faults if fault not in lacking]
        else:
            flash(_("“%(title)s” is published.", title=done.title))
            return redirect(address_of("curriculum.achievement", done))
    page = render_template(
        "curriculum/publish.html", version=found, faults=lacking, words=words, **asked(comparison, faults)
    )
    return page, 422 if request.method == "POST" else 200


@blueprint.route("/definitions/<slug>/<version>/withdraw", methods=["GET", "POST"])
@access.roles("let_lead")
def withdraw(slug: str, version: str) -> ResponseReturnValue:
    """Ask for the reason, which everybody will read; then take a version out of the catalogue."""
    found, errors = own(slug, version), []
    if found.published_at is None:
        raise NotFoundError(_("Only a published version can be withdrawn."), code="definition.not_published")
    reason = plain(request.form.get("reason"))
    if request.method == "POST":
        try:
            actions.withdraw(current_session(), lead(), found.id, reason=reason)
        except InvalidError as error:
            errors = [fault.message for fault in error.faults]
        else:
            flash(_("“%(title)s” is withdrawn.", title=found.title))
            return redirect(url_for("curriculum.definitions"))
    page = render_template("curriculum/withdraw.html", version=found, reason=reason, errors=errors)
    return page, 422 if errors else 200


@blueprint.get("/achievements/<slug>/changes")
@access.public
def changes(slug: str) -> ResponseReturnValue:
    """All published versions with what changed in each and why."""
    listing = actions.published_history(current_session(), slug, page_number())
    newest = listing.rows[0]
    return trail_page(
        listing,
        lambda one: address_of("curriculum.achievement", one),
        lambda old, new: url_for(".compare", slug=slug, before=old.version, after=new.version),
        trail=[(_("Catalogue"), url_for(".catalogue")), (newest.title, url_for(".newest", slug=slug))],
    )


@blueprint.get("/achievements/<slug>/changes/<before>/<after>")
@access.public
def compare(slug: str, before: str, after: str) -> ResponseReturnValue:
    """Two published versions side by side, in words."""
    session = current_session()
    old, new = (actions.find_version(session, slug, number) for number in (before, after))
    comparison = actions.compare(session, old, new)
    trail = [(new.title, url_for(".newest", slug=slug)), (_("What changed"), url_for(".changes", slug=slug))]
    return comparison_page(comparison, trail)
