"""The public trail of versions, of definitions and curricula alike: what changed, why, and two versions side by side."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from badge_service.curriculum import actions, words
from badge_service.curriculum.actions import Comparison
from badge_service.curriculum.pages.reasons import differences_of
from badge_service.web.forms import asked_page
from badge_service.web.paging import Listing
from badge_service.web.unit_of_work import current_session

Trail = list[tuple[str, str]]


def page_number() -> int:
    """The page of a list that the address asks for."""
    return asked_page()


def neighbours(listing: Listing[Any], **here: Any) -> dict[str, str | None]:
    """The addresses of the page before and after, for the macro `pagination`."""
    endpoint = str(request.endpoint)

    def address(number: int) -> str | None:
        inside = 1 <= number <= listing.pages
        return url_for(endpoint, **here, page=number) if inside else None

    return {"previous": address(listing.number - 1), "next": address(listing.number + 1)}


def trail_page(
    listing: Listing[Any],
    address: Callable[[Any], str],
    beside: Callable[[Any, Any], str],
    trail: Trail,
) -> ResponseReturnValue:
    """The versions of one thing with what changed in each and why; `beside` is the address of two of them compared."""
    session = current_session()
    notes = actions.notes_of(session, listing.rows)
    steps = []
    for version in listing.rows:
        comparison = actions.compared(session, version)
        steps.append(
            {
                "version": version,
                "address": address(version),
                "groups": differences_of(comparison),
                "notes": notes.get(version.id, ()),
                "before": comparison.before,
                "beside": beside(comparison.before, version) if comparison.before else None,
            }
        )
    return render_template(
        "curriculum/changes.html",
        steps=steps,
        listing=listing,
        trail=trail,
        words=words,
        **neighbours(listing, **(request.view_args or {})),
    )


def comparison_page(comparison: Comparison, trail: Trail) -> ResponseReturnValue:
    """Two versions side by side, in words."""
    return render_template(
        "curriculum/compare.html",
        comparison=comparison,
        groups=differences_of(comparison),
        trail=trail,
        words=words,
    )
