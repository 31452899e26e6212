"""A definition as one JSON file of ours: everything its author wrote, so that reading it again gives the same."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from badge_service.curriculum.rules.content import Content
from badge_service.curriculum.rules.formats.incoming import Incoming, completed
from badge_service.errors import Fault, InvalidError
from badge_service.openbadges import strict_json

FORMAT = "urn:badge-service:definition-file:1"
MOST_BYTES = 1_000_000
_MEMBERS = {"format", "definition", "further_text", "picture_png"}


def definition_file(content: Content, further_text: str, picture_png: bytes | None) -> dict[str, Any]:
    """The file: the content as `schemas/definition.schema.json` describes it, its further text, an uploaded picture.

    A drawn picture is not in it: it follows from the content (`look`).
    """
    picture = base64.b64encode(picture_png).decode() if picture_png else None
    return {
        "format": FORMAT,
        "definition": dict(content),
        "further_text": further_text,
        "picture_png": picture,
    }


def is_definition_file(value: Mapping[str, Any]) -> bool:
    """Whether an object is such a file, and no bare content."""
    return "definition" in value or value.get("format") is not None


def read_definition_file(data: bytes) -> Incoming:
    """The definition of such a file, or of a bare content; raises `InvalidError` for what is no JSON object."""
    value = read_json(data)
    if not is_definition_file(value):
        return Incoming(completed(value))
    faults = [
        Fault(name, _("There is no such field. Remove it or correct its name."), "unknown_field")
        for name in sorted(set(value) - _MEMBERS)
    ]
    content, further = value.get("definition"), value.get("further_text", "")
    if value.get("format") != FORMAT:
        words = _("This file says that it has the format “%(name)s”, which we do not know.", name=str(value.get("format"))[:80])  # fmt: skip
        faults.append(Fault("format", words, "format"))
    if not isinstance(content, Mapping):
        faults.append(Fault("definition", _("This is no group of fields."), "type"))
    if not isinstance(further, str):
        faults.append(Fault("further_text", _("This is no text."), "type"))
    picture, wrong = _picture(value.get("picture_png"))
    return Incoming(
        completed(content if isinstance(content, Mapping) else {}),
        further_text=further if isinstance(further, str) else "",
        picture_png=picture,
        faults=(*faults, *wrong),
    )


def read_json(data: bytes) -> dict[str, Any]:
    """The JSON object in a file, with or without byte order mark; raises `InvalidError` with one fault."""
    try:
        value = strict_json.loads(data.removeprefix(b"\xef\xbb\xbf"), max_bytes=MOST_BYTES)
    except InvalidError as error:
        raise InvalidError(
            error.message, code=error.code, faults=[Fault("file", error.message, error.code)]
        ) from error
    if not isinstance(value, dict):
        words = _("This file holds no JSON object.")
        raise InvalidError(words, code="not_an_object", faults=[Fault("file", words, "not_an_object")])
    return value


def _picture(value: Any) -> tuple[bytes | None, list[Fault]]:
    if value is None:
        return None, []
    try:
        return base64.b64decode(value, validate=True), []
    except (binascii.Error, TypeError, ValueError):
        return None, [Fault("picture_png", _("This picture cannot be read."), "picture")]
