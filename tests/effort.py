"""How much work something is, and how long one may wait for it: neither a busy nor a slow machine is a fault of the code."""

import gc
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

TRIES = 3
SOME_WORK, SECONDS_FOR_IT = 10_000_000, 0.2


def cpu_seconds(work: Callable[[], object]) -> float:
    """The CPU seconds of the cheapest of three runs of `work`, without other tests' garbage and without a tracer.

    A tracer is what measures coverage: it makes every line several times as much work.
    """
    tracer = sys.gettrace()
    gc.disable()
    sys.settrace(None)
    try:
        return min(once(work) for _ in range(TRIES))
    finally:
        sys.settrace(tracer)
        gc.enable()


def once(work: Callable[[], object]) -> float:
    """The CPU seconds of a single run, for work that is another one the second time."""
    started = time.thread_time()
    work()
    return time.thread_time() - started


def cpu_seconds_of_all(work: Callable[[], object]) -> float:
    """The CPU seconds of one run of `work` in this thread and in all processes that we started, living or ended since."""
    started = time.thread_time() + children_seconds()
    work()
    return time.thread_time() + children_seconds() - started


def children_seconds() -> float:
    """The CPU seconds of our child processes so far: of those that ended, and of those that live."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime + sum(map(_seconds_of_living, Path("/proc").glob("[0-9]*")))


def _seconds_of_living(process: Path) -> float:
    """What a process has taken so far, if it is a child of ours."""
    try:
        said = process.joinpath("stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0  # it ended between two looks
    is_child = int(said[1]) == os.getpid()
    return (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK") if is_child else 0.0


def patience(seconds: float) -> float:
    """`seconds` of an idle machine of our own, stretched by as much as this one is slower or busier just now."""
    began = time.monotonic()
    sum(range(SOME_WORK))
    return seconds * max(1.0, (time.monotonic() - began) / SECONDS_FOR_IT)
