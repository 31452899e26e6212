"""What everybody may see of curricula: the list, one version with its units and calendar, and what changed and why."""

from datetime import date
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.curriculum import actions, words
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.trail import comparison_page, neighbours, page_number, trail_page
from badge_service.curriculum.tables import CurriculumVersion
from badge_service.web import access
from badge_service.web.unit_of_work import current_session


@blueprint.get("/curricula")
@access.public
def curricula() -> ResponseReturnValue:
    """The newest version of every published curriculum."""
    listing = actions.published_curricula(current_session(), page_number())
    return render_template("curriculum/curricula.html", listing=listing, words=words, **neighbours(listing))


@blueprint.get("/curricula/<slug>")
@access.public
def newest_curriculum(slug: str) -> ResponseReturnValue:
    """The newest version of a curriculum, under the address that never changes."""
    return _page(actions.find_curriculum(current_session(), slug))


@blueprint.get("/curricula/<slug>/<version>")
@access.public
def curriculum_version(slug: str, version: str) -> ResponseReturnValue:
    """One version of a curriculum."""
    return _page(actions.find_curriculum(current_session(), slug, version))


@blueprint.get("/curricula/<slug>/changes")
@access.public
def curriculum_changes(slug: str) -> ResponseReturnValue:
    """All published versions with what changed in each and why."""
    listing = actions.curriculum_history(current_session(), slug, page_number())
    newest = listing.rows[0]
    return trail_page(
        listing,
        lambda one: url_for(".curriculum_version", slug=slug, version=one.version),
        lambda old, new: url_for(".compare_curriculum", slug=slug, before=old.version, after=new.version),
        trail=[
            (_("Curricula"), url_for(".curricula")),
            (newest.title, url_for(".newest_curriculum", slug=slug)),
        ],
    )


@blueprint.get("/curricula/<slug>/changes/<before>/<after>")
@access.public
def compare_curriculum(slug: str, before: str, after: str) -> ResponseReturnValue:
    """Two published versions side by side, in words."""
    session = current_session()
    old, new = (actions.find_curriculum(session, slug, number) for number in (before, after))
    trail = [
        (new.title, url_for(".newest_curriculum", slug=slug)),
        (_("What changed"), url_for(".curriculum_changes", slug=slug)),
    ]
    return comparison_page(actions.compare(session, old, new), trail)


def _page(version: CurriculumVersion) -> ResponseReturnValue:
    session = current_session()
    newest = actions.find_curriculum(session, version.curriculum.slug)
    return render_template(
        "curriculum/curriculum.html",
        version=version,
        content=version.content,
        newest=newest if newest.sort_key > version.sort_key else None,
        definitions=actions.definitions_of(session, version.content),
        coverage=actions.coverage_of(session, version.content),
        notes=actions.notes_of(session, [version]).get(version.id, ()),
        days=_days(version.content["topics"]),
        words=words,
    )


def _days(topics: list[dict[str, Any]]) -> dict[str, date]:
    """The days of the calendar by how they are written in the content, whose dates publication has checked."""
    written = {topic[name] for topic in topics for name in ("starts", "ends") if topic[name]}
    return {text: date.fromisoformat(text) for text in written}
