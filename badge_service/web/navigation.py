"""The few links in the header of every page: rooms add theirs in app.py, the shell shows those this viewer can use."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request

from badge_service.web.addresses import address_of
from badge_service.web.viewer import Viewer, current_viewer

_EXTENSION = "navigation"


def everybody(_viewer: Viewer) -> bool:
    """Show a link to all."""
    return True


def nowhere_else(_endpoint: str) -> bool:
    """Mark a link on its own page only."""
    return False


def the_signed_in(viewer: Viewer) -> bool:
    """Show a link to people who have signed in."""
    return viewer.is_signed_in


def holders_of(*roles: str) -> Callable[[Viewer], bool]:
    """Show a link to people with one of these roles."""
    return lambda viewer: any(viewer.has_role(role) for role in roles)


@dataclass(frozen=True)
class Link:
    """One link of the header."""

    endpoint: str
    label: Any
    shown_to: Callable[[Viewer], bool]
    leads_to: Callable[[str], bool]


def add(
    app: Flask,
    endpoint: str,
    label: Any,
    shown_to: Callable[[Viewer], bool] = everybody,
    *,
    leads_to: Callable[[str], bool] = nowhere_else,
) -> None:
    """Add a link; `label` is a lazy translation. Links appear in the order they were added.

    `leads_to` says of which other endpoints it is the way in: it is marked on them too.
    """
    app.extensions.setdefault(_EXTENSION, []).append(Link(endpoint, label, shown_to, leads_to))


def links() -> list[tuple[str, Any, str]]:
    """(address, label, its aria-current: page, true for a page it is the way to, else empty) for the current viewer."""
    viewer = current_viewer()
    offered = [link for link in current_app.extensions.get(_EXTENSION, []) if link.shown_to(viewer)]
    placed = [(address_of(link.endpoint), link) for link in offered]
    return [(address, link.label, _is_here(link)) for address, link in placed if address]


def _is_here(link: Link) -> str:
    if request.endpoint == link.endpoint:
        return "page"
    return "true" if request.endpoint and link.leads_to(request.endpoint) else ""


def init_navigation(app: Flask) -> None:
    """Give the layout `main_links()` and `address_of(endpoint)`."""
    app.config.setdefault("SIGN_IN_ENDPOINT", "people.sign_in")
    app.config.setdefault("SIGN_OUT_ENDPOINT", "people.sign_out")
    app.jinja_env.globals.update(main_links=links, address_of=address_of)
