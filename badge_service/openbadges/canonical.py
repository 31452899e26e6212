"""From a JSON-LD document to the canonical text that a signature covers, in safe mode; the only module that knows PyLD.

Follows: JSON-LD 1.1 API (expansion, deserialization to RDF); Data Integrity EdDSA 1.0, section 3.2.3 (Transformation).
Three walls against words that a signature would not cover: known contexts only, a walk through the document
before expansion, and a walk through what expansion left.
"""

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from pyld.jsonld import JsonLdProcessor  # type: ignore[import-untyped]  # noqa: TID251 (here alone)

from badge_service.errors import Fault, InvalidError
from badge_service.openbadges import contexts, rdf_canonicalization
from badge_service.openbadges.profiles import BADGE, Profile
from badge_service.openbadges.rdf_canonicalization import Quad
from badge_service.openbadges.shapes import (
    CHECKED_ONE_IN,
    Canonical,
    Likeness,
    Outline,
    Shapes,
    Unsuitable,
)
from badge_service.openbadges.walls import LoadContext, context_faults, document_faults, merged_faults, walk

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20\x7f<>\"{}|^`\\]*\Z")
_BLANK = re.compile(r"_:[A-Za-z0-9][A-Za-z0-9._-]*\Z")
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_RDF_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

_PYLD = threading.Lock()
"""PyLD keeps module-wide caches that break when two threads use it at once."""


@dataclass(frozen=True)
class Examined:
    """A document as a signature sees it: `nquads` is its canonical text, empty when there are `faults`.

    `digest` is the SHA-256 digest of that text in UTF-8, where it is known already; else empty.
    """

    faults: tuple[Fault, ...]
    nquads: str
    digest: bytes = b""

    @classmethod
    def known(cls, canonical: Canonical) -> Self:
        """A document without faults, in this form."""
        return cls((), canonical.nquads.decode("utf-8"), canonical.digest)


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
    document: Mapping[str, Any],
    load: LoadContext = contexts.load,
    *,
    hash: str = "sha256",
    profile: Profile = BADGE,
    ours: bool = False,
) -> Examined:
    """Look for faults and canonicalize `document`: by its compiled shape if that is known, else by one expansion.

    `load` gives a context document for its address and raises UnknownContext; `hash` ("sha256", "sha384") tells
    look-alike blank nodes apart; `ours` says that more documents of this shape will come, and is never for what
    strangers send. Codes of faults: `inline_context`, `unknown_context`, `forbidden_keyword`, `blank_node_id`,
    `undefined_term`, `undefined_type`, `relative_iri`, `too_many_nodes`, `canonicalization_budget`, `jsonld`.
    """
    if load is not contexts.load or hash != "sha256" or profile is not BADGE:
        return _expanded(document, load, hash, profile)
    found = _SHAPES.canonicalize(document, ours=ours)
    if found is not None and not _SHAPES.is_to_be_checked():
        return Examined.known(found)
    examined = _expanded(document, load, hash, profile)
    if found is not None and _is_too_large(examined):
        return Examined.known(found)  # for expansion alone
    if found is not None:
        _SHAPES.agree(found.nquads.decode("utf-8"), examined.nquads)
    elif not examined.faults:
        _SHAPES.learn(document, examined.nquads, ours=ours)
    return examined


def examine_known(document: Mapping[str, Any]) -> Examined | None:
    """What `examine` says of `document` when its shape is known; None when it would have to be expanded.

    Takes a bounded time for any document, so it needs no confinement.
    """
    found = _SHAPES.canonicalize(document)
    unsure = found is None or _SHAPES.is_to_be_checked()
    return None if found is None or unsure else Examined.known(found)


def learn(document: Mapping[str, Any], examined: Examined) -> None:
    """Let the shape of a stranger's `document` be known, when another process examined it and found no faults.

    Expands it when its shape comes for the second time, which takes as long as it took the other process.
    """
    if not examined.faults:
        _SHAPES.learn(document, examined.nquads, ours=False)


def written(document: Mapping[str, Any]) -> tuple[str, Canonical] | None:
    """`document` as JSON and in canonical form, when it is one more of our own badges; None when it has to be examined.

    Only for a document without faults in its values: those of its shape were looked for in the ones before.
    """
    found = _SHAPES.recognize(document)
    return rewritten(document, found.likeness, found.texts) if found else None


