"""Finds everything wrong with a definition or pathway at once: its shape by our JSON Schema, then what a schema cannot say."""

import copy
import functools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import jsonschema  # type: ignore[import-untyped]
from flask_babel import gettext

from badge_service.curriculum.rules.content import Content, whole_numbers
from badge_service.curriculum.rules.eu_check import check_eu_elements
from badge_service.curriculum.rules.faults import faults_beyond_schema, pathway_faults_beyond_schema
from badge_service.curriculum.rules.formats import text_faults_in
from badge_service.curriculum.rules.pathways import (
    DEEPEST,
    MOST_DIFFERENT,
    MOST_PLACES,
    codes_in,
    depth,
    places,
)
from badge_service.curriculum.sizes import cut, has_doubles, long_texts
from badge_service.errors import Fault
from badge_service.settings import data_path

_LONG_NUMBER = re.compile(r"\d{7,}([.,]\d+)?")


MOST_FAULTS = 200
"""Of a document with more faults than somebody could read, the first ones are told."""
LONGEST_TEXT = 20_000
"""No text of a draft has more characters; what a published one may have, the schema says."""
_LARGEST = 10**9
"""Numbers beyond this are too large for every field of ours, and some for calculating with them."""


def _(message: str, **values: Any) -> str:
    """A sentence in the reader's language; in English outside the pages."""
    return str(gettext(message, **values))


def definition_faults(content: Any, *, may_award_ects: bool = True) -> list[Fault]:
    """All faults of a definition's content, each with the place such as `learning_outcomes[0].text`."""
    content, found = cut(_schema("definition"), whole_numbers(content))
    errors = _errors("definition", content)
    found += [fault for error in errors for fault in _faults(error)]
    found += text_faults_in(content)
    if isinstance(content, dict):
        repaired = _repaired(content, errors)
        found += faults_beyond_schema(repaired, may_award_ects=may_award_ects)
        found += _eu_faults(repaired, {fault.where for fault in found})
    return _once(found)[:MOST_FAULTS]


def shape_faults(content: Any) -> list[Fault]:
    """What not even a draft may hold: values of a wrong kind or beyond their limits; what is only empty may be filled in."""
    content, found = cut(_schema("definition"), whole_numbers(content))
    errors = [error for error in _errors("definition", content) if not _is_only_empty(error)]
    return _once([*found, *(fault for error in errors for fault in _faults(error))])[:MOST_FAULTS]


def size_faults(fields: Mapping[str, Any]) -> list[Fault]:
    """What not even these fields of a draft may be: lists with more rows than a definition has, endless texts."""
    return [*cut(_schema("definition"), dict(fields))[1], *long_texts(fields, LONGEST_TEXT)]


def pathway_shape_faults(content: Any) -> list[Fault]:
    """What not even a draft of a pathway may hold."""
    if too_much := _size_faults(content):
        return too_much
    errors = [error for error in _errors("pathway", content) if not _is_only_empty(error)]
    return _once(fault for error in errors for fault in _faults(error))


def _is_only_empty(error: Any) -> bool:
    rule, value = error.validator, error.instance
    if rule == "required":
        return len(error.absolute_path) == 0
    if rule == "type":
        return value is None and "workload_hours" in error.absolute_path
    return rule in {"minItems", "minLength"} or (rule in {"pattern", "enum"} and value == "")


def pathway_faults(content: Any) -> list[Fault]:
    """All faults of a pathway's content."""
    if too_much := _size_faults(content):
        return too_much
    errors = _errors("pathway", content)
    found = [fault for error in errors for fault in _faults(error)]
    if not errors:
        found += pathway_faults_beyond_schema(content)
    return _once(found)


