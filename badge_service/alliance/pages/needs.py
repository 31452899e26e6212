"""Industry needs: the public page of which badges answer which, logging one, its items, and the coverage matrix."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.alliance import actions
from badge_service.alliance.forms.needs import NEED_STATES, NEED_STEPS, OWN, NeedForm, NewNeedForm, shown_need
from badge_service.alliance.pages.blueprint import blueprint
from badge_service.alliance.pages.here import page_asked, viewer_here
from badge_service.alliance.rules import MOST_ITEMS, NEXT_STATES, Hit, NeedState, need_faults
from badge_service.alliance.tables import Alliance, IndustryNeed
from badge_service.curriculum.actions.frameworks import items_by_uris, label_in, search_frameworks
from badge_service.errors import InvalidError, NotFoundError
from badge_service.storage.revisions import StaleError
from badge_service.web import access
from badge_service.web.csv_files import write_csv
from badge_service.web.i18n import current_language
from badge_service.web.unit_of_work import current_session

LOGGERS = ("alliance_member", "let_lead")
OFFERED_ITEMS = 8
LONGEST_QUERY = 200
MOST_COLUMNS = 24
HEADINGS = (
    "need",
    "state",
    "needed by",
    "code",
    "micro-credential",
    "version",
    "shared items",
    "items asked for",
)


@blueprint.get("/needs")
@access.roles(*LOGGERS)
def all_needs() -> ResponseReturnValue:
    """The alliances whose needs the viewer works with; with one of them, its matrix at once."""
    found = actions.alliances_of(current_session(), viewer_here())
    if len(found) == 1:
        return redirect(url_for(".coverage", slug=found[0].slug))
    return render_template("alliance/all_needs.html", alliances=found)


@blueprint.get("/alliances/<slug>/needs")
@access.public
def needs(slug: str) -> ResponseReturnValue:
    """Which badges answer which need, for everybody."""
    session = current_session()
    alliance = actions.find_alliance(session, slug)
    closed = request.args.get("closed") == "yes"
    listing = actions.needs_of(session, alliance, page_asked(), closed=closed)
    return render_template(
        "alliance/needs.html",
        alliance=alliance,
        needs=listing,
        closed=closed,
        logs=bool(actions.loggers_here(session, viewer_here(), alliance)),
        **_answered(listing.rows),
    )


@blueprint.route("/alliances/<slug>/needs/new", methods=["GET", "POST"])
@access.roles(*LOGGERS)
def log_need(slug: str) -> ResponseReturnValue:
    """Log a need."""
    session, viewer, form = current_session(), viewer_here(), NewNeedForm()
    alliance = actions.find_alliance(session, slug)
    places = {one.slug: one for one in actions.loggers_here(session, viewer, alliance)}
    if not places:
        raise NotFoundError(_("Your organisation has no seat in this alliance."), code="alliance.seat")
    form.offer()
    form.organisation.choices = [(one.slug, one.name) for one in places.values()]
    if not form.is_submitted():
        form.language.data, form.who.data = viewer.language, OWN
    elif form.validate():
        try:
            place = places[form.organisation.data]
            need = actions.log_need(session, viewer, alliance, place, form.facts())
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("The need is logged. Now say which skills it asks for."))
            return redirect(url_for(".need", token=need.token, _anchor="items"))
    else:
        form.show_more(need_faults(form.facts()))
    page = render_template("alliance/need_new.html", alliance=alliance, form=form)
    return page, (422 if form.is_submitted() else 200)


@blueprint.get("/needs/<token>")
@access.public
def need(token: str) -> ResponseReturnValue:
    """One need with the badges that answer it; for those who may change it, the search for items too."""
    return _need_page(actions.find_need(current_session(), token))


@blueprint.route("/needs/<token>/edit", methods=["GET", "POST"])
@access.roles(*LOGGERS)
def edit_need(token: str) -> ResponseReturnValue:
    """Change what a need says."""
    session, viewer, form = current_session(), viewer_here(), NeedForm()
    found = actions.find_own_need(session, viewer, token)
    form.offer()
    if not form.is_submitted():
        form.show(found)
    elif form.validate():
        try:
            actions.edit_need(session, viewer, found, form.facts(), form.opened)
        except InvalidError as error:
            form.show_faults(error)
        except StaleError:
            form.show_meanwhile(shown_need(found), found.revision)
        else:
            flash(_("Saved."))
            return redirect(url_for(".need", token=token))
    else:
        form.show_more(need_faults(form.facts()))
    page = render_template("alliance/need_edit.html", need=found, form=form)
    return page, (422 if form.is_submitted() else 200)


@blueprint.post("/needs/<token>/items")
@access.roles(*LOGGERS)
def change_items(token: str) -> ResponseReturnValue:
    """Tie a need to an item of a framework, or untie it."""
    session, viewer = current_session(), viewer_here()
    found = actions.find_own_need(session, viewer, token)
    if "remove" in request.form:
        actions.remove_need_item(session, viewer, found, request.form["remove"])
    else:
        try:
            actions.add_need_item(session, viewer, found, request.form.get("add", ""))
        except InvalidError as error:
            return _need_page(found, error.message), 422
    asked = request.form.get("q", "")[:LONGEST_QUERY]
    return redirect(url_for(".need", token=token, _anchor="items", q=asked or None))


@blueprint.post("/needs/<token>/state")
@access.roles(*LOGGERS)
def change_need_state(token: str) -> ResponseReturnValue:
    """Say that a need is answered, closed or open again."""
    session, viewer = current_session(), viewer_here()
    found = actions.find_own_need(session, viewer, token)
    actions.set_need_state(session, viewer, found, request.form.get("to", ""))
    flash(_("Now: %(state)s.", state=NEED_STATES[found.state]))
    return redirect(url_for(".need", token=token))


@blueprint.get("/alliances/<slug>/coverage")
@access.roles(*LOGGERS)
def coverage(slug: str) -> ResponseReturnValue:
    """The matrix need × definition, its gaps and overlaps, and what is needed but taught nowhere."""
    session, alliance = current_session(), _seated(slug)
    shown = request.args.get("shown", actions.ALL)
    shown = shown if shown in actions.SHOWN else actions.ALL
    listing = actions.needs_by_coverage(session, alliance, page_asked(), shown=shown)
    untaught = actions.untaught_items(session, alliance, page_asked("untaught"))
    answered = _answered(listing.rows)
    columns = list(answered["answers"].values())
    return render_template(
        "alliance/coverage.html",
        alliance=alliance,
        needs=listing,
        shown=shown,
        total=actions.coverage_sum(session, alliance),
        columns=columns[:MOST_COLUMNS],
        left_out=len(columns[MOST_COLUMNS:]),
        untaught=untaught,
        untaught_items=items_by_uris(session, untaught.rows),
        **answered,
    )


@blueprint.get("/alliances/<slug>/coverage.csv")
@access.roles(*LOGGERS)
def coverage_as_table(slug: str) -> ResponseReturnValue:
    """The whole matrix as CSV: one row for each need and definition that share items, one for each gap."""
    alliance = _seated(slug)
    text = write_csv(HEADINGS, _coverage_lines(alliance))
    name = f"attachment; filename=coverage-{alliance.slug}.csv"
    return Response(text, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})


def _need_page(found: IndustryNeed, fault: str = "") -> str:
    session = current_session()
    own = actions.may_change_need(session, viewer_here(), found)
    asked = " ".join(request.args.get("q", "").split())[:LONGEST_QUERY] if own else ""
    return render_template(
        "alliance/need.html",
        need=found,
        own=own,
        asked=asked,
        found=search_frameworks(session, asked, limit=OFFERED_ITEMS) if asked else None,
        next_states=[state.value for state in NEXT_STATES[NeedState(found.state)]],
        steps=NEED_STEPS,
        most_items=MOST_ITEMS,
        fault=fault,
        **_answered([found]),
    )


def _answered(needs: Sequence[IndustryNeed]) -> dict[str, Any]:
    """What lists of needs show of each: the items it asks for, and the definitions that share some."""
    session = current_session()
    targets = actions.targets_of(session, needs)
    hits: dict[int, list[Hit]] = {}
    found = actions.hits(session, needs) if targets else []
    for hit in found:
        hits.setdefault(hit.need_id, []).append(hit)
    return {
        "targets": targets,
        "items": items_by_uris(session, {one for each in targets.values() for one in each}),
        "hits": hits,
        "answers": actions.answers(session, found) if found else {},
        "states": NEED_STATES,
        "label_in": label_in,
        "language": current_language(),
    }


def _seated(slug: str) -> Alliance:
    session = current_session()
    alliance = actions.find_alliance(session, slug)
    if not actions.loggers_here(session, viewer_here(), alliance):
        raise NotFoundError(_("There is no matrix at this address."), code="alliance.unknown")
    return alliance


def _coverage_lines(alliance: Alliance) -> Iterator[tuple[str, ...]]:
    for found, hit, answer in actions.coverage_rows(current_session(), alliance):
        start = (found.title, found.state, needed_by(found))
        if hit is None or answer is None:
            yield (*start, "", "", "", "0", "")
        else:
            yield (*start, answer.code, answer.title, answer.version, str(hit.shared), str(hit.asked))


@blueprint.app_template_global()
def needed_by(found: IndustryNeed) -> str:
    """Who needs it, as everybody may read it."""
    if not found.for_company:
        return found.organisation.name
    if found.company and found.company_agreed_on:
        return found.company
    return str(_("a company of the region"))
