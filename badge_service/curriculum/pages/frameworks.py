"""Competence frameworks for everybody: the list with version, licence and confidence, one framework, one of its items."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from badge_service.curriculum.actions import frameworks as actions
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.tables import Framework, FrameworkItem
from badge_service.curriculum.words import frameworks as words
from badge_service.web import access
from badge_service.web.forms import asked_page
from badge_service.web.i18n import current_language
from badge_service.web.sentences import translated
from badge_service.web.unit_of_work import current_session
from badge_service.web.viewer import current_viewer

ITEMS_A_PAGE = 50
CHILDREN_SHOWN = 30
ESCO_LINE = _l("This service uses the ESCO classification of the European Commission.")


def leads() -> bool:
    """Whether the viewer may add skills and import frameworks: the pages then offer it."""
    viewer = current_viewer()
    return any(viewer.has_role(role) for role in ("let_lead", "organisation_admin", "operator"))


@blueprint.get("/frameworks")
@access.public
def frameworks() -> ResponseReturnValue:
    """All frameworks, few enough for one page."""
    session = current_session()
    found = actions.all_frameworks(session)
    return render_template(
        "curriculum/frameworks.html",
        frameworks=found,
        confidences=actions.shipped_confidences(session),
        esco_line=ESCO_LINE if any("ESCO" in one.alignment_name for one in found) else "",
        leads=leads(),
        words=words,
    )


@blueprint.get("/frameworks/<key>")
@access.public
def framework(key: str) -> ResponseReturnValue:
    """One framework: its areas with their items, or its items, a page at a time."""
    session = current_session()
    found = actions.find_framework(session, key)
    number = _page()
    top = actions.items_of(
        session, found, parent_code="", limit=ITEMS_A_PAGE, offset=(number - 1) * ITEMS_A_PAGE
    )
    return render_template(
        "curriculum/framework.html",
        framework=found,
        top=top,
        below=actions.children_of(session, found, [item.code for item in top.items], CHILDREN_SHOWN),
        kinds=_by_kind(top.items),
        label=_label,
        leads=leads(),
        words=words,
        **_paging(top.total, number, "curriculum.framework", key=key),
    )


@blueprint.get("/frameworks/<key>/<code>")
@access.public
def framework_item(key: str, code: str) -> ResponseReturnValue:
    """One item: what it means, how sure we are of it, and which published micro-credentials name it."""
    session = current_session()
    item = actions.find_item(session, key, code)
    number = _page()
    below = actions.items_of(
        session, item.framework, parent_code=code, limit=ITEMS_A_PAGE, offset=(number - 1) * ITEMS_A_PAGE
    )
    return render_template(
        "curriculum/framework_item.html",
        item=item,
        shown=actions.label_in(item, current_language()),
        above=actions.items_above(session, item),
        below=below,
        uses=actions.definitions_using(session, {item.uri, item.target_url}),
        alignment=actions.alignment_of(item, current_language()),
        label=_label,
        leads=leads(),
        words=words,
        **_paging(below.total, number, "curriculum.framework_item", key=key, code=code),
    )


def item_address(item: FrameworkItem) -> str:
    """The page of an item here."""
    return url_for("curriculum.framework_item", key=item.framework.key, code=item.code)


def item_pages(groups: Sequence[tuple[str, Sequence[dict[str, Any]]]]) -> dict[str, str]:
    """For the grouped alignments of a definition: the page here of each target that a framework of ours has."""
    urls = {str(one["targetUrl"]) for _name, found in groups for one in found}
    items = actions.items_by_uris(current_session(), urls)
    return {url: item_address(item) for url, item in items.items()}


def framework_name(framework: Framework) -> str:
    """What a framework is called, in the reader's language where we know its name or the one that alignments use."""
    names = (framework.name, framework.alignment_name)
    return next((said for name in names if (said := translated(name)) != name), framework.name)


def framework_language(framework: Framework) -> str:
    """The language of `framework_name`."""
    return framework.language if framework_name(framework) == framework.name else current_language()


blueprint.add_app_template_global(translated, "translated")
blueprint.add_app_template_global(framework_name, "framework_name")
blueprint.add_app_template_global(framework_language, "framework_language")
blueprint.add_app_template_global(item_address, "item_address")
blueprint.add_app_template_global(item_pages, "item_pages")


def _by_kind(items: Sequence[FrameworkItem]) -> list[tuple[str, list[FrameworkItem]]]:
    """Items of one page in groups of a kind, as they follow each other."""
    return [(kind, list(some)) for kind, some in groupby(items, key=lambda item: item.kind)]


def _label(item: FrameworkItem) -> actions.Label:
    return actions.label_in(item, current_language())


def _page() -> int:
    return asked_page()


def _paging(total: int, number: int, endpoint: str, **names: Any) -> dict[str, int | str | None]:
    pages = max(1, -(-total // ITEMS_A_PAGE))
    return {
        "number": number,
        "pages": pages,
        "previous": url_for(endpoint, page=min(number - 1, pages), **names) if number > 1 else None,
        "next": url_for(endpoint, page=number + 1, **names) if number < pages else None,
    }
