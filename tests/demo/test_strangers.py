"""Software of strangers, given nothing but the published folder, accepts the demo's badges and refuses changed ones.

Their own fetch functions take https only, so they get the folder as their fetch function; http and https are one host.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jwt
import pyoxigraph
import pytest
import zxingcpp
from jsonschema import Draft201909Validator
from openbadgeslib.ob3.contexts import bundled_contexts
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier
from openvc.did.base import DidResolverRegistry
from openvc.did.did_web import DidWebResolver
from openvc.errors import OpenvcError
from openvc.verify import verify_credential
from PIL import Image

from badge_service.openbadges import canonical
from badge_service.openbadges.carrier import read
from badge_service.openbadges.did import jwks_url

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def summary(demo_summary: dict[str, Any]) -> dict[str, Any]:
    return demo_summary


@pytest.fixture(scope="module")
def badge(summary: dict[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(Path(summary["example"]["json"]).read_text())
    return document


@pytest.fixture(scope="module")
def fetch(summary: dict[str, Any]) -> Callable[[str], bytes]:
    """A stranger's fetch function that knows the published folder and nothing else."""

    def read_file(url: str) -> bytes:
        parts = urlsplit(url)
        return (Path(summary["published"]) / parts.netloc / parts.path.lstrip("/")).read_bytes()

    return read_file


def changed(badge: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(badge)
    assert "Bench test" in text
    other: dict[str, Any] = json.loads(text.replace("Bench test", "Bench tesT"))
    return other


def by_openbadgeslib(badge: dict[str, Any], fetch: Callable[[str], bytes]) -> None:
    """It reads status lists as VC-JWT alone, which the service gives to whoever asks for that form."""

    def fetch_as_jwt(url: str) -> bytes:
        return fetch(url.removesuffix(".json") + ".jwt" if "/status/" in url else url)

    verifier = OB3LdpVerifier.for_issuer_did(badge["issuer"]["id"])
    verifier.verify(badge, download=fetch_as_jwt, check_status=True)


def by_openvc(badge: dict[str, Any], fetch: Callable[[str], bytes]) -> None:
    """It reads one proof object and no list, in the badge and in the status list alike."""
    resolver = DidResolverRegistry([DidWebResolver(lambda url: json.loads(fetch(url)))])

    def status_list(url: str) -> dict[str, Any]:
        document = json.loads(fetch(url))
        return verified({**document, "proof": document["proof"][0]})

    def verified(document: dict[str, Any]) -> dict[str, Any]:
        found = verify_credential(
            document, resolver=resolver, extra_contexts=bundled_contexts(), resolve_status_list=status_list
        )
        return dict(found.credential)

    verified({**badge, "proof": badge["proof"][0]})


def test_openbadgeslib_accepts_the_badge_and_refuses_one_changed_character(
    badge: dict[str, Any], fetch: Callable[[str], bytes]
) -> None:
    by_openbadgeslib(badge, fetch)
    with pytest.raises(OB3VerificationError):
        by_openbadgeslib(changed(badge), fetch)


def test_openvc_accepts_the_badge_and_refuses_one_changed_character(
    badge: dict[str, Any], fetch: Callable[[str], bytes]
) -> None:
    by_openvc(badge, fetch)
    with pytest.raises(OpenvcError):
        by_openvc(changed(badge), fetch)


def test_every_published_badge_is_accepted_but_the_revoked_one(
    summary: dict[str, Any], fetch: Callable[[str], bytes]
) -> None:
    files = sorted(Path(summary["published"]).glob("*/credentials/*.json"))
    assert len(files) >= 5
    for file in files:
        badge = json.loads(file.read_text())
        if holder(badge) != "Nynke Demo":
            by_openbadgeslib(badge, fetch)


def test_canonical_bytes_are_those_of_another_canonicaliser(badge: dict[str, Any]) -> None:
    ours = canonical.canonicalize({name: value for name, value in badge.items() if name != "proof"})
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(ours.encode(), format=pyoxigraph.RdfFormat.N_QUADS))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    theirs = sorted(f"{quad} .\n" for quad in dataset)
    assert "".join(theirs) == ours


