"""The worker that canonicalizes strangers' documents: same answers, little overhead, and it may die without harm."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from badge_service.openbadges import canonical
from badge_service.verifier import sandbox as sandbox_module
from badge_service.verifier.sandbox import Sandbox
from tests.effort import children_seconds, cpu_seconds_of_all, once
from tests.verifier import stage
from tests.verifier.recipes import clique


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """Two workers, for which no shape is known, so that everything goes to them."""
    monkeypatch.setattr(canonical, "examine_known", lambda document: None)
    made = Sandbox()
    yield made
    made.close()


def codes(examined: canonical.Examined) -> set[str]:
    return {fault.code for fault in examined.faults}


def told(examined: canonical.Examined) -> tuple[object, str]:
    """All but the digest, which is known only where a shape was."""
    return examined.faults, examined.nquads


def processes(sandbox: Sandbox) -> list[int]:
    return [worker._process.pid for worker in sandbox._idle]


def documents() -> list[dict[str, Any]]:
    odd = {**stage.unsigned_badge(), "name": "\u2028 \u202e 𝔸 \ud800 \0"}
    undefined = {**stage.unsigned_badge(), "grade": "A+"}
    return [stage.unsigned_badge(), stage.unsigned_list(), odd, undefined, {}, {"@context": []}]


def test_the_answers_are_those_of_this_process(sandbox: Sandbox) -> None:
    for document in documents():
        assert told(sandbox.within()(document)) == told(canonical.examine(document))
    badge = stage.unsigned_badge()
    assert told(sandbox.within()(badge, hash="sha384")) == told(canonical.examine(badge, hash="sha384"))
    assert len(processes(sandbox)) == 1  # one at a time needs one worker


def test_a_known_shape_stays_in_this_process() -> None:
    canonical.use_shapes(checked_one_in=10**9)
    try:
        for number in range(3):
            canonical.examine({**stage.unsigned_badge(), "name": f"Basket {number}"}, ours=True)
        nobody = Sandbox(workers=0, wall_seconds=0.01)
        assert nobody.within()(stage.unsigned_badge()).nquads
        assert codes(nobody.within()({**stage.unsigned_badge(), "description": "New."})) == {
            "examination_stopped"
        }
    finally:
        canonical.use_shapes()


def test_a_worker_that_is_killed_is_replaced(sandbox: Sandbox) -> None:
    sandbox.within()(stage.unsigned_badge())
    (first,) = processes(sandbox)
    os.kill(first, signal.SIGKILL)
    assert codes(sandbox.within()(stage.unsigned_badge())) <= {"examination_stopped"}
    assert sandbox.within()(stage.unsigned_badge()).nquads
    (second,) = processes(sandbox)
    assert second != first


def test_a_worker_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canonical, "examine_known", lambda document: None)
    made = Sandbox(wall_seconds=0.3)
    made.within()(stage.unsigned_badge())
    (worker,) = processes(made)
    os.kill(worker, signal.SIGSTOP)
    assert codes(made.within()(stage.unsigned_badge())) == {"examination_stopped"}
    assert processes(made) == []
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_too_much_cpu_time_ends_the_worker_and_not_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canonical, "examine_known", lambda document: None)
    made = Sandbox(cpu_seconds=0.002)
    large = stage.unsigned_badge()
    large["evidence"] = [{"id": f"urn:x:{n}", "type": ["Evidence"], "name": "x"} for n in range(400)]
    assert codes(made.within()(large)) == {"examination_stopped"}
    made.close()


def test_too_much_memory_ends_the_worker_and_not_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canonical, "examine_known", lambda document: None)
    made = Sandbox(memory_bytes=80 * 1024 * 1024)
    assert made.within()(stage.unsigned_badge()).nquads
    document = {**stage.unsigned_badge(), "name": "x" * 40_000_000}
    examined = made.within()(document)
    assert codes(examined) == {"examination_stopped"} and examined.nquads == ""
    made.close()


def many_things(count: int) -> dict[str, Any]:
    evidence = [{"id": f"urn:x:{count}:{number}", "type": ["Evidence"]} for number in range(count)]
    return {**stage.unsigned_badge(), "evidence": evidence}


def test_all_documents_of_one_verification_share_the_cpu_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canonical, "examine_known", lambda document: None)
    made = Sandbox(cpu_seconds=0.1)
    examine, another = made.within(), made.within()
    ends = [codes(examine(many_things(400 + number))) for number in range(8)]
    assert ends[-1] == {"examination_stopped"}
    before = processes(made)
    assert codes(examine(stage.unsigned_badge())) == {"examination_stopped"}
    assert processes(made) == before  # nobody was asked
    assert another(stage.unsigned_badge()).nquads
    made.close()


def test_what_is_done_in_this_process_counts_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(document: Any) -> canonical.Examined:
        sum(range(2_000_000))
        return canonical.Examined((), "known")

    monkeypatch.setattr(canonical, "examine_known", slow)
    examine = Sandbox(workers=0, cpu_seconds=0.01).within()
    assert examine({}).nquads == "known"
    assert codes(examine({})) == {"examination_stopped"}


def test_what_the_worker_takes_is_counted_by_our_tests() -> None:
    made = Sandbox()
    made.within()(stage.unsigned_badge())  # the worker is started before
    taken = cpu_seconds_of_all(lambda: [made.within()(many_things(440 + number)) for number in range(4)])
    here = once(lambda: [made.within()(many_things(450 + number)) for number in range(4)])
    assert taken > 2 * here
    living = children_seconds()
    made.close()
    assert children_seconds() >= living - 0.05  # those that ended count on


def test_waiting_counts_for_all_documents_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canonical, "examine_known", lambda document: None)
    examine = Sandbox(workers=0, wall_seconds=0.2).within()
    began = time.monotonic()
    assert {code for _ in range(20) for code in codes(examine({}))} == {"examination_stopped"}
    assert time.monotonic() - began < 2  # twenty times the whole wait would be four


def test_a_poison_graph_is_refused_in_time(sandbox: Sandbox) -> None:
    document = stage.unsigned_badge()
    document["credentialSubject"]["achievement"]["related"] = clique(9)
    assert codes(sandbox.within()(document)) == {"blank_node_id"}


def test_many_threads_share_two_workers(sandbox: Sandbox) -> None:
    wanted = canonical.examine(stage.unsigned_badge())
    answers: list[canonical.Examined] = []

    def ask() -> None:
        answers.extend(sandbox.within()(stage.unsigned_badge()) for _ in range(5))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [told(answer) for answer in answers] == [told(wanted)] * 40
    assert 1 <= len(processes(sandbox)) <= sandbox_module.WORKERS


def test_closing_leaves_no_process_behind(sandbox: Sandbox) -> None:
    sandbox.within()(stage.unsigned_badge())
    (worker,) = processes(sandbox)
    sandbox.close()
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
    assert sandbox.within()(stage.unsigned_badge()).nquads  # and it can be asked again


def test_the_worker_knows_neither_our_surroundings_nor_our_files(sandbox: Sandbox) -> None:
    sandbox.within()(stage.unsigned_badge())
    (worker,) = processes(sandbox)
    process = Path(f"/proc/{worker}")
    environment = process.joinpath("environ").read_bytes().split(b"\0")
    names = {entry.partition(b"=")[0] for entry in environment if entry}
    assert names <= {b"PYTHONPATH", b"PYTHONHASHSEED", b"LC_CTYPE"}
    assert str(sandbox_module.MEMORY_BYTES) in process.joinpath("limits").read_text()
