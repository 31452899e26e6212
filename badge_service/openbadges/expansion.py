"""JSON-LD expansion and deserialization to RDF in safe mode; the only module that knows PyLD.

Follows: JSON-LD 1.1 API (expansion, deserialization to RDF). Nothing is left out in silence: what PyLD would drop stops it.
"""

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pyld.jsonld import JsonLdProcessor  # type: ignore[import-untyped]  # noqa: TID251 (here alone)

from badge_service.errors import Fault
from badge_service.openbadges import contexts, rdf_canonicalization
from badge_service.openbadges.rdf_canonicalization import Quad
from badge_service.openbadges.walls import LoadContext, merged_faults, walk

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20\x7f<>\"{}|^`\\]*\Z")
_BLANK = re.compile(r"_:[A-Za-z0-9][A-Za-z0-9._-]*\Z")
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_RDF_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

_PYLD = threading.Lock()
"""PyLD keeps module-wide caches that break when two threads use it at once."""


def quads_of(document: Mapping[str, Any], load: LoadContext) -> list[Quad]:
    """Every statement of `document`; raises `Undefined` for what makes none, and whatever PyLD raises for no JSON-LD."""
    with _PYLD:  # no made-up base: relative stays relative
        dataset = _Expander().to_rdf(document, {"base": None, "documentLoader": _loader(load)})
    return list(_quads(dataset))


class Undefined(Exception):
    """Expansion dropped something, or left something that makes no statement; `faults` say what."""

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
            raise Undefined(faults)
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
        raise Undefined([_relative(value)])


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


def jsonld_fault(error: BaseException) -> Fault:
    """Why a document cannot be expanded: a context that is not known, or JSON-LD that is not well-formed."""
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
