"""The same document secured as a compact JWS: badges in the Open Badges form, status lists in the form of W3C.

Follows: Open Badges 3.0, section 8.2 (JSON Web Token Proof Format); Securing Verifiable Credentials using JOSE and COSE,
section 3.1.1.
"""

from collections.abc import Mapping
from typing import Any

from badge_service.errors import InvalidError
from badge_service.openbadges import dates
from badge_service.openbadges.credential import Prepared
from badge_service.openbadges.proofs import jose
from badge_service.openbadges.signing import Signer

MEDIA_TYPE = "application/vc+jwt"
BADGE_MEDIA_TYPE = "text/plain"
BADGE_ALGORITHMS = ("RS256", "ES256")
"""What the validator of 1EdTech takes: an EdDSA signature it refuses."""


def sign(prepared: Prepared, *, signer: Signer, key_id: str) -> str:
    """The form of W3C (`vc+jwt`): the payload is the document with `iss`, `jti`, `nbf` and `exp` beside it.

    `key_id` is the full DID URL of the key. Raises UnavailableError when the signature does not verify.
    """
    document = prepared.document
    header = {"typ": "vc+jwt", "kid": key_id}
    return jose.sign(jose.compact({**document, **_registered(document)}), header=header, signer=signer)


def sign_badge(prepared: Prepared, *, signer: Signer, key_id: str) -> str:
    """The Open Badges form (`JWT`): the badge with `iss`, `jti`, `sub`, `nbf` and `exp` beside it.

    `key_id` is the https address that answers the key as one bare JWK. Raises UnavailableError when the signature does not
    verify, and InvalidError `jwt_algorithm` for a signer that other validators refuse, `jwt_sub` for a subject without id.
    """
    if signer.algorithm not in BADGE_ALGORITHMS:
        raise InvalidError("A badge is signed as a token by RS256 or ES256.", code="jwt_algorithm")
    document = prepared.document
    subject = document.get("credentialSubject")
    if not isinstance(subject, Mapping) or not isinstance(subject.get("id"), str):
        raise InvalidError("A badge that is signed as a token needs a subject with an id.", code="jwt_sub")
    claims = {**document, **_registered(document), "sub": subject["id"]}
    return jose.sign(jose.compact(claims), header={"typ": "JWT", "kid": key_id}, signer=signer)


def _registered(document: Mapping[str, Any]) -> dict[str, Any]:
    issuer = document["issuer"]
    claims: dict[str, Any] = {
        "iss": issuer if isinstance(issuer, str) else issuer["id"],
        "jti": document["id"],
    }
    for claim, member in (("nbf", "validFrom"), ("exp", "validUntil")):
        if member in document:
            claims[claim] = int(dates.read(document[member]).timestamp())
    return claims