def likeness(document: Mapping[str, Any]) -> Likeness | None:
    """What recognizes others like `document`, which was examined as one of `ours`; None when its shape is not compiled."""
    return _SHAPES.likeness(document)


def keep(known: Likeness) -> None:
    """Let `known` recognize our own badges from now on, as `written` does."""
    _SHAPES.keep(known)


def outlined(document: Mapping[str, Any]) -> Outline | None:
    """`document` taken apart into its shape and its values; None when it is none for compiled shapes."""
    return _SHAPES.outline(document)


def rewritten(
    document: Mapping[str, Any], known: Likeness, texts: Sequence[bytes]
) -> tuple[str, Canonical] | None:
    """`document`, which is `known` but for its `texts`, as JSON and in canonical form; None when it has to be examined.

    Compares a random sample with full expansion. After a first difference compiled shapes are turned off.
    """
    try:
        canonical = known.canonicalize(texts)
    except (Unsuitable, rdf_canonicalization.TooMuchWork):
        return None
    if _SHAPES.enabled and _SHAPES.is_to_be_checked():
        expanded = _expanded(document, contexts.load, "sha256", BADGE)
        _SHAPES.agree(canonical.nquads.decode("utf-8"), expanded.nquads)
    return (known.json(texts), canonical) if _SHAPES.enabled else None


def shapes_are_used() -> bool:
    """Whether compiled shapes are trusted: not turned off, and never found to differ from full expansion."""
    return _SHAPES.enabled


def use_shapes(*, enabled: bool = True, checked_one_in: int = CHECKED_ONE_IN) -> None:
    """Turn compiled shapes on or off, and say which part of their answers is compared with full expansion."""
    _SHAPES.enabled, _SHAPES.checked_one_in = enabled, checked_one_in


def forget_shapes() -> None:
    """Forget every compiled shape, as after a start."""
    _SHAPES.forget()


def _expanded(document: Mapping[str, Any], load: LoadContext, hash: str, profile: Profile) -> Examined:
    """What the full expansion says."""
    faults = [*context_faults(document, load, profile), *document_faults(document, load, profile)]
    if faults:
        return Examined(tuple(faults), "")
    try:
        dataset = _dataset(document, load)
    except _Undefined as error:
        return Examined(error.faults, "")
    except MemoryError:
        raise  # says nothing about the document: whoever confined us is to be told
    except Exception as error:  # noqa: BLE001 (malformed documents make PyLD raise whatever Python raises)
        return Examined((_jsonld_fault(error),), "")
    try:
        return Examined((), rdf_canonicalization.canonicalize(_quads(dataset), hash))
    except rdf_canonicalization.TooMuchWork as error:
        return Examined((Fault("", error.message, error.code),), "")


def _is_too_large(examined: Examined) -> bool:
    return any(fault.code == "too_many_nodes" for fault in examined.faults)


def _dataset(document: Mapping[str, Any], load: LoadContext) -> Any:
    with _PYLD:  # no made-up base: relative stays relative
        return _Expander().to_rdf(document, {"base": None, "documentLoader": _loader(load)})


def _quads_of_sentinels(document: dict[str, Any]) -> list[Quad]:
    """The quads of a document whose values a compiled shape replaced, which cannot make good ones bad."""
    try:
        return list(_quads(_dataset(document, contexts.load)))
    except Exception as error:
        raise Unsuitable("a document with sentinels is not well-formed") from error


class _Undefined(Exception):
    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)


