"""Several languages of one definition: begin a translation, and write it beside the original with what is missing marked."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from badge_service.curriculum import actions, words
from badge_service.curriculum.actions import StaleDraftError, translations
from badge_service.curriculum.actions.drafts import CODE
from badge_service.curriculum.exchange_forms import TranslationForm
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.desk import address_of, lead, own
from badge_service.curriculum.rules import VersionState
from badge_service.curriculum.rules.translating import texts_of
from badge_service.errors import ConflictError, InvalidError
from badge_service.web import access
from badge_service.web.forms import small_number
from badge_service.web.i18n import language_name
from badge_service.web.texts import plain
from badge_service.web.unit_of_work import current_session

PREFIX = "text:"
MOST_LETTERS = 20_000


@blueprint.route("/definitions/<slug>/<version>/translations/new", methods=["GET", "POST"])
@access.roles("let_lead")
def begin_translation(slug: str, version: str) -> ResponseReturnValue:
    """Choose a language and a code; the structure comes from the original."""
    session, source, form = current_session(), own(slug, version), TranslationForm()
    left = translations.languages_left(session, source.definition)
    form.language.choices = [SelectChoice(code, language_name(code)) for code in left]
    if not form.is_submitted():
        form.code.data = suggested_code(source.definition.code, left[0] if left else "")
    elif form.validate():
        try:
            draft = actions.begin_translation(
                session, lead(), source.id, form.language.data, form.code.data or ""
            )
        except InvalidError as error:
            form.show_faults(error)
        else:
            return redirect(address_of(".translate", draft))
    page = render_template("curriculum/translation_begin.html", form=form, version=source, left=left)
    return page, (422 if form.is_submitted() else 200)


@blueprint.get("/definitions/<slug>/<version>/translate")
@access.roles("let_lead")
def translate(slug: str, version: str) -> ResponseReturnValue:
    """Original and translation side by side."""
    return _page(slug, version, {})


@blueprint.post("/definitions/<slug>/<version>/translate")
@access.roles("let_lead")
def save_translation(slug: str, version: str) -> ResponseReturnValue:
    """Save all texts, complete or not; what somebody else saved meanwhile is shown beside what was typed."""
    found = own(slug, version)
    typed = {
        name.removeprefix(PREFIX): plain(value)[:MOST_LETTERS]
        for name, value in request.form.items()
        if name.startswith(PREFIX)
    }
    revision = small_number(request.form.get("revision", "")) or 0
    try:
        actions.save_translation(current_session(), lead(), found.id, typed, revision)
    except StaleDraftError:
        return _page(slug, version, typed, is_stale=True), 409
    except InvalidError as error:
        return _page(slug, version, typed, error=error), 422
    flash(_("Saved as a draft."))
    return redirect(url_for(".translate", slug=slug, version=version))


def suggested_code(code: str, language: str) -> str:
    """The original's code with the language after it, where the form of codes has room for it."""
    longer = f"{code}-{language.upper()}"
    return longer if CODE.fullmatch(longer) else ""


def _page(
    slug: str,
    version: str,
    typed: Mapping[str, str],
    *,
    is_stale: bool = False,
    error: InvalidError | None = None,
) -> str:
    sides = actions.side_by_side(current_session(), lead(), own(slug, version).id)
    if sides.translation.state != VersionState.DRAFT:
        raise ConflictError(
            _("A published version is never changed, because badges name it."),
            code="definition.published",
            hint=_("Begin a new version from your list of definitions."),
        )
    faults: dict[str, list[str]] = {}
    for fault in error.faults if error else []:
        faults.setdefault(fault.where, []).append(fault.message)
    return render_template(
        "curriculum/translation.html",
        sides=sides,
        places=texts_of(sides.original.content),
        typed=typed,
        is_stale=is_stale,
        faults=faults,
        label=_label,
        prefix=PREFIX,
        words=words,
    )


def _label(where: str) -> str:
    """A place such as `learning_outcomes.LO1.text` in words: “Learning outcome LO1: What the learner can do”."""
    first, *rest = where.split(".")
    if first == "rubric":
        first, *rest = rest
    inner = [words.FIELDS.get(step, step) for step in rest if step not in ("descriptors", "name", "text")]
    named = [str(one) if not str(one).isdigit() else str(int(str(one)) + 1) for one in inner]
    return " ".join([str(words.FIELDS.get(first, first)), *named])
