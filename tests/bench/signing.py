"""Signing alone: one badge, ten thousand badges, and the two other Python libraries that sign the same kind of proof."""

import copy
import json
import statistics
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from documents import AT, METHOD, badge
from measuring import Tell, Work, cpu_seconds, ratio, signing_floor
from openbadgeslib.ob3.contexts import bundled_contexts
from openbadgeslib.ob3.ldp import add_data_integrity_proof
from openvc.keys import Ed25519SigningKey
from openvc.proof.data_integrity import DataIntegrityProofSuite

from badge_service.keyring.files import FileSigner
from badge_service.openbadges.credential import Prepared, prepare, prepare_many
from badge_service.openbadges.proofs import eddsa_rdfc_2022

BULK, SLICE, FLOORS = 10_000, 500, 200


def measure(tell: Tell) -> None:
    """Tells how many times the floor one signature takes here and elsewhere, and which share of its rate a bulk has."""
    key = Ed25519PrivateKey.generate()
    signer, document = FileSigner("bench", key, proven=True), badge(0)
    floor = signing_floor(key, json.dumps(document).encode())
    badges = [badge(index) for index in range(200)]
    turn = iter(range(1_000_000))

    def one() -> None:
        ready = prepare(badges[next(turn) % len(badges)])
        eddsa_rdfc_2022.sign_many([ready], signer=signer, verification_method=METHOD, created=AT)

    tell("sign_one_x_floor", ratio(floor, one, rounds=400, times=5), "x", "<=5")
    tell("sign_bulk_share_of_floor", _bulk_share(floor, signer), "share", ">=0.40")
    for name, work in {
        "openbadgeslib": _openbadgeslib(key, document),
        "openvc": _openvc(key, document),
    }.items():
        tell(f"sign_one_{name}_x_floor", ratio(floor, work, rounds=20), "x", "-")


def _bulk_share(floor: Work, signer: FileSigner) -> float:
    """The floor's time as a share of that of one of ten thousand, each from its members to its signed text.

    The median of what the slices say, each compared with the floor before and after it.
    """
    shares = []
    before = cpu_seconds(floor, FLOORS)
    for first in range(0, BULK, SLICE):
        documents = [badge(index) for index in range(first, first + SLICE)]
        spent = cpu_seconds(lambda documents=documents: _sign_all(documents, signer))
        after = cpu_seconds(floor, FLOORS)
        shares.append((before + after) / 2 / FLOORS * SLICE / spent)
        before = after
    return statistics.median(shares)


def _sign_all(documents: list[dict[str, Any]], signer: FileSigner) -> None:
    ready = [one for one in prepare_many(documents) if isinstance(one, Prepared)]
    texts = eddsa_rdfc_2022.sign_many(ready, signer=signer, verification_method=METHOD, created=AT)
    if len(texts) != len(documents):
        raise RuntimeError("not all of them were signed")


def _openbadgeslib(key: Ed25519PrivateKey, document: dict[str, Any]) -> Work:
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return lambda: json.dumps(add_data_integrity_proof(copy.deepcopy(document), pem, METHOD, created=AT))


def _openvc(key: Ed25519PrivateKey, document: dict[str, Any]) -> Work:
    options = {
        "signing_key": Ed25519SigningKey(key, METHOD),
        "verification_method": METHOD,
        "created": AT,
        "extra_contexts": bundled_contexts(),
    }
    suite = DataIntegrityProofSuite()
    return lambda: json.dumps(suite.add_proof(document, **options))
