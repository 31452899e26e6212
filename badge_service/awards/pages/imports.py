"""Awards from elsewhere before the decision: send a file, say how it is read, look at every row, then press the button."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from badge_service.awards import import_words, words
from badge_service.awards.actions import imports as actions
from badge_service.awards.import_forms import ImportForm, chosen_reading
from badge_service.awards.pages.blueprint import blueprint
from badge_service.awards.rules import identity_check
from badge_service.awards.rules.imports import Reading, RowState
from badge_service.awards.tables import AwardImport, ImportRow
from badge_service.curriculum.rules import rubric_of
from badge_service.errors import ConflictError, InvalidError
from badge_service.people.rules import Viewer
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.csv_files import ENCODINGS, write_csv
from badge_service.web.forms import asked_page, small_number
from badge_service.web.limits import limited
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session, looking

IMPORTERS = ("teacher", "organisation_admin")
STATUS_OF = {"too_large": 413, "too_many_rows": 413, "type_mismatch": 415, "encoding": 415}
BEFORE = (RowState.GOOD, RowState.BAD, RowState.HAS_IT, RowState.REPEATS)


@dataclass(frozen=True)
class RowsShown:
    """What the table of rows needs."""

    rows: Sequence[ImportRow]
    shown: str
    tabs_of: Sequence[RowState]
    number: int
    pages: int
    previous: str | None
    next: str | None
    row_words: Mapping[RowState, Any] = field(default_factory=lambda: import_words.ROWS)
    why_failed: Callable[[str | None], str] = import_words.why_failed


@blueprint.get("/imports")
@access.roles(*IMPORTERS)
def all_imports() -> ResponseReturnValue:
    """The imports of the viewer's organisations, newest first."""
    page = asked_page()
    found, total = actions.imports_of(current_session(), own_viewer(), page)
    pages = max(1, -(-total // actions.IMPORTS_A_PAGE))
    return render_template(
        "awards/imports/list.html",
        imports=found,
        number=page,
        pages=pages,
        state_of=import_words.state_of,
        beside=lambda at: url_for(".all_imports", page=at) if 0 < at <= pages and at != page else None,
    )


@blueprint.route("/imports/new", methods=["GET", "POST"])
@access.roles(*IMPORTERS)
@limited("30 per minute")
def new_import() -> ResponseReturnValue:
    """Take a file; nothing is awarded before it was looked at."""
    viewer, form = own_viewer(), ImportForm()
    with looking() as session:  # a big file takes seconds to read: nobody's writing waits for that
        form.offer(actions.versions_to_import(session, viewer))
        if not form.validate_on_submit():
            return _new_page(form), (422 if form.is_submitted() else 200)
        filename, data = form.sent()
        version = small_number(form.version.data or "") or 0
        read = actions.read_sent(session, viewer, version, data)
    session = current_session()
    try:
        found = actions.start_import(session, viewer, version, filename, data, read)
    except InvalidError as error:
        form.file.errors = [fault.message for fault in error.faults]
        return _new_page(form), STATUS_OF.get(error.code, 422)
    except ConflictError as error:
        if error.code != "batch_already_imported":
            raise
        return _new_page(form, actions.same_file(session, viewer, version, data)), 409
    return redirect(url_for(".show_import", token=found.token))


@blueprint.post("/imports/<token>/reading")
@access.roles(*IMPORTERS)
@limited("60 per minute")
def read_import(token: str) -> ResponseReturnValue:
    """Read the file in another way."""
    viewer = own_viewer()
    with looking() as session:
        found = actions.find_import(session, viewer, token)
        wanted = chosen_reading(Reading.from_json(found.reading))
        read = actions.read_again(session, viewer, token, wanted)
    actions.change_reading(current_session(), viewer, token, wanted, read)
    return redirect(url_for(".show_import", token=token))


@blueprint.post("/imports/<token>/addresses")
@access.roles(*IMPORTERS)
@limited("120 per minute")
def correct_addresses(token: str) -> ResponseReturnValue:
    """Take the suggested address of one row, or of all."""
    row = small_number(request.form.get("row", ""))
    count = actions.take_suggestions(current_session(), own_viewer(), token, None if row is None else [row])
    flash(ngettext("%(num)s address is corrected.", "%(num)s addresses are corrected.", count))
    return redirect(url_for(".show_import", token=token))


@blueprint.post("/imports/<token>/discard")
@access.roles(*IMPORTERS)
def discard_import(token: str) -> ResponseReturnValue:
    """Forget the draft."""
    actions.discard_import(current_session(), own_viewer(), token)
    flash(_("The file is forgotten. Nobody was awarded."))
    return redirect(url_for(".all_imports"))


@blueprint.post("/imports/<token>/confirm")
@access.roles(*IMPORTERS)
@limited("30 per minute")
def confirm_import(token: str) -> ResponseReturnValue:
    """Decide; the worker awards, and the page shows how far it is."""
    session, viewer = current_session(), own_viewer()
    found = actions.find_import(session, viewer, token)
    try:
        actions.confirm_import(
            session,
            viewer,
            token,
            identity_check=identity_check(request.form.get("identity_check")),
            leave_out=bool(request.form.get("leave_out")),
            reason=request.form.get("reason", ""),
        )
    except InvalidError as error:
        return draft_page(viewer, found, error), 422
    return redirect(url_for(".show_import", token=token))


@blueprint.get("/imports/<token>/faults.csv")
@access.roles(*IMPORTERS)
def import_faults(token: str) -> ResponseReturnValue:
    """Everything that needs correcting, as a table to work through."""
    session = current_session()
    found = actions.find_import(session, own_viewer(), token)
    headings = [_("row"), _("column"), _("value"), _("what to do")]
    rows = [
        [str(row.row), fault["column"], fault["value"], fault["message"]]
        for row in actions.all_rows(session, found, [RowState.BAD])
        for fault in row.faults
    ]
    return as_csv(headings, rows, "to-correct.csv")


def draft_page(viewer: Viewer, found: AwardImport, error: InvalidError | None = None) -> str:
    """The preview: how the file is read, what would happen to each row, and the question before the button."""
    session, reading = current_session(), Reading.from_json(found.reading)
    counts = actions.import_counts(session, found)
    shown = shown_state(BEFORE, RowState.BAD if counts.of(RowState.BAD) else RowState.GOOD)
    doubtful = request.args.get("show") == "doubtful"
    left, most = actions.left_today(session, viewer, found)
    return render_template(
        "awards/imports/draft.html",
        found=found,
        reading=reading,
        counts=counts,
        encodings=ENCODINGS,
        separators=import_words.SEPARATORS,
        kinds=import_words.column_choices(rubric_of(found.version.content)),
        earliest=actions.needs_reason(session, found),
        identity=words.IDENTITY,
        typed=request.form,
        error=error,
        left=left,
        most=most,
        minutes=current_settings().mail_delay_minutes,
        **vars(rows_shown(found, counts, BEFORE, shown, doubtful=doubtful)),
    )


def rows_shown(
    found: AwardImport,
    counts: actions.ImportCounts,
    states: Sequence[RowState],
    shown: RowState,
    *,
    doubtful: bool = False,
) -> RowsShown:
    """The rows of one state on one page, and the ways to the others."""
    page = asked_page()
    chosen = [RowState.GOOD] if doubtful else [shown]
    total = counts.doubtful if doubtful else counts.of(shown)
    pages = max(1, -(-total // actions.ROWS_A_PAGE))
    show = "doubtful" if doubtful else shown.value

    def address(at: int) -> str | None:
        return url_for(".show_import", token=found.token, show=show, page=at) if 0 < at <= pages else None

    return RowsShown(
        rows=actions.rows_of(current_session(), found, chosen, page=page, doubtful=doubtful),
        shown=show,
        tabs_of=[state for state in states if counts.of(state)],
        number=page,
        pages=pages,
        previous=address(page - 1),
        next=address(page + 1),
    )


def shown_state(states: Sequence[RowState], usual: RowState) -> RowState:
    """Which rows somebody wants to see."""
    asked = request.args.get("show", "")
    return RowState(asked) if asked in states else usual


def as_csv(headings: Sequence[str], rows: Sequence[Sequence[str]], filename: str) -> Response:
    """A table that a spreadsheet opens with its letters right, and in which nothing is a formula."""
    answer = Response("\ufeff" + write_csv(headings, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _new_page(form: ImportForm, same: AwardImport | None = None) -> str:
    return render_template("awards/imports/new.html", form=form, same=same)
