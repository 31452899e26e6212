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


def ratio(floor: Work, work: Work, *, rounds: int, times: int = 1) -> float:
    """How many times the CPU time of `floor` one run of `work` takes: the median of what the rounds say, each by itself.

    In every round both take turns, `times` runs each, so that a slow moment of the machine slows both.
    """
    floor()
    work()
    gc.collect()
    gc.disable()
    try:
        return statistics.median(_ratio(floor, work, times) for _ in range(rounds))
    finally:
        gc.enable()


def _ratio(floor: Work, work: Work, times: int) -> float:
    least = cpu_seconds(floor, times)
    return cpu_seconds(work, times) / least


def cpu_seconds(work: Work, times: int = 1) -> float:
    """CPU seconds of this thread for `times` runs of `work`."""
    began = time.thread_time()
    for _ in range(times):
        work()
    return time.thread_time() - began


def signing_floor(key: Ed25519PrivateKey, text: bytes) -> Work:
    """What no way of signing can do without: two digests of the document and one Ed25519 signature."""
    return lambda: key.sign(hashlib.sha256(text).digest() + hashlib.sha256(text).digest())


def verifying_floor(key: Ed25519PrivateKey, text: bytes) -> Work:
    """What no way of verifying can do without: two digests and one verification."""
    data = hashlib.sha256(text).digest() * 2
    signature, public = key.sign(data), key.public_key()
    return lambda: public.verify(signature, hashlib.sha256(text).digest() + hashlib.sha256(text).digest())
