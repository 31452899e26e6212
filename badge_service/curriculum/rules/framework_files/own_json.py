"""Reads a framework in the JSON in which this service ships its own: `framework` with its facts, `items` with theirs."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from badge_service.curriculum.rules.framework_files.checking import flat
from badge_service.curriculum.rules.framework_files.found import (
    FileFormat,
    FrameworkFile,
    Guess,
    RawItem,
    too_many,
    unusable,
)
from badge_service.curriculum.rules.framework_files.gathering import gather
from badge_service.curriculum.rules.framework_files.json_values import text_of

COLUMNS = {
    "label": "name",
    "code": "code",
    "uri": "uri",
    "parent": "parent",
    "summary": "summary",
    "kind": "kind",
}


def is_own(document: Any) -> bool:
    """Whether this JSON has our shape."""
    return (
        isinstance(document, dict)
        and isinstance(document.get("framework"), dict)
        and isinstance(document.get("items"), list)
    )


def read_own(document: Mapping[str, Any], most: int) -> FrameworkFile:
    """Every item of the list; one that is no object is an item without a name, and an empty list is a fault."""
    items = [one if isinstance(one, dict) else {} for one in document["items"]]
    if not items:
        return unusable(_("There is no item in this file."), "empty", FileFormat.OWN_JSON)
    if len(items) > most:
        return too_many(most, FileFormat.OWN_JSON)
    gathered = gather([_raw(row, one) for row, one in enumerate(items, 1)], COLUMNS)
    return FrameworkFile(FileFormat.OWN_JSON, gathered.items, gathered.faults, _guess(document["framework"]))


def _raw(row: int, one: Mapping[str, Any]) -> RawItem:
    return RawItem(
        row=row,
        code=text_of(one.get("code")),
        label=text_of(one.get("name")),
        uri=text_of(one.get("uri")),
        parent=text_of(one.get("parent")),
        summary=text_of(one.get("summary")),
        kind=text_of(one.get("kind")) or text_of(one.get("type")),
        language=text_of(one.get("language")),
        page_url=text_of(one.get("page")),
        alternatives=text_of(one.get("everyday_words")),
    )


def _guess(said: Mapping[str, Any]) -> Guess:
    names = ("name", "version", "publisher", "licence", "language", "alignment_name", "target_type")
    uri = text_of(said.get("document_uri")) or text_of(said.get("scheme_uri"))
    return Guess(document_uri=uri, **{name: flat(text_of(said.get(name))) for name in names})