class _Expander(JsonLdProcessor):  # type: ignore[misc]
    """PyLD's processor, made to stop when expansion dropped something, or left something that makes no statement."""

    def __init__(self) -> None:
        self.dropped: list[Fault] = []
        self.graphs: set[str] = set()
        super().__init__(on_property_dropped=self._note)

    def _note(self, term: object) -> None:
        self.dropped.append(Fault(str(term), f"The word {str(term)[:80]} is not defined.", "undefined_term"))

    def expand(self, input_: Any, options: Any) -> Any:
        expanded = super().expand(input_, options)
        faults = self.dropped + _expanded_faults(expanded)
        if faults:
            raise _Undefined(faults)
        return expanded

    # PyLD leaves out, without a word, every statement whose graph, subject, property or object is no name to it.

    def to_rdf(self, input_: Any, options: Any) -> Any:
        dataset = super().to_rdf(input_, options)
        for graph in self.graphs:
            _refuse_unless(graph in dataset, graph)
        return dataset

    def _create_node_map(
        self, input_: Any, graph_map: Any, active_graph: str, *more: Any, **named: Any
    ) -> None:
        self.graphs.add(active_graph)
        super()._create_node_map(input_, graph_map, active_graph, *more, **named)

    def _graph_to_rdf(self, graph: Any, issuer: Any, options: Any) -> Any:
        triples = super()._graph_to_rdf(graph, issuer, options)
        made = {(triple["subject"]["value"], triple["predicate"]["value"]) for triple in triples}
        for subject, node in graph.items():
            for name, items in node.items():
                if items and (name == "@type" or not name.startswith("@")):
                    said = (subject, _RDF_TYPE if name == "@type" else name)
                    _refuse_unless(said in made, subject)
        return triples

    def _object_to_rdf(self, item: Any, issuer: Any, triples: Any, options: Any) -> Any:
        object = super()._object_to_rdf(item, issuer, triples, options)
        _refuse_unless(object is not None, item)
        return object


def _refuse_unless(is_good: bool, value: object) -> None:
    if not is_good:
        raise _Undefined([_relative(value)])


def _relative(value: object) -> Fault:
    return Fault("id", f"{str(value)[:80]} is not a full address.", "relative_iri")


def _expanded_faults(expanded: Any) -> list[Fault]:
    """The wall after expansion: every type, identifier, property and datatype must be an absolute IRI.

    Names of blank nodes are let through: whoever may not use them was stopped at the wall before.
    """
    faults: list[Fault] = []
    entries = list(walk(_without_json_literals(expanded), "$"))
    for _, key, value in entries:
        if key and not key.startswith("@") and not _is_iri(key):
            faults.append(Fault(key, f"The word {key[:80]} is not defined.", "undefined_term"))
        if key == "@type":
            types = value if isinstance(value, list) else [value]
            faults.extend(_type_fault(type_) for type_ in types if type_ != "@json" and not _is_name(type_))
        elif key == "@id" and not _is_name(value):
            faults.append(_relative(value))
    return faults or merged_faults(expanded, len(entries))


def _without_json_literals(expanded: Any) -> Any:
    """Literals of type `@json` are covered to the last letter, and their words are none of JSON-LD."""
    if isinstance(expanded, list):
        return [_without_json_literals(entry) for entry in expanded]
    if not isinstance(expanded, Mapping) or expanded.get("@type") == "@json":
        return None if isinstance(expanded, Mapping) else expanded
    return {name: _without_json_literals(value) for name, value in expanded.items()}


def _type_fault(type_: object) -> Fault:
    return Fault("type", f"The type {str(type_)[:80]} is not defined.", "undefined_type")


def _is_name(value: object) -> bool:
    return _is_iri(value) or (isinstance(value, str) and _BLANK.match(value) is not None)


def _is_iri(value: object) -> bool:
    """Whether `value` is an absolute address (RFC 3987) of letters that can be seen: no space, control or format character."""
    return isinstance(value, str) and value.isprintable() and _IRI.match(value) is not None


def _jsonld_fault(error: BaseException) -> Fault:
    for cause in _causes(error):
        if isinstance(cause, contexts.UnknownContext):
            return Fault("@context", cause.message, cause.code)
    reason = str(getattr(error, "code", None) or type(error).__name__)[:80]
    return Fault("", f"This is not well-formed JSON-LD ({reason}).", "jsonld")


def _causes(error: Any) -> Iterator[object]:
    """`error` and what it was made of; PyLD wraps the errors of the loader, sometimes twice."""
    while error is not None:
        yield error
        error = getattr(error, "cause", None) or error.__cause__


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


_SHAPES = Shapes(_quads_of_sentinels, contexts.load, contexts.DIGESTS)
