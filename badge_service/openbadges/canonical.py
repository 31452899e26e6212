"""From a JSON-LD document to the canonical text that a signature covers, in safe mode; the only module that knows PyLD.

Follows: JSON-LD 1.1 API (expansion, deserialization to RDF); Data Integrity EdDSA 1.0, section 3.2.3 (Transformation).
Three walls against words that a signature would not cover: known contexts only, a walk through the document
before expansion, and a walk through what expansion left.
"""

import math
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyld.jsonld import JsonLdProcessor  # type: ignore[import-untyped]  # noqa: TID251 (here alone)

from badge_service.errors import Fault, InvalidError
from badge_service.openbadges import contexts, rdf_canonicalization
from badge_service.openbadges.rdf_canonicalization import Quad

MAX_VALUES = 2_500
"""Objects and leaves of a document; expansion takes about 50 microseconds for each."""
MAX_DEPTH = 40
MAX_CONTEXTS = 8

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_RDF_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

_PYLD = threading.Lock()
"""PyLD keeps module-wide caches that break when two threads use it at once."""

LoadContext = Callable[[str], dict[str, Any]]


@dataclass(frozen=True)
class Examined:
    """A document as a signature sees it: `nquads` is its canonical text, empty when there are `faults`."""

    faults: tuple[Fault, ...]
    nquads: str


def undefined(document: Mapping[str, Any]) -> list[Fault]:
    """Everything in `document` that a signature would not cover, or that we refuse to sign; empty when good."""
    return list(examine(document).faults)


def canonicalize(document: Mapping[str, Any]) -> str:
    """The canonical N-Quads of `document`; raises InvalidError naming every fault, TooMuchWork for poison."""
    examined = examine(document)
    if examined.faults:
        raise InvalidError("A signature would not cover all of this.", faults=examined.faults)
    return examined.nquads


def examine(
    document: Mapping[str, Any], load: LoadContext = contexts.load, *, hash: str = "sha256"
) -> Examined:
    """Look for faults and canonicalize `document` with one single expansion.

    `load` gives a context document for its address and raises UnknownContext; `hash` ("sha256", "sha384") tells
    look-alike blank nodes apart. Codes of faults: `inline_context`,
    `unknown_context`, `forbidden_keyword`, `blank_node_id`, `undefined_term`, `undefined_type`, `relative_iri`,
    `too_many_nodes`, `canonicalization_budget`, `jsonld`.
    """
    faults = [*context_faults(document, load), *_document_faults(document, load)]
    if faults:
        return Examined(tuple(faults), "")
    try:
        with _PYLD:
            options = {
                "base": None,
                "documentLoader": _loader(load),
            }  # no made-up base: relative stays relative
            dataset = _Expander().to_rdf(document, options)
    except _Undefined as error:
        return Examined(error.faults, "")
    except Exception as error:  # noqa: BLE001 (malformed documents make PyLD raise whatever Python raises)
        return Examined((Fault("", f"This is not well-formed JSON-LD ({_reason(error)}).", "jsonld"),), "")
    try:
        return Examined((), rdf_canonicalization.canonicalize(_quads(dataset), hash))
    except rdf_canonicalization.TooMuchWork as error:
        return Examined((Fault("", error.message, error.code),), "")


def empty_members(document: Mapping[str, Any]) -> list[Fault]:
    """Members that say nothing (null, an empty list or object): a signature does not cover them."""
    return [
        Fault(where, "Nothing is said here: leave it out.", "empty")
        for where, _, value in _walk(document)
        if value is None or value == [] or value == {}
    ]


def context_faults(document: Mapping[str, Any], load: LoadContext = contexts.load) -> list[Fault]:
    """What is wrong with the `@context` of `document`: inline definitions, and addresses that we do not carry."""
    named = document.get("@context")
    listed = named if isinstance(named, list) else [named]
    if not listed or len(listed) > MAX_CONTEXTS:
        return [Fault("@context", "This names no vocabulary, or too many of them.", "unknown_context")]
    faults = []
    for place, context in enumerate(listed):
        where = f"@context[{place}]"
        if not isinstance(context, str):
            faults.append(Fault(where, "This brings its own definitions of words.", "inline_context"))
            continue
        try:
            load(context)
        except contexts.UnknownContext as error:
            faults.append(Fault(where, error.message, error.code))
    return faults


