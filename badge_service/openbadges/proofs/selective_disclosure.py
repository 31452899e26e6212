"""Which statements of a document belong to which of its members, so that a holder can show some and leave out others.

Follows: Data Integrity ECDSA Cryptosuites 1.0, section 3.4 (Selective Disclosure Functions). Where the standard expands
and compacts the document to name its blank nodes, we name them in the JSON itself and see that nothing else changed.
"""

import hashlib
import hmac
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from badge_service.errors import InvalidError
from badge_service.openbadges import multibase, rdf_canonicalization
from badge_service.openbadges.proofs.secured import Secured
from badge_service.openbadges.rdf_canonicalization import Quad

_NAME = "urn:bnid:"
_NAMED = re.compile(rf"<{_NAME}(\d+)>")
_INDEX = re.compile(r"0|[1-9]\d{0,5}")


@dataclass(frozen=True)
class Disclosure:
    """A document cut into statements, each blank node under a label that only the key `hmac_key` can foretell."""

    secured: Secured
    named: Mapping[str, Any]
    """The document with a name of ours on every object that has none."""
    quads: Sequence[Quad]
    """The statements of the named document, where a blank node is `_:n` and a number, or `_:c14n…` for a link of a list."""
    labels: Mapping[str, str]
    """Blank node in `quads` -> label in `statements`."""
    statements: Sequence[str]
    """Canonical N-Quads under these labels, one line each, sorted."""

    def of(self, pointers: Sequence[str]) -> list[str]:
        """The statements that the members at `pointers` (RFC 6901) make, with the ids and types on the way to them."""
        if not pointers:
            return []
        quads = _unnamed(self.secured.canonicalized(select(self.named, pointers), "sha256"))
        links = {link: self.labels[same] for link, same in _same_links(quads, self.quads).items()}
        labels = {node: label for node, label in self.labels.items() if not _is_link(node)} | links
        found = rdf_canonicalization.replace_terms(quads, labels)
        if not set(found) <= set(self.statements):
            raise InvalidError("These parts cannot be shown on their own.", code="pointer")
        return found

    def label_map(self, statements: Sequence[str]) -> dict[int, bytes]:
        """Number of the canonical label, as a reader of `statements` alone finds it, -> digest in the label here."""
        labels = rdf_canonicalization.canonical_labels(rdf_canonicalization.parse("".join(statements)))
        return {
            int(canonical.removeprefix("_:c14n")): multibase.decode_u(label.removeprefix("_:"))
            for label, canonical in labels.items()
        }


def disclosure(secured: Secured, hmac_key: bytes) -> Disclosure:
    """`secured`, ready to be shown in parts; raises InvalidError `pointer` for a document that cannot be."""
    named = _with_names(secured.document, itertools.count())
    quads = _unnamed(secured.canonicalized(named, "sha256"))
    canonical = rdf_canonicalization.canonical_labels(quads)
    if "".join(rdf_canonicalization.replace_terms(quads, canonical)) != secured.nquads():
        raise InvalidError("This document cannot be shown in parts.", code="pointer")
    labels = {node: blinded(label, hmac_key) for node, label in canonical.items()}
    return Disclosure(secured, named, quads, labels, rdf_canonicalization.replace_terms(quads, labels))


def blinded(label: str, hmac_key: bytes) -> str:
    """The label that stands for the canonical blank node `_:c14n…` (createHmacIdLabelMapFunction)."""
    return written_label(hmac.digest(hmac_key, label.removeprefix("_:").encode(), hashlib.sha256))


def written_label(digest: bytes) -> str:
    """The blank node whose label is `digest`."""
    return "_:" + multibase.encode_u(digest)


def select(document: Mapping[str, Any], pointers: Sequence[str]) -> dict[str, Any]:
    """The part of `document` that `pointers` name, with the contexts and with ids and types on the way (selectJsonLd)."""
    chosen = {"@context": document["@context"], **_identity(document)}
    for pointer in pointers:
        chosen = _merged(chosen, _path(document, _steps(pointer)))
    return _without_gaps(chosen)  # type: ignore[no-any-return]


def _with_names(value: Any, numbers: Iterator[int]) -> Any:
    if isinstance(value, list):
        return [_with_names(member, numbers) for member in value]
    if not isinstance(value, Mapping) or "@value" in value:
        return value
    given = {} if "id" in value or "@id" in value else {"id": f"{_NAME}{next(numbers)}"}
    return given | {
        name: member if name == "@context" else _with_names(member, numbers) for name, member in value.items()
    }


def _unnamed(nquads: str) -> list[Quad]:
    """The quads behind `nquads`, our names taken off again."""
    return [
        (_term(subject), predicate, _term(object_), graph)
        for subject, predicate, object_, graph in rdf_canonicalization.parse(nquads)
    ]


def _same_links(part: Sequence[Quad], whole: Sequence[Quad]) -> dict[str, str]:
    """The blank nodes of `part` that have no name of ours (links of lists), as `whole` has them: by what points there."""
    pointed = defaultdict(set)
    for subject, predicate, object_, _ in whole:
        pointed[subject, predicate].add(object_)
    same: dict[str, str] = {}
    waiting = [quad for quad in part if _is_link(quad[2])]
    while waiting:
        reached = [quad for quad in waiting if quad[0] in same or not _is_link(quad[0])]
        for subject, predicate, object_, _ in reached:
            candidates = pointed[same.get(subject, subject), predicate]
            if len(candidates) == 1:
                same[object_] = next(iter(candidates))
        waiting = [quad for quad in waiting if quad not in reached] if reached else []
    return same


def _is_link(term: str) -> bool:
    return term.startswith("_:c14n")


def _term(term: str) -> str:
    found = _NAMED.fullmatch(term)
    return f"_:n{found[1]}" if found else term


def _steps(pointer: object) -> list[str]:
    if not isinstance(pointer, str) or (pointer and not pointer.startswith("/")):
        raise InvalidError("A pointer begins with a stroke.", code="pointer")
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _path(value: Any, steps: Sequence[str]) -> Any:
    """`value` cut down to what lies at the end of `steps`; lists keep their places, as a map from place to member."""
    if not steps:
        return _whole(value)
    step, rest = steps[0], steps[1:]
    if isinstance(value, Mapping) and step in value:
        return {**_identity(value), step: _path(value[step], rest)}
    if isinstance(value, list) and _INDEX.fullmatch(step) and int(step) < len(value):
        return _Places({int(step): _path(value[int(step)], rest)})
    raise InvalidError(f"There is nothing at {step[:60]}.", code="pointer")


class _Places(dict[int, Any]):
    """Some members of a list, by their places."""


def _identity(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _whole(value[name]) for name in ("id", "@id", "type", "@type") if name in value}


def _whole(value: Any) -> Any:
    if isinstance(value, list):
        return _Places({place: _whole(member) for place, member in enumerate(value)})
    if isinstance(value, Mapping):
        return {name: _whole(member) for name, member in value.items()}
    return value


def _merged(one: Any, other: Any) -> Any:
    if not isinstance(one, dict):
        return other
    merged = type(one)(one)
    for name, member in other.items():
        merged[name] = _merged(one[name], member) if name in one else member
    return merged


def _without_gaps(value: Any) -> Any:
    if isinstance(value, _Places):
        return [_without_gaps(value[place]) for place in sorted(value)]
    if isinstance(value, dict):
        return {name: _without_gaps(member) for name, member in value.items()}
    return value
