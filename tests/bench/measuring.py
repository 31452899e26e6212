"""How the bench measures: pieces of work take turns, so that what else runs on the machine counts for all of them."""

import gc
import hashlib
import statistics
import time
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Tell = Callable[[str, float, str, str], None]
"""Prints name, value, unit and aim ("-" for none)."""
Work = Callable[[], object]


def seconds(*works: Work, rounds: int, times: int = 1) -> list[float]:
    """For each of `works` the median CPU seconds of one run, over `rounds` turns of `times` runs."""
    taken: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for work, found in zip(works, taken, strict=True):
                began = time.thread_time()
                for _ in range(times):
                    work()
                found.append((time.thread_time() - began) / times)
    finally:
        gc.enable()
    return [statistics.median(found) for found in taken]


def signing_floor(key: Ed25519PrivateKey, text: bytes) -> Work:
    """What no way of signing can do without: two digests of the document and one Ed25519 signature."""
    return lambda: key.sign(hashlib.sha256(text).digest() + hashlib.sha256(text).digest())


def verifying_floor(key: Ed25519PrivateKey, text: bytes) -> Work:
    """What no way of verifying can do without: two digests and one verification."""
    data = hashlib.sha256(text).digest() * 2
    signature, public = key.sign(data), key.public_key()
    return lambda: public.verify(signature, hashlib.sha256(text).digest() + hashlib.sha256(text).digest())