def _size_faults(content: Any) -> list[Fault]:
    """A rule that is too large to be understood is not looked at any further."""
    rule: Any = content.get("rule") if isinstance(content, dict) else None
    if depth(rule) > DEEPEST:
        words = _("More than %(most)s groups stand inside each other. Simplify the rule.", most=DEEPEST)
        return [Fault("rule", words, "pathway.depth")]
    if places(rule) > MOST_PLACES:
        words = _("The rule has more than %(most)s places for badges. Simplify it.", most=MOST_PLACES)
        return [Fault("rule", words, "pathway.places")]
    if len(set(codes_in(rule))) > MOST_DIFFERENT:
        words = _("The rule names more than %(most)s different badges. Simplify it.", most=MOST_DIFFERENT)
        return [Fault("rule", words, "pathway.different")]
    return []


def _once(found: Iterable[Fault]) -> list[Fault]:
    """The same sentence about the same place once: an empty text breaks several rules of the schema."""
    return list({(fault.where, fault.message): fault for fault in reversed(list(found))}.values())[::-1]


def fact_sheet_faults(sheet: Any) -> list[Fault]:
    """All faults of an EU fact sheet."""
    return [fault for error in _errors("eu_facts", sheet) for fault in _faults(error)]


def _eu_faults(content: Content, known: set[str]) -> Iterator[Fault]:
    for check in check_eu_elements(content):
        if check.level == "mandatory" and not check.ok and not any(w.startswith(check.field) for w in known):
            words = _("EU element %(id)s is missing: %(what)s", id=check.id, what=check.message)
            yield Fault(check.field, words, f"eu.{check.id}")


@functools.cache
def _schema(name: str) -> Any:
    return json.loads((data_path("schemas") / f"{name}.schema.json").read_text("utf-8"))


@functools.cache
def _validator(name: str) -> Any:
    checks = jsonschema.validators.extend(jsonschema.Draft202012Validator, {"uniqueItems": _double_errors})
    return checks(_schema(name))


def _double_errors(_validator: Any, wanted: Any, value: Any, _schema: Any) -> Iterator[Any]:
    """The library compares each member with each other one."""
    if wanted and isinstance(value, list) and has_doubles(value):
        yield jsonschema.ValidationError("not unique")


def _errors(name: str, content: Any) -> list[Any]:
    found = _validator(name).iter_errors(content)
    return sorted(found, key=lambda error: [str(part) for part in error.absolute_path])


def _repaired(content: Mapping[str, Any], errors: list[Any]) -> dict[str, Any]:
    """A copy in which every value of a wrong kind is replaced by an empty one, so that the other rules can be tried."""
    repaired: Any = copy.deepcopy(dict(content))
    for error in errors:
        is_huge = error.validator == "maximum" and abs(error.instance) > _LARGEST
        if (error.validator == "type" or is_huge) and error.absolute_path:
            *before, last = error.absolute_path
            holder = functools.reduce(lambda value, part: value[part], before, repaired)
            wanted = error.validator_value if not is_huge else None
            holder[last] = (
                {"object": {}, "array": [], "string": ""}.get(wanted) if isinstance(wanted, str) else None
            )
    return dict(repaired)


