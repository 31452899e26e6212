"""How much work something is: CPU time of this thread alone, as other threads, tests and machines are not its fault."""

import gc
import time
from collections.abc import Callable

TRIES = 3


def cpu_seconds(work: Callable[[], object]) -> float:
    """The CPU seconds of the cheapest of three runs of `work`, without collecting other tests' garbage."""
    gc.disable()
    try:
        return min(_once(work) for _ in range(TRIES))
    finally:
        gc.enable()


def _once(work: Callable[[], object]) -> float:
    started = time.thread_time()
    work()
    return time.thread_time() - started
