"""The cryptosuites that we can sign and verify with, by the names that a proof carries."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol

from badge_service.errors import Fault
from badge_service.openbadges.proofs import (
    ecdsa_jcs_2019,
    ecdsa_rdfc_2019,
    ecdsa_sd_2023,
    ed25519_signature_2020,
    eddsa_2022,
    eddsa_jcs_2022,
    eddsa_rdfc_2022,
)
from badge_service.openbadges.proofs.secured import Secured
from badge_service.openbadges.public_key import PublicKey


class Cryptosuite(Protocol):
    """What a module of this folder offers to verification."""

    @property
    def proof_type(self) -> str:
        """The `type` of its proofs."""
        ...

    @property
    def cryptosuite(self) -> str:
        """The `cryptosuite` of its proofs; empty for a proof type from before there were cryptosuites."""
        ...

    def faults(self, secured: Secured, proof: Mapping[str, Any], key: PublicKey) -> list[Fault]:
        """Why `proof` does not hold for what it covers; empty when it does."""
        ...


_ALL: tuple[Cryptosuite, ...] = (
    eddsa_rdfc_2022.SUITE,
    eddsa_jcs_2022.SUITE,
    eddsa_2022.SUITE,
    ed25519_signature_2020.SUITE,
    ecdsa_rdfc_2019.SUITE,
    ecdsa_jcs_2019.SUITE,
    ecdsa_sd_2023.SUITE,
)

SUITES: Mapping[tuple[str, str], Cryptosuite] = MappingProxyType(
    {(suite.proof_type, suite.cryptosuite): suite for suite in _ALL}
)
"""Proof type and cryptosuite -> suite; whatever is not here is unknown, never good."""


def suite_of(proof: Mapping[str, Any]) -> Cryptosuite | None:
    """The suite that can verify `proof`, or None."""
    kind, name = proof.get("type"), proof.get("cryptosuite", "")
    return SUITES.get((kind, name)) if isinstance(kind, str) and isinstance(name, str) else None
