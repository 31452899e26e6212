"""Skills that no framework has yet: the public list with who uses them, adding one, and mapping one later."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.curriculum.actions import frameworks as actions
from badge_service.curriculum.framework_forms import LANGUAGES, MappingForm, OwnItemForm
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.desk import lead
from badge_service.curriculum.pages.framework_imports import MAY_IMPORT
from badge_service.curriculum.pages.frameworks import item_address, leads
from badge_service.curriculum.pages.showing import public_url
from badge_service.curriculum.tables import FrameworkItem
from badge_service.curriculum.words import frameworks as words
from badge_service.errors import InvalidError
from badge_service.web import access
from badge_service.web.forms import asked_page
from badge_service.web.i18n import current_language
from badge_service.web.limits import limited
from badge_service.web.unit_of_work import current_session
from badge_service.web.viewer import current_viewer

OFFERED = 6


@blueprint.get("/frameworks/gaps")
@access.public
def framework_gaps() -> ResponseReturnValue:
    """What definitions teach and no framework has a word for, with the definitions that name it."""
    session = current_session()
    listing = actions.gaps(session, asked_page())
    uses: dict[str, list[actions.Use]] = {}
    for use in actions.definitions_using(session, {item.target_url for item in listing.rows}):
        uses.setdefault(use.target_url, []).append(use)
    number, pages = listing.number, listing.pages
    return render_template(
        "curriculum/framework_gaps.html",
        listing=listing,
        uses=uses,
        label=lambda item: actions.label_in(item, current_language()),
        leads=leads(),
        may_add=current_viewer().has_role("let_lead"),
        previous=url_for("curriculum.framework_gaps", page=number - 1) if number > 1 else None,
        next=url_for("curriculum.framework_gaps", page=number + 1) if number < pages else None,
    )


@blueprint.route("/frameworks/gaps/new", methods=["GET", "POST"])
@access.roles("let_lead")
@limited("60 per minute")
def add_own_item() -> ResponseReturnValue:
    """Add a skill that no framework has; its page is its address from now on."""
    form = OwnItemForm()
    if not form.is_submitted():
        form.name.data = request.args.get("name", "")[:200]
        form.language.data = current_language() if current_language() in LANGUAGES else "en"
    elif form.validate():
        try:
            item = actions.add_own_item(
                current_session(),
                lead(),
                form.name.data or "",
                form.description.data or "",
                form.language.data,
                public_url=public_url(),
            )
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("“%(name)s” is on the list. Definitions can name it now.", name=item.label))
            return redirect(item_address(item))
    return render_template("curriculum/framework_own.html", form=form), (422 if form.is_submitted() else 200)


@blueprint.route("/frameworks/gaps/<code>/map", methods=["GET", "POST"])
@access.roles(*MAY_IMPORT)
@limited("60 per minute")
def map_own_item(code: str) -> ResponseReturnValue:
    """Say which item of a framework a skill of our list is, now that one has it."""
    session, form = current_session(), MappingForm()
    item = actions.find_item(session, actions.OWN, code)
    if not form.is_submitted():
        form.uri.data = item.mapped_to.target_url if item.mapped_to else ""
    elif form.validate():
        try:
            actions.map_own_item(session, lead(), code, form.uri.data or "")
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("Saved."))
            return redirect(url_for("curriculum.framework_gaps"))
    page = render_template(
        "curriculum/framework_map.html",
        form=form,
        item=item,
        offered=_offered(item),
        label=lambda one: actions.label_in(one, current_language()),
        words=words,
    )
    return page, (422 if form.is_submitted() else 200)


def _offered(item: FrameworkItem) -> list[FrameworkItem]:
    """Items of frameworks that have the skill's words."""
    found = actions.suggest_alignments(current_session(), item.label, context=item.summary, limit=OFFERED + 2)
    return [one.item for one in found if one.item.framework.key != actions.OWN][:OFFERED]
