"""From a JSON-LD document to the canonical text that a signature covers: by a compiled shape, or by full expansion.

Follows: Data Integrity EdDSA 1.0, section 3.2.3 (Transformation). Three walls against words that a signature would not
cover: known contexts only, a walk through the document before expansion (`walls.py`), and a walk through what expansion
left (`expansion.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from badge_service.errors import Fault, InvalidError
from badge_service.openbadges import contexts, rdf_canonicalization
from badge_service.openbadges.expansion import Undefined, jsonld_fault, quads_of
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
from badge_service.openbadges.walls import LoadContext, context_faults, document_faults


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
        quads = quads_of(document, load)
    except Undefined as error:
        return Examined(error.faults, "")
    except MemoryError:
        raise  # says nothing about the document: whoever confined us is to be told
    except Exception as error:  # noqa: BLE001 (malformed documents make PyLD raise whatever Python raises)
        return Examined((jsonld_fault(error),), "")
    try:
        return Examined((), rdf_canonicalization.canonicalize(quads, hash))
    except rdf_canonicalization.TooMuchWork as error:
        return Examined((Fault("", error.message, error.code),), "")


def _is_too_large(examined: Examined) -> bool:
    return any(fault.code == "too_many_nodes" for fault in examined.faults)


def _quads_of_sentinels(document: dict[str, Any]) -> list[Quad]:
    """The quads of a document whose values a compiled shape replaced, which cannot make good ones bad."""
    try:
        return quads_of(document, contexts.load)
    except Exception as error:
        raise Unsuitable("a document with sentinels is not well-formed") from error


_SHAPES = Shapes(_quads_of_sentinels, contexts.load, contexts.DIGESTS)
