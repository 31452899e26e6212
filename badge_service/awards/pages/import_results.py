"""Awards from elsewhere after the decision: how far the worker is, what became of each row, the second person, cards."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.awards import actions as awards
from badge_service.awards import import_words, words
from badge_service.awards.actions import imports as actions
from badge_service.awards.actions.sending import unreached_of_import
from badge_service.awards.pages.blueprint import blueprint
from badge_service.awards.pages.cards import asked_file, cards_answer
from badge_service.awards.pages.imports import IMPORTERS, as_csv, draft_page, rows_shown, shown_state
from badge_service.awards.pages.limits import after_undo
from badge_service.awards.rules.imports import ImportState, RowState
from badge_service.awards.signing import sign_after_commit
from badge_service.awards.tables import AwardImport
from badge_service.errors import InvalidError
from badge_service.people.rules import Viewer
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.limits import limited
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session

AFTER = (
    RowState.AWARDED,
    RowState.WAITING,
    RowState.FAILED,
    RowState.BAD,
    RowState.HAS_IT,
    RowState.REPEATS,
)


@blueprint.get("/imports/<token>")
@access.roles(*IMPORTERS)
def show_import(token: str) -> ResponseReturnValue:
    """One import: before the decision its preview, afterwards its progress; it may be closed at any time."""
    viewer = own_viewer()
    found = actions.find_import(current_session(), viewer, token)
    return draft_page(viewer, found) if found.state == ImportState.DRAFT else _page(viewer, found)


@blueprint.post("/imports/<token>/resume")
@access.roles(*IMPORTERS)
@limited("20 per minute")
def resume_import(token: str) -> ResponseReturnValue:
    """Go on where it stopped."""
    actions.resume_import(current_session(), own_viewer(), token)
    return redirect(url_for(".show_import", token=token))


@blueprint.post("/imports/<token>/second")
@access.roles(*IMPORTERS)
@limited("20 per minute")
def second_for_import(token: str) -> ResponseReturnValue:
    """A second person says yes, or no with words."""
    session, viewer = current_session(), own_viewer()
    if request.form.get("answer") == "yes":
        actions.confirm_as_second(session, viewer, token)
        return redirect(url_for(".show_import", token=token))
    try:
        actions.refuse_as_second(session, viewer, token, request.form.get("reason", ""))
    except InvalidError as error:
        return _page(viewer, actions.find_import(session, viewer, token), error), 422
    flash(_("The import is refused. Nobody was awarded."))
    return redirect(url_for(".show_import", token=token))


@blueprint.post("/imports/<token>/undo")
@access.roles(*IMPORTERS)
@limited("20 per minute")
def undo_import(token: str) -> ResponseReturnValue:
    """Take all of it back while its mails have not left."""
    found = awards.undo_import(current_session(), own_viewer(), current_settings(), token)
    sign_after_commit([])
    flash(_("All badges of this file are taken back. Correct the file and send it again."))
    return redirect(after_undo(found, url_for(".show_import", token=token)))


@blueprint.get("/imports/<token>/rows.csv")
@access.roles(*IMPORTERS)
def import_rows(token: str) -> ResponseReturnValue:
    """What has become of each row."""
    session = current_session()
    found = actions.find_import(session, own_viewer(), token)
    headings = [_("row"), _("name"), _("e-mail"), _("what happened"), _("why")]
    rows = [
        [
            str(row.row),
            row.name,
            row.email or "",
            str(import_words.ROWS[RowState(row.state)][0]),
            " ".join(fault["message"] for fault in row.faults) or import_words.why_failed(row.failure),
        ]
        for row in actions.all_rows(session, found)
    ]
    return as_csv(headings, rows, "import.csv")


@blueprint.post("/imports/<token>/cards.pdf")
@access.roles(*IMPORTERS)
@limited("30 per minute")
def import_cards(token: str) -> ResponseReturnValue:
    """Claim cards for the next learners whom no mail reaches; cards printed earlier for them stop working."""
    session, viewer = current_session(), own_viewer()
    found = actions.find_import(session, viewer, token)
    issued = awards.print_import_cards(session, viewer, found, asked_file())
    return cards_answer(issued, found.version, found.version.language)


def _page(viewer: Viewer, found: AwardImport, error: InvalidError | None = None) -> str:
    session = current_session()
    counts = actions.import_counts(session, found)
    usual = next((state for state in AFTER if counts.of(state)), RowState.AWARDED)
    shown = rows_shown(found, counts, AFTER, shown_state(AFTER, usual))
    return render_template(
        "awards/imports/show.html",
        found=found,
        counts=counts,
        state=import_words.state_of(found),
        going=found.state == ImportState.RUNNING or (found.state == ImportState.DONE and counts.unsigned),
        cards=awards.count_import_cards(session, found),
        cards_a_file=awards.CARDS_A_FILE,
        unreached=unreached_of_import(session, found),
        awards=actions.tokens_of(session, shown.rows),
        identity=words.IDENTITY_SAID,
        first=awards.first_person(session, found.created_by) if found.state == ImportState.SECOND else "",
        is_second=found.state == ImportState.SECOND and found.created_by != viewer.key,
        undoing=awards.undoing_of(session, found) if found.state == ImportState.REFUSED else None,
        undo_until=awards.import_undo_until(session, current_settings(), found),
        error=error,
        **vars(shown),
    )
