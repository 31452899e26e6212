"""Search over all frameworks as a page and as JSON, and suggestions for an outcome's text, which goes nowhere else."""

from typing import Any

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from badge_service.curriculum.actions import frameworks as actions
from badge_service.curriculum.framework_forms import framework_choices
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.frameworks import framework_name, item_address, leads
from badge_service.curriculum.tables import FrameworkItem
from badge_service.curriculum.words import frameworks as words
from badge_service.web import access
from badge_service.web.forms import asked_page, small_number
from badge_service.web.i18n import current_language
from badge_service.web.limits import limited
from badge_service.web.unit_of_work import current_session, looking

RESULTS_A_PAGE = 24
MOST_RESULTS = 50
LONGEST_QUESTION = 200
LONGEST_OUTCOME = 2_000


@blueprint.get("/frameworks/search")
@access.public
def framework_search() -> ResponseReturnValue:
    """Items whose name or description has these words, in any language that they have a name in."""
    session, text = current_session(), _question()
    number = asked_page()
    found = _found((number - 1) * RESULTS_A_PAGE, RESULTS_A_PAGE)
    pages = max(1, -(-found.total // RESULTS_A_PAGE))
    return render_template(
        "curriculum/framework_search.html",
        text=text,
        found=found,
        frameworks=framework_choices(actions.all_frameworks(session), framework_name),
        label=lambda item: actions.label_in(item, current_language()),
        leads=leads(),
        words=words,
        number=number,
        pages=pages,
        previous=_page_address(min(number - 1, pages)) if number > 1 else None,
        next=_page_address(number + 1) if number < pages else None,
    )


@blueprint.get("/frameworks/search.json")
@access.public
def framework_search_json() -> ResponseReturnValue:
    """The same as JSON: `total`, and `items` in the shape of `item_json`.

    Asked by `text`, and if wanted `framework` (key, may be repeated), `kind`, `language`, `limit` (at most 50), `offset`.
    """
    found = _found(_number("offset", 0), min(_number("limit", 10), MOST_RESULTS))
    language = _language()
    return jsonify(total=found.total, items=[item_json(item, language) for item in found.items])


@blueprint.post("/frameworks/suggest.json")
@access.roles("let_lead")
@limited("240 per minute")
def framework_suggestions() -> ResponseReturnValue:
    """Items that an outcome of this text could be aligned to, best first; nothing is kept or sent anywhere.

    A form with `text`, and if wanted `context` (title, description, category, tags), `language`, `limit` (at most 50).
    Each entry of `items` also says by which `words` it was found.
    """
    typed, language = request.form, _language()
    limit = min(small_number(typed.get("limit", "")) or 10, MOST_RESULTS)
    with looking() as session:
        found = actions.suggest_alignments(
            session,
            typed.get("text", "")[:LONGEST_OUTCOME],
            context=typed.get("context", "")[:LONGEST_OUTCOME],
            limit=limit,
        )
        items = [{**item_json(one.item, language), "words": list(one.words)} for one in found]
    return jsonify(items=items)


def item_json(item: FrameworkItem, language: str) -> dict[str, Any]:
    """An item for scripts: `uri`, `name` in `language` (or in the language said, with `is_our_translation`), `code`,
    `framework` (key), `framework_name`, `type`, `kind`, `confidence` (of the address), `summary`, `page` (here), and the
    whole `alignment`, which names the item as its framework does."""
    label = actions.label_in(item, language)
    return {
        "uri": item.target_url,
        "name": label.text,
        "language": label.language,
        "is_our_translation": bool(label.origin),
        "code": item.code,
        "framework": item.framework.key,
        "framework_name": f"{item.framework.name} {item.framework.version}".strip(),
        "type": item.target_type,
        "kind": item.kind,
        "confidence": item.confidence_uri,
        "summary": item.summary,
        "page": item_address(item),
        "alignment": actions.alignment_of(item, language),
    }


def _found(offset: int, limit: int) -> actions.Found:
    text = _question()
    if not text:
        return actions.Found((), 0)
    return actions.search_frameworks(
        current_session(),
        text,
        frameworks=_several("framework"),
        kinds=_several("kind"),
        limit=limit,
        offset=offset,
    )


def _question() -> str:
    return request.args.get("text", "").strip()[:LONGEST_QUESTION]


def _several(name: str) -> list[str]:
    return [value for value in request.args.getlist(name) if value][:20]


def _number(name: str, fallback: int) -> int:
    found = small_number(request.args.get(name, ""))
    return fallback if found is None else found


def _language() -> str:
    return request.values.get("language", "")[:12] or current_language()


def _page_address(number: int) -> str:
    asked = {name: values for name, values in request.args.to_dict(flat=False).items() if name != "page"}
    return url_for("curriculum.framework_search", **{**asked, "page": str(number)})  # type: ignore[arg-type]
