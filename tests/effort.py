"""How much work something is, and how long one may wait for it: neither a busy nor a slow machine is a fault of the code."""

import gc
import time
from collections.abc import Callable

TRIES = 3
SOME_WORK, SECONDS_FOR_IT = 10_000_000, 0.2


def cpu_seconds(work: Callable[[], object]) -> float:
    """The CPU seconds of the cheapest of three runs of `work`, without collecting other tests' garbage."""
    gc.disable()
    try:
        return min(once(work) for _ in range(TRIES))
    finally:
        gc.enable()


def once(work: Callable[[], object]) -> float:
    """The CPU seconds of a single run, for work that is another one the second time."""
    started = time.thread_time()
    work()
    return time.thread_time() - started


def patience(seconds: float) -> float:
    """`seconds` of an idle machine of our own, stretched by as much as this one is slower or busier just now."""
    began = time.monotonic()
    sum(range(SOME_WORK))
    return seconds * max(1.0, (time.monotonic() - began) / SECONDS_FOR_IT)
