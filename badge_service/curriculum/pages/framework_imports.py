"""Importing a framework: send a file, look at what it would do and what is wrong with it, then press the button."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from badge_service.curriculum.actions import frameworks as actions
from badge_service.curriculum.framework_forms import FactsForm, FileForm
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.desk import lead
from badge_service.curriculum.pages.showing import public_url
from badge_service.curriculum.rules.framework_files import MOST_BYTES, FrameworkFile, read_framework_file
from badge_service.curriculum.words import frameworks as words
from badge_service.errors import InvalidError
from badge_service.web import access
from badge_service.web.limits import limited
from badge_service.web.unit_of_work import current_session, looking

ITEMS_SHOWN = 50
MAY_IMPORT = ("let_lead", "organisation_admin", "operator")


@blueprint.route("/frameworks/import", methods=["GET", "POST"])
@access.roles(*MAY_IMPORT)
@limited("20 per minute")
def import_framework() -> ResponseReturnValue:
    """Take a file; whatever is wrong with its rows is said on the next page, nothing is stored yet."""
    form = FileForm()
    if not form.validate_on_submit():
        page = render_template("curriculum/framework_import.html", form=form, faults=[])
        return page, (422 if form.is_submitted() else 200)
    data = form.file.data.stream.read(MOST_BYTES + 1)
    file = read_framework_file(data)
    if not file.items:
        return render_template("curriculum/framework_import.html", form=form, faults=file.faults), 422
    upload = actions.keep_upload(current_session(), lead(), form.file.data.filename or "", data)
    return redirect(url_for("curriculum.preview_framework", upload=upload.token))


@blueprint.route("/frameworks/import/<upload>", methods=["GET", "POST"])
@access.roles(*MAY_IMPORT)
@limited("60 per minute")
def preview_framework(upload: str) -> ResponseReturnValue:
    """What the file would do, with every fault in it; on the button it is done, once."""
    with looking() as session:
        filename, data = actions.open_upload(session, lead(), upload)
    file, form = read_framework_file(data), FactsForm()
    if not form.is_submitted():
        form.show_guess(file, filename)
        return _preview(file, form, filename)
    if form.validate() and request.form.get("do") == "import":
        return _import(file, form, filename)
    return _preview(file, form, filename)


def _import(file: FrameworkFile, form: FactsForm, filename: str) -> ResponseReturnValue:
    facts = actions.facts_with(file, form.facts())
    try:
        framework, changes = actions.import_framework(
            current_session(), lead(), file, facts, public_url=public_url()
        )
    except InvalidError:
        return _preview(file, form, filename)
    count = len(changes.added) + len(changes.changed) + len(changes.missing)
    said = ngettext("%(num)s item is stored.", "%(num)s items are stored.", count)
    flash(said if count else _("It was stored before, and nothing was changed."))
    return redirect(url_for("curriculum.framework", key=framework.key))


def _preview(file: FrameworkFile, form: FactsForm, filename: str) -> ResponseReturnValue:
    facts = actions.facts_with(file, form.facts())
    plan = actions.plan_import(current_session(), lead(), file, facts, public_url=public_url())
    if form.is_submitted() and plan.faults:
        form.show_faults(InvalidError(_("Something needs correcting."), faults=plan.faults))
    page = render_template(
        "curriculum/framework_preview.html",
        file=file,
        form=form,
        filename=filename,
        plan=plan,
        items=plan.items[:ITEMS_SHOWN],
        words=words,
    )
    return page, (422 if form.is_submitted() and plan.faults else 200)
