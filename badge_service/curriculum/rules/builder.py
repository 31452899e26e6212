"""A pathway's rule as a form without scripts shows it: requirements beside each other, each a list of badges; and back.

What stands deeper than that is kept as it is, in the JSON that the grammar of `rules/pathways.py` describes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from badge_service.curriculum.rules.pathways import ANY_OTHER, DEEPEST, depth, is_rule, whole_numbers

ALL, SOME, FREE_CHOICE, KEPT = "all_of", "at_least", "any_other", "kept"
KINDS = (ALL, SOME, FREE_CHOICE)
MOST_REQUIREMENTS, MOST_CODES = 20, 20
_LONGEST_KEPT = 20_000


@dataclass(frozen=True)
class Requirement:
    """One row of the form: all of some badges, at least `number` of them, or so many of free choice.

    `number` is what was typed, so that nothing typed is lost; a `kept` one holds its part of the rule as JSON.
    """

    kind: str = ALL
    number: str = ""
    codes: tuple[str, ...] = ()
    kept: str = ""


@dataclass(frozen=True)
class Built:
    """A whole rule as the form has it: how many of the requirements are needed (empty: all of them)."""

    requirements: tuple[Requirement, ...]
    needed: str = ""


def as_form(rule: Any) -> Built:
    """The rule as requirements; anything that a row cannot show is kept."""
    rule = whole_numbers(rule)
    if isinstance(rule, Mapping) and isinstance(rule.get("all_of"), list):
        return Built(tuple(_merged(rule["all_of"])))
    if _is_choice(rule) and any(not isinstance(part, str) for part in rule["of"]):
        return Built(tuple(_requirement(part) for part in rule["of"]), _written(rule.get("at_least")))
    return Built((_requirement(rule),) if rule else ())


def as_rule(built: Built) -> Any:
    """The rule of a form; requirements without anything in them are left out, wrong numbers stay to be complained about."""
    parts = [part for one in built.requirements for part in _parts(one, flat=not built.needed)]
    if built.needed:
        return {"at_least": _number(built.needed), "of": parts}
    if len(parts) == 1 and isinstance(parts[0], dict):
        return parts[0]
    return {"all_of": parts}


def kept_rule(one: Requirement) -> Any:
    """The part of the rule that a kept row stands for; `None` when it can be read by nobody."""
    found = _read(one.kept) if one.kind == KEPT else None
    return found if is_rule(found) else None


def _merged(parts: Sequence[Any]) -> list[Requirement]:
    """Badges that stand beside each other are one row."""
    rows: list[Requirement] = []
    for part in parts:
        if isinstance(part, str) and rows and rows[-1].kind == ALL and len(rows[-1].codes) < MOST_CODES:
            rows[-1] = Requirement(ALL, "", (*rows[-1].codes, part))
        else:
            rows.append(_requirement(part))
    return rows


def _requirement(part: Any) -> Requirement:
    if isinstance(part, str):
        return Requirement(ALL, "", (part,))
    if isinstance(part, Mapping):
        if part.get("of") == ANY_OTHER:
            return Requirement(FREE_CHOICE, _written(part.get("at_least")))
        listed = part.get("all_of", part.get("of"))
        if isinstance(listed, list) and all(isinstance(one, str) for one in listed):
            kind = ALL if "all_of" in part else SOME
            return Requirement(kind, _written(part.get("at_least")), tuple(listed))
    return Requirement(KEPT, "", (), json.dumps(part, ensure_ascii=False, indent=1))


def _parts(one: Requirement, *, flat: bool) -> list[Any]:
    codes = list(one.codes)
    if one.kind == FREE_CHOICE:
        return [{"at_least": _number(one.number), "of": ANY_OTHER}]
    if one.kind == KEPT:
        return [kept] if (kept := _read(one.kept)) is not None else []
    if not codes:
        return []
    if one.kind == SOME:
        return [{"at_least": _number(one.number), "of": codes}]
    return codes if flat or len(codes) == 1 else [{"all_of": codes}]


def _read(text: str) -> Any:
    """What came back through the page; nothing when it is not a part of a rule any more."""
    if len(text) > _LONGEST_KEPT or "\\u" in text:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and depth(found) <= DEEPEST else None


def _is_choice(rule: Any) -> bool:
    return isinstance(rule, Mapping) and isinstance(rule.get("of"), list)


def _number(typed: str) -> int | str:
    plain = typed.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 3 else plain[:20]


def _written(number: Any) -> str:
    return "" if number is None else str(number)[:20]
