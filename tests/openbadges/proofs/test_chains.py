"""Several proofs on one document: each for itself in a set, one over the other in a chain."""

from typing import Any

import pytest

from badge_service.errors import InvalidError
from badge_service.openbadges import canonical, contexts, proofs
from badge_service.openbadges.proofs.data_integrity import RDFC as RDFC_FORM
from badge_service.openbadges.proofs.data_integrity import Suite
from badge_service.openbadges.proofs.secured import Secured

FIRST, SECOND = (
    "urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544",
    "urn:uuid:8cc9022b-6b14-4cf3-8571-74972c5feb54",
)
RDFC, JCS = "eddsa-rdfc-2022", "eddsa-jcs-2022"


def suite(name: str) -> Suite:
    found = proofs.SUITES["DataIntegrityProof", name]
    assert isinstance(found, Suite)
    return found


@pytest.fixture
def keys(new_key: Any) -> list[Any]:
    return [new_key(number) for number in (1, 2, 3)]


@pytest.fixture
def build(unsigned: dict[str, Any], options: dict[str, Any], keys: list[Any]) -> Any:
    """Signs the badge once for each (suite, further options), with the first, second and third key."""

    def signed(*wanted: tuple[str, dict[str, Any]]) -> dict[str, Any]:
        document = unsigned
        for (name, more), key in zip(wanted, keys, strict=False):
            document = suite(name).add_proof(document, {**options, **more}, signer=key)
        return document

    return signed


def codes(document: dict[str, Any], place: int, key: Any) -> list[str]:
    """What is wrong with the proof at `place`."""
    entries = document["proof"]
    try:
        covered = Secured.of(document).chained(entries[place], entries)
    except InvalidError as error:
        return [error.code]
    named = suite(entries[place]["cryptosuite"])
    return [fault.code for fault in named.faults(covered, entries[place], key.public_key)]


def all_codes(document: dict[str, Any], keys: list[Any]) -> list[list[str]]:
    return [
        codes(document, place, key) for place, key in zip(range(len(document["proof"])), keys, strict=False)
    ]


def test_proofs_of_a_set_know_nothing_of_each_other(build: Any, keys: list[Any]) -> None:
    document = build((RDFC, {}), (JCS, {}), (RDFC, {}))
    assert all_codes(document, keys) == [[], [], []]
    turned = {**document, "proof": document["proof"][::-1]}
    assert all_codes(turned, keys[::-1]) == [[], [], []]
    shorter = {**document, "proof": document["proof"][1:]}
    assert all_codes(shorter, keys[1:]) == [[], []]


@pytest.mark.parametrize("later", [RDFC, JCS])
@pytest.mark.parametrize("earlier", [RDFC, JCS])
@pytest.mark.parametrize("named", [FIRST, [FIRST]])
def test_a_chain_holds_in_every_mix_of_suites(
    build: Any, keys: list[Any], earlier: str, later: str, named: Any
) -> None:
    document = build((earlier, {"id": FIRST}), (later, {"previousProof": named}))
    assert all_codes(document, keys) == [[], []]
    changed = {**document, "name": "Forged"}
    assert all_codes(changed, keys) == [["signature"], ["signature"]]


@pytest.mark.parametrize("later", [RDFC, JCS])
def test_a_proof_may_build_on_two_others(build: Any, keys: list[Any], later: str) -> None:
    document = build(
        (RDFC, {"id": FIRST}), (RDFC, {"id": SECOND}), (later, {"previousProof": [FIRST, SECOND]})
    )
    assert all_codes(document, keys) == [[], [], []]


@pytest.mark.parametrize("later", [RDFC, JCS])
def test_a_replaced_or_changed_earlier_proof_is_found(
    build: Any, keys: list[Any], options: dict[str, Any], later: str
) -> None:
    document = build((RDFC, {"id": FIRST}), (later, {"previousProof": FIRST}))
    first, second = document["proof"]
    again = suite(RDFC).add_proof(
        {name: value for name, value in document.items() if name != "proof"},
        {**options, "id": FIRST, "created": "2026-01-01T00:00:00Z"},
        signer=keys[2],
    )
    replaced = {**document, "proof": [again["proof"][0], second]}
    assert codes(replaced, 0, keys[2]) == []
    assert codes(replaced, 1, keys[1]) == ["signature"]
    changed = {**document, "proof": [{**first, "proofPurpose": "authentication"}, second]}
    assert all_codes(changed, keys) == [["signature"], ["signature"]]


