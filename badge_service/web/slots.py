"""Named slots: an earlier room's page leaves a place, a later room fills it, and neither knows the other.

slots.register(app, "definition.after", lambda viewer, subject: Markup("…"))     # in app.py
{{ slot("definition.after", definition) }}                                        # in the template
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

from badge_service.web.viewer import Viewer, current_viewer

Filler = Callable[[Viewer, Any], Markup | None]
_EXTENSION = "slots"


def register(app: Flask, slot_name: str, filler: Filler) -> None:
    """Let `filler(viewer, subject)` add a fragment to a slot; fillers run in the order they came."""
    app.extensions.setdefault(_EXTENSION, {}).setdefault(slot_name, []).append(filler)


def fragments(slot_name: str, subject: Any = None) -> list[Markup]:
    """What the fillers of a slot have to show to the current viewer about this subject."""
    fillers: list[Filler] = current_app.extensions.get(_EXTENSION, {}).get(slot_name, [])
    viewer = current_viewer()
    shown = (filler(viewer, subject) for filler in fillers)
    return [fragment for fragment in shown if fragment]


def slot(slot_name: str, subject: Any = None) -> Markup:
    """All fragments of a slot, one after another."""
    return Markup("\n").join(fragments(slot_name, subject))


def init_slots(app: Flask) -> None:
    """Give templates `slot(name, subject)` and `slot_fragments(name, subject)`."""
    app.jinja_env.globals.update(slot=slot, slot_fragments=fragments)
