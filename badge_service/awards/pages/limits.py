"""For administrators: how many badges a person may award, and taking back all that somebody awarded since a moment."""

from collections.abc import Mapping
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.awards import actions, words
from badge_service.awards.pages.blueprint import blueprint
from badge_service.awards.signing import sign_after_commit
from badge_service.awards.tables import AwardBatch, AwardImport, RecognitionCase
from badge_service.errors import Fault, InvalidError
from badge_service.people import actions as people
from badge_service.people.tables import Organisation
from badge_service.people.viewers import own_viewer
from badge_service.register.rules import RevocationReason
from badge_service.storage.session import now
from badge_service.web import access
from badge_service.web.forms import small_number
from badge_service.web.limits import limited
from badge_service.web.unit_of_work import current_session

ADDRESS = "/organisations/<slug>/awarding"


@blueprint.get(ADDRESS)
@access.roles("organisation_admin", "operator")
def limits(slug: str) -> ResponseReturnValue:
    """The numbers, and what was taken back lately."""
    return _limits_page(slug)


@blueprint.post(ADDRESS)
@access.roles("organisation_admin", "operator")
def change_limits(slug: str) -> ResponseReturnValue:
    """Set the numbers."""
    names = ("a_day", "an_hour", "second_looks")
    a_day, an_hour, second_looks = (small_number(request.form.get(name, "")) for name in names)
    try:
        actions.set_limits(
            current_session(),
            own_viewer(),
            slug,
            a_day=-1 if a_day is None else a_day,
            an_hour=-1 if an_hour is None else an_hour,
            second_looks=-1 if second_looks is None else second_looks,
        )
    except InvalidError as error:
        return _limits_page(slug, error), 422
    flash(_("Saved. The numbers count from now on."))
    return redirect(url_for(".limits", slug=slug))


@blueprint.get(f"{ADDRESS}/undo")
@access.roles("organisation_admin", "operator")
def undo_person(slug: str) -> ResponseReturnValue:
    """Choose a person, a moment and a reason, then see what would be taken back."""
    if not request.args:
        return _undo_page(slug)
    try:
        person, since, _reason = _asked(request.args)
        preview = actions.would_undo(current_session(), own_viewer(), slug, person, since)
    except InvalidError as error:
        return _undo_page(slug, error=error), 422
    return _undo_page(slug, preview=preview)


@blueprint.post(f"{ADDRESS}/undo")
@access.roles("organisation_admin", "operator")
@limited("20 per minute")
def undo_all_of_person(slug: str) -> ResponseReturnValue:
    """Take all of it back."""
    try:
        person, since, reason = _asked(request.form)
        undoing = actions.undo_since(current_session(), own_viewer(), slug, person, since, reason)
    except InvalidError as error:
        return _undo_page(slug, error=error), 422
    sign_after_commit([])
    return redirect(url_for(".undoing", token=undoing.token))


@blueprint.get("/awards/undoings/<token>")
@access.signed_in
def undoing(token: str) -> ResponseReturnValue:
    """How far the undoing is."""
    session = current_session()
    progress = actions.undoing_progress(session, own_viewer(), token)
    back = _way_back(actions.subject_of(session, progress.undoing), progress.undoing.organisation)
    return render_template("awards/undoing.html", progress=progress, back=back, reasons=words.REASONS)


@blueprint.post("/awards/undoings/<token>/resume")
@access.signed_in
@limited("20 per minute")
def resume_undoing(token: str) -> ResponseReturnValue:
    """Go on with it where the worker gave up."""
    found = actions.resume_undoing(current_session(), own_viewer(), token)
    return redirect(url_for(".undoing", token=found.token))


def _way_back(what: object, organisation: Organisation) -> tuple[str, str]:
    """Title and address of what is taken back."""
    if isinstance(what, AwardBatch):
        return what.activity.title, url_for(".batch", token=what.token)
    if isinstance(what, AwardImport):
        return what.filename or _("Awards from elsewhere"), url_for(".show_import", token=what.token)
    if isinstance(what, RecognitionCase):
        return what.name, url_for(".case", token=what.token)
    return _("Awarding"), url_for(".limits", slug=organisation.slug)


def after_undo(what: AwardBatch | AwardImport, back: str) -> str:
    """Where to go after something was taken back: to how far it is while the worker is at it, else `back`."""
    found = actions.undoing_of(current_session(), what)
    if found is None or found.finished_at is not None:
        return back
    return url_for(".undoing", token=found.token)


def _asked(typed: Mapping[str, str]) -> tuple[str, datetime, RevocationReason]:
    """What was chosen; raises `InvalidError` with every fault."""
    faults = []
    since = None
    try:
        since = datetime.strptime(typed.get("since", "")[:16], "%Y-%m-%dT%H:%M").replace(tzinfo=UTC)
    except ValueError:
        faults.append(Fault("since", _("Give day and time, such as 2026-11-22 08:00."), "since"))
    reasons = {one.value for one in actions.SCHOOL_REASONS}
    if typed.get("reason") not in reasons:
        faults.append(Fault("reason", _("Choose why the badges are withdrawn."), "reason"))
    if not typed.get("person"):
        faults.append(Fault("person", _("Choose a person from the list."), "person"))
    if since is None or faults:
        raise InvalidError(_("Nothing was taken back."), faults=faults)
    return typed["person"], since, RevocationReason(typed["reason"])


def _limits_page(slug: str, error: InvalidError | None = None) -> str:
    session = current_session()
    organisation = people.administered(session, own_viewer(), slug)
    set_to = actions.limits_of(session, organisation.id)
    return render_template(
        "awards/limits.html",
        organisation=organisation,
        a_day=request.form.get("a_day", set_to.a_day),
        an_hour=request.form.get("an_hour", set_to.an_hour),
        second_looks=request.form.get("second_looks", set_to.second_looks),
        undoings=actions.undoings_of(session, organisation),
        error=error,
    )


def _undo_page(
    slug: str,
    *,
    preview: actions.WouldUndo | None = None,
    error: InvalidError | None = None,
) -> str:
    session = current_session()
    organisation = people.administered(session, own_viewer(), slug)
    return render_template(
        "awards/undo_person.html",
        organisation=organisation,
        people=actions.awarders(session, organisation),
        reasons=[(one.value, words.REASONS[one]) for one in actions.SCHOOL_REASONS],
        typed=request.values,
        at=now(session),
        preview=preview,
        error=error,
    )
