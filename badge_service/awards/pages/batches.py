"""A batch of awards: how far the signing is, undo while it can be, and the claim cards."""

from contextlib import suppress
from datetime import date

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from badge_service.awards import actions, words
from badge_service.awards.actions.scheduling import send_after_all
from badge_service.awards.pages.blueprint import blueprint
from badge_service.awards.pages.cards import asked_file, cards_answer
from badge_service.awards.pages.limits import after_undo
from badge_service.awards.signing import sign_after_commit
from badge_service.errors import InvalidError
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.csv_files import write_csv
from badge_service.web.forms import asked_page
from badge_service.web.i18n import date_and_time
from badge_service.web.limits import limited
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session

LOST_SHOWN = 50


@blueprint.get("/awards/batches/<token>")
@access.signed_in
def batch(token: str) -> ResponseReturnValue:
    """How far a batch is; it may be closed and opened again at any time."""
    return batch_page(token)


def batch_page(token: str, mails_error: InvalidError | None = None) -> str:
    """The page of a batch, with what is wrong with the day that was typed for its mails."""
    session = current_session()
    found = actions.find_taught_batch(session, own_viewer(), token)
    asked = asked_page()
    progress = actions.batch_progress(session, current_settings(), found, page=asked)
    return render_template(
        "awards/batch.html",
        batch=found,
        progress=progress,
        cards_a_file=actions.CARDS_A_FILE,
        undoing=actions.undoing_of(session, found) if progress.undone else None,
        lost=actions.lost_learners(session, found)[:LOST_SHOWN] if progress.lost else (),
        rows=words.ROWS,
        why_lost=words.why_lost,
        identity=words.IDENTITY_SAID,
        mails_error=mails_error,
        typed_day=request.form.get("day", ""),
        address={
            "token": found.activity.token,
            "slug": found.version.definition.slug,
            "version": found.version.version,
        },
    )


@blueprint.get("/awards/batches/<token>/failed.csv")
@access.signed_in
def failed_as_table(token: str) -> ResponseReturnValue:
    """Who could not be awarded and why, to open in a spreadsheet."""
    found = actions.find_taught_batch(current_session(), own_viewer(), token)
    rows = (
        (str(number or ""), name, words.why_lost(why))
        for number, name, why in actions.lost_learners(current_session(), found)
    )
    text = "\ufeff" + write_csv([_("Number"), _("Name"), _("Why no badge")], rows)
    name = {"Content-Disposition": 'attachment; filename="not-awarded.csv"', "Cache-Control": "no-store"}
    return Response(text, content_type="text/csv; charset=utf-8", headers=name)


@blueprint.post("/awards/batches/<token>/resume")
@access.signed_in
@limited("20 per minute")
def resume(token: str) -> ResponseReturnValue:
    """Award whoever still waits for it, and sign what waits for its signature."""
    session = current_session()
    found = actions.find_taught_batch(session, own_viewer(), token)
    actions.resume_items(session, own_viewer(), token)
    sign_after_commit(actions.sign_tokens(session, found))
    return redirect(url_for(".batch", token=token))


@blueprint.post("/awards/batches/<token>/mails")
@access.signed_in
@limited("30 per minute")
def mails(token: str) -> ResponseReturnValue:
    """Let the waiting mails leave on another day, at once, or not at all."""
    session, viewer, when = current_session(), own_viewer(), request.form.get("when", "")
    if when == "never":
        count = actions.send_none(session, viewer, token)
        flash(ngettext("%(num)s mail is taken back.", "%(num)s mails are taken back.", count))
        return redirect(url_for(".batch", token=token))
    if when == "after_all":
        count = send_after_all(session, viewer, current_settings(), token)
        flash(ngettext("%(num)s mail leaves after all.", "%(num)s mails leave after all.", count))
        return redirect(url_for(".batch", token=token))
    try:
        moment = actions.send_on(session, viewer, token, None if when == "now" else _day())
    except InvalidError as error:
        return batch_page(token, mails_error=error), 422
    sign_after_commit([])  # wakes the worker
    if when == "now":
        flash(_("The mails leave now."))
    else:
        flash(_("The mails leave on %(when)s (UTC).", when=date_and_time(moment)))
    return redirect(url_for(".batch", token=token))


def _day() -> date:
    """The day as typed; what is none is long past, and refused as such."""
    with suppress(ValueError):
        return date.fromisoformat(request.form.get("day", ""))
    return date.min


@blueprint.post("/awards/batches/<token>/undo")
@access.signed_in
def undo(token: str) -> ResponseReturnValue:
    """Take the whole batch back while its mails have not left."""
    found = actions.undo_batch(current_session(), own_viewer(), current_settings(), token)
    sign_after_commit(actions.sign_tokens(current_session(), found))
    flash(_("All badges of this group are taken back. Correct the levels and award again."))
    return redirect(after_undo(found, url_for(".batch", token=token)))


@blueprint.post("/awards/batches/<token>/cards.pdf")
@access.signed_in
@limited("30 per minute")
def cards(token: str) -> ResponseReturnValue:
    """Claim cards to print, each with a fresh code; a POST because older cards stop working."""
    session, viewer = current_session(), own_viewer()
    found = actions.find_taught_batch(session, viewer, token)
    everybody = request.form.get("who") == "everybody"
    issued = actions.print_cards(session, viewer, token, everybody=everybody, file=asked_file())
    return cards_answer(issued, found.version, found.activity.language)
