"""The first steps: out of the file, through the JSON gate or the gate for tokens, into a document.

Follows: Open Badges 3.0, sections 5.3 (Baked Badges) and 8.2 (JSON Web Token Proof Format); Verifiable Credentials 2.0,
section 4.12 (Securing Mechanism) on enveloped credentials and presentations.
"""

from collections.abc import Mapping
from typing import Any

from badge_service.errors import InvalidError
from badge_service.openbadges import carrier, strict_json
from badge_service.openbadges.proofs import jose
from badge_service.openbadges.verdict import Check
from badge_service.openbadges.verification.case import Case, failed, passed, types_of, unknown

_ENVELOPES = frozenset({"EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation"})
_TOKEN_TYPES = ("application/vc+jwt", "application/vp+jwt", "application/jwt")


class NotReadable(InvalidError):
    """An envelope of a kind that we do not open: what is inside is unknown, not wrong."""

    code = "envelope_unsupported"


def carried(case: Case) -> Check:
    """Step 1: the carrier."""
    if isinstance(case.data, dict):
        case.parsed = case.data
        return passed("carrier", "carrier_json")
    if isinstance(case.data, str) and case.data[:1] == "{":
        case.text = case.data
        return passed("carrier", "carrier_json")
    data = case.data.encode("utf-8", "surrogatepass") if isinstance(case.data, str) else case.data
    try:
        found = carrier.read(data)
    except InvalidError as error:
        return failed("carrier", error.code, detail=error.message)
    if found.kind == "ob2":
        return unknown("carrier", "open_badges_2")
    case.text = found.text
    return passed("carrier", f"carrier_{found.kind}")


def json(case: Case) -> Check:
    """Step 2: strict JSON, or a strict token whose payload is the document."""
    try:
        if carrier.is_jws(case.text):
            open_token(case, case.text)
            return passed("json", "token_good")
        if case.parsed is None:
            case.parsed = strict_json.loads(case.text)
        if not isinstance(case.parsed, dict):
            return failed("json", "not_an_object")
        if _is_envelope(case.parsed):
            open_token(case, enveloped(case.parsed))
            return passed("json", "token_good")
    except NotReadable as error:
        return unknown("json", error.code, detail=error.message)
    except InvalidError as error:
        return failed("json", error.code, detail=error.message)
    case.document = case.parsed
    return passed("json", "json_good")


def open_token(case: Case, text: str) -> None:
    """Fill the case from a compact JWS; raises InvalidError with the codes of `jose`."""
    case.jws = jose.parse(text)
    case.document = jose.credential_in(case.jws)


def enveloped(document: Mapping[str, Any]) -> str:
    """The token in the `data:` address of an enveloped credential; raises NotReadable for other kinds of envelopes."""
    address = document.get("id")
    media_type, comma, token = (
        address.removeprefix("data:").partition(",") if isinstance(address, str) else ("", "", "")
    )
    if not comma or media_type not in _TOKEN_TYPES or not carrier.is_jws(token):
        raise NotReadable("This envelope holds something else than a token.")
    return token


def _is_envelope(document: Mapping[str, Any]) -> bool:
    return bool(types_of(document) & _ENVELOPES)
