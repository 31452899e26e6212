"""Tokens are read in one way only, and nothing in their header decides how they are judged."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwk as joserfc_jwk
from joserfc import jws as joserfc_jws

from badge_service.errors import InvalidError, NotFoundError, UnavailableError
from badge_service.keyring.files import FileSigner
from badge_service.openbadges import credential, did
from badge_service.openbadges.contexts import VC2
from badge_service.openbadges.did import Fetched, NotTheIssuersKey
from badge_service.openbadges.multibase import encode_base64url
from badge_service.openbadges.proofs import jose, vc_jwt
from badge_service.openbadges.public_key import PublicKey, from_jwk

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SCHOOL = "did:web:badges.example.org:issuers:friese-vakschool"
KEY_PAGE = "https://badges.example.org/keys/2026-rs256"

SIGNERS = {
    "EdDSA": FileSigner("ed", Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)),
    "ES256": FileSigner("es256", ec.derive_private_key(99, ec.SECP256R1())),
    "ES384": FileSigner("es384", ec.derive_private_key(99, ec.SECP384R1())),
    "RS256": FileSigner("rs256", rsa.generate_private_key(65537, 2048)),
}
GOOD = jose.sign(b'{"id":"urn:x:1"}', header={"typ": "vc+jwt", "kid": f"{SCHOOL}#1"}, signer=SIGNERS["EdDSA"])


def token(header: Any, payload: bytes = b'{"id":"urn:x:1"}', signature: bytes = b"s" * 64) -> str:
    written = header if isinstance(header, bytes) else json.dumps(header).encode()
    return ".".join(encode_base64url(part) for part in (written, payload, signature))


def pem(signer: FileSigner) -> bytes:
    """The private half, as text that another library reads."""
    return signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def refusal(read: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(InvalidError) as refused:
        read(*arguments, **options)
    return refused.value.code


RFC_PAYLOAD = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
RFC_7515_A2_KEY = {
    "kty": "RSA", "e": "AQAB",
    "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-p"
         "CgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg6"
         "65xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWy"
         "uXpoQ",
}  # fmt: skip
RFC_7515_A2 = (
    f"eyJhbGciOiJSUzI1NiJ9.{RFC_PAYLOAD}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5Y"
    "Kt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRm"
    "B_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVm"
    "tVrBp0igcN_IoypGlUPQGe77Rw"
)
RFC_7515_A3_KEY = {
    "kty": "EC", "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}  # fmt: skip
RFC_7515_A3 = (
    f"eyJhbGciOiJFUzI1NiJ9.{RFC_PAYLOAD}."
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
)
RFC_8037_KEY = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
RFC_8037_A4 = (
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
)
RFC_EXAMPLES = [(RFC_7515_A2, RFC_7515_A2_KEY), (RFC_7515_A3, RFC_7515_A3_KEY), (RFC_8037_A4, RFC_8037_KEY)]


@pytest.mark.parametrize(("text", "key"), RFC_EXAMPLES)
def test_the_examples_of_the_rfcs_verify_and_changed_ones_do_not(text: str, key: dict[str, str]) -> None:
    public = from_jwk(key)
    assert jose.faults(jose.parse(text), public) == []
    header, payload, signature = text.split(".")
    for changed in (f"{header}.{payload[:-4]}AAAA.{signature}", f"{header}.{payload}.AAAA{signature[4:]}"):
        assert [fault.code for fault in jose.faults(jose.parse(changed), public)] == ["signature"]


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize("algorithm", SIGNERS)
def test_what_we_sign_another_library_verifies_and_the_other_way_round(algorithm: str) -> None:
    signer = SIGNERS[algorithm]
    ours = jose.sign(b'{"a":"\xc3\xa9"}', header={"typ": "JWT", "kid": "k"}, signer=signer)
    key = joserfc_jwk.import_key(dict(signer.public_key.jwk()))
    assert joserfc_jws.deserialize_compact(ours, key, algorithms=[algorithm]).payload == b'{"a":"\xc3\xa9"}'
    private = joserfc_jwk.import_key(
        pem(signer), {"OKP": "OKP", "EC": "EC", "RSA": "RSA"}[signer.public_key.jwk()["kty"]]
    )
    theirs = joserfc_jws.serialize_compact({"alg": algorithm}, b"{}", private, algorithms=[algorithm])
    assert jose.faults(jose.parse(theirs), signer.public_key) == []


@pytest.mark.parametrize("algorithm", SIGNERS)
@pytest.mark.parametrize("other", SIGNERS)
def test_an_algorithm_counts_with_its_own_kind_of_key_only(algorithm: str, other: str) -> None:
    jws = jose.parse(jose.sign(b"{}", header={}, signer=SIGNERS[algorithm]))
    codes = [fault.code for fault in jose.faults(jws, SIGNERS[other].public_key)]
    assert codes == ([] if algorithm == other else ["alg_not_allowed"])


KID = {"kid": f"{SCHOOL}#1"}
ALG = {"alg": "EdDSA", **KID}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (token({"alg": "none", **KID}, signature=b""), "alg_not_allowed"),
        (token({"alg": "NONE", **KID}), "alg_not_allowed"),
        (token({"alg": "nOnE", **KID}), "alg_not_allowed"),
        (token({"alg": "HS256", **KID}), "alg_not_allowed"),
        (token({"alg": "PS256", **KID}), "alg_not_allowed"),
        (token({"alg": "ES256K", **KID}), "alg_not_allowed"),
        (token({"alg": "ES512", **KID}), "alg_not_allowed"),
        (token({"alg": "", **KID}), "alg_not_allowed"),
        (token(KID), "alg_not_allowed"),
        (token({**KID, "alg": None}), "header_malformed"),
        (token({**KID, "alg": ["EdDSA"]}), "header_malformed"),
        (token({**ALG, "kid": 1}), "header_malformed"),
        (token({**ALG, "typ": None}), "header_malformed"),
        (token({**ALG, "jwk": "x"}), "header_malformed"),
        (token({**ALG, "jwk": []}), "header_malformed"),
        (token({**ALG, "typ": "at+jwt"}), "header_not_allowed"),
        (token({**ALG, "cty": "JWT"}), "header_not_allowed"),
        (token({**ALG, "jku": "https://evil.test/jwks.json"}), "header_not_allowed"),
        (token({**ALG, "x5u": "http://169.254.169.254/"}), "header_not_allowed"),
        (token({**ALG, "x5c": ["AAAA"]}), "header_not_allowed"),
        (token({**ALG, "x5t": "AAAA"}), "header_not_allowed"),
        (token({**ALG, "b64": False}), "header_not_allowed"),
        (token({**ALG, "zip": "DEF"}), "header_not_allowed"),
        (token({**ALG, "iss": SCHOOL}), "header_not_allowed"),
        (token({**ALG, "crit": ["b64"], "b64": False}), "header_crit"),
        (token({**ALG, "crit": []}), "header_crit"),
        (token({**ALG, "crit": None}), "header_crit"),
        (token(b'{"alg":"none","alg":"EdDSA"}'), "json_duplicate_key"),
        (token(b'{"alg":"EdDSA"} x'), "json_invalid"),
        (token(b'\xef\xbb\xbf{"alg":"EdDSA"}'), "json_invalid_utf8"),
        (token('{"alg":"EdDSA"}'.encode("utf-16")), "json_invalid_utf8"),
        (token(b""), "json_invalid"),
        (token([]), "header_malformed"),
        (token("EdDSA"), "header_malformed"),
        (token({**ALG, "kid": "x" * 5_000}), "too_large"),
        (token(ALG, signature=b"x" * 2_000), "too_large"),
        (token(ALG, b"x" * 600_000), "too_large"),
        ("x" * 5_000_000, "too_large"),
        (GOOD.rsplit(".", 1)[0], "jws_malformed"),
        (GOOD + ".AAAA", "jws_malformed"),
        ("a.b.c.d.e", "jws_malformed"),
        ("", "jws_malformed"),
        (GOOD + "==", "b64"),
        (GOOD + "\n", "b64"),
        (" " + GOOD, "b64"),
        (GOOD.replace("-", "+", 1) if "-" in GOOD else GOOD.replace("_", "/", 1), "b64"),
        (GOOD.replace(".", "=.", 1), "b64"),
        (GOOD[:-1] + chr(ord(GOOD[-1]) + 1), "b64"),
        (GOOD.replace(".", "é.", 1), "b64"),
    ],
)  # fmt: skip
def test_odd_tokens_are_refused_before_any_key_is_looked_up(text: str, code: str) -> None:
    assert refusal(jose.parse, text) == code


def test_es512_is_for_those_who_ask_for_it() -> None:
    signer = FileSigner("es512", ec.derive_private_key(99, ec.SECP521R1()))
    header = {"alg": "ES512", "kid": "k"}
    signed = f"{encode_base64url(json.dumps(header).encode())}.{encode_base64url(b'{}')}"
    r_and_s = joserfc_jws.JWSRegistry.algorithms["ES512"].sign(
        signed.encode(), joserfc_jwk.import_key(pem(signer), "EC")
    )
    text = f"{signed}.{encode_base64url(r_and_s)}"
    jws = jose.parse(text, algorithms=jose.BADGE_ALGORITHMS | {"ES512"})
    assert jose.faults(jws, signer.public_key) == []
    assert refusal(jose.parse, text) == "alg_not_allowed"


def test_a_public_key_is_no_shared_secret() -> None:
    signed = ".".join(encode_base64url(part) for part in (b'{"alg":"HS256"}', b"{}"))
    forged = hmac.new(SIGNERS["EdDSA"].public_key.data, signed.encode(), hashlib.sha256).digest()
    assert refusal(jose.parse, f"{signed}.{encode_base64url(forged)}") == "alg_not_allowed"


@pytest.mark.parametrize("signature", [bytes(64), b"", b"\xff" * 64, bytes(63) + b"\1", "der"])
def test_signatures_that_prove_nothing_do_not_hold(signature: Any) -> None:
    signed = ".".join(encode_base64url(part) for part in (b'{"alg":"ES256"}', b"{}"))
    if signature == "der":
        key = SIGNERS["ES256"].key
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        signature = key.sign(signed.encode(), ec.ECDSA(hashes.SHA256()))
    jws = jose.parse(f"{signed}.{encode_base64url(signature)}")
    assert [fault.code for fault in jose.faults(jws, SIGNERS["ES256"].public_key)] == ["signature"]


def test_a_signature_that_does_not_hold_is_never_handed_out() -> None:
    class Broken:
        key_id, algorithm, public_key = "broken", "RS256", SIGNERS["RS256"].public_key

        def sign(self, data: bytes) -> bytes:
            return SIGNERS["RS256"].sign(data + b"!")

    with pytest.raises(UnavailableError):
        jose.sign(b"{}", header={"typ": "JWT"}, signer=Broken())


def test_a_signer_that_names_anothers_algorithm_signs_nothing() -> None:
    class Confused:
        key_id, algorithm, public_key = "confused", "ES256", SIGNERS["ES384"].public_key

        def sign(self, data: bytes) -> bytes:
            return SIGNERS["ES384"].sign(data)

    with pytest.raises(UnavailableError):
        jose.sign(b"{}", header={}, signer=Confused())


@pytest.mark.parametrize(
    "header", [{"crit": ["exp"]}, {"jku": "https://x.example"}, {"typ": "at+jwt"}, {"kid": 1}]
)
def test_we_write_no_header_that_we_would_refuse(header: dict[str, Any]) -> None:
    with pytest.raises(InvalidError):
        jose.sign(b"{}", header=header, signer=SIGNERS["EdDSA"])


# The forms of badges


def without_claims(payload: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if name not in ("iss", "sub", "jti", "nbf", "exp")}


def signed_badge(unsigned: dict[str, Any], algorithm: str = "RS256") -> str:
    return vc_jwt.sign_badge(credential.prepare(unsigned), signer=SIGNERS[algorithm], key_id=KEY_PAGE)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_a_badge_as_token_has_the_open_badges_form(unsigned: dict[str, Any], algorithm: str) -> None:
    badge = {**unsigned, "validUntil": "2030-01-01T00:00:00Z"}
    jws = jose.parse(signed_badge(badge, algorithm))
    assert jws.header == {"alg": algorithm, "typ": "JWT", "kid": KEY_PAGE}
    assert json.loads(jws.payload) == {
        **badge, "iss": SCHOOL, "jti": badge["id"], "sub": badge["credentialSubject"]["id"],
        "nbf": 1795168800, "exp": 1893456000,
    }  # fmt: skip
    assert jose.credential_in(jws) == badge
    assert jose.faults(jws, SIGNERS[algorithm].public_key) == jose.claims_faults(jws, badge, now=NOW) == []


def test_a_badge_as_token_is_verified_to_the_end(unsigned: dict[str, Any]) -> None:
    entry = did.jwk_document(SIGNERS["RS256"].public_key, key_id=KEY_PAGE, issuer_id=SCHOOL)
    pages = {"https://badges.example.org/.well-known/jwks.json": {"keys": [entry]}}

    def fetch(url: str) -> Fetched:
        if url not in pages:
            raise NotFoundError("nothing there")
        return Fetched(json.dumps(pages[url]).encode(), "application/json")

    jws = jose.parse(signed_badge(unsigned))
    badge = jose.credential_in(jws)
    key = did.resolve_jose_key(jws.header, badge["issuer"]["id"], fetch)
    assert jose.faults(jws, key) == jose.claims_faults(jws, badge) == []


def test_an_open_jwt_checker_accepts_the_badge(unsigned: dict[str, Any]) -> None:
    import jwt

    read = jwt.decode(
        signed_badge(unsigned),
        jwt.PyJWK({**SIGNERS["RS256"].public_key.jwk(), "alg": "RS256"}),
        algorithms=["RS256"],
        issuer=SCHOOL,
        options={"verify_nbf": False},
    )
    assert without_claims(read) == unsigned


def test_other_validators_refuse_eddsa_so_we_do_not_sign_badges_with_it(unsigned: dict[str, Any]) -> None:
    assert refusal(signed_badge, unsigned, "EdDSA") == "jwt_algorithm"
    unsigned["credentialSubject"].pop("id")
    unsigned["credentialSubject"]["identifier"] = [
        {"type": "IdentityObject", "hashed": False, "identityHash": "A", "identityType": "name"}
    ]
    assert refusal(signed_badge, unsigned) == "jwt_sub"


def test_status_lists_keep_the_form_of_w3c(unsigned: dict[str, Any]) -> None:
    text = vc_jwt.sign(credential.prepare(unsigned), signer=SIGNERS["EdDSA"], key_id=f"{SCHOOL}#2026")
    jws = jose.parse(text)
    assert jws.header == {"alg": "EdDSA", "typ": "vc+jwt", "kid": f"{SCHOOL}#2026"} and jws.form == "vc+jwt"
    assert jose.credential_in(jws) == unsigned
    assert jose.claims_faults(jws, unsigned) == []


def read_again(unsigned: dict[str, Any], typ: str | None, change: dict[str, Any]) -> jose.Jws:
    """A badge as token whose claims were changed (None: left out) before it was signed."""
    claims = json.loads(jose.parse(signed_badge(unsigned)).payload)
    claims = {name: value for name, value in {**claims, **change}.items() if value is not None}
    header = {"kid": KEY_PAGE} if typ is None else {"kid": KEY_PAGE, "typ": typ}
    return jose.parse(jose.sign(jose.compact(claims), header=header, signer=SIGNERS["RS256"]))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"iss": "did:web:evil.example"}, "jwt_iss"),
        ({"iss": [SCHOOL]}, "jwt_iss"),
        ({"iss": SCHOOL + "/"}, "jwt_iss"),
        ({"sub": "did:key:zOther"}, "jwt_sub"),
        ({"sub": ""}, "jwt_sub"),
        ({"jti": "urn:x:other"}, "jwt_jti"),
        ({"nbf": 0}, "jwt_nbf"),
        ({"nbf": "2026-11-20T10:00:00Z"}, "jwt_nbf"),
        ({"nbf": True}, "jwt_nbf"),
        ({"exp": "soon"}, "jwt_exp"),
        ({"exp": 1893456000, "validUntil": "2031-01-01T00:00:00Z"}, "jwt_exp"),
    ],
)
@pytest.mark.parametrize("typ", ["JWT", "vc+jwt", "application/vc+jwt", None])
def test_a_claim_that_contradicts_the_badge_is_a_fault(
    unsigned: dict[str, Any], typ: str | None, change: dict[str, Any], code: str
) -> None:
    jws = read_again(unsigned, typ, change)
    assert [fault.code for fault in jose.claims_faults(jws, jose.credential_in(jws))] == [code]


@pytest.mark.parametrize("claim", ["iss", "sub", "jti", "nbf"])
def test_the_open_badges_form_must_repeat_what_the_form_of_w3c_may(
    unsigned: dict[str, Any], claim: str
) -> None:
    for typ, codes in (("JWT", [f"jwt_{claim}"]), (None, [f"jwt_{claim}"]), ("vc+jwt", [])):
        jws = read_again(unsigned, typ, {claim: None})
        assert [fault.code for fault in jose.claims_faults(jws, jose.credential_in(jws))] == codes


def test_a_token_has_its_own_time(unsigned: dict[str, Any]) -> None:
    ahead, past = int(NOW.timestamp()) + 60, int(NOW.timestamp())
    jws = read_again(unsigned, "vc+jwt", {"nbf": ahead})
    assert [fault.code for fault in jose.claims_faults(jws, unsigned, now=NOW)] == [
        "not_yet_valid",
        "jwt_nbf",
    ]
    jws = read_again(unsigned, "vc+jwt", {"exp": past})
    assert [fault.code for fault in jose.claims_faults(jws, unsigned, now=NOW)] == ["expired"]
    assert jose.claims_faults(jws, unsigned, now=NOW - timedelta(seconds=1)) == []
    assert "validUntil" not in jose.credential_in(jws)


def test_in_the_open_badges_form_the_claim_sets_the_end_of_the_badge(unsigned: dict[str, Any]) -> None:
    assert (
        jose.credential_in(read_again(unsigned, "JWT", {"exp": 1893456000}))["validUntil"]
        == "2030-01-01T00:00:00Z"
    )


VC_1 = {
    "@context": ["https://www.w3.org/2018/credentials/v1"],
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": SCHOOL},
    "credentialSubject": {"type": ["AchievementSubject"]},
}
CLAIMS_1 = {"iss": SCHOOL, "sub": "did:key:zLearner", "jti": "urn:x:1", "nbf": 1795168800, "exp": 1893456000}


def wrapped(payload: dict[str, Any], typ: str = "JWT") -> jose.Jws:
    return jose.parse(
        jose.sign(jose.compact(payload), header={"typ": typ, "kid": "k"}, signer=SIGNERS["RS256"])
    )


def test_a_badge_of_vc_1_is_completed_from_the_claims() -> None:
    jws = wrapped({**CLAIMS_1, "vc": VC_1})
    badge = jose.credential_in(jws)
    assert badge == {
        **VC_1, "id": "urn:x:1", "issuanceDate": "2026-11-20T10:00:00Z", "expirationDate": "2030-01-01T00:00:00Z",
        "credentialSubject": {"type": ["AchievementSubject"], "id": "did:key:zLearner"},
    }  # fmt: skip
    assert jose.claims_faults(jws, badge) == []
    said = wrapped({**CLAIMS_1, "vc": {**VC_1, "id": "urn:x:2", "issuer": "did:web:real.example"}})
    codes = [fault.code for fault in jose.claims_faults(said, jose.credential_in(said))]
    assert codes == ["jwt_iss", "jwt_jti"]


def test_a_presentation_of_vc_1_is_completed_from_the_claims() -> None:
    jws = wrapped({"iss": "did:key:zHolder", "jti": "urn:x:9", "vp": {"type": ["VerifiablePresentation"]}})
    presentation = jose.credential_in(jws)
    assert presentation == {"type": ["VerifiablePresentation"], "holder": "did:key:zHolder", "id": "urn:x:9"}
    assert jose.claims_faults(jws, presentation) == []


@pytest.mark.parametrize(
    ("payload", "typ"),
    [
        ({**CLAIMS_1, "vc": VC_1}, "vc+jwt"),
        ({**CLAIMS_1, "vp": {}}, "vp+jwt"),
        ({**CLAIMS_1, "vc": VC_1, **VC_1}, "JWT"),
        ({**CLAIMS_1, "vc": VC_1, "vp": {}}, "JWT"),
        ({**CLAIMS_1, "vc": [VC_1]}, "JWT"),
        ({**CLAIMS_1, "vc": None}, "JWT"),
    ],
)
def test_a_token_that_can_be_read_in_two_ways_is_refused(payload: dict[str, Any], typ: str) -> None:
    assert refusal(jose.credential_in, wrapped(payload, typ)) == "jwt_vc_claim"


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b'{"id":"a","id":"b"}', "json_duplicate_key"),
        (b"[]", "jws_malformed"),
        (b"", "json_invalid"),
        (b'{"nbf":1e400}', "json_number_range"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "json_too_deep"),
    ],
)
def test_a_payload_is_strict_json(payload: bytes, code: str) -> None:
    jws = jose.parse(jose.sign(payload, header={"kid": "k"}, signer=SIGNERS["EdDSA"]))
    assert refusal(jose.credential_in, jws) == code


def test_the_key_of_an_attacker_in_the_header_is_not_the_issuers(unsigned: dict[str, Any]) -> None:
    thief = SIGNERS["ES256"]
    claims = jose.parse(signed_badge(unsigned)).payload
    jws = jose.parse(jose.sign(claims, header={"typ": "JWT", "jwk": thief.public_key.jwk()}, signer=thief))
    assert jose.faults(jws, from_jwk(jws.header["jwk"])) == []
    pages = {"keys": [did.jwk_document(SIGNERS["RS256"].public_key, key_id=KEY_PAGE, issuer_id=SCHOOL)]}
    with pytest.raises(NotTheIssuersKey):
        did.resolve_jose_key(
            jws.header,
            SCHOOL,
            lambda url: Fetched(json.dumps(pages | {"id": SCHOOL}).encode(), "application/json"),
        )


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    st.lists,
    max_leaves=4,
)
HEADERS = st.dictionaries(
    st.sampled_from(["alg", "typ", "cty", "kid", "jwk", "crit", "b64"]),
    VALUES | st.sampled_from(["EdDSA", "RS256", "JWT", "vc+jwt"]),
)


def answer(text: str, key: PublicKey) -> bool:
    """Whether the token is good; any other outcome than a refusal or faults breaks the test."""
    try:
        jws = jose.parse(text)
        document = jose.credential_in(jws)
        return not jose.faults(jws, key) and not jose.claims_faults(jws, document, now=NOW)
    except InvalidError:
        return False


@settings(max_examples=80)
@given(HEADERS, st.binary(max_size=30), st.binary(max_size=70))
def test_no_header_makes_an_unsigned_token_good(
    header: dict[str, Any], payload: bytes, signature: bytes
) -> None:
    assert not answer(token(header, payload, signature), SIGNERS["EdDSA"].public_key)


@settings(max_examples=80)
@given(st.integers(0, len(GOOD) - 1), st.characters(codec="utf-8"))
def test_no_changed_character_goes_unseen(place: int, character: str) -> None:
    changed = GOOD[:place] + character + GOOD[place + 1 :]
    jws = jose.parse(GOOD)
    assert jose.faults(jws, SIGNERS["EdDSA"].public_key) == []
    if changed != GOOD:
        assert not answer(changed, SIGNERS["EdDSA"].public_key)


@settings(max_examples=60)
@given(
    st.dictionaries(st.sampled_from(["iss", "sub", "jti", "nbf", "exp", "vc", "vp", "id", "issuer"]), VALUES)
)
def test_any_claims_are_read_or_refused(claims: dict[str, Any]) -> None:
    for typ in ("JWT", "vc+jwt"):
        answer(
            jose.sign(json.dumps(claims).encode(), header={"typ": typ}, signer=SIGNERS["EdDSA"]),
            SIGNERS["EdDSA"].public_key,
        )


@pytest.mark.slow
@settings(max_examples=3_000)
@given(HEADERS, st.binary(max_size=30), st.binary(max_size=70), st.text(max_size=40))
def test_no_token_at_all_breaks_the_reader(
    header: dict[str, Any], payload: bytes, signature: bytes, text: str
) -> None:
    key = SIGNERS["RS256"].public_key
    assert not answer(token(header, payload, signature), key)
    assert not answer(text, key)
    assert not answer(f"{GOOD}{text}" if text else "x", key)


ROWS_HERE = {
    "jwt-001", "jwt-003", "jwt-004", "jwt-005", "jwt-010", "jwt-011", "jwt-012", "jwt-016", "jwt-018", "jwt-019",
    "jwt-020", "jwt-022", "jwt-023", "jwt-026", "jwt-027", "jwt-029", "jwt-031", "jwt-044", "jwt-045", "jwt-046",
    "jwt-047",
}  # fmt: skip


def outcome(name: str) -> str:
    """The code that the row `name` of the shared list ends with here."""
    changed: dict[str, Any] = {
        "jwt-001": {"alg": "none"}, "jwt-003": {"alg": "NONE"}, "jwt-004": {"alg": "nOnE"}, "jwt-005": {"alg": "HS256"},
        "jwt-010": {"jku": "https://evil.test/jwks.json"}, "jwt-011": {"x5u": "http://169.254.169.254/"},
        "jwt-012": {"x5c": ["AAAA"]}, "jwt-016": {"kid": 1}, "jwt-018": {"crit": ["b64"], "b64": False},
        "jwt-019": {"crit": []},
    }  # fmt: skip
    whole = {
        "jwt-020": token(b'{"alg":"none","alg":"EdDSA"}'), "jwt-022": GOOD + "==", "jwt-023": GOOD + "\n",
        "jwt-026": GOOD.rsplit(".", 1)[0], "jwt-027": GOOD + ".AAAA", "jwt-029": token(ALG, b"x" * 5_000_000),
        "jwt-031": base64.urlsafe_b64encode(b'{"zip":"DEF","enc":"A256GCM"}').decode() + ".a.b.c.d",
    }  # fmt: skip
    keys: dict[str, Any] = {
        "jwt-044": {**RFC_7515_A2_KEY, "e": "AQ"},
        "jwt-045": {**RFC_7515_A3_KEY, "y": RFC_7515_A3_KEY["x"]},
    }
    if name in keys:
        return refusal(did.resolve_jose_key, {"jwk": keys[name]}, SCHOOL, lambda url: Fetched(b"{}", ""))
    if name in ("jwt-046", "jwt-047"):
        signed = token({"alg": "ES256", **KID}, signature=bytes(64)).rsplit(".", 1)[0]
        key = SIGNERS["ES256"].key
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        der = key.sign(signed.encode(), ec.ECDSA(hashes.SHA256()))
        jws = jose.parse(f"{signed}.{encode_base64url(der if name == 'jwt-047' else bytes(64))}")
        return jose.faults(jws, SIGNERS["ES256"].public_key)[0].code
    return refusal(jose.parse, token({**ALG, **changed[name]}) if name in changed else whole[name])


def test_the_shared_list_of_bad_tokens_ends_with_the_codes_that_it_names(shared: Any) -> None:
    rows = json.loads((shared / "bad_inputs.json").read_text("utf-8"))["inputs"]
    tried = {row["id"]: row["expected"]["code"] for row in rows if row["id"] in ROWS_HERE}
    assert tried.keys() == ROWS_HERE
    assert {name: outcome(name) for name in tried} == tried


def test_the_one_subject_in_a_list_is_the_subject_and_unreadable_dates_are_none() -> None:
    badge = {"id": "urn:b", "issuer": SCHOOL, "credentialSubject": [{"id": "urn:s"}], "validFrom": "soon"}
    claims = {"iss": SCHOOL, "sub": "urn:other", "jti": "urn:b", "nbf": 1}
    payload = json.dumps({**badge, **claims}).encode()
    read = jose.parse(jose.sign(payload, header={"typ": "JWT", "kid": KEY_PAGE}, signer=SIGNERS["ES256"]))
    assert {fault.code for fault in jose.claims_faults(read, badge)} == {"jwt_sub"}


def test_a_moment_that_no_calendar_holds_fills_no_date_in() -> None:
    inner = {"@context": ["https://www.w3.org/2018/credentials/v1"], "type": ["VerifiableCredential"]}
    payload = json.dumps({"vc": inner, "iss": SCHOOL, "nbf": 10**15, "exp": 0}).encode()
    read = jose.parse(jose.sign(payload, header={"typ": "JWT", "kid": KEY_PAGE}, signer=SIGNERS["ES256"]))
    assert jose.credential_in(read) == {**inner, "issuer": SCHOOL, "expirationDate": "1970-01-01T00:00:00Z"}


@pytest.mark.parametrize("contexts", [VC2, [VC2], ["https://a.example", VC2]])
def test_a_badge_of_vc_2_in_a_claim_is_completed_with_its_own_names_of_dates(contexts: Any) -> None:
    badge = jose.credential_in(wrapped({**CLAIMS_1, "vc": {**VC_1, "@context": contexts}}))
    assert (badge["validFrom"], badge["validUntil"]) == ("2026-11-20T10:00:00Z", "2030-01-01T00:00:00Z")
    bare = {name: value for name, value in VC_1.items() if name != "@context"}
    assert "issuanceDate" in jose.credential_in(wrapped({**CLAIMS_1, "vc": bare}))


@pytest.mark.parametrize(
    ("claim", "given", "codes"),
    [
        ("iss", SCHOOL, ["jwt_iss"]),
        ("jti", "urn:x:1", []),
        ("jti", 1, ["jwt_jti"]),
        ("sub", "urn:x:1", []),
        ("sub", ["urn:x:1"], ["jwt_sub"]),
        ("exp", 1893456000, []),
    ],
)
def test_what_the_badge_does_not_say_a_claim_may_say_but_not_whose_it_is(
    claim: str, given: Any, codes: list[str]
) -> None:
    jws = wrapped({claim: given})
    assert [fault.code for fault in jose.claims_faults(jws, {})] == codes


def test_limits_are_reached_before_a_token_is_refused() -> None:
    def filled(size: int) -> bytes:
        header = {**ALG, "kid": ""}
        return json.dumps({**header, "kid": "k" * (size - len(json.dumps(header)))}).encode()

    assert jose.parse(token(filled(jose.MAX_HEADER_BYTES))).header["alg"] == "EdDSA"
    assert refusal(jose.parse, token(filled(jose.MAX_HEADER_BYTES + 1))) == "too_large"
    most = jose.strict_json.MAX_BYTES
    assert len(jose.parse(token(ALG, b"x" * most, b"s" * jose.MAX_SIGNATURE_BYTES)).payload) == most
    assert refusal(jose.parse, token(ALG, b"x" * (most + 1))) == "too_large"
    assert refusal(jose.parse, token(ALG, b"x", b"s" * (jose.MAX_SIGNATURE_BYTES + 1))) == "too_large"


@pytest.mark.parametrize(("name", "code"), [("issuanceDate", "jwt_nbf"), ("expirationDate", "jwt_exp")])
def test_the_older_names_of_dates_are_compared_as_well(name: str, code: str) -> None:
    jws = wrapped({**CLAIMS_1, "vc": {**VC_1, name: "2020-01-01T00:00:00Z"}})
    assert [fault.code for fault in jose.claims_faults(jws, jose.credential_in(jws))] == [code]
