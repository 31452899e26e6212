"""What the tests of the verdict share: said aloud as a page would, forgers' pens, and keys that sign tokens."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from badge_service.openbadges import canonical, multibase, public_key, verification
from badge_service.openbadges.did import document_url, jwks_url
from badge_service.openbadges.proofs import jose
from badge_service.openbadges.sentences import sentence
from badge_service.openbadges.verdict import CheckOutcome, Outcome, Verdict

SCHOOL = "did:web:badges.example.org:issuers:friese-vakschool"
STRANGER = "did:web:friese-vakschool.example"
LIST_URL = "https://badges.example.org/issuers/friese-vakschool/status/1.json"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
GOOD = (Outcome.GENUINE, Outcome.SIGNED_ISSUER_UNKNOWN)


def judged(world: Any, data: Any, **options: Any) -> Verdict:
    """The verdict, with every sentence in it said once, as a page would."""
    verdict: Verdict = world.judge(data, **options)
    assert [check.id for check in verdict.checks] == list(verification.CHECKS)
    json.dumps(verdict.to_json())
    speak(verdict)
    return verdict


def speak(verdict: Verdict) -> None:
    """Say every sentence of the verdict, and see that nothing unproven is called good."""
    assert sentence(verdict.reason_code, verdict.params)
    assert sentence(verdict.holder.code, {"name": verdict.holder.name or ""})
    for spoken in (*verdict.checks, *verdict.remarks):
        assert sentence(spoken.code, spoken.params)
    if verdict.kind != "presentation" and verdict.check("proof").outcome is not CheckOutcome.PASSED:
        later = verdict.checks[verification.CHECKS.index("proof") + 1 :]
        assert {check.outcome for check in later} == {CheckOutcome.NOT_CHECKED}
        assert verdict.outcome not in GOOD
        assert verdict.registry is None and verdict.holder.name is None
    for inner in verdict.contained:
        speak(inner.verdict)


def says(verdict: Verdict) -> tuple[str, str]:
    return verdict.outcome.value, verdict.reason_code


def sign_with(document: dict[str, Any], key: Any, method: str, **options: Any) -> dict[str, Any]:
    """A proof with any options, as a forger could make it: nothing is checked before signing."""
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    proof = {
        "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "created": "2026-11-21T12:00:00Z",
        "verificationMethod": method, "proofPurpose": "assertionMethod", **options,
    }  # fmt: skip
    nquads = (
        canonical.canonicalize({"@context": unsigned["@context"], **proof}),
        canonical.canonicalize(unsigned),
    )
    data = b"".join(hashlib.sha256(text.encode()).digest() for text in nquads)
    return {**unsigned, "proof": [{**proof, "proofValue": multibase.encode_z(key.sign(data))}]}


class TokenKey:
    """A private key in memory that signs tokens: RS256, or ES256 and ES384 by their curves."""

    key_id = "memory"

    def __init__(self, algorithm: str = "RS256") -> None:
        self.algorithm = algorithm
        curve = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1()}.get(algorithm)
        self.private: Any = ec.derive_private_key(11, curve) if curve else _rsa()
        self.public_key = public_key.from_loaded(self.private.public_key())

    def sign(self, data: bytes) -> bytes:
        if self.algorithm == "RS256":
            return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())
        size = self.private.curve.key_size // 8
        digest = hashes.SHA256() if size == 32 else hashes.SHA384()
        r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(digest)))
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")


_RSA: list[Any] = []


def _rsa() -> Any:
    if not _RSA:
        _RSA.append(rsa.generate_private_key(65537, 2048))
    return _RSA[0]


KID = "https://badges.example.org/keys/2026-rs"


def publish_keys(world: Any, *keys: tuple[str, Any], issuer: str = SCHOOL) -> None:
    """The host's JWK Set, with each key under its `kid` as the issuer's."""
    members = [{**key.public_key.jwk(), "kid": kid, "iss": issuer} for kid, key in keys]
    world.publish(jwks_url(issuer), {"keys": members})
    for member in members:
        world.publish(member["kid"], member)


def claims_of(document: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The payload of a token in the Open Badges form; None leaves a claim out."""
    seconds = int(datetime.fromisoformat(document["validFrom"]).timestamp())
    claims = {
        "iss": SCHOOL,
        "jti": document["id"],
        "sub": document["credentialSubject"].get("id"),
        "nbf": seconds,
    }
    return {name: value for name, value in {**document, **claims, **changes}.items() if value is not None}


def token(payload: dict[str, Any], key: Any, **header: Any) -> str:
    """A compact JWS, with the header that a forger likes."""
    return jose.sign(jose.compact(payload), header={"typ": "JWT", "kid": KID, **header}, signer=key)


def own_document(world: Any, issuer: str = SCHOOL) -> dict[str, Any]:
    """The issuer's published key document, to be changed and published again."""
    return json.loads(world.pages[document_url(issuer)])
