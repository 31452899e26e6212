"""Badges and other credentials as compact JWS: read so strictly that there is one way to understand each, and signed.

Follows: RFC 7515; RFC 8725 (best practices); Open Badges 3.0, section 8.2 (JSON Web Token Proof Format); Securing Verifiable
Credentials using JOSE and COSE, section 3.1; Verifiable Credentials 1.1, section 6.3.1 (claims `vc` and `vp`).
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeGuard

from joserfc import jws as joserfc_jws  # noqa: TID251 (joserfc is known here alone)
from joserfc.errors import JoseError  # noqa: TID251
from joserfc.jwk import import_key  # noqa: TID251

from badge_service.errors import Fault, InvalidError
from badge_service.openbadges import dates, strict_json
from badge_service.openbadges.contexts import VC2
from badge_service.openbadges.multibase import decode_base64url, encode_base64url
from badge_service.openbadges.public_key import ALGORITHMS, PublicKey
from badge_service.openbadges.signing import Signer, sign_and_verify

MAX_HEADER_BYTES = 4_096
MAX_SIGNATURE_BYTES = 1_024
MAX_CHARACTERS = (MAX_HEADER_BYTES + strict_json.MAX_BYTES + MAX_SIGNATURE_BYTES) * 4 // 3 + 8

BADGE_ALGORITHMS = frozenset({"EdDSA", "Ed25519", "ES256", "ES384", "RS256"})
"""What a badge may be signed with; the public test suites ask for ES512 too."""

_HEADER_MEMBERS = frozenset({"alg", "typ", "kid", "jwk", "cty"})
_TYPES = frozenset({"jwt", "vc+jwt", "vp+jwt"})
_CONTENT_TYPES = frozenset({"vc", "vp", "json", "ld+json", "vc+ld+json", "vp+ld+json"})
_REGISTERED_CLAIMS = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf"})
"""RFC 7519, section 4.1, and RFC 7800: what a token says beside the credential, and no word of the credential."""


@dataclass(frozen=True)
class Jws:
    """A compact JWS that was read strictly; nothing is known yet about who signed it."""

    header: Mapping[str, Any]
    payload: bytes
    signing_input: bytes
    signature: bytes

    @property
    def form(self) -> Literal["jwt", "vc+jwt", "vp+jwt"]:
        """`jwt` as Open Badges and VC 1.1 write it (also when no type is given), `vc+jwt` and `vp+jwt` as W3C does."""
        form: Literal["jwt", "vc+jwt", "vp+jwt"] = _short(self.header.get("typ", "JWT"))  # type: ignore[assignment]
        return form


class _Registry(joserfc_jws.JWSRegistry):
    """joserfc with our sizes and one algorithm; it would warn of `EdDSA`, the name that all wallets use."""

    max_header_length = MAX_HEADER_BYTES
    max_payload_length = strict_json.MAX_BYTES
    max_signature_length = MAX_SIGNATURE_BYTES

    def get_alg(self, name: str) -> Any:
        return self.algorithms[name]


def parse(text: str, *, algorithms: Collection[str] = BADGE_ALGORITHMS) -> Jws:
    """The parts of the compact JWS `text`.

    Raises InvalidError: `too_large`, `jws_malformed` (not three parts), `b64` (each part has one spelling only), the codes
    of `strict_json` for the header, `header_crit`, `header_not_allowed` (anything that changes how a token is read or where
    its key comes from), `header_malformed`, `alg_not_allowed`.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidError("This token is larger than badges are.", code="too_large")
    parts = text.split(".")
    if len(parts) != 3:
        raise InvalidError("A signed token has three parts.", code="jws_malformed")
    if len(parts[0]) > MAX_HEADER_BYTES * 4 // 3 + 4:
        raise InvalidError("The header of this token is too large.", code="too_large")
    header = strict_json.loads(decode_base64url(parts[0]), max_bytes=MAX_HEADER_BYTES)
    _check_header(header, algorithms)
    payload, signature = decode_base64url(parts[1]), decode_base64url(parts[2])
    if len(payload) > strict_json.MAX_BYTES or len(signature) > MAX_SIGNATURE_BYTES:
        raise InvalidError("This token is larger than badges are.", code="too_large")
    return Jws(header, payload, f"{parts[0]}.{parts[1]}".encode(), signature)


