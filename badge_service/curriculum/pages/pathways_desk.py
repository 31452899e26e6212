"""The desk of a LET lead for pathways: begin, write the rule, publish with the badge, add a badge, continue, withdraw."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField

from badge_service.curriculum import actions, words
from badge_service.curriculum.actions.pathways import PathwayComparison, compared_pathway
from badge_service.curriculum.actions.pathways.badge import parts_of, stacked_badge
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.desk import lead
from badge_service.curriculum.pages.pathway_form import pathway_from, shown_form
from badge_service.curriculum.pages.reasons import asked_of_pathway, typed_reasons
from badge_service.curriculum.pages.showing import public_url, turning
from badge_service.curriculum.rules import codes_in, progress
from badge_service.curriculum.rules.pathways import DEEPEST, depth
from badge_service.curriculum.tables import PathwayVersion
from badge_service.errors import Fault, InvalidError
from badge_service.storage.revisions import StaleError
from badge_service.web import access
from badge_service.web.forms import Form, Needed, asked_page, small_number
from badge_service.web.unit_of_work import current_session


class BeginForm(Form):
    """The few things that a new pathway begins with."""

    title = StringField(_l("Title"), [Needed()], description=_l("What the larger badge will be called."))
    code = StringField(
        _l("Short code"),
        [Needed()],
        description=_l(
            "Capital letters and figures with a hyphen, such as PATH-MAKER. It cannot be changed later."
        ),
    )
    place = SelectField(_l("For which organisation and Learning Ecosystem Team"))


@blueprint.get("/studio/pathways")
@access.roles("let_lead")
def own_pathways() -> ResponseReturnValue:
    """The viewer's own pathways with all their versions, a page of them."""
    page = actions.own_pathways(current_session(), lead(), asked_page())
    return render_template("curriculum/own_pathways.html", page=page, words=words, **turning(page))


@blueprint.route("/studio/pathways/new", methods=["GET", "POST"])
@access.roles("let_lead")
def begin_pathway() -> ResponseReturnValue:
    """Begin a pathway."""
    session, form = current_session(), BeginForm()
    places = {f"{school.id}:{let.id}": (school, let) for school, let in actions.lets_of(session, lead())}
    form.place.choices = [(key, f"{school.name}, {let.name}") for key, (school, let) in places.items()]
    if form.validate_on_submit():
        school, let = places[form.place.data]
        try:
            version = actions.create_pathway(
                session,
                lead(),
                organisation_id=school.id,
                let_id=let.id,
                code=form.code.data or "",
                title=form.title.data or "",
            )
        except InvalidError as error:
            form.show_faults(error)
        else:
            return redirect(_address("edit_pathway", version))
    page = render_template("curriculum/begin_pathway.html", form=form, has_place=bool(places))
    return page, (422 if form.is_submitted() else 200)


@blueprint.route("/studio/pathways/<slug>/<version>", methods=["GET", "POST"])
@access.roles("let_lead")
def edit_pathway(slug: str, version: str) -> ResponseReturnValue:
    """Write a draft; a published version is shown with what can be done with it."""
    session = current_session()
    found = actions.find_own_pathway(session, lead(), slug, version)
    if request.method == "GET" or found.published_at is not None:
        return _shown(found, found.content, found.revision)
    content, faults = pathway_from(request.form, found.content)
    opened = small_number(request.form.get("revision", "")) or 0
    if faults:
        return _shown(found, content, opened, faults=faults), 422
    try:
        saved = actions.save_pathway(session, lead(), slug, version, content, opened)
    except StaleError as stale:
        meanwhile = _(
            "Somebody else has saved this meanwhile. What you typed is kept; compare and send again."
        )
        fault = Fault("", str(meanwhile), "stale")
        return _shown(found, content, stale.saved.revision, faults=[fault], saved=stale.saved.content), 409
    if request.form.get("do") == "publish":
        return redirect(_address("publish_pathway", saved))
    if request.form.get("do") == "row":
        return redirect(_address("edit_pathway", saved, row=1, _anchor="rows-end"))
    flash(_("Saved."))
    return redirect(_address("edit_pathway", saved))


@blueprint.route("/studio/pathways/<slug>/<version>/publish", methods=["GET", "POST"])
@access.roles("let_lead")
def publish_pathway(slug: str, version: str) -> ResponseReturnValue:
    """Show the badge that it would stack to, and what keeps it from that; then publish both."""
    session = current_session()
    found = actions.find_own_pathway(session, lead(), slug, version)
    faults = actions.pathway_faults_of(session, found, public_url())
    wrong: Sequence[Fault] = ()
    comparison = None
    if found.published_at is None and not faults:
        comparison = compared_pathway(session, found, public_url())
    if request.method == "POST" and not faults:
        try:
            _publish(found, comparison)
        except InvalidError as error:
            wrong = error.faults
        else:
            flash(_("“%(title)s” is published, with its badge.", title=found.title))
            return redirect(url_for("curriculum.pathway", slug=slug))
    parts = parts_of(session, found, public_url()) if _is_sound(faults) else {}
    page = render_template(
        "curriculum/publish_pathway.html",
        pathway=found,
        faults=faults,
        badge=stacked_badge(session, found, public_url(), parts) if parts else None,
        words=words,
        **(asked_of_pathway(comparison, wrong) if comparison else {"comparison": None}),
    )
    return page, (422 if request.method == "POST" else 200)


