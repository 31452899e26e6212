"""Shapes of what programs send and get: JSON Schema (2020-12), and what is wrong with a body or a query in plain words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from werkzeug.datastructures import MultiDict

from badge_service.errors import Fault, InvalidError
from badge_service.web.texts import hidden_character

Schema = dict[str, Any]
MOST_FAULTS = 50
DEFAULT_LIMIT, MOST_LIMIT = 50, 200
NAMED: dict[str, Schema] = {}
"""The shapes that the description lists under their names."""

_FORMATS = FormatChecker(["date"])
_CODES = {
    "required": "required",
    "maxLength": "too_long",
    "maxItems": "too_many",
    "maxProperties": "too_many",
    "enum": "choice",
    "const": "choice",
    "pattern": "form",
    "format": "form",
    "type": "type",
}


def text(longest: int, **more: Any) -> Schema:
    """A text of at most so many characters."""
    return {"type": "string", "maxLength": longest, **more}


def whole(least: int, most: int, **more: Any) -> Schema:
    """A whole number."""
    return {"type": "integer", "minimum": least, "maximum": most, **more}


def shape(properties: Mapping[str, Schema], optional: Iterable[str] = ()) -> Schema:
    """An object with these members and no other; all needed but the optional ones."""
    left_out = set(optional)
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in left_out],
        "additionalProperties": False,
    }


def named(name: str, made: Schema) -> Schema:
    """The same shape, under a name in the description; only for answers, which are not checked against it when served."""
    NAMED[name] = made
    return {"$ref": f"#/components/schemas/{name}"}


def listing(of: Schema) -> Schema:
    """One page of a list: `next` is the cursor of the following page, null on the last one."""
    return shape({"items": {"type": "array", "items": of}, "next": {"type": ["string", "null"]}})


PAGED: dict[str, Schema] = {
    "cursor": text(400, description="`next` of the page before; left out for the first page"),
    "limit": whole(1, MOST_LIMIT, default=DEFAULT_LIMIT, description="how many at most"),
}


def body_faults(schema: Schema, body: Any) -> list[Fault]:
    """Everything wrong with a body, place by place, at most `MOST_FAULTS`."""
    errors = Draft202012Validator(schema, format_checker=_FORMATS).iter_errors(body)
    found = dict.fromkeys(
        fault for error in _some(errors) for fault in _faults(error)
    )  # "required" comes repeatedly
    return (list(found) or list(_hidden(body, "")))[:MOST_FAULTS]


def object_of(body: Any) -> Mapping[str, Any]:
    """A checked body, whose schema asks for an object; numbers such as 4.0 become 4."""
    whole_ones = _whole(body)
    assert isinstance(whole_ones, dict)
    return whole_ones


def query_values(allowed: Mapping[str, Schema], asked: MultiDict[str, str]) -> dict[str, Any]:
    """The query of an address, with defaults filled in; raises InvalidError for unknown, repeated and wrong parts."""
    faults = [_unknown(name) for name in asked if name not in allowed]
    values: dict[str, Any] = {}
    for name, schema in allowed.items():
        given = asked.getlist(name)
        if len(given) > 1:
            faults.append(Fault(name, _("Give this once."), "twice"))
        value = _typed(schema, given[0]) if given else schema.get("default")
        if given:
            faults += [Fault(name, fault.message, fault.code) for fault in body_faults(schema, value)]
        values[name] = value
    if faults:
        raise InvalidError(_("This address cannot be used as it is."), faults=faults[:MOST_FAULTS])
    return values


def _typed(schema: Schema, given: str) -> Any:
    if schema.get("type") == "integer" and given.isascii() and given.isdecimal() and len(given) <= 9:
        return int(given)
    return given


def _some(errors: Iterable[Any]) -> Iterator[Any]:
    for count, error in enumerate(errors):
        if count == MOST_FAULTS:
            return
        yield error


def _faults(error: Any) -> list[Fault]:
    where = _place(error.absolute_path)
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
        unknown = [name for name in error.instance if name not in known]
        return [_unknown(_member(where, name)) for name in unknown[:MOST_FAULTS]]
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return [Fault(_member(where, name), _("This is missing."), "required") for name in missing]
    return [Fault(where or "body", _sentence(error), _CODES.get(str(error.validator), "range"))]


def _sentence(error: Any) -> str:
    asked = error.validator_value
    words: dict[str, str] = {
        "type": _("This should be of another kind: %(kind)s.", kind=_listed(asked)),
        "enum": _("Choose one of: %(choices)s.", choices=_listed(asked)),
        "maxLength": _("This is too long: %(most)s characters at most.", most=asked),
        "minLength": _("Please fill this in."),
        "maxItems": _("There are too many: %(most)s at most.", most=asked),
        "minItems": _("Give at least %(least)s.", least=asked),
        "minimum": _("This is too small: %(least)s at least.", least=asked),
        "maximum": _("This is too large: %(most)s at most.", most=asked),
        "format": _("Write it as %(form)s, such as 2026-11-21 for a date.", form=asked),
        "uniqueItems": _("Give each of them once."),
    }
    return str(words.get(str(error.validator), _("This does not have the form it should have.")))


def _listed(asked: Any) -> str:
    values = asked if isinstance(asked, list) else [asked]
    return ", ".join("null" if value is None else str(value) for value in values)[:300]


def _place(path: Sequence[str | int] | Iterable[str | int]) -> str:
    place = ""
    for part in path:
        place += f"[{part}]" if isinstance(part, int) else f".{part}"
    return place.strip(".")[:200]


def _member(where: str, name: str) -> str:
    return f"{where}.{name}".strip(".")[:200]


def _unknown(name: str) -> Fault:
    return Fault(name, _("We do not know this. Nothing was done; take it out."), "unknown_field")


def _hidden(value: Any, where: str) -> Iterator[Fault]:
    if isinstance(value, str) and hidden_character(value, lines=True):
        message = _("There is an invisible control character in it.")
        yield Fault(where or "body", message, "control_character")
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _hidden(one, f"{where}.{name}".strip("."))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _hidden(one, f"{where}[{place}]")


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, dict):
        return {name: _whole(one) for name, one in value.items()}
    return [_whole(one) for one in value] if isinstance(value, list) else value
