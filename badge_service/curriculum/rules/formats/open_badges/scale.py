"""The one scale of rubric levels that all criteria of an Open Badges achievement share."""

import re
import unicodedata
from typing import Any

from badge_service.curriculum.rules.formats.open_badges.values import Json, plain

_MOST_LEVELS = 6


class Scale:
    """The rubric levels of all criteria as one scale, lowest first; levels of the same name are one."""

    def __init__(self) -> None:
        self._points: dict[str, tuple[str, int]] = {}
        self.passing = ""

    def takes(self, levels: list[Json]) -> bool:
        """Add the levels of one criterion; False when the scale would get too long or names are missing."""
        names = {self.id_of(level): level for level in levels}
        if "" in names or len(names) != len(levels) or len({*names, *self._points}) > _MOST_LEVELS:
            return False
        for place, (id_, level) in enumerate(names.items(), 1):
            self._points.setdefault(id_, (plain(level.get("name"))[:40], _points(level.get("points"), place)))
        return True

    def id_of(self, level: Json) -> str:
        """The id of a level in our scale: its name in small Latin letters, or a number where it has none."""
        name = plain(level.get("name"))
        latin = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        short = "-".join(re.findall(r"[a-z0-9]+", latin))[:60].strip("-")
        return short or (f"level-{sum(map(ord, name))}" if name else "")

    def rows(self) -> list[dict[str, Any]]:
        """The levels as a rubric has them; equal points become different ones, in order."""
        ordered = sorted(self._points.items(), key=lambda item: item[1][1])
        points = [value for _id, (_name, value) in ordered]
        if len(set(points)) < len(points):
            points = list(range(1, len(points) + 1))
        return [
            {"id": id_, "name": name, "points": value}
            for (id_, (name, _old)), value in zip(ordered, points, strict=True)
        ]


def _points(value: Any, place: int) -> int:
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return int(text) if re.fullmatch(r"1?\d|20", text) else place