@blueprint.post("/studio/pathways/<slug>/<version>/new-version")
@access.roles("let_lead")
def new_pathway_version(slug: str, version: str) -> ResponseReturnValue:
    """Continue a published version in a new draft."""
    is_major = request.form.get("kind") == "major"
    draft = actions.new_pathway_version(current_session(), lead(), slug, version, major=is_major)
    return redirect(_address("edit_pathway", draft))


@blueprint.route("/studio/pathways/<slug>/<version>/withdraw", methods=["GET", "POST"])
@access.roles("let_lead")
def withdraw_pathway(slug: str, version: str) -> ResponseReturnValue:
    """Ask why; then settle it no more."""
    session = current_session()
    found = actions.find_own_pathway(session, lead(), slug, version)
    errors: list[str] = []
    if request.method == "POST":
        try:
            reason = request.form.get("reason", "")
            actions.withdraw_pathway(session, lead(), slug, version, reason=reason)
        except InvalidError as error:
            errors = [fault.message for fault in error.faults]
        else:
            flash(_("“%(title)s” is withdrawn.", title=found.title))
            return redirect(url_for("curriculum.own_pathways"))
    typed = request.form.get("reason", "")
    page = render_template("curriculum/withdraw_pathway.html", pathway=found, errors=errors, reason=typed)
    return page, (422 if errors else 200)


@blueprint.route("/studio/pathways/add", methods=["GET", "POST"])
@access.roles("let_lead")
def add_to_pathway() -> ResponseReturnValue:
    """Add a published micro-credential to a pathway, in a new draft of it."""
    session = current_session()
    code = request.values.get("code", "").strip().upper()[:40]
    error = None
    if request.method == "POST":
        slug, version, spot = [*request.form.get("spot", "").split("|"), "", "", ""][:3]
        try:
            if not slug:
                message = _("Choose where it belongs.")
                raise InvalidError(message, faults=[Fault("spot", message, "required")])
            draft = actions.add_to_pathway(session, lead(), slug, version, code, spot)
        except InvalidError as found:
            error = found
        else:
            flash(_("“%(code)s” is in the draft. Look at it, then publish.", code=code))
            return redirect(_address("edit_pathway", draft))
    versions = actions.drafts_to_extend(session, lead())
    offered = [(one, actions.spots_of(one.content["rule"])) for one in versions]
    member = actions.published_by_code(session, [code]).get(code)
    page = render_template(
        "curriculum/add_to_pathway.html",
        code=code,
        member=member,
        offered=offered,
        error=error,
        codes_in=codes_in,
    )
    return page, (422 if error else 200)


def _publish(found: PathwayVersion, comparison: PathwayComparison | None) -> None:
    """A draft with the reasons that were chosen on the page, or the badge of a version that has none yet."""
    session, here = current_session(), (found.slug, found.version)
    if comparison is None:
        actions.publish_badge_of(session, lead(), *here, public_url=public_url())
        return
    notes = typed_reasons(comparison).notes
    actions.publish_pathway(session, lead(), *here, public_url=public_url(), changes=notes)


def _is_sound(faults: list[Fault]) -> bool:
    """Whether the rule can be drawn up as a badge, whatever is wrong with the badge's own fields."""
    return all(fault.where.startswith("badge.") for fault in faults)


def _shown(
    found: PathwayVersion,
    content: dict[str, Any],
    revision: int,
    *,
    faults: list[Fault] | None = None,
    saved: dict[str, Any] | None = None,
) -> str:
    session = current_session()
    wrong = faults or []
    if not wrong and found.badge_version_id is None:
        wrong = actions.pathway_faults_of(session, found, public_url())
    rule: Any = content.get("rule")
    codes = set(codes_in(rule)) if not _unreadable(rule) else set()
    members = actions.published_by_code(session, codes)
    return render_template(
        "curriculum/edit_pathway.html",
        pathway=found,
        revision=revision,
        rejected=bool(faults),
        faults=wrong,
        saved=saved,
        members=members,
        choices=actions.stackable_codes(session, lead()) if found.published_at is None else [],
        nothing_yet=progress(rule, frozenset())
        if codes and not any("rule" in one.where for one in wrong)
        else None,
        words=words,
        **shown_form(content, wrong, spare=request.args.get("row") == "1"),
    )


def _unreadable(rule: Any) -> bool:
    return not isinstance(rule, dict) or depth(rule) > DEEPEST


def _address(endpoint: str, version: PathwayVersion, **more: Any) -> str:
    return url_for(f"curriculum.{endpoint}", slug=version.slug, version=version.version, **more)
