"""The form of a curriculum: what was typed as a content, its rows added, removed and moved, and two people's texts merged."""

import copy
import re
from collections.abc import Collection, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from badge_service.curriculum.rules.curricula import (
    MOST_ROWS,
    Approach,
    Impact,
    blank_topic,
    blank_unit,
)
from badge_service.curriculum.rules.difference import difference
from badge_service.web.forms import small_number
from badge_service.web.i18n import CONTENT_LANGUAGES
from badge_service.web.texts import hidden_character, plain

Typed = MultiDict[str, str]
_DEED = re.compile(r"(add|remove|up|down):(units|topics)(?::(\d{1,3}))?")
_HOURS = re.compile(r"\d{1,4}(?:[.,]\d)?")
_ID = re.compile(r"[UT]\d{1,3}")


def content_from(typed: Typed, before: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    """What was typed as a curriculum's content; `known` are the definitions that may be ticked."""
    language = typed.get("language", "")
    return {
        "title": _text(typed, "title"),
        "language": language if language in CONTENT_LANGUAGES else before["language"],
        "description": _text(typed, "description"),
        "units": [_unit(typed, f"units[{place}]", known) for place in _places(typed, "units")],
        "topics": [_topic(typed, f"topics[{place}]") for place in _places(typed, "topics")],
    }


def with_deed(content: Mapping[str, Any], deed: str) -> dict[str, Any] | None:
    """A copy after `add:units`, `remove:topics:2`, `up:units:1` or `down:units:1`; None for no such deed."""
    found = _DEED.fullmatch(deed)
    if found is None:
        return None
    changed = copy.deepcopy(dict(content))
    rows, place = changed[found[2]], int(found[3] or 0)
    if found[1] == "add" and len(rows) < MOST_ROWS:
        rows.append(_blank(found[2], rows))
    elif found[3] and place < len(rows):
        row = rows.pop(place)
        if found[1] != "remove":
            rows.insert(max(0, place + (-1 if found[1] == "up" else 1)), row)
    return changed


def clashes(typed: Mapping[str, Any], saved: Mapping[str, Any]) -> list[str]:
    """The places at which two people's texts differ: fields (`title`), rows by their id (`units#U2`), their order (`units#`)."""
    found = [name for name in ("title", "language", "description") if typed[name] != saved[name]]
    for field in ("units", "topics"):
        mine, theirs = _by_id(typed[field]), _by_id(saved[field])
        found += [f"{field}#{one}" for one in {**theirs, **mine} if _differs(mine.get(one), theirs.get(one))]
        if [one for one in mine if one in theirs] != [one for one in theirs if one in mine]:
            found.append(f"{field}#")
    return found


def merged(typed: Mapping[str, Any], saved: Mapping[str, Any], theirs: Collection[str]) -> dict[str, Any]:
    """The typed content with what is saved at the places in `theirs`."""
    content = copy.deepcopy(dict(typed))
    for name in ("title", "language", "description"):
        if name in theirs:
            content[name] = saved[name]
    for field in ("units", "topics"):
        content[field] = _merged_rows(field, content[field], saved[field], theirs)
    return content


def _merged_rows(
    field: str, typed: list[dict[str, Any]], saved: list[dict[str, Any]], theirs: Collection[str]
) -> list[dict[str, Any]]:
    mine, others = _by_id(typed), _by_id(saved)
    first, second = (others, mine) if f"{field}#" in theirs else (mine, others)
    rows = (others.get(one) if f"{field}#{one}" in theirs else mine.get(one) for one in {**first, **second})
    return [copy.deepcopy(row) for row in rows if row is not None]


def _differs(mine: Mapping[str, Any] | None, theirs: Mapping[str, Any] | None) -> bool:
    return mine is None or theirs is None or bool(difference(mine, theirs))


def _by_id(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in rows}


def _blank(field: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    taken = [row["id"] for row in rows]
    if field == "units":
        return blank_unit(taken)
    known = [row["iteration"] for row in rows if isinstance(row["iteration"], int)]
    return blank_topic(taken, max(known, default=1))


def _places(typed: Typed, field: str) -> list[int]:
    """The numbers of the rows that were sent, each with an id of its own; a row without one was not on our page."""
    taken: set[str] = set()
    places = []
    for place in range(MOST_ROWS):
        name = typed.get(f"{field}[{place}].id", "")
        if _ID.fullmatch(name) and name not in taken:
            taken.add(name)
            places.append(place)
    return places


def _unit(typed: Typed, at: str, known: Collection[str]) -> dict[str, Any]:
    chosen = dict.fromkeys(typed.getlist(f"{at}.definitions"))
    return {
        "id": typed[f"{at}.id"],
        "title": _text(typed, f"{at}.title"),
        "description": _text(typed, f"{at}.description"),
        "hours": _hours(_text(typed, f"{at}.hours")),
        "approaches": _ticked(typed.getlist(f"{at}.approaches"), Approach),
        "impacts": _ticked(typed.getlist(f"{at}.impacts"), Impact),
        "definitions": [{"slug": slug, "version": ""} for slug in chosen if slug in known],
    }


def _topic(typed: Typed, at: str) -> dict[str, Any]:
    iteration = _text(typed, f"{at}.iteration")
    number = small_number(iteration)
    return {
        "id": typed[f"{at}.id"],
        "iteration": iteration if number is None else number,
        "title": _text(typed, f"{at}.title"),
        "starts": _text(typed, f"{at}.starts"),
        "ends": _text(typed, f"{at}.ends"),
    }


def _ticked(sent: list[str], choices: Any) -> list[str]:
    return [str(one) for one in choices if one in sent]


def _hours(text: str) -> float | str | None:
    """A number, nothing, or what was typed instead: the rules then say what is wrong."""
    if not _HOURS.fullmatch(text):
        return text or None
    number = float(text.replace(",", "."))
    return int(number) if number.is_integer() else number


def _text(typed: Typed, name: str) -> str:
    """A typed text; characters that nobody can see are left out, as databases refuse some of them."""
    text = plain(typed.get(name))
    return "".join(one for one in text if not hidden_character(one, lines=True))
