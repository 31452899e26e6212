"""What a proof covers: the document without its proofs, or, in a chain, the document with the proofs it builds on.

Follows: Data Integrity 1.0, sections 2.1.2 (Proof Chains) and 4.5 (Verify Proof Sets and Chains).
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from badge_service.errors import InvalidError
from badge_service.openbadges import canonical
from badge_service.openbadges.canonical import Examined

MAX_PROOFS = 4
"""More proofs than this on one document are not looked at."""

Examine = Callable[..., Examined]
"""`canonical.examine` or something that calls it elsewhere: takes the document and `hash="sha384"` when not SHA-256."""


@dataclass(frozen=True)
class Secured:
    """A document as its proofs cover it, with its canonical text made once for each hash that they ask for."""

    document: Mapping[str, Any]
    examine: Examine = canonical.examine
    texts: dict[str, str] = field(default_factory=dict)
    """Canonical texts known already, by the hash that told their blank nodes apart: `{"sha256": nquads}`."""
    known_digest: bytes = b""
    """The SHA-256 digest of the text under SHA-256, where it is known."""

    @classmethod
    def of(
        cls,
        document: Mapping[str, Any],
        *,
        examine: Examine = canonical.examine,
        nquads: str = "",
        digest: bytes = b"",
    ) -> Self:
        """`document` without its proofs; `nquads` is its canonical text under SHA-256 and `digest` that of the text, where known."""
        unsigned = {name: value for name, value in document.items() if name != "proof"}
        return cls(unsigned, examine, {"sha256": nquads} if nquads else {}, digest if nquads else b"")

    def chained(self, proof: Mapping[str, Any], proofs: Sequence[Any]) -> "Secured":
        """What `proof`, one of `proofs`, covers: this, or this with the proofs that its `previousProof` names.

        Raises InvalidError `previous_proof` when one of them is missing, there twice, or builds on `proof` itself.
        """
        if "previousProof" not in proof:
            return self
        if len(proofs) > MAX_PROOFS:
            raise InvalidError("There are too many proofs.", code="previous_proof")
        _check_order(proof, proofs, ())
        return Secured({**self.document, "proof": _previous(proof, proofs)}, self.examine)

    def nquads(self, hash: str = "sha256") -> str:
        """The canonical text; raises InvalidError with all faults of a document that no text can stand for."""
        if hash not in self.texts:
            self.texts[hash] = self.canonicalized(_without_repeated_contexts(self.document), hash)
        return self.texts[hash]

    def digest(self, hash: str = "sha256") -> bytes:
        """The digest of the canonical text; raises as `nquads` does."""
        if hash == "sha256" and self.known_digest:
            return self.known_digest
        return hashlib.new(hash, self.nquads(hash).encode("utf-8")).digest()

    def canonicalized(self, document: Mapping[str, Any], hash: str) -> str:
        """The canonical text of another document (a proof's options) by the same means; raises InvalidError."""
        examined = self.examine(document) if hash == "sha256" else self.examine(document, hash=hash)
        if examined.faults:
            raise InvalidError("A signature would not cover all of this.", faults=examined.faults)
        return examined.nquads


def _previous(proof: Mapping[str, Any], proofs: Sequence[Any]) -> list[Mapping[str, Any]]:
    """The proofs that `proof` names, in the order of the document; each name stands for exactly one."""
    named = proof["previousProof"]
    names = named if isinstance(named, list) else [named]
    found = [entry for entry in proofs if isinstance(entry, Mapping) and entry.get("id") in names]
    good = bool(names) and all(isinstance(name, str) for name in names)
    if not good or sorted(names) != sorted(entry["id"] for entry in found):
        raise InvalidError("A proof builds on another one that is not here.", code="previous_proof")
    return found


def _check_order(proof: Mapping[str, Any], proofs: Sequence[Any], behind: tuple[int, ...]) -> None:
    if id(proof) in behind:
        raise InvalidError("Two proofs build on each other.", code="previous_proof")
    if "previousProof" in proof:
        for entry in _previous(proof, proofs):
            _check_order(entry, proofs, (*behind, id(proof)))


def _without_repeated_contexts(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Earlier proofs of the JCS suites repeat the document's own context, which says nothing new."""
    context = document.get("@context")
    return {
        name: list(_plain(value, context)) if name == "proof" else value for name, value in document.items()
    }


def _plain(proofs: Sequence[Mapping[str, Any]], context: object) -> Iterator[Mapping[str, Any]]:
    for proof in proofs:
        yield {name: value for name, value in proof.items() if name != "@context" or value != context}
