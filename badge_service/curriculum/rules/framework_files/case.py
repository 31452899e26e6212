"""Reads a framework from a CASE package (1EdTech CASE 1.0 and 1.1, section CFPackage): document, items, isChildOf."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from badge_service.curriculum.rules.framework_files.checking import flat, is_code
from badge_service.curriculum.rules.framework_files.found import (
    FileFormat,
    FrameworkFile,
    Guess,
    RawItem,
    too_many,
    unusable,
)
from badge_service.curriculum.rules.framework_files.gathering import gather
from badge_service.curriculum.rules.framework_files.json_values import addresses, text_of
from badge_service.curriculum.rules.frameworks.facts import LONGEST_LABEL, LONGEST_TEXT

COLUMNS = {
    "label": "fullStatement",
    "code": "humanCodingScheme",
    "uri": "uri",
    "parent": "isChildOf",
    "summary": "fullStatement",
    "language": "language",
    "kind": "CFItemType",
}


def package_in(document: Any) -> Mapping[str, Any] | None:
    """The CFPackage, bare or in its wrapper; None for other JSON."""
    if isinstance(document, dict) and isinstance(document.get("CFPackage"), dict):
        document = document["CFPackage"]
    return document if isinstance(document, dict) and "CFItems" in document else None


def read_package(package: Mapping[str, Any], most: int) -> FrameworkFile:
    """Every CFItem; its code is the human coding scheme where that tells items apart, else the identifier."""
    items = [one if isinstance(one, dict) else {} for one in _list(package.get("CFItems"))]
    if len(items) > most:
        return too_many(most, FileFormat.CASE)
    if not items:
        return unusable(_("This CASE package has no CFItems."), "empty", FileFormat.CASE)
    parents = _parents(_list(package.get("CFAssociations")), _document_names(package))
    codes = Counter(_human_code(one) for one in items)
    found = [_raw(row, one, parents, codes) for row, one in enumerate(items, 1)]
    gathered = gather(found, COLUMNS, is_selection=True)
    shortened = sum(len(flat(text_of(one.get("fullStatement")))) > LONGEST_LABEL for one in items)
    guess = _guess(package.get("CFDocument"))
    return FrameworkFile(
        FileFormat.CASE, gathered.items, gathered.faults, guess, loose=gathered.loose, shortened=shortened
    )


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _document_names(package: Mapping[str, Any]) -> set[str]:
    document = package.get("CFDocument")
    return (
        {text_of(document.get(name)) for name in ("identifier", "uri")}
        if isinstance(document, dict)
        else set()
    )


def _parents(associations: Sequence[Any], document: set[str]) -> dict[str, str]:
    """For each child (by identifier or address) its first parent; what stands right below the document has none."""
    parents: dict[str, str] = {}
    for one in associations:
        if not isinstance(one, dict) or text_of(one.get("associationType")).casefold() != "ischildof":
            continue
        above = [name for name in _names(one.get("destinationNodeURI")) if name]
        if above and not document & set(above):
            for child in _names(one.get("originNodeURI")):
                parents.setdefault(child, above[0])
    return parents


def _names(node: Any) -> list[str]:
    if isinstance(node, dict) and text_of(node.get("identifier")):
        return [text_of(node["identifier"]), *addresses(node)]
    return list(addresses(node))


def _human_code(one: Mapping[str, Any]) -> str:
    code = flat(text_of(one.get("humanCodingScheme")))
    return code if is_code(code) else ""


def _raw(row: int, one: Mapping[str, Any], parents: Mapping[str, str], codes: Counter[str]) -> RawItem:
    statement = flat(text_of(one.get("fullStatement")))
    identifier, uri, code = text_of(one.get("identifier")), text_of(one.get("uri")), _human_code(one)
    notes = flat(text_of(one.get("notes")))
    is_long = len(statement) > LONGEST_LABEL
    return RawItem(
        row=row,
        code=code if code and codes[code] == 1 else identifier,
        label=_short(flat(text_of(one.get("abbreviatedStatement"))), statement) if is_long else statement,
        uri=uri,
        kind=text_of(one.get("CFItemType")),
        parent=parents.get(identifier) or parents.get(uri, ""),
        language=text_of(one.get("language")),
        summary=" ".join(filter(None, (statement if is_long else "", notes)))[:LONGEST_TEXT],
        alternatives="; ".join(text_of(word) for word in _list(one.get("conceptKeywords"))),
        identifiers=(identifier,) if identifier else (),
        facts={"human_code": code} if code and codes[code] > 1 else {},
    )


def _short(abbreviated: str, statement: str) -> str:
    if 0 < len(abbreviated) <= LONGEST_LABEL:
        return abbreviated
    return statement[: LONGEST_LABEL - 1].rpartition(" ")[0] + "…"


def _guess(document: Any) -> Guess:
    said = document if isinstance(document, dict) else {}
    licence = said.get("licenseURI")
    return Guess(
        name=flat(text_of(said.get("title"))),
        version=flat(text_of(said.get("version")) or text_of(said.get("lastChangeDateTime"))[:10]),
        publisher=flat(text_of(said.get("publisher")) or text_of(said.get("creator"))),
        licence=flat(text_of(licence.get("title"))) if isinstance(licence, dict) else flat(text_of(licence)),
        document_uri=text_of(said.get("officialSourceURL")) or text_of(said.get("uri")),
        language=text_of(said.get("language")).lower(),
        target_type="CFItem",
    )
