"""Two libraries of other people accept our badges, and refuse them with one changed character."""

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization

pytest.importorskip("openvc", reason="openvc-core is installed for development only")

from openbadgeslib.ob3.contexts import bundled_contexts
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError
from openvc.errors import OpenvcError
from openvc.proof.data_integrity import DataIntegrityProofSuite

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def pem(key: Any) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.private.public_key().public_bytes(serialization.Encoding.PEM, form)


def jwk(key: Any) -> dict[str, str]:
    return key.public_key.jwk()


def by_openvc(world: Any, document: dict[str, Any]) -> None:
    single = {**document, "proof": document["proof"][0]}  # it reads one proof object and no list
    options = {"public_key_jwk": jwk(world.key), "extra_contexts": bundled_contexts(), "now": NOW}
    DataIntegrityProofSuite().verify(single, **options)


def by_openbadgeslib(world: Any, document: dict[str, Any]) -> None:
    OB3LdpVerifier(pem(world.key)).verify(document)


@pytest.fixture(params=["composed", "shared"])
def badge(request: Any, world: Any, unsigned: dict[str, Any]) -> dict[str, Any]:
    return world.sign(unsigned if request.param == "composed" else request.getfixturevalue("example"))


def changed(document: dict[str, Any]) -> dict[str, Any]:
    other = copy.deepcopy(document)
    other["credentialSubject"]["achievement"]["name"] += "x"
    return other


def test_openbadgeslib_accepts_and_refuses(world: Any, badge: dict[str, Any]) -> None:
    by_openbadgeslib(world, badge)
    with pytest.raises(OB3VerificationError):
        by_openbadgeslib(world, changed(badge))


def test_openvc_accepts_and_refuses(world: Any, badge: dict[str, Any]) -> None:
    by_openvc(world, badge)
    with pytest.raises(OpenvcError):
        by_openvc(world, changed(badge))
