"""Who is looking at this page: the Viewer protocol, the stranger, and the viewer of the current request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, cast

from flask import Flask, current_app, g, has_request_context


class Viewer(Protocol):
    """What every page may know about the person looking at it; `people` supplies the real one."""

    @property
    def person_key(self) -> str | None:
        """The person's permanent key; None for a stranger."""

    @property
    def display_name(self) -> str:
        """What the header calls them."""

    @property
    def language(self) -> str | None:
        """The language they chose for themselves: en, bg, nl, es or None."""

    @property
    def is_signed_in(self) -> bool:
        """False for a stranger."""

    def has_role(self, role: str, organisation_id: Any = None) -> bool:
        """Whether they hold this role in this organisation, or in any when none is given."""


@dataclass(frozen=True)
class Stranger:
    """Somebody who has not signed in."""

    person_key: str | None = None
    display_name: str = ""
    language: str | None = None
    is_signed_in: bool = False

    def has_role(self, role: str, organisation_id: Any = None) -> bool:
        """A stranger holds no role."""
        return False


STRANGER = Stranger()

ViewerLoader = Callable[[], Viewer]


def use_viewer_loader(app: Flask, loader: ViewerLoader) -> None:
    """Hand in the function that finds the signed-in person of the current request."""
    app.extensions["viewer_loader"] = loader


def current_viewer() -> Viewer:
    """The viewer of this request, asked for once; the stranger outside a request."""
    if not has_request_context():
        return STRANGER
    if "viewer" not in g:
        loader = cast("ViewerLoader | None", current_app.extensions.get("viewer_loader"))
        g.viewer = STRANGER  # what a problem page shows when the loader fails
        g.viewer = loader() if loader else STRANGER
    return cast(Viewer, g.viewer)


def viewer_if_known() -> Viewer:
    """The viewer if this request has already asked, else the stranger: for pages shown when the database fails."""
    return cast(Viewer, g.get("viewer", STRANGER)) if has_request_context() else STRANGER


def forget_viewer() -> None:
    """Ask the loader again at the next use: call it after signing somebody in or out."""
    g.pop("viewer", None)


def show_as_stranger() -> None:
    """Render the rest of this request without asking the database who is looking."""
    g.viewer = viewer_if_known()