def faults(jws: Jws, key: PublicKey) -> list[Fault]:
    """Why the signature does not hold under `key`; empty when it does. Codes: `alg_not_allowed`, `signature`."""
    algorithm = jws.header["alg"]
    if ALGORITHMS[algorithm][0] is not key.kind:
        return [Fault("header", "The token names a way of signing that is not its key's.", "alg_not_allowed")]
    text = jws.signing_input + b"." + encode_base64url(jws.signature).encode()
    registry = _Registry(algorithms=[algorithm])
    try:
        read = joserfc_jws.deserialize_compact(text, import_key(dict(key.jwk())), registry=registry)
    except (JoseError, ValueError):
        return [Fault("signature", "This was changed after it was signed.", "signature")]
    if read.payload != jws.payload:
        return [Fault("signature", "This token can be read in two ways.", "signature")]
    return []


def sign(payload: bytes, *, header: Mapping[str, Any], signer: Signer) -> str:
    """`header.payload.signature` with `alg` from the signer; every signature is verified before it is handed out.

    Raises UnavailableError when it does not verify, and InvalidError for a header that `parse` would refuse.
    """
    full = {"alg": signer.algorithm, **header}
    _check_header(full, ALGORITHMS)
    signed = f"{encode_base64url(compact(full))}.{encode_base64url(payload)}"
    return f"{signed}.{encode_base64url(sign_and_verify(signer, signed.encode()))}"


def claims_in(jws: Jws) -> dict[str, Any]:
    """The payload as a JSON object; raises InvalidError with the codes of `strict_json`, or `jws_malformed`."""
    claims = strict_json.loads(jws.payload)
    if not isinstance(claims, dict):
        raise InvalidError("What was signed is no JSON object.", code="jws_malformed")
    return claims


def credential_in(jws: Jws) -> dict[str, Any]:
    """The credential or presentation that was signed, as it would stand without the token around it.

    VC 2.0: the payload without the claims of the token; in the Open Badges form `exp` sets a missing `validUntil`.
    VC 1.1: the claim `vc` (presentations: `vp`), completed from the claims as its section 6.3.1 says. Raises as `claims_in`,
    and InvalidError `jwt_vc_claim` when the payload could be read in both ways, or has such a claim in the form of W3C.
    """
    claims = claims_in(jws)
    wrapped = [name for name in ("vc", "vp") if name in claims]
    if not wrapped:
        document = {name: value for name, value in claims.items() if name not in _REGISTERED_CLAIMS}
        return document if jws.form != "jwt" else _completed(document, {"validUntil": _date(claims, "exp")})
    inner = claims[wrapped[0]]
    if jws.form != "jwt" or len(wrapped) > 1 or "@context" in claims or not isinstance(inner, dict):
        raise InvalidError("This token can be read in two ways.", code="jwt_vc_claim")
    return _from_vp(inner, claims) if wrapped == ["vp"] else _from_vc(inner, claims)


def claims_faults(jws: Jws, credential: Mapping[str, Any], *, now: datetime | None = None) -> list[Fault]:
    """Where the claims of the token contradict the `credential` (of `credential_in`), or are missing.

    The Open Badges form must say `iss`, `jti`, `nbf` and, for a subject with an id, `sub`; the form of W3C may. Codes:
    `jwt_iss`, `jwt_sub`, `jwt_jti`, `jwt_nbf`, `jwt_exp`; with `now` first `not_yet_valid` and `expired` by the claims alone.
    Raises as `claims_in`.
    """
    claims, found = claims_in(jws), []
    for claim, value in _expected(credential).items():
        given = claims.get(claim)
        if claim not in claims:
            bad = value is not None and jws.form == "jwt" and claim != "exp"
        elif claim in ("nbf", "exp"):
            bad = not _is_number(given) or (value is not None and int(given) != value)
        else:
            bad = given != value if value is not None or claim == "iss" else not isinstance(given, str)
        if bad:
            found.append(Fault(claim, f"The token's “{claim}” is not what the badge says.", f"jwt_{claim}"))
    return (_untimely(claims, now) if now is not None else []) + found


