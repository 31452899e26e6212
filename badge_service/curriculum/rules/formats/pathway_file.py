"""A pathway as one JSON file of ours: what `schemas/pathway.schema.json` describes, and its further text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from badge_service.curriculum.rules.formats.definition_file import read_json
from badge_service.errors import Fault

FORMAT = "urn:badge-service:pathway-file:1"
_MEMBERS = {"format", "pathway", "further_text"}
_KEPT_BESIDE = ("further_text", "picture_svg")


@dataclass(frozen=True)
class IncomingPathway:
    """A pathway that came in from a file; `faults` says why it cannot be read."""

    content: dict[str, Any]
    further_text: str = ""
    faults: tuple[Fault, ...] = ()


def pathway_file(content: Mapping[str, Any]) -> dict[str, Any]:
    """The file of a pathway's content as it is stored; its drawn picture is left out, as it follows from the content."""
    pathway = {name: value for name, value in content.items() if name not in _KEPT_BESIDE}
    return {"format": FORMAT, "pathway": pathway, "further_text": content.get("further_text", "")}


def read_pathway_file(data: bytes) -> IncomingPathway:
    """The pathway of such a file, or of a bare content; raises `InvalidError` for what is no JSON object."""
    value = read_json(data)
    if "pathway" not in value and value.get("format") is None:
        return IncomingPathway(value)
    faults = [
        Fault(name, _("There is no such field. Remove it or correct its name."), "unknown_field")
        for name in sorted(set(value) - _MEMBERS)
    ]
    content, further = value.get("pathway"), value.get("further_text", "")
    if value.get("format") != FORMAT:
        words = _("This file says that it has the format “%(name)s”, which we do not know.", name=str(value.get("format"))[:80])  # fmt: skip
        faults.append(Fault("format", words, "format"))
    if not isinstance(content, Mapping):
        faults.append(Fault("pathway", _("This is no group of fields."), "type"))
    if not isinstance(further, str):
        faults.append(Fault("further_text", _("This is no text."), "type"))
    return IncomingPathway(
        dict(content) if isinstance(content, Mapping) else {},
        further if isinstance(further, str) else "",
        tuple(faults),
    )
