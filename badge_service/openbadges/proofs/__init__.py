"""The cryptosuites that we can verify, by the name that a proof carries."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol

from badge_service.errors import Fault
from badge_service.openbadges.proofs import eddsa_rdfc_2022
from badge_service.openbadges.public_key import PublicKey


class Cryptosuite(Protocol):
    """What a module of this folder offers to verification."""

    def faults(
        self,
        document_nquads: str,
        document: Mapping[str, Any],
        proof: Mapping[str, Any],
        public_key: PublicKey,
    ) -> list[Fault]:
        """Why `proof` does not hold; empty when it does."""
        ...


SUITES: Mapping[tuple[str, str], Cryptosuite] = MappingProxyType(
    {(eddsa_rdfc_2022.PROOF_TYPE, eddsa_rdfc_2022.CRYPTOSUITE): eddsa_rdfc_2022}
)
"""Proof type and cryptosuite -> module; whatever is not here is unknown, never good."""


def suite_of(proof: Mapping[str, Any]) -> Cryptosuite | None:
    """The suite that can verify `proof`, or None."""
    kind, name = proof.get("type"), proof.get("cryptosuite")
    return SUITES.get((kind, name)) if isinstance(kind, str) and isinstance(name, str) else None
