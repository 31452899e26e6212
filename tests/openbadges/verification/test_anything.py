"""Whatever comes in, an answer comes out, cheaply, and it is never green by accident."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badge_service.openbadges import contexts, did
from badge_service.openbadges.proofs import eddsa_rdfc_2022
from tests.effort import cpu_seconds
from tests.openbadges.verification.saying import (
    GOOD,
    LIST_URL,
    SCHOOL,
    judged,
    sign_with,
)


@given(st.binary(max_size=300) | st.text(max_size=300))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_get_a_verdict_and_none_is_good(world: Any, data: bytes | str) -> None:
    assert judged(world, data).outcome not in GOOD


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from([SCHOOL, LIST_URL, "z1", "_:b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "@context", "proof", "x"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(data=st.data(), value=anything)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_part_replaced_by_anything_gets_a_verdict(
    world: Any, signed: dict[str, Any], data: Any, value: Any
) -> None:
    changed = copy.deepcopy(signed)
    place: Any = changed
    for _ in range(data.draw(st.integers(1, 4))):
        keys = list(place.keys()) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            place[key] = value
            break
        place = place[key]
    judged(world, changed)


@given(data=st.data(), value=anything)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_published_page_gets_a_verdict(world: Any, signed: dict[str, Any], data: Any, value: Any) -> None:
    url = data.draw(st.sampled_from([LIST_URL, did.document_url(SCHOOL)]))
    page = json.loads(world.pages[url])
    name = data.draw(st.sampled_from(sorted(page)))
    pages = dict(world.pages)
    world.publish(url, {**page, name: value})
    judged(world, signed)
    world.pages = pages


HOSTILE = [
    lambda d: {**d, "evidence": [{"type": ["Evidence"], "name": str(n)} for n in range(20_000)]},
    lambda d: {**d, "evidence": [{"type": ["Evidence"]}] * 900},
    lambda d: {**d, "evidence": [{"type": ["Evidence"], "name": str(n)} for n in range(700)]},
    lambda d: {**d, "@context": [contexts.VC2, contexts.OB3] * 500},
    lambda d: {**d, "proof": d["proof"] * 5_000},
    lambda d: {**d, "name": "\\u0000" * 80_000},
    lambda d: {**d, "name": "]]>" * 150_000},
    lambda d: {**d, "type": [*d["type"], *["x" * 100] * 2000]},
    lambda d: {**d, "proof": [{**d["proof"][0], "proofValue": "z" + "2" * 400_000}]},
    lambda d: {**d, "issuer": {"id": "did:web:" + "a:" * 100_000}},
    lambda d: {**d, "issuer": {"id": "did:web:" + "%2525" * 80_000}},
    lambda d: {**d, "validFrom": "9" * 400_000},
    lambda d: {**d, "evidence": _nest(28)},
]


def _nest(depth: int) -> Any:
    inner: Any = {"id": "https://a.example/1", "type": ["Evidence"]}
    for _ in range(depth):
        inner = {"type": ["Profile"], "id": "https://a.example/2", "parentOrg": inner}
    return inner


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_documents_are_answered_within_a_cpu_second(
    world: Any, signed: dict[str, Any], number: int
) -> None:
    data = json.dumps(HOSTILE[number](signed)).encode()
    assert judged(world, data).outcome not in GOOD
    assert cpu_seconds(lambda: world.judge(data)) < 1


def _patched(document: dict[str, Any], operations: list[dict[str, Any]]) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    for operation in operations:
        *steps, last = operation["path"].strip("/").split("/")
        place: Any = changed
        for step in steps:
            place = place[int(step)] if isinstance(place, list) else place[step]
        if operation["op"] == "remove":
            place.pop(last)
        elif isinstance(place, list):
            place.append(operation["value"]) if last == "-" else place.__setitem__(
                int(last), operation["value"]
            )
        else:
            place[last] = operation["value"]
    return changed


def test_the_shared_bad_inputs_are_never_good(world: Any, signed: dict[str, Any], shared: Any) -> None:
    single = {**signed, "proof": signed["proof"][0]}
    rows = json.loads((shared / "bad_inputs.json").read_text("utf-8"))["inputs"]
    wanted = [
        r
        for r in rows
        if r.get("base") == "valid_ldp" and r.get("ops") and r.get("resign") in ("none", "attacker")
    ]
    for row in wanted:
        data = json.dumps(_patched(single, row["ops"]))
        assert judged(world, data).outcome not in GOOD, row["id"]
        assert cpu_seconds(lambda data=data: world.judge(data)) < 1, row["id"]
    assert len(wanted) >= 25
    literal = [row for row in rows if row["surface"] == "verify-api" and row.get("literal")]
    for row in literal:
        assert judged(world, row["input"]).outcome not in GOOD, row["id"]
    assert len(literal) >= 5


def test_a_proof_made_by_the_library_is_the_one_that_is_verified(
    world: Any, unsigned: dict[str, Any]
) -> None:
    assert sign_with(unsigned, world.key, world.method) == world.sign(unsigned)
    assert eddsa_rdfc_2022.verify(
        world.sign(unsigned), world.sign(unsigned)["proof"][0], world.key.public_key
    )


MUTANT = st.sampled_from(
    [
        "x",
        "https://a.example/1",
        "2020-01-01T00:00:00Z",
        True,
        7,
        {"id": "urn:x:1"},
        ["x"],
        {"type": "Evidence"},
    ]
)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) in a document."""
    members = (
        list(value.items())
        if isinstance(value, dict)
        else list(enumerate(value))
        if isinstance(value, list)
        else []
    )
    for key, member in members:
        yield value, key
        yield from _places(member)


def _mutated(document: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    """One thing taken away, put in its place, or added.

    Only changes of what was signed: null, an empty list, a repeated or re-ordered entry of a set and one more vocabulary
    that we carry are none (`docs/verification.md`, "Why step 5 is strict"); `test_mutations.py` looks at those.
    """
    changed = copy.deepcopy(document)
    container, key = data.draw(st.sampled_from(list(_places(changed))))
    how = data.draw(st.sampled_from(["remove", "replace", "add"]))
    if how == "remove":
        del container[key]
    elif how == "replace":
        container[key] = data.draw(MUTANT)
    elif isinstance(container, dict):
        container[
            data.draw(st.sampled_from(["name", "id", "validUntil", "evidence", "image", "grade", "salt"]))
        ] = data.draw(MUTANT)
    else:
        container.append(data.draw(MUTANT))
    return changed


def _never_valid(world: Any, signed: dict[str, Any], data: st.DataObject) -> None:
    changed = _mutated(signed, data)
    proofs = changed.get("proof")
    beside = (
        isinstance(proofs, list) and signed["proof"][0] in proofs
    )  # an unknown proof beside a good one is a remark
    if changed != {**signed, "proof": proofs if beside else signed["proof"]}:
        verdict = judged(world, changed)
        assert verdict.outcome not in GOOD, json.dumps(changed)


@given(data=st.data())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_mutation_is_never_valid(world: Any, signed: dict[str, Any], data: st.DataObject) -> None:
    _never_valid(world, signed, data)


@pytest.mark.slow
@given(data=st.data())
@settings(max_examples=3_000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_thousands_of_mutations_are_never_valid(
    world: Any, signed: dict[str, Any], data: st.DataObject
) -> None:
    _never_valid(world, signed, data)