def _document_faults(document: Mapping[str, Any], load: LoadContext) -> list[Fault]:
    """The wall before expansion: size, nested contexts, and other spellings of the same signed statements.

    A signature covers the RDF dataset, not the JSON: a member under its full IRI (`https://…#validUntil`), a
    value object or a list in a list leaves the signature good and hides the member from whoever reads the JSON.
    """
    faults = []
    for count, (where, key, value) in enumerate(_walk(document)):
        if count > MAX_VALUES or where.count(".") + where.count("[") > MAX_DEPTH:
            return [Fault("", "This document is too large to be read with care.", "too_many_nodes")]
        nested_list = isinstance(value, list) and any(isinstance(member, list) for member in value)
        if key.startswith("@") or ":" in key or nested_list:
            faults.append(
                Fault(where, f"The word {key[:40]} may not be used in this way.", "forbidden_keyword")
            )
        if key.startswith("_:") or (isinstance(value, str) and value.startswith("_:")):
            faults.append(Fault(where, "Names that begin with _: may not be used.", "blank_node_id"))
        if (isinstance(value, str) and _SURROGATE.search(value)) or _SURROGATE.search(key):
            faults.append(Fault(where, "This holds half a character.", "json_invalid_unicode"))
        if isinstance(value, float) and not math.isfinite(value):
            faults.append(Fault(where, "This is not a number.", "json_number_range"))
        if isinstance(value, Mapping) and "@context" in value:
            faults.extend(_nested_context_faults(where, value, load))
    return faults


def _nested_context_faults(where: str, value: Mapping[str, Any], load: LoadContext) -> list[Fault]:
    """An embedded endorsement carries its own contexts (the standard demands it); nothing else may."""
    types = value.get("type")
    if isinstance(types, list) and "EndorsementCredential" in types:
        return [
            Fault(f"{where}.{fault.where}", fault.message, fault.code)
            for fault in context_faults(value, load)
        ]
    return [Fault(where, "This brings its own definitions of words.", "inline_context")]


def _walk(value: Any, where: str = "", key: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every member below `value` as (path, key, member); contexts are looked at elsewhere."""
    pending = [(value, where, key)]
    while pending:
        value, where, key = pending.pop()
        if where:
            yield where, key, value
        if isinstance(value, Mapping):
            for name, member in value.items():
                if name != "@context":
                    pending.append((member, f"{where}.{name}" if where else str(name) or "?", str(name)))
        elif isinstance(value, list):
            pending.extend((member, f"{where}[{place}]", "") for place, member in enumerate(value))


class _Undefined(Exception):
    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)


class _Expander(JsonLdProcessor):  # type: ignore[misc]
    """PyLD's processor, made to stop when expansion dropped something or left something relative."""

    def __init__(self) -> None:
        self.dropped: list[Fault] = []
        super().__init__(on_property_dropped=self._note)

    def _note(self, term: object) -> None:
        self.dropped.append(Fault(str(term), f"The word {str(term)[:80]} is not defined.", "undefined_term"))

    def expand(self, input_: Any, options: Any) -> Any:
        expanded = super().expand(input_, options)
        faults = self.dropped + _expanded_faults(expanded)
        if faults:
            raise _Undefined(faults)
        return expanded


def _expanded_faults(expanded: Any) -> list[Fault]:
    """The wall after expansion: every type, identifier, property and datatype must be an absolute IRI."""
    faults: list[Fault] = []
    for _, key, value in _walk(expanded, "$"):
        if key and not key.startswith("@") and not _IRI.match(key):
            faults.append(Fault(key, f"The word {key[:80]} is not defined.", "undefined_term"))
        if key == "@type":
            types = value if isinstance(value, list) else [value]
            faults.extend(_type_fault(type_) for type_ in types if type_ != "@json" and not _is_iri(type_))
        elif key == "@id" and not _is_iri(value):
            faults.append(Fault("id", f"{str(value)[:80]} is not a full address.", "relative_iri"))
    return faults


def _type_fault(type_: object) -> Fault:
    return Fault("type", f"The type {str(type_)[:80]} is not defined.", "undefined_type")


def _is_iri(value: object) -> bool:
    return isinstance(value, str) and _IRI.match(value) is not None


def _reason(error: Exception) -> str:
    code = getattr(error, "code", None)
    return str(code or type(error).__name__)[:80]


def _loader(load: LoadContext) -> Callable[[str, Any], dict[str, Any]]:
    # PyLD keeps documents tagged static for ever, by address: only right for our own pinned ones.
    tag = {"tag": "static"} if load is contexts.load else {}

    def document(url: str, options: Any = None) -> dict[str, Any]:
        return {"contextUrl": None, "documentUrl": url, "document": load(url), **tag}

    return document


def _quads(dataset: Mapping[str, list[dict[str, Any]]]) -> Iterator[Quad]:
    for name, triples in dataset.items():
        graph = "" if name == "@default" else name if name.startswith("_:") else f"<{name}>"
        for triple in triples:
            yield _term(triple["subject"]), _term(triple["predicate"]), _term(triple["object"]), graph


def _term(component: Mapping[str, str]) -> str:
    value: str = component["value"]
    if component["type"] == "IRI":
        return f"<{value}>"
    if component["type"] == "blank node":
        return value
    literal = f'"{rdf_canonicalization.escape(value)}"'
    if component["datatype"] == _RDF_LANG_STRING:
        return f"{literal}@{component['language']}"
    return literal if component["datatype"] == _XSD_STRING else f"{literal}^^<{component['datatype']}>"
