"""Values of somebody else's JSON, whose shape is not trusted: as a list, as a text, and short enough to name."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

Json = Mapping[str, Any]
_DEEPEST = 4


def listed(value: Any) -> list[Any]:
    """A list as it stands, nothing as an empty one, anything else as a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def plain(value: Any) -> str:
    """A text without blanks around it; empty for anything that is no text."""
    return value.strip() if isinstance(value, str) else ""


def _told(value: Any, depth: int = 0) -> str:
    """A value as people write it: the names of its members, each with its value; a group inside stands in brackets."""
    if value is None or value in ("", [], {}):
        return str(_("empty"))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, Mapping | list) and depth > _DEEPEST:
        return "…"
    if isinstance(value, list):
        return ", ".join(_told(one, depth + 1) for one in value)
    if isinstance(value, Mapping):
        members = "; ".join(f"{name}: {_told(inner, depth + 1)}" for name, inner in value.items())
        return f"({members})" if depth else members
    return str(value)


def short(value: Any) -> str:
    """The beginning of a value, for naming it."""
    text = value if isinstance(value, str) else _told(value)
    return f"{text[:117]}…" if len(text) > 118 else text
