"""What of a definition is translated: its texts, one by one; everything else follows the original and is not typed twice."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from badge_service.curriculum.rules.content import Content
from badge_service.curriculum.rules.kinds import achievement_type

_LINES = ("title", "target_group", "level_not_applicable", "prerequisites", "awarded_by")
_LONG = ("description",)
_OWN = ("code", "version", "language")
"""What a translation has of its own beside its texts."""


@dataclass(frozen=True)
class TextPlace:
    """One text to translate: `where` names its row by id or number, `text` is the original, `is_long` wants a large field."""

    where: str
    text: str
    is_long: bool = False


def texts_of(content: Content) -> list[TextPlace]:
    """Every text of a content that is not empty, in the order of the page; `None` for no prerequisites is a word of ours."""
    return [place for place in _places(content) if place.text.strip() and not _is_none(place)]


def following(original: Content, texts: Mapping[str, str], own: Content) -> dict[str, Any]:
    """The original's content with these texts by place; a text that is not given is empty. Code, version, language are `own`."""
    content = copy.deepcopy(dict(original))
    for place in texts_of(original):
        _put(content, place.where, texts.get(place.where, ""))
    return content | {name: own[name] for name in _OWN if name in own}


def texts_by_place(content: Content) -> dict[str, str]:
    """The texts that a translation holds already, by place."""
    return {place.where: place.text for place in _places(content)}


def missing_texts(original: Content, content: Content) -> list[str]:
    """The places whose original says something and whose translation does not."""
    held = texts_by_place(content)
    return [place.where for place in texts_of(original) if not held.get(place.where, "").strip()]


def moved_fields(original: Content, translation: Content) -> list[str]:
    """The fields in which a translation differs from its original in more than its texts: ids, points, weights, hours …"""
    follows = following(original, texts_by_place(translation), translation)
    follows["achievement_type"], kind = achievement_type(original), achievement_type(translation)
    held = {**translation, "achievement_type": kind}
    names = dict.fromkeys([*follows, *held])
    return [name for name in names if (follows.get(name) or None) != (held.get(name) or None)]


def _is_none(place: TextPlace) -> bool:
    return place.where == "prerequisites" and place.text.strip().casefold() == "none"


def _places(content: Content) -> Iterator[TextPlace]:
    for name in (*_LINES[:1], *_LONG, *_LINES[1:]):
        yield TextPlace(name, str(content.get(name) or ""), name in _LONG)
    quality = content.get("quality_assurance") or {}
    for name in ("name", "description"):
        yield TextPlace(f"quality_assurance.{name}", str(quality.get(name) or ""), name == "description")
    for outcome in content.get("learning_outcomes") or []:
        yield TextPlace(f"learning_outcomes.{outcome['id']}.text", str(outcome["text"] or ""), True)
    yield from _rubric_places(content.get("rubric") or {})
    for number, one in enumerate(content.get("evidence_required") or []):
        for name in ("genre", "description"):
            yield TextPlace(f"evidence_required.{number}.{name}", str(one[name] or ""))
    for name in ("endorsers", "tags"):
        for number, text in enumerate(content.get(name) or []):
            yield TextPlace(f"{name}.{number}", text)


def _rubric_places(rubric: Mapping[str, Any]) -> Iterator[TextPlace]:
    levels = rubric.get("levels") or []
    for level in levels if rubric.get("criteria") else []:
        yield TextPlace(f"rubric.levels.{level['id']}.name", str(level["name"] or ""))
    for criterion in rubric.get("criteria") or []:
        here = f"rubric.criteria.{criterion['id']}"
        yield TextPlace(f"{here}.name", str(criterion["name"] or ""))
        for level in levels:
            text = str(criterion["descriptors"].get(level["id"]) or "")
            yield TextPlace(f"{here}.descriptors.{level['id']}", text, True)


def _put(content: dict[str, Any], where: str, text: str) -> None:
    holder: Any = content
    *steps, last = where.split(".")
    for step in steps:
        holder = _inside(holder, step)
    if isinstance(holder, list):
        holder[int(last)] = text
    else:
        holder[last] = text


def _inside(holder: Any, step: str) -> Any:
    if not isinstance(holder, list):
        return holder[step]
    named = [row for row in holder if isinstance(row, dict) and row.get("id") == step]
    return named[0] if named else holder[int(step)]
