"""Our own JSON Schemas for what we sign and judge: where they lie, and what they find wrong with a document.

Follows: Open Badges 3.0, section 6 and appendix on serialization. The strict form wants an array for every
collection; the lenient form is the same schema for JSON-LD, where one value may stand for itself.
"""

import functools
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import jsonschema_rs
from jsonschema_rs import ValidationErrorKind

from badge_service.errors import Fault
from badge_service.openbadges.contexts import VC1

ACHIEVEMENT = "AchievementCredential"
ENDORSEMENT = "EndorsementCredential"
PROFILE = "Profile"
STATUS_LIST = "BitstringStatusListCredential"
"""What a document can be held to: each is the name of a class."""

MOST_FAULTS = 200
"""No more than so many findings are looked for in one document."""

_KINDS = {"OpenBadgeCredential": ACHIEVEMENT} | {
    name: name for name in (ACHIEVEMENT, ENDORSEMENT, STATUS_LIST, PROFILE)
}
_ADDRESS = re.compile(
    r"https://purl\.imsglobal\.org/spec/ob/v3p0/schema/(?P<folder>json|json-ld)/"
    r"ob_v3p0_(any)?(?P<name>achievementcredential|endorsementcredential|profile)(_schema|-jsonschema1)\.json"
)
_BY_ADDRESS = {kind.lower(): kind for kind in (ACHIEVEMENT, ENDORSEMENT, PROFILE)}

_TYPES = "#/$defs/Types"
_BY_LANGUAGE = {
    "type": "object",
    "patternProperties": {"^[a-z]{2}(-[A-Z]{2})?$": {"type": "string"}},
    "additionalProperties": False,  # one finding for all of them; one a name would hold the whole map each time
}


def folder() -> Traversable:
    """Where the JSON Schemas lie: inside an installed package, or at the top of the source tree."""
    packed = resources.files("badge_service").joinpath("_data", "schemas")
    return packed if packed.is_dir() else Path(__file__).parents[2] / "schemas"


def faults(document: Mapping[str, Any], *, kind: str | None = None, lenient: bool = False) -> list[Fault]:
    """Everything in `document` that its schema forbids, with the place.

    The schema is that of `kind`, else of the document's type, and always of the data model (2.0 or 1.1) that
    its first context names; `lenient` takes the JSON-LD form.
    """
    kind = kind or kind_of(document)
    if kind is None:
        return [
            Fault("type", "This is neither a badge, an endorsement, a profile nor a status list.", "type")
        ]
    validator = _validator(kind, _model(document), lenient)
    if validator.is_valid(document):
        return []
    found = itertools.islice(_plain(validator.iter_errors(document)), MOST_FAULTS)
    return sorted(_in_words(found), key=lambda fault: fault.where)


def is_valid(document: Mapping[str, Any], *, kind: str | None = None, lenient: bool = False) -> bool:
    """Whether `faults` would find nothing, without looking for words."""
    kind = kind or kind_of(document)
    return kind is not None and _validator(kind, _model(document), lenient).is_valid(document)


def form_at(address: str) -> tuple[str, bool] | None:
    """Kind and lenience of our own schema (as `faults` takes them) for a `credentialSchema.id` of 1EdTech; None for others.

    The data model is read from the document, whatever the address says, as 1EdTech's validator does: the addresses of
    "any…" schemas and those of one model name the same schema here.
    """
    named = _ADDRESS.fullmatch(address)
    return (_BY_ADDRESS[named["name"]], named["folder"] == "json-ld") if named else None


def kind_of(document: Mapping[str, Any]) -> str | None:
    """What `document` says it is, as one of the constants above, or None."""
    types = document.get("type")
    listed = types if isinstance(types, list) else [types]
    return next((_KINDS[name] for name in listed if isinstance(name, str) and name in _KINDS), None)


def _model(document: Mapping[str, Any]) -> str:
    context = document.get("@context")
    first = context[0] if isinstance(context, list) and context else context
    return "Model1.1" if first == VC1 else "Model2.0"


@functools.cache
def _validator(kind: str, model: str, lenient: bool) -> jsonschema_rs.Draft201909Validator:
    if kind == STATUS_LIST:
        return jsonschema_rs.Draft201909Validator(_load("status_list_credential"), validate_formats=True)
    definitions = {**_load("open_badges")["$defs"], "Model": {"$ref": f"#/$defs/{model}"}}
    if lenient:
        definitions = _lenient(definitions)
    return jsonschema_rs.Draft201909Validator(
        {"$ref": f"#/$defs/{kind}", "$defs": definitions}, validate_formats=True
    )


def _load(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(folder().joinpath(f"{name}.schema.json").read_text("utf-8"))
    return schema


def _lenient(definitions: Mapping[str, Any]) -> dict[str, Any]:
    """The definitions as JSON-LD has them; a status entry needs no address there, as in Verifiable Credentials 2.0."""
    changed = {name: rule if name == "Types" else _one_or_many(rule) for name, rule in definitions.items()}
    changed["Text"] = {"anyOf": [definitions["Text"], _BY_LANGUAGE]}
    changed["CredentialStatus"] = {**changed["CredentialStatus"], "required": ["type"]}
    return changed


def _one_or_many(rule: Any) -> Any:
    """`rule` with "an array of these" turned into "one of these, or an array of them", all the way down."""
    if isinstance(rule, list):
        return [_one_or_many(part) for part in rule]
    if not isinstance(rule, dict):
        return rule
    if rule.get("$ref") == _TYPES:
        return {"anyOf": [rule["contains"], rule]} if "contains" in rule else rule
    if rule.get("type") == "array" and isinstance(rule["items"], dict):
        one = _one_or_many(rule["items"])
        return {"anyOf": [one, {**rule, "items": one}]}
    return {name: _one_or_many(part) for name, part in rule.items()}


def _plain(errors: Iterable[jsonschema_rs.ValidationError]) -> Iterator[jsonschema_rs.ValidationError]:
    """The findings, and inside an "any of" those of the one branch that the value was most likely meant for."""
    for error in errors:
        if isinstance(error.kind, ValidationErrorKind.AnyOf):
            branches = [list(branch) for branch in error.kind.context]
            here = error.instance_path
            yield from _plain(
                min(branches, key=lambda branch: any(_is_another_type(e, here) for e in branch))
            )
        else:
            yield error


def _is_another_type(error: jsonschema_rs.ValidationError, here: list[str | int]) -> bool:
    return isinstance(error.kind, ValidationErrorKind.Type) and error.instance_path == here


def _in_words(errors: Iterable[jsonschema_rs.ValidationError]) -> set[Fault]:
    missing: dict[str, set[str]] = {}
    found = set()
    for error in errors:
        where = _place(error)
        if isinstance(error.kind, ValidationErrorKind.Required):
            missing.setdefault(where, set()).add(error.kind.property)
        else:
            found.add(Fault(where, _words(error), "schema"))
    return found | {
        Fault(where, f"Missing: {', '.join(sorted(names))}.", "schema") for where, names in missing.items()
    }


def _place(error: jsonschema_rs.ValidationError) -> str:
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.instance_path)
    return "".join(parts).lstrip(".")[:300]


def _words(error: jsonschema_rs.ValidationError) -> str:
    """The finding in plain words; documents may be large, so values are not repeated whole."""
    kind = error.kind
    if isinstance(kind, ValidationErrorKind.Type):
        return f"This must be of the kind {' or '.join(kind.types)}."
    if isinstance(kind, ValidationErrorKind.Enum):
        return f"This must be one of: {', '.join(str(value) for value in kind.options)}."
    return str(error.message)[:300]
