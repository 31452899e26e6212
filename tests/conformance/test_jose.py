"""What the W3C suite for JOSE demands of the command: a result in a file, for issuing and verifying tokens."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from badge_service.conformance import keys
from badge_service.conformance.command import conformance
from badge_service.openbadges.contexts import VC2
from badge_service.openbadges.multibase import decode_base64url, encode_base64url
from badge_service.openbadges.public_key import KeyKind

ISSUER = "https://example.issuer/vc-jose-cose"
CONTEXT = [VC2, "https://www.w3.org/ns/credentials/examples/v2"]
MINIMAL: dict[str, Any] = {
    "@context": CONTEXT,
    "id": "http://university.example/credentials/1872",
    "type": ["VerifiableCredential", "ExampleAlumniCredential"],
    "issuer": ISSUER,
    "validFrom": "2010-01-01T19:23:24Z",
    "credentialSubject": {"id": "did:example:123", "degree": {"type": "BachelorDegree", "name": "Bachelor"}},
}
FULL = {
    **MINIMAL,
    "validUntil": "2199-01-01T00:00:00Z",
    "credentialSchema": {"id": "https://example.org/examples/degree.json", "type": "JsonSchema"},
    "credentialStatus": {"id": "https://example.edu/status/3#94567", "type": "StatusList2021Entry"},
    "evidence": [{"id": "https://example.edu/evidence/1", "type": ["DocumentVerification"]}],
    "termsOfUse": [{"type": "https://example.org/examples/terms/v1"}],
    "refreshService": {"id": "https://example.edu/refresh/3732", "type": "ManualRefreshService2018"},
}


def _enveloped(token: str) -> dict[str, str]:
    return {
        "@context": VC2,
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{token}",
    }


def _presentation(*tokens: str) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "id": "urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5",
        "type": ["VerifiablePresentation"],
        "holder": ISSUER,
        "verifiableCredential": [_enveloped(token) for token in tokens],
    }


Run = Callable[..., dict[str, str]]


def _key_file(kind: KeyKind) -> dict[str, Any]:
    """A verification method as the suite's key files are; `kid` is the thumbprint of the key."""
    pair = keys.fresh(kind)
    public = {**pair.public_key.jwk(), "alg": pair.algorithm, "kid": pair.public_key.thumbprint}
    numbers = pair.key
    if hasattr(numbers, "private_numbers"):
        secret = numbers.private_numbers().private_value.to_bytes((numbers.key_size + 7) // 8)
    else:
        secret = numbers.private_bytes_raw()
    private = {**public, "d": encode_base64url(secret)}
    return {"id": f"{ISSUER}#key-1", "type": "JsonWebKey", "publicKeyJwk": public, "secretKeyJwk": private}


@pytest.fixture(params=[KeyKind.P256, KeyKind.P384, KeyKind.P521, KeyKind.ED25519])
def key(request: pytest.FixtureRequest) -> dict[str, Any]:
    return _key_file(request.param)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def call(verb: str, feature: str, data: Any, key: Any, *more: str) -> dict[str, str]:
        text = data if isinstance(data, str) else json.dumps(data)
        files = {name: tmp_path / name for name in ("input", "key", "output")}
        files["input"].write_text(text)
        files["key"].write_text(json.dumps(key))
        options = [word for name, file in files.items() for word in (f"--{name}", str(file))]
        ended = CliRunner().invoke(conformance, ["jose", verb, "--feature", feature, *options, *more])
        assert ended.exit_code == 0, ended.output
        return dict(json.loads(files["output"].read_text()))

    return call


def _signed(key: dict[str, Any], claims: Any, **header: Any) -> str:
    """A token with any header and claims, as nobody should make it."""
    pair = keys.from_jwk(key["secretKeyJwk"])
    full = {"alg": pair.algorithm, "kid": key["publicKeyJwk"]["kid"], "typ": "vc+jwt", "cty": "vc", **header}
    signed = ".".join(encode_base64url(json.dumps(part).encode()) for part in (full, claims))
    return f"{signed}.{encode_base64url(pair.sign(signed.encode()))}"


@pytest.mark.parametrize("credential", [MINIMAL, FULL], ids=["minimal", "full"])
def test_1_2_a_credential_is_issued(run: Run, key: dict[str, Any], credential: dict[str, Any]) -> None:
    made = run("issue", "credential_jose", credential, key)
    header, payload = (json.loads(decode_base64url(part)) for part in made["data"].split(".")[:2])

    assert made["result"] == "success"
    assert header["typ"] == "vc+jwt"
    assert header["kid"] == key["publicKeyJwk"]["kid"]
    assert payload.items() >= credential.items()


@pytest.mark.parametrize("tokens", [("a.b.c",), ("a.b.c", "d.e.f")], ids=["one", "several"])
def test_3_4_a_presentation_is_issued(run: Run, key: dict[str, Any], tokens: tuple[str, ...]) -> None:
    made = run("issue", "presentation_jose", _presentation(*tokens), key)

    assert made["result"] == "success"
    assert run("verify", "presentation_jose", made["data"], key)["result"] == "success"


def test_5_unknown_members_are_not_issued_even_where_a_vocabulary_catches_all(
    run: Run, key: dict[str, Any]
) -> None:
    odd = {**MINIMAL, "badExtension": {"huh": "what?"}}

    assert run("issue", "credential_jose", odd, key)["result"] == "failure"


def test_6_a_credential_verifies(run: Run, key: dict[str, Any]) -> None:
    token = run("issue", "credential_jose", MINIMAL, key)["data"]

    assert run("verify", "credential_jose", token, key)["result"] == "success"
    assert run("verify", "credential_jose", token + "\n", key)["result"] == "success"


def test_7_a_presentation_verifies_though_its_token_has_run_out(run: Run, key: dict[str, Any]) -> None:
    claims = {**_presentation("a.b.c"), "iss": ISSUER, "iat": 1734044508, "exp": 1734130908}
    token = _signed(key, claims, typ="vp+jwt", cty="vp")

    assert run("verify", "presentation_jose", token, key)["result"] == "success"


def test_8_the_issuer_of_the_token_is_that_of_the_credential(run: Run, key: dict[str, Any]) -> None:
    dated = {**MINIMAL, "iat": "2010-01-01T19:23:24Z"}

    for issuer in (ISSUER, {"id": ISSUER}):
        good = _signed(key, {**dated, "issuer": issuer, "iss": ISSUER})
        assert run("verify", "credential_jose", good, key)["result"] == "success"
    bad = _signed(key, {**dated, "iss": "https://example.issuer/another"})
    assert run("verify", "credential_jose", bad, key)["result"] == "failure"


def test_9_unknown_members_are_ignored_when_verifying(run: Run, key: dict[str, Any]) -> None:
    token = _signed(key, {**MINIMAL, "badExtension": {"huh": "what?"}})

    assert run("verify", "credential_jose", token, key)["result"] == "success"


@pytest.mark.parametrize("feature", ["credential_jose", "presentation_jose"])
def test_10_11_what_nobody_signed_does_not_verify(run: Run, key: dict[str, Any], feature: str) -> None:
    document = MINIMAL if feature == "credential_jose" else _presentation("a.b.c")
    unsigned = (
        encode_base64url(b'{"alg":"none"}') + "." + encode_base64url(json.dumps(document).encode()) + "."
    )

    assert run("verify", feature, document, key)["result"] == "failure"
    assert run("verify", feature, unsigned, key)["result"] == "failure"


def test_12_another_signature_does_not_verify(run: Run, key: dict[str, Any]) -> None:
    token = _signed(key, MINIMAL)
    other = _signed(key, {**MINIMAL, "id": "urn:other"})

    mixed = token.rpartition(".")[0] + "." + other.rpartition(".")[2]
    assert run("verify", "credential_jose", mixed, key)["result"] == "failure"
    for kind in (KeyKind.P256, KeyKind.ED25519):
        assert run("verify", "credential_jose", token, _key_file(kind))["result"] == "failure"


@pytest.mark.parametrize(
    "header", [{"typ": "bad+typ"}, {"cty": "bad-cty"}, {"typ": "vp+jwt"}, {"typ": "JWT"}]
)
def test_13_14_another_media_type_does_not_verify(
    run: Run, key: dict[str, Any], header: dict[str, str]
) -> None:
    token = _signed(key, MINIMAL, **header)

    assert run("verify", "credential_jose", token, key)["result"] == "failure"
    presented = _signed(key, _presentation("a.b.c"), typ="vc+jwt", cty="vp")
    assert run("verify", "presentation_jose", presented, key)["result"] == "failure"


@pytest.mark.parametrize("claim", ["vc", "vp"])
def test_15_the_claims_vc_and_vp_are_refused(run: Run, key: dict[str, Any], claim: str) -> None:
    for token in (_signed(key, {**MINIMAL, claim: MINIMAL}), _signed(key, {"iss": ISSUER, claim: MINIMAL})):
        assert run("verify", "credential_jose", token, key)["result"] == "failure"


def test_16_credentials_in_a_presentation_are_enveloped(run: Run, key: dict[str, Any]) -> None:
    for inner in (MINIMAL, {**_enveloped("a.b.c"), "type": "VerifiableCredential"}, "a.b.c"):
        unsecured = {**_presentation(), "verifiableCredential": [inner]}
        token = _signed(key, unsecured, typ="vp+jwt", cty="vp")
        assert run("verify", "presentation_jose", token, key)["result"] == "failure"
        assert run("issue", "presentation_jose", unsecured, key)["result"] == "failure"


@pytest.mark.parametrize(
    "feature", ["credential_sdjwt", "presentation_sdjwt", "credential_cose", "presentation_cose"]
)
def test_what_is_not_done_here_is_indeterminate(run: Run, feature: str) -> None:
    for verb in ("issue", "verify"):
        answer = run(verb, feature, MINIMAL, _key_file(KeyKind.P256), "--sd", '["credentialSubject.id"]')
        assert answer["result"] == "indeterminate"


@pytest.mark.parametrize(
    "key", [{}, [], "key", {"kty": "EC", "crv": "P-256"}, {"secretKeyJwk": "x"}, {"crv": "P-256", "d": "AA"}]
)
def test_a_key_that_is_none_is_a_failure(run: Run, key: Any) -> None:
    assert run("issue", "credential_jose", MINIMAL, key)["result"] == "failure"
    assert run("verify", "credential_jose", "a.b.c", key)["result"] == "failure"


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    output = tmp_path / "output"
    missing = str(tmp_path / "missing")
    words = ["jose", "verify", "--feature", "credential_jose", "--input", missing, "--key", missing]

    assert CliRunner().invoke(conformance, [*words, "--output", str(output)]).exit_code == 0
    assert json.loads(output.read_text())["result"] == "error"
