"""Values of somebody else's JSON, whose shape is not trusted: as a list, as a text, and short enough to name."""

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]


def listed(value: Any) -> list[Any]:
    """A list as it stands, nothing as an empty one, anything else as a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def plain(value: Any) -> str:
    """A text without blanks around it; empty for anything that is no text."""
    return value.strip() if isinstance(value, str) else ""


def short(value: Any) -> str:
    """The beginning of a value, for naming it."""
    text = value if isinstance(value, str) else str(value)
    return f"{text[:117]}…" if len(text) > 118 else text
