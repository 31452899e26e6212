"""The same document secured as a compact JWS, for readers that know no embedded proofs (status lists today).

Follows: Securing Verifiable Credentials using JOSE and COSE, section 3.1.1; RFC 7515, section 7.1; RFC 8037, section 3.1.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

from badge_service.openbadges import dates
from badge_service.openbadges.credential import Prepared
from badge_service.openbadges.signing import Signer, sign_and_verify

MEDIA_TYPE = "application/vc+jwt"


def sign(prepared: Prepared, *, signer: Signer, key_id: str) -> str:
    """`header.payload.signature`: the payload is the document with `iss`, `jti`, `nbf` and `exp` beside it.

    `key_id` is the full DID URL of the key. Raises UnavailableError when the signature does not verify.
    """
    document = prepared.document
    claims = document | _registered(document)
    header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": key_id}
    signed = f"{_part(header)}.{_part(claims)}"
    return f"{signed}.{_encoded(sign_and_verify(signer, signed.encode()))}"


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


def _part(value: Mapping[str, Any]) -> str:
    return _encoded(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
