"""The cryptosuite ecdsa-sd-2023: the issuer signs each statement, so that the holder can show some and leave out others.

Follows: Data Integrity ECDSA Cryptosuites 1.0, sections 3.5 (functions) and 3.6 (algorithms). P-256 alone.

1. The issuer makes a *base proof* (`add_proof`): it holds every signature and a secret, and is for the holder only.
2. The holder makes a *derived proof* from it (`derive`), without any key.
3. Whoever is shown that one checks it (`faults`); a base proof is refused there, as it shows what was to stay secret.

What the holder leaves out is not seen: an issuer who wants the end date and the status to be shown makes them mandatory.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from badge_service.errors import Fault, InvalidError
from badge_service.openbadges import canonical, public_key
from badge_service.openbadges.proofs.data_integrity import PROOF_TYPE, RDFC, Options, as_faults
from badge_service.openbadges.proofs.ecdsa_sd_values import (
    LABEL_BYTES,
    BaseProof,
    DerivedProof,
    check_kind,
    key_bytes,
)
from badge_service.openbadges.proofs.secured import Examine, Secured
from badge_service.openbadges.proofs.selective_disclosure import Disclosure, disclosure, select
from badge_service.openbadges.public_key import PublicKey
from badge_service.openbadges.signing import Signer, sign_and_verify

CRYPTOSUITE = "ecdsa-sd-2023"


class ProofKey:
    """The key that signs the statements of one single proof, and is thrown away then."""

    key_id, algorithm = "of one proof", "ES256"

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self._private = private

    @property
    def public_key(self) -> PublicKey:
        """The public half, which the proof carries."""
        return public_key.from_loaded(self._private.public_key())

    def sign(self, data: bytes) -> bytes:
        """The signature over `data` as r‖s, without randomness (RFC 6979)."""
        algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
        r, s = decode_dss_signature(self._private.sign(data, algorithm))
        return r.to_bytes(32) + s.to_bytes(32)


@dataclass(frozen=True)
class ProofSecrets:
    """What is new for every base proof: a key for its statements, and one that blinds the names of its parts."""

    key: Signer
    hmac_key: bytes

    @classmethod
    def fresh(cls) -> Self:
        """Secrets that nobody has had before."""
        return cls(ProofKey(ec.generate_private_key(ec.SECP256R1())), secrets.token_bytes(LABEL_BYTES))


@dataclass(frozen=True)
class SelectiveSuite:
    """The suite, as `proofs.SUITES` lists it."""

    proof_type: str = PROOF_TYPE
    cryptosuite: str = CRYPTOSUITE

    def add_proof(
        self,
        document: Mapping[str, Any],
        options: Options,
        *,
        signer: Signer,
        mandatory: Sequence[str] = (),
        proof_secrets: ProofSecrets | None = None,
        examine: Examine = canonical.examine,
    ) -> dict[str, Any]:
        """`document`, which has no proof yet, with a base proof (section 3.6.1); `signer` has a P-256 key.

        `mandatory` are JSON pointers to what the holder must always show. Raises InvalidError: `pointer`, `key_kind`,
        `proof_malformed`, and the codes of `canonical.examine`.
        """
        check_kind(signer.public_key)
        if "proof" in document:
            raise InvalidError("This document is signed already.", code="proof_malformed")
        complete = {"type": self.proof_type, "cryptosuite": self.cryptosuite, **options}
        secured = Secured.of(document, examine=examine)
        new = proof_secrets or ProofSecrets.fresh()
        shown = disclosure(secured, new.hmac_key)
        key = key_bytes(new.key.public_key)
        must, may = _split(shown, mandatory)
        data = _signed_data(secured, complete, key, must)
        base = BaseProof(
            signature=sign_and_verify(signer, data),
            key=key,
            hmac_key=new.hmac_key,
            signatures=[sign_and_verify(new.key, line.encode()) for line in may],
            mandatory=list(mandatory),
        )
        return {**document, "proof": [{**complete, "proofValue": base.written()}]}

    def derive(
        self, document: Mapping[str, Any], pointers: Sequence[str], *, examine: Examine = canonical.examine
    ) -> dict[str, Any]:
        """What the holder shows of `document`, which has a base proof: its mandatory parts and those at `pointers`.

        Section 3.6.6. Raises InvalidError: `proof_malformed`, `proof_value`, `pointer`.
        """
        proof = _only_proof(document)
        base = BaseProof.read(proof.get("proofValue"))
        secured = Secured.of(document, examine=examine)
        shown = disclosure(secured, base.hmac_key)
        must, may = _split(shown, base.mandatory)
        chosen = [*base.mandatory, *pointers]
        if len(may) != len(base.signatures) or not chosen:
            raise InvalidError("Nothing can be shown of this.", code="pointer")
        lines, always = shown.of(chosen), frozenset(must)
        signature_of = dict(zip(may, base.signatures, strict=True))
        derived = DerivedProof(
            signature=base.signature,
            key=base.key,
            signatures=[signature_of[line] for line in lines if line in signature_of],
            labels=shown.label_map(lines),
            mandatory=[place for place, line in enumerate(lines) if line in always],
        )
        return {**select(secured.document, chosen), "proof": [{**proof, "proofValue": derived.written()}]}

    def faults(self, secured: Secured, proof: Mapping[str, Any], key: PublicKey) -> list[Fault]:
        """Why the derived `proof` does not hold for `secured` under the issuer's `key` (section 3.6.7); empty when it does.

        Codes: `key_kind`, `proof_value`, `base_proof`, `signature`, `inline_context`, those of `canonical.examine`.
        """
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        try:
            check_kind(key)
            derived = DerivedProof.read(proof.get("proofValue"))
            statement_key = derived.statement_key
            must, may = _told_apart(secured, derived)
            data = _signed_data(secured, options, derived.key, must)
        except InvalidError as error:
            return as_faults(error)
        if len(may) != len(derived.signatures) or not key.holds(data, derived.signature, hash="sha256"):
            return [_changed()]
        for line, signature in zip(may, derived.signatures, strict=True):
            if not statement_key.holds(line.encode(), signature, hash="sha256"):
                return [_changed()]
        return []

    def mandatory(self, secured: Secured, proof: Mapping[str, Any]) -> list[str]:
        """The statements that the issuer wants to be shown always, by a derived `proof` without `faults`."""
        return _told_apart(secured, DerivedProof.read(proof.get("proofValue")))[0]


SUITE = SelectiveSuite()


def _told_apart(secured: Secured, derived: DerivedProof) -> tuple[list[str], list[str]]:
    """The statements that must be shown, and the others that are."""
    lines, places = derived.statements(secured.nquads()), frozenset(derived.mandatory)
    must = [line for place, line in enumerate(lines) if place in places]
    return must, [line for place, line in enumerate(lines) if place not in places]


def _signed_data(secured: Secured, options: Options, key: bytes, must: Sequence[str]) -> bytes:
    """What the issuer's key signs (section 3.5.1, serializeSignData): options, statement key, mandatory statements."""
    parts = RDFC.options(secured, options, "sha256"), "".join(must).encode()
    return hashlib.sha256(parts[0]).digest() + key + hashlib.sha256(parts[1]).digest()


def _split(shown: Disclosure, mandatory: Sequence[str]) -> tuple[list[str], list[str]]:
    """The statements that must be shown, and those that may."""
    wanted = set(shown.of(mandatory))
    must = [line for line in shown.statements if line in wanted]
    return must, [line for line in shown.statements if line not in wanted]


def _only_proof(document: Mapping[str, Any]) -> Mapping[str, Any]:
    found = document.get("proof")
    proof = found[0] if isinstance(found, list) and len(found) == 1 else found
    if not isinstance(proof, Mapping) or proof.get("cryptosuite") != CRYPTOSUITE:
        raise InvalidError("This has not one proof from which parts can be shown.", code="proof_malformed")
    return proof


def _changed() -> Fault:
    return Fault("proof", "This was changed after it was signed.", "signature")
