"""The small JOSE command that the W3C suite for securing credentials as tokens calls: issue or verify one file.

Follows: Securing Verifiable Credentials using JOSE and COSE, sections 3.1 (JWS) and 3.1.3 (claims `vc` and `vp`). SD-JWT
and COSE are not done here, and answered `indeterminate`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from badge_service.conformance import keys
from badge_service.errors import Fault, InvalidError
from badge_service.openbadges import public_key, strict_json, vc_data_model
from badge_service.openbadges.proofs import jose
from badge_service.openbadges.public_key import ALGORITHMS

_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


@dataclass(frozen=True)
class _Kind:
    """What is signed: its media type, its rules, the members that the data model gives it, and who signs it."""

    form: str
    faults: Callable[[Mapping[str, Any]], list[Fault]]
    members: frozenset[str]
    party: str


FEATURES: Mapping[str, _Kind] = {
    "credential_jose": _Kind(
        "vc+jwt", vc_data_model.credential_faults, vc_data_model.CREDENTIAL_MEMBERS, "issuer"
    ),
    "presentation_jose": _Kind(
        "vp+jwt", vc_data_model.presentation_faults, vc_data_model.PRESENTATION_MEMBERS, "holder"
    ),
}


@dataclass(frozen=True)
class Result:
    """What the command writes: `result` is success, failure, indeterminate or error; `data` a token or the reason."""

    result: str
    data: str = ""

    def written(self) -> str:
        """As the suite reads it."""
        return json.dumps({"result": self.result, "data": self.data})


def run(verb: str, feature: str, data: bytes, key: bytes) -> Result:
    """Issue or verify `data` with the key in the JSON text `key`; whatever is wrong with them is a result."""
    kind = FEATURES.get(feature)
    if kind is None:
        return Result("indeterminate", f"We do not do {feature}.")
    try:
        method = strict_json.loads(key)
        if not isinstance(method, dict):
            raise InvalidError("A key is a JSON object.", code="key_malformed")
        made = _issued(kind, data, method) if verb == "issue" else _verified(kind, data, method)
    except InvalidError as error:
        reasons = [f"{fault.where}: {fault.message}" for fault in error.faults]
        return Result("failure", "; ".join([error.message, *reasons]))
    return Result("success", made)


def _issued(kind: _Kind, data: bytes, method: dict[str, Any]) -> str:
    """The token of a document; members that the data model does not define are refused, whatever its contexts say."""
    document = strict_json.loads(data)
    if not isinstance(document, dict):
        raise InvalidError("A credential is a JSON object.", code="request")
    unknown = sorted(document.keys() - kind.members)
    faults = [Fault(name, "The data model does not know this member.", "undefined_term") for name in unknown]
    faults += _document_faults(kind, document)
    if faults:
        raise InvalidError("This cannot be signed.", faults=faults)
    jwk = _jwk(method, "secretKeyJwk")
    signer = keys.from_jwk(jwk)
    key_id = jwk.get("kid", signer.public_key.thumbprint)
    header = {"typ": kind.form, "cty": kind.form.removesuffix("+jwt"), "kid": key_id}
    party = _party(kind, document)
    claims = document if party is None else {**document, "iss": party}
    return jose.sign(json.dumps(claims).encode(), header=header, signer=signer)


def _verified(kind: _Kind, data: bytes, method: dict[str, Any]) -> str:
    """The document in a token that holds; raises InvalidError otherwise.

    Dates are not judged: the suite's own files have run out and are expected to verify.
    """
    jws = jose.parse(data.decode("utf-8", "replace").strip(), algorithms=ALGORITHMS)
    if jws.form != kind.form:
        raise InvalidError(f"The type of the token must be {kind.form}.", code="header_not_allowed")
    public = {name: value for name, value in _jwk(method, "publicKeyJwk").items() if name not in _PRIVATE}
    faults = jose.faults(jws, public_key.from_jwk(public))
    claims, document = jose.claims_in(jws), jose.credential_in(jws)
    if "iss" in claims and claims["iss"] != _party(kind, document):
        faults.append(Fault("iss", "The token names another issuer than what it holds.", "jwt_iss"))
    faults += _document_faults(kind, document)
    if faults:
        raise InvalidError("This token does not hold.", faults=faults)
    return json.dumps(document)


def _document_faults(kind: _Kind, document: Mapping[str, Any]) -> list[Fault]:
    """The rules of the data model; credentials in a presentation are enveloped, but not opened (no key is given)."""
    faults = kind.faults(document)
    contained = document.get("verifiableCredential", [])
    for entry in contained if isinstance(contained, list) else [contained]:
        if isinstance(entry, Mapping):
            faults += vc_data_model.enveloped_faults(entry, "EnvelopedVerifiableCredential")
    return faults


def _party(kind: _Kind, document: Mapping[str, Any]) -> object:
    party = document.get(kind.party)
    return party.get("id") if isinstance(party, Mapping) else party


def _jwk(method: dict[str, Any], member: str) -> dict[str, Any]:
    """A key file is a verification method, or a bare JWK."""
    jwk = method.get(member, method)
    if not isinstance(jwk, dict):
        raise InvalidError("This is not a key.", code="key_malformed")
    return jwk