def compact(value: Mapping[str, Any]) -> bytes:
    """`value` as JSON in UTF-8 without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _check_header(header: object, algorithms: Collection[str]) -> None:
    if not isinstance(header, dict):
        raise InvalidError("The header of this token is no JSON object.", code="header_malformed")
    if "crit" in header:
        raise InvalidError("This token demands extensions that we do not know.", code="header_crit")
    if header.keys() - _HEADER_MEMBERS:
        raise InvalidError("The header of this token says too much.", code="header_not_allowed")
    if any(not isinstance(header.get(name, ""), str) for name in ("alg", "typ", "kid", "cty")):
        raise InvalidError("The header of this token is not built as it should be.", code="header_malformed")
    if header.get("alg") not in algorithms:
        raise InvalidError("This token is signed in a way that proves nothing to us.", code="alg_not_allowed")
    if not isinstance(header.get("jwk", {}), dict):
        raise InvalidError("The header of this token is not built as it should be.", code="header_malformed")
    if (
        _short(header.get("typ", "JWT")) not in _TYPES
        or _short(header.get("cty", "vc")) not in _CONTENT_TYPES
    ):
        raise InvalidError("This token is of another kind than badges are.", code="header_not_allowed")


def _short(media_type: str) -> str:
    """RFC 7515, section 4.1.9: `application/` may be left out, and upper and lower case are the same."""
    return media_type.lower().removeprefix("application/")


def _expected(credential: Mapping[str, Any]) -> dict[str, Any]:
    """Section 8.2.3: what each claim must be; None where the credential does not say."""
    issuer, subject = credential.get("issuer", credential.get("holder")), credential.get("credentialSubject")
    if isinstance(subject, list) and len(subject) == 1:
        subject = subject[0]
    return {
        "iss": issuer.get("id") if isinstance(issuer, Mapping) else issuer,
        "sub": subject.get("id") if isinstance(subject, Mapping) else None,
        "jti": credential.get("id"),
        "nbf": _seconds(credential.get("validFrom", credential.get("issuanceDate"))),
        "exp": _seconds(credential.get("validUntil", credential.get("expirationDate"))),
    }


def _untimely(claims: Mapping[str, Any], now: datetime) -> list[Fault]:
    begins, ends, moment = claims.get("nbf"), claims.get("exp"), now.timestamp()
    if _is_number(begins) and begins > moment:
        return [Fault("nbf", "This token is not valid yet.", "not_yet_valid")]
    if _is_number(ends) and ends <= moment:
        return [Fault("exp", "This token has expired.", "expired")]
    return []


def _from_vc(inner: Mapping[str, Any], claims: Mapping[str, Any]) -> dict[str, Any]:
    contexts = inner.get("@context")
    newer = VC2 in contexts if isinstance(contexts, list) else contexts == VC2
    begins, ends = ("validFrom", "validUntil") if newer else ("issuanceDate", "expirationDate")
    subject = inner.get("credentialSubject")
    if isinstance(subject, dict):
        subject = _completed(subject, {"id": claims.get("sub")})
    own = {**inner, "credentialSubject": subject} if subject is not None else inner
    dated = {begins: _date(claims, "nbf"), ends: _date(claims, "exp")}
    return _completed(own, {"id": claims.get("jti"), "issuer": claims.get("iss"), **dated})


def _from_vp(inner: Mapping[str, Any], claims: Mapping[str, Any]) -> dict[str, Any]:
    return _completed(inner, {"id": claims.get("jti"), "holder": claims.get("iss")})


def _completed(document: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """`document` with those members of `more` that it lacks and that say something; never one replaced."""
    return {**{name: value for name, value in more.items() if isinstance(value, str)}, **document}


def _date(claims: Mapping[str, Any], claim: str) -> str | None:
    value = claims.get(claim)
    try:
        return dates.write(datetime.fromtimestamp(value, UTC)) if _is_number(value) else None
    except (ValueError, OverflowError, OSError):
        return None


def _seconds(value: object) -> int | None:
    try:
        return int(dates.read(value).timestamp()) if value is not None else None
    except InvalidError:
        return None


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