def test_the_badge_fits_the_strict_1edtech_schema(badge: dict[str, Any], shared_folder: Path) -> None:
    name = "plain-ob_v3p0_achievementcredential-jsonschema1.json"
    schema = json.loads((shared_folder / "data/standards/schemas" / name).read_text())
    assert [error.message for error in Draft201909Validator(schema).iter_errors(badge)] == []


@pytest.mark.parametrize("carrier", ["png", "svg"])
def test_the_baked_pictures_hold_exactly_the_badge(summary: dict[str, Any], carrier: str) -> None:
    baked = read(Path(summary["example"][carrier]).read_bytes())
    assert json.loads(baked.text) == json.loads(Path(summary["example"]["json"]).read_text())


def test_the_qr_picture_is_the_share_address(summary: dict[str, Any]) -> None:
    (found,) = zxingcpp.read_barcodes(Image.open(summary["example"]["qr"]))
    assert found.text == summary["urls"]["badge"]


def test_openbadgeslib_sees_that_a_badge_was_revoked(
    summary: dict[str, Any], revoked_badge: dict[str, Any], fetch: Callable[[str], bytes]
) -> None:
    with pytest.raises(OB3VerificationError, match="is set at index"):
        by_openbadgeslib(revoked_badge, fetch)


@pytest.fixture(scope="module")
def revoked_badge(summary: dict[str, Any]) -> dict[str, Any]:
    """The demo's teacher withdrew one badge that its learner shows by link."""
    found = [json.loads(file.read_text()) for file in Path(summary["published"]).glob("*/credentials/*.json")]
    (revoked,) = [badge for badge in found if holder(badge) == "Nynke Demo"]
    return revoked


def holder(badge: dict[str, Any]) -> str | None:
    identifiers = badge["credentialSubject"].get("identifier", [])
    return next((entry["identityHash"] for entry in identifiers), None)


@pytest.fixture(scope="module")
def tokens(summary: dict[str, Any]) -> dict[str, str]:
    """The badges that anybody may fetch, as VC-JWT, by whose they are."""
    found = {}
    for file in sorted(Path(summary["published"]).glob("*/credentials/*.jwt")):
        found[holder(json.loads(file.with_suffix(".json").read_text())) or file.stem] = file.read_text()
    return found


def token_by_openbadgeslib(token: str, fetch: Callable[[str], bytes]) -> None:
    """It takes the key that the header's `kid` leads to, as the standard says; the list has a key of its own."""
    header = jwt.get_unverified_header(token)
    key = jwt.PyJWK(json.loads(fetch(header["kid"]))).key
    claims = jwt.decode(token, options={"verify_signature": False})
    assert any(one["kid"] == header["kid"] for one in json.loads(fetch(jwks_url(claims["iss"])))["keys"])

    def fetch_as_jwt(url: str) -> bytes:
        return fetch(url.removesuffix(".json") + ".jwt" if "/status/" in url else url)

    credential = OB3Verifier(key, issuer_did=claims["iss"]).verify(token)
    of_lists = OB3Verifier.for_issuer_did(claims["iss"], fetch)
    of_lists.check_status(credential, verify_list=True, download=fetch_as_jwt)


def test_openbadgeslib_accepts_the_badges_as_tokens_and_refuses_a_changed_and_the_revoked_one(
    tokens: dict[str, str], fetch: Callable[[str], bytes]
) -> None:
    assert len(tokens) >= 5 and "Nynke Demo" in tokens
    for whose, token in tokens.items():
        if whose == "Nynke Demo":
            with pytest.raises(OB3VerificationError, match="is set at index"):
                token_by_openbadgeslib(token, fetch)
        else:
            token_by_openbadgeslib(token, fetch)
    header, payload, signature = tokens.popitem()[1].split(".")
    changed_token = ".".join((header, payload, ("A" if signature[0] != "A" else "B") + signature[1:]))
    with pytest.raises(OB3VerificationError):
        token_by_openbadgeslib(changed_token, fetch)


def test_our_own_command_judges_a_token_from_the_published_folder(
    summary: dict[str, Any], tokens: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "badge.jwt"
    file.write_text(next(token for whose, token in tokens.items() if whose != "Nynke Demo"))
    command = ["verify", str(file), "--published", summary["published"], "--trust", summary["trust"]]
    done = subprocess.run([sys.executable, "-m", "badge_service", *command], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