@pytest.mark.parametrize("later", [RDFC, JCS])
def test_a_chain_cannot_be_cut(build: Any, keys: list[Any], later: str) -> None:
    document = build((RDFC, {"id": FIRST}), (later, {"previousProof": FIRST}))
    first, second = document["proof"]
    assert codes({**document, "proof": [second]}, 0, keys[1]) == ["previous_proof"]
    free = {name: value for name, value in second.items() if name != "previousProof"}
    assert codes({**document, "proof": [first, free]}, 1, keys[1]) == ["signature"]
    assert codes({**document, "proof": [free]}, 0, keys[1]) == ["signature"]


@pytest.mark.parametrize(
    "named",
    [
        "urn:uuid:none",
        [FIRST, "urn:uuid:none"],
        [],
        "",
        None,
        7,
        [FIRST, FIRST],
        [[FIRST]],
        {"id": FIRST},
        True,
    ],
)
def test_a_missing_or_malformed_name_is_found(build: Any, keys: list[Any], named: Any) -> None:
    document = build((RDFC, {"id": FIRST}), (RDFC, {"previousProof": FIRST}))
    document["proof"][1]["previousProof"] = named
    assert codes(document, 1, keys[1]) == ["previous_proof"]


def test_a_name_that_two_proofs_bear_is_found(build: Any, keys: list[Any]) -> None:
    document = build((RDFC, {"id": FIRST}), (RDFC, {"previousProof": FIRST}))
    document["proof"].append(document["proof"][0])
    assert codes(document, 1, keys[1]) == ["previous_proof"]


@pytest.mark.parametrize(
    "names",
    [
        [(FIRST, FIRST)],
        [(FIRST, SECOND), (SECOND, FIRST)],
        [(FIRST, SECOND), (SECOND, "urn:uuid:3"), ("urn:uuid:3", FIRST)],
        [(FIRST, SECOND), (SECOND, SECOND)],
    ],
)
def test_proofs_that_build_on_each_other_are_found(
    build: Any, keys: list[Any], names: list[tuple[str, str]]
) -> None:
    document = build((RDFC, {}))
    entries = [{**document["proof"][0], "id": own, "previousProof": other} for own, other in names]
    assert codes({**document, "proof": entries}, 0, keys[0]) == ["previous_proof"]


def test_not_more_than_four_proofs_are_made_or_followed(
    build: Any, options: dict[str, Any], keys: list[Any]
) -> None:
    document = build((RDFC, {"id": FIRST}), (RDFC, {"previousProof": FIRST}))
    document["proof"] *= 2
    with pytest.raises(InvalidError):
        suite(RDFC).add_proof(document, options, signer=keys[0])
    document["proof"].append(7)
    assert codes(document, 1, keys[1]) == ["previous_proof"]


def test_a_chained_proof_is_verified_by_the_suite_alone_too(build: Any, keys: list[Any]) -> None:
    document = build((RDFC, {"id": FIRST}), (JCS, {"previousProof": FIRST}))
    proof = document["proof"][1]
    assert suite(JCS).verify(document, proof, keys[1].public_key)
    assert not suite(JCS).verify({**document, "proof": [proof]}, proof, keys[1].public_key)


def test_an_earlier_proof_keeps_definitions_of_words_that_are_not_the_documents_own() -> None:
    seen: list[Any] = []

    def examine(document: Any) -> canonical.Examined:
        seen.append(document)
        return canonical.Examined((), "text")

    proofs_before = [{"id": FIRST, "@context": ["https://a.example"]}, {"id": SECOND, "@context": ["own"]}]
    Secured({"@context": ["own"], "proof": proofs_before}, examine).nquads()
    assert seen[0]["proof"] == [{"id": FIRST, "@context": ["https://a.example"]}, {"id": SECOND}]


def test_digests_of_options_are_shared_only_under_contexts_that_never_change() -> None:
    def digests(context: str, text: str) -> bytes:
        secured = Secured(
            {"@context": [context]}, lambda document: canonical.Examined((), text), known_digest=b"d"
        )
        return RDFC_FORM.digests(secured, {"type": "x", "created": "here alone"}, "sha256")

    assert digests("https://a.example/words", "a") != digests("https://a.example/words", "b")
    assert digests(contexts.VC2, "a") == digests(contexts.VC2, "b")
