"""Our own JSON Schemas for what we sign and judge: where they lie, and what they find wrong with a document.

Follows: Open Badges 3.0, section 6 and appendix on serialization (strict JSON: every collection is an array).
"""

import functools
import json
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import jsonschema_rs

from badge_service.errors import Fault

OPEN_BADGE = "open_badge_credential"
STATUS_LIST = "status_list_credential"

_OF_TYPE = {
    "OpenBadgeCredential": OPEN_BADGE,
    "AchievementCredential": OPEN_BADGE,
    "BitstringStatusListCredential": STATUS_LIST,
}


def folder() -> Traversable:
    """Where the JSON Schemas lie: inside an installed package, or at the top of the source tree."""
    packed = resources.files("badge_service").joinpath("_data", "schemas")
    return packed if packed.is_dir() else Path(__file__).parents[2] / "schemas"


@functools.cache
def load(name: str) -> dict[str, Any]:
    """The schema called `name`, without `.schema.json`."""
    schema: dict[str, Any] = json.loads(folder().joinpath(f"{name}.schema.json").read_text("utf-8"))
    return schema


def faults(document: Mapping[str, Any]) -> list[Fault]:
    """Everything in `document` that its schema forbids, with the place; the schema is chosen by its type."""
    name = _name(document)
    if name is None:
        return [Fault("type", "This is neither a badge nor a status list.", "type")]
    if _fast(name).is_valid(document):
        return []
    return sorted(
        {_fault(error) for error in _slow(name).iter_errors(document)}, key=lambda fault: fault.where
    )


def is_valid(document: Mapping[str, Any]) -> bool:
    """Whether `faults` would find nothing, without looking for words."""
    name = _name(document)
    return name is not None and _fast(name).is_valid(document)


def _name(document: Mapping[str, Any]) -> str | None:
    types = document.get("type")
    listed = types if isinstance(types, list) else [types]
    return next((_OF_TYPE[type_] for type_ in listed if isinstance(type_, str) and type_ in _OF_TYPE), None)


@functools.cache
def _fast(name: str) -> jsonschema_rs.Draft201909Validator:
    return jsonschema_rs.Draft201909Validator(load(name))


@functools.cache
def _slow(name: str) -> jsonschema.Draft201909Validator:
    return jsonschema.Draft201909Validator(load(name))


def _fault(error: jsonschema.ValidationError) -> Fault:
    error = jsonschema.exceptions.best_match([error])  # inside "any of", the finding that helps most
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
    return Fault(where.lstrip("."), _words(error), "schema")


def _words(error: jsonschema.ValidationError) -> str:
    """The finding in plain words; documents may be large, so values are not repeated whole."""
    rule, wanted = str(error.validator), error.validator_value
    if rule == "type":
        return f"This must be of the kind {wanted}."
    if rule == "required":
        missing = [name for name in wanted if name not in error.instance]
        return f"Missing: {', '.join(missing)}."
    if rule == "enum":
        return f"This must be one of: {', '.join(str(value) for value in wanted)}."
    return str(error.message)[:300]