def place(path: Any) -> str:
    """A path as people write it: `rubric.criteria[0].name`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _faults(error: Any) -> Iterator[Fault]:
    where, rule = place(error.absolute_path), error.validator
    if rule == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        # jsonschema reports each missing member once; `message` names it first.
        name = next((one for one in missing if error.message.startswith(repr(one))), missing[0])
        yield Fault(f"{where}.{name}".lstrip("."), _("This is missing. Fill it in."), "missing")
    elif rule == "additionalProperties":
        known = error.schema.get("properties", {})
        for name in (name for name in error.instance if name not in known):
            words = _("There is no such field. Remove it or correct its name.")
            yield Fault(f"{where}.{name}".lstrip("."), words, "unknown_field")
    elif rule in {"oneOf", "anyOf"}:
        yield Fault(where, _("This fits none of the allowed forms."), "form")
    else:
        yield Fault(where, _sentence(error), str(rule))


def _sentence(error: Any) -> str:
    rule, wanted, value = error.validator, error.validator_value, error.instance
    if value in ("", None) or (rule == "pattern" and not str(value).strip()):
        return _("This is empty. Fill it in.")
    sentences: dict[str, Callable[[], str]] = {
        "type": lambda: _kind_sentence(value, wanted),
        "enum": lambda: _("“%(value)s” is not possible here. Choose one of: %(wanted)s.", value=str(value)[:60], wanted=_listed(wanted)),
        "const": lambda: _("“%(value)s” is not possible here. Write “%(wanted)s”.", value=str(value)[:60], wanted=wanted),
        "pattern": lambda: _pattern_sentence(error),
        "minLength": lambda: _("This is too short."),
        "maxLength": lambda: _("This has %(count)s characters; at most %(wanted)s fit.", count=len(value), wanted=wanted),
        "minItems": lambda: _("At least %(wanted)s is needed here.", wanted=wanted),
        "maxItems": lambda: _("There are %(count)s; at most %(wanted)s fit.", count=len(value), wanted=wanted),
        "minProperties": lambda: _("At least %(wanted)s are needed here.", wanted=wanted),
        "uniqueItems": lambda: _("The same thing stands here twice. Keep one."),
        "minimum": lambda: _("%(value)s is too small; at least %(wanted)s.", value=value, wanted=wanted),
        "exclusiveMinimum": lambda: _("%(value)s is too small; more than %(wanted)s.", value=value, wanted=wanted),
        "maximum": lambda: _("%(value)s is too large; at most %(wanted)s.", value=value, wanted=wanted),
    }  # fmt: skip
    if rule in {"type", "maximum"} and (large := _too_large(error)):
        return large
    sentence = sentences.get(rule)
    return sentence() if sentence else str(error.message)[:300]


def _too_large(error: Any) -> str:
    """What to say of a number beyond its limit, also of one too long to be kept as a number; empty for anything else."""
    value, most = error.instance, error.schema.get("maximum")
    if most is None or not _is_beyond(value, most):
        return ""
    said = f"{value:g}" if isinstance(value, float) else str(value)[:60]
    if "workload_hours" in error.absolute_path:
        return _("%(value)s is too large; at most %(wanted)s hours.", value=said, wanted=most)
    return _("%(value)s is too large; at most %(wanted)s.", value=said, wanted=most)


def _is_beyond(value: Any, most: float) -> bool:
    if isinstance(value, str):
        return bool(_LONG_NUMBER.fullmatch(value)) and float(value.replace(",", ".")) > most
    return isinstance(value, int | float) and not isinstance(value, bool) and value > most


def _kind_sentence(value: Any, wanted: Any) -> str:
    kinds = {
        "string": _("a text"),
        "number": _("a number"),
        "integer": _("a whole number"),
        "boolean": _("true or false"),
        "array": _("a list"),
        "object": _("a group of fields"),
        "null": _("nothing"),
    }
    names = [wanted] if isinstance(wanted, str) else wanted
    return _(
        "“%(value)s” is not %(kind)s.",
        value=str(value)[:60],
        kind=f" {_('or')} ".join(kinds[name] for name in names),
    )


def _pattern_sentence(error: Any) -> str:
    name = next((part for part in reversed(error.absolute_path) if isinstance(part, str)), "")
    value = str(error.instance)[:80]
    if name in {"targetUrl", "url"}:
        return _("“%(value)s” is not a full web address. Begin with https://.", value=value)
    examples = {"code": "ALL-GST-1", "version": "1.0.0", "isced_f": "0417", "targetType": "ext:ESCOSkill"}
    if error.absolute_path and error.absolute_path[-1] == "id":
        examples["id"] = {"learning_outcomes": "LO1", "criteria": "C1"}.get(
            str(error.absolute_path[-3]), "proficient"
        )
    example = examples.get(name, "student-in-the-lead")
    return _(
        "“%(value)s” is not written as it should be; for example %(example)s.", value=value, example=example
    )


def _listed(values: Any) -> str:
    return ", ".join(str(value) for value in values)
