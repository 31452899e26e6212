"""Judging a badge from its text: of a shape that is known, of one that is not, and documents made to cost much."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from documents import AT, LIST, METHOD, SCHOOL, badge
from measuring import Tell, Work, ratio, verifying_floor

from badge_service.errors import NotFoundError
from badge_service.keyring.files import FileSigner
from badge_service.openbadges import bitstring_status_list, canonical, did
from badge_service.openbadges.credential import prepare
from badge_service.openbadges.did import Fetched
from badge_service.openbadges.proofs import eddsa_rdfc_2022
from badge_service.openbadges.verdict import Outcome
from badge_service.openbadges.verification import verify
from badge_service.openbadges.verification.remembered import Remembered


def measure(tell: Tell) -> None:
    """Tells how many times the floor a known shape takes, and how many times plain expansion an unknown one."""
    key = Ed25519PrivateKey.generate()
    judge, text = _judge_of(key)
    floor = verifying_floor(key, text.encode())
    tell("verify_known_x_floor", ratio(floor, lambda: judge(text), rounds=200, times=3), "x", "<=3")
    tell("verify_unknown_x_pyld", _unknown(judge, text), "x", "<=1.1")
    _tell_hostile(tell)


def _judge_of(key: Ed25519PrivateKey) -> tuple[Callable[[str], None], str]:
    """What judges a text against a small published world, as the service does it, and a genuine badge of it."""
    signer = FileSigner("bench", key, proven=True)

    def signed(document: dict[str, Any]) -> dict[str, Any]:
        return eddsa_rdfc_2022.sign(prepare(document), signer=signer, verification_method=METHOD, created=AT)

    status = bitstring_status_list.compose_list(id=LIST, issuer_id=SCHOOL, indexes=[], valid_from=AT)
    pages = {
        did.document_url(SCHOOL): json.dumps(
            did.did_document(SCHOOL, [("2026", signer.public_key)])
        ).encode(),
        LIST: json.dumps(signed(status)).encode(),
    }

    def fetch(url: str) -> Fetched:
        if url not in pages:
            raise NotFoundError("nothing there")
        return Fetched(pages[url], "application/json")

    remembered = Remembered()

    def judge(text: str) -> None:
        verdict = verify(text, now=AT, fetch=fetch, remembered=remembered)
        if verdict.outcome is not Outcome.SIGNED_ISSUER_UNKNOWN:
            raise RuntimeError(f"a good badge was judged {verdict.outcome}: {verdict.reason_code}")

    return judge, json.dumps(signed(badge(0)), ensure_ascii=False)


def _unknown(judge: Callable[[str], None], text: str) -> float:
    """How many times plain expansion a document takes whose shape was never seen; nothing else differs."""

    def plainly(use: bool) -> Work:
        def work() -> None:
            canonical.use_shapes(enabled=use)
            judge(text)

        return work

    def strange() -> Iterator[None]:
        while True:
            canonical.forget_shapes()
            plainly(True)()
            yield

    stranger = strange()
    found = ratio(plainly(False), lambda: next(stranger), rounds=40)
    canonical.use_shapes()
    return found


def _tell_hostile(tell: Tell) -> None:
    """What documents made to cost much take at most, judged through the sandbox in a process of its own."""
    program = Path(__file__).with_name("hostile.py")
    said = subprocess.run([sys.executable, program], stdout=subprocess.PIPE, check=True)
    found = json.loads(said.stdout)
    tell("hostile_worst_cpu_seconds", found["cpu_seconds"], "s", "<=1")
    tell("hostile_worst_megabytes", found["megabytes"], "MB", "<=300")
