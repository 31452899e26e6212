"""The canonical text equals RDFC-1.0 as others compute it, and holds nothing that the reader does not see."""

import copy
import json
import threading
from typing import Any

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badge_service.errors import InvalidError
from badge_service.openbadges import canonical, contexts, rdf_canonicalization
from badge_service.openbadges.profiles import GENERIC
from tests.effort import cpu_seconds, once


def by_pyoxigraph(document: dict[str, Any]) -> str:
    inlined = {**document, "@context": [contexts.load(url)["@context"] for url in document["@context"]]}
    parsed = pyoxigraph.parse(input=json.dumps(inlined), format=pyoxigraph.RdfFormat.JSON_LD)
    dataset = pyoxigraph.Dataset(parsed)
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in dataset))


def codes(document: dict[str, Any]) -> set[str]:
    return {fault.code for fault in canonical.undefined(document)}


def at(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of `document` with `value` at the `>`-separated `path`."""
    changed = copy.deepcopy(document)
    *steps, last = path.split(" > ")
    place: Any = changed
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if isinstance(place, list):
        place.append(value)
    else:
        place[last] = value
    return changed


def test_an_ordinary_badge_canonicalizes_as_pyoxigraph_does(unsigned: dict[str, Any]) -> None:
    assert canonical.canonicalize(unsigned) == by_pyoxigraph(unsigned)


def test_the_shared_example_canonicalizes_as_pyoxigraph_does(example: dict[str, Any]) -> None:
    assert canonical.canonicalize(example) == by_pyoxigraph(example)


texts = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from('\b\f\t\n\r"\\\x00\x1f\x7f\x85\u2028'),
    min_size=1,
)


@given(
    name=texts,
    narrative=texts,
    tags=st.lists(texts, max_size=3),
    copies=st.integers(1, 3),
    credits=st.integers(0, 10**9),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_texts_and_repeated_parts_canonicalize_as_pyoxigraph_does(
    unsigned: dict[str, Any], name: str, narrative: str, tags: list[str], copies: int, credits: int
) -> None:
    document = copy.deepcopy(unsigned)
    subject = document["credentialSubject"]
    subject["narrative"], subject["achievement"]["name"] = narrative, name
    subject["creditsEarned"] = credits
    subject["achievement"]["tag"] = tags or ["x"]
    subject["achievement"]["alignment"] *= copies
    subject["result"] *= copies
    assert canonical.canonicalize(document) == by_pyoxigraph(document)


UNSAFE = [
    ("credentialSubject > grade", "A+", "undefined_term"),
    ("credentialSubject > achievement > criteria > more", {"deep": 1}, "undefined_term"),
    ("@foo", "x", "forbidden_keyword"),
    ("@graph", [{"@id": "urn:z"}], "forbidden_keyword"),
    ("@included", [{"@id": "urn:z"}], "forbidden_keyword"),
    ("@reverse", {"https://e.example/x": [{"@id": "urn:q"}]}, "forbidden_keyword"),
    ("@id", "urn:uuid:other", "forbidden_keyword"),
    ("name", {"@value": "x", "@language": "zz zz"}, "forbidden_keyword"),
    ("name", {"en": "x"}, "undefined_term"),
    ("type", ["VerifiableCredential", "OpenBadgeCredential", "PhD"], "undefined_type"),
    ("type", ["VerifiableCredential", "OpenBadgeCredential", "@x"], "undefined_type"),
    ("credentialSubject > achievement > type", ["Achievement", "PhD"], "undefined_type"),
    (
        "credentialSubject > achievement > image",
        {"id": "https://a.example/1", "type": "Picture"},
        "undefined_type",
    ),
    ("credentialSubject > achievement > id", "../x", "relative_iri"),
    ("credentialSubject > achievement > id", "@x", "relative_iri"),
    ("id", "https://a.example/1> <urn:p> <urn:o> .\n<urn:x", "relative_iri"),
    ("id", "https://a.example/ space", "relative_iri"),
    ("credentialSubject > id", "_:b0", "blank_node_id"),
    ("_:p", "x", "blank_node_id"),
    ("name", "\ud800", "json_invalid_unicode"),
    ("credentialSubject > creditsEarned", float("nan"), "json_number_range"),
    ("credentialSubject > @context", None, "inline_context"),
    ("credentialSubject > @context", {"@vocab": "https://evil.example/#"}, "inline_context"),
    ("https://www.w3.org/2018/credentials#validUntil", "2020-01-01T00:00:00Z", "forbidden_keyword"),
    ("evidence", [[{"id": "https://a.example/1", "type": ["Evidence"]}]], "forbidden_keyword"),
    ("@context", [contexts.VC2, contexts.OB3, {"@vocab": "https://evil.example/#"}], "inline_context"),
    ("@context", [contexts.VC2, contexts.OB3, "https://evil.example/c.json"], "unknown_context"),
    ("@context", [contexts.VC2, *[f"https://e.example/{n}" for n in range(1000)]], "unknown_context"),
    ("@context", {"@import": "http://169.254.169.254/x"}, "inline_context"),
    ("@context", None, "inline_context"),
]


@pytest.mark.parametrize(("path", "value", "code"), UNSAFE, ids=[f"{p}-{c}" for p, _, c in UNSAFE])
def test_safe_mode_refuses_what_a_signature_would_not_cover(
    unsigned: dict[str, Any], path: str, value: Any, code: str
) -> None:
    changed = at(unsigned, path, value)
    assert code in codes(changed)
    with pytest.raises(InvalidError):
        canonical.canonicalize(changed)


def test_a_good_badge_has_no_faults_and_several_faults_are_named_at_once(unsigned: dict[str, Any]) -> None:
    assert canonical.undefined(unsigned) == []
    assert {fault.where for fault in canonical.undefined({**unsigned, "grade": 1, "mark": 2})} == {
        "grade",
        "mark",
    }


def test_an_embedded_endorsement_may_name_known_contexts(unsigned: dict[str, Any]) -> None:
    endorsement = {
        "@context": [contexts.VC2, contexts.OB3],
        "id": "urn:uuid:e",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Good",
        "issuer": {"id": "https://museum.example", "type": ["Profile"]},
        "validFrom": "2026-11-20T10:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:b",
            "type": ["EndorsementSubject"],
            "endorsementComment": "Well done",
        },
    }
    assert "Well done" in canonical.canonicalize({**unsigned, "endorsement": [endorsement]})
    endorsement["@context"] = [contexts.VC2, {"@vocab": "urn:x"}]
    assert codes({**unsigned, "endorsement": [endorsement]}) == {"inline_context"}


def test_eight_threads_at_once_never_fail(unsigned: dict[str, Any]) -> None:
    wanted, wrong = canonical.canonicalize(unsigned), []

    def work() -> None:
        try:
            wrong.extend(1 for _ in range(25) if canonical.canonicalize(unsigned) != wanted)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is wrong)
            wrong.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def clique(size: int) -> list[rdf_canonicalization.Quad]:
    return [(f"_:n{a}", "<urn:p>", f"_:n{b}", "") for a in range(size) for b in range(size) if a != b]


@pytest.mark.parametrize("size", [6, 8, 10, 40])
def test_poison_graphs_are_refused_within_a_second(size: int) -> None:
    quads = clique(size)

    def refused() -> None:
        with pytest.raises(rdf_canonicalization.TooMuchWork):
            rdf_canonicalization.canonicalize(quads)

    assert cpu_seconds(refused) < 1


def evidence(count: int, **members: Any) -> list[dict[str, Any]]:
    return [{**members, "type": ["Evidence"], "name": str(number)} for number in range(count)]


QUADRATIC: dict[str, tuple[str, Any]] = {
    "texts": ("credentialSubject > achievement > tag", [str(number) for number in range(2_400)]),
    "equal texts": ("credentialSubject > achievement > tag", ["x"] * 2_400),
    "addresses": ("evidence", [f"urn:x:{number}" for number in range(2_400)]),
    "types": ("evidence", [{"type": [f"urn:x:{number}" for number in range(2_400)]}]),
    "things": ("evidence", evidence(600)),
    "one thing said often": ("evidence", evidence(600, id="urn:x:1")),
    "one thing in many places": (
        "evidence",
        [{"type": ["Evidence"], "id": "urn:x:1", "name": [f"{n}.{m}" for m in range(40)]} for n in range(40)],
    ),
}


@pytest.mark.full
@pytest.mark.parametrize("path, value", QUADRATIC.values(), ids=QUADRATIC)
def test_many_values_of_one_thing_are_refused_before_each_is_compared_with_all(
    unsigned: dict[str, Any], path: str, value: Any
) -> None:
    document = at(unsigned, path, value)
    assert codes(document) == {"too_many_nodes"}
    assert cpu_seconds(lambda: codes(document)) < 0.5


def test_as_many_values_as_anybody_writes_are_read(unsigned: dict[str, Any]) -> None:
    tags = [str(number) for number in range(450)]
    document = at(unsigned, "credentialSubject > achievement > tag", tags)
    assert canonical.canonicalize(document) == by_pyoxigraph(document)


def test_values_by_which_one_thing_is_named_backwards_are_counted() -> None:
    """JSON-LD 1.1, `@reverse`, which inline contexts of the test suites may use."""
    context = {"by": {"@reverse": "urn:x:p", "@type": "@id"}, "T": "urn:x:T"}
    things = [{"@id": f"urn:x:{number}", "by": "urn:x:0"} for number in range(900)]
    document = {"@context": [context], "@id": "urn:x:1", "urn:x:q": things}
    assert canonical.examine(document, profile=GENERIC).nquads == ""
    document["urn:x:q"] = [{"@id": "urn:x:1", "by": f"urn:x:{number}"} for number in range(900)]
    assert canonical.examine(document, profile=GENERIC).nquads == ""


def test_inline_words_times_the_objects_that_have_them_are_bounded() -> None:
    """JSON-LD 1.1, type-scoped contexts: each object of the type has all its words defined anew."""
    words = {f"t{number}": f"urn:x:{number}" for number in range(400)}
    context = {"T": {"@id": "urn:x:T", "@context": words}, "q": "urn:x:q"}

    def document(count: int) -> dict[str, Any]:
        things = [{"@type": "T", "t1": str(number)} for number in range(count)]
        return {"@context": [context], "@id": "urn:x:1", "q": things}

    assert canonical.examine(document(40), profile=GENERIC).nquads
    found = canonical.examine(document(400), profile=GENERIC)
    assert {fault.code for fault in found.faults} == {"too_many_nodes"}


def test_a_shape_that_is_known_is_not_given_up_because_many_things_became_one(
    unsigned: dict[str, Any],
) -> None:
    def document(ids: int) -> dict[str, Any]:
        pieces = [{"id": f"urn:x:{n % ids}", "name": [f"{n}.{m}" for m in range(40)]} for n in range(20)]
        return at(unsigned, "evidence", [{**piece, "type": ["Evidence"]} for piece in pieces])

    canonical.use_shapes(checked_one_in=1)
    try:
        first = canonical.examine(document(20), ours=True)
        assert canonical.examine(document(20)).nquads == first.nquads
        assert canonical.examine(document(1)).nquads == by_pyoxigraph(document(1))
        assert canonical.shapes_are_used()
    finally:
        canonical.use_shapes()
        canonical.forget_shapes()


def test_learning_a_shape_with_many_blank_nodes_takes_as_long_as_expanding_it(
    unsigned: dict[str, Any],
) -> None:
    """Results in lists: each entry of a list is a blank node of its own."""
    levels = [
        {"id": f"urn:x:{n}", "type": ["ResultDescription"], "name": "q", "resultType": "Status"}
        | {"allowedValue": [f"{n}.{m}" for m in range(60)]}
        for n in range(20)
    ]
    document = at(unsigned, "credentialSubject > achievement > resultDescription", levels)
    canonical.forget_shapes()
    canonical.examine(document)
    assert once(lambda: canonical.examine(document)) < 1
    assert canonical.examine_known(document) is not None
    canonical.forget_shapes()


def test_huge_documents_are_refused_within_a_second(unsigned: dict[str, Any]) -> None:
    evidence = [{"type": ["Evidence"], "name": str(n)} for n in range(20_000)]
    document = {**unsigned, "evidence": evidence}
    assert codes(document) == {"too_many_nodes"}
    assert cpu_seconds(lambda: codes(document)) < 1


@pytest.mark.parametrize("same", [True, False])
def test_the_largest_accepted_document_takes_less_than_a_second(unsigned: dict[str, Any], same: bool) -> None:
    evidence = [{"type": ["Evidence"], "name": "x" if same else str(n)} for n in range(700)]
    document = {**unsigned, "evidence": evidence}
    assert cpu_seconds(lambda: canonical.examine(document)) < 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["@id", "@type", "_:b", "id", "type", "Achievement", "https://a.example/"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["id", "type", "name", "issuer", "proof", "credentialSubject", "@context", "validFrom", "x"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(["id", "type", "name", "evidence", "credentialSubject", "image"]), json_values
    )
)
@settings(max_examples=100, deadline=None)
def test_any_document_is_examined_without_an_exception(document: dict[str, Any]) -> None:
    canonical.examine({"@context": [contexts.VC2, contexts.OB3], **document})
