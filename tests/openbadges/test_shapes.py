"""A compiled shape says exactly what full expansion says, or nothing at all."""

import copy
import hashlib
import json
import logging
import re
import threading
from collections.abc import Iterator
from typing import Any

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badge_service.openbadges import canonical, contexts, expansion
from badge_service.openbadges.profiles import BADGE
from badge_service.openbadges.shapes import Canonical, Shapes, Unsuitable, compile_shape, outline
from badge_service.openbadges.shapes import likeness as likeness_module
from badge_service.openbadges.shapes.cache import Store
from badge_service.openbadges.shapes.definitions import MOST_DEFINITIONS, Definitions

LEAVES = ("text", "number", "address")
HARD = '\b\f\t\n\r"\\\x00\x0b\x1f\x7f\x80\x85\xff\u2028\ue000\ufffd\ufffe\uffff%{}<>'
hard_texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(HARD), max_size=12),
    st.sampled_from(
        ["", "_", "__:b", "%s", "%%", "@en", "x\\", "\xff\xff", "https://a.example/ b", "true", "1e21"]
    ),
)
# Whatever may stand where an address is expected: good ones, odd ones, words, prefixes, relative ones, broken escapes.
addresses = st.one_of(
    st.builds("{}{}".format, st.sampled_from(["https://a.example/", "urn:x:", "did:web:", "mailto:", "tag:", "HTTP://"]),
              st.text(st.sampled_from("abcXYZ019~'()*!$&,;=@:/?#[]._-%+é\xa0 \u2028\u202eжd\u0308\U0001f600\ue000\ufffd\ufffe<>\"{}|^`\\\n\x00\x7f"), max_size=8)),
    st.builds("{}:{}".format, st.sampled_from(["Achievement", "name", "ext", "schema", "sec", "xsd", "_", "1a", "é", "@id", "id"]), hard_texts),
    st.sampled_from(
        ["urn:x", "did:web:a", "a:b", "Achievement", "name", "ext:x", "schema:x", "@id", "@x", "", "#x", "../x",
         "https://a.example/1", "https://a.example/%41", "https://a.example/%4", "https://a.example/%zz%", "https://a.example/%e9",
         "https://a.example/a/../b/./c", "//a.example/x", "https://[::1]/", "https://é.example/", "https://xn--e1a.example/",
         "HTTPS://A", "urn:", ":x", "_x:y", "_:b0", "_:", "mailto:a@b", "sec:x", "a:%", "urn:x ", " urn:x", "urn:x\u2028"]
    ),
)  # fmt: skip
numbers = st.integers(-(10**23), 10**23) | st.sampled_from(
    [10**21 - 1, 10**21, -(10**21), 0, 77_100_000_000_003]
)
leaves = hard_texts | addresses | numbers | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)


def by_expansion(document: dict[str, Any]) -> canonical.Examined:
    return canonical._expanded(document, contexts.load, "sha256", BADGE)


def by_pyoxigraph(document: dict[str, Any]) -> str:
    text = json.dumps(_with_definitions(document))
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(input=text, format=pyoxigraph.RdfFormat.JSON_LD))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in dataset))


def _with_definitions(value: Any) -> Any:
    """pyoxigraph loads nothing: each address of a context is replaced by what stands there."""
    if isinstance(value, list):
        return [_with_definitions(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    return {
        name: [contexts.load(url)["@context"] for url in member]
        if name == "@context"
        else _with_definitions(member)
        for name, member in value.items()
    }


def expand(document: dict[str, Any]) -> Any:
    return canonical._quads_of_sentinels(document)


def fresh(**changes: Any) -> Shapes:
    shapes = Shapes(expand, contexts.load, contexts.DIGESTS)
    for name, value in changes.items():
        setattr(shapes, name, value)
    return shapes


def learnt(document: dict[str, Any]) -> Shapes:
    """Shapes that know that of `document`."""
    shapes = fresh()
    shapes.learn(document, by_expansion(document).nquads, ours=True)
    return shapes


def quick(shapes: Shapes, document: dict[str, Any]) -> str | None:
    found = shapes.canonicalize(document)
    if found is None:
        return None
    assert found.digest == hashlib.sha256(found.nquads).digest()
    return found.nquads.decode()


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every leaf of a document."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from places(member, (*path, name))
    elif isinstance(value, list):
        for place, member in enumerate(value):
            yield from places(member, (*path, place))
    else:
        yield path


def put(document: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value


@pytest.fixture(autouse=True)
def _shapes_as_they_were() -> Iterator[None]:
    yield
    canonical.use_shapes()


@pytest.fixture
def rich(compose_badge: Any) -> dict[str, Any]:
    """A badge with numbers, fractions, lists, blank nodes, an address that stands twice, and a nested endorsement."""
    document: dict[str, Any] = compose_badge()
    achievement = document["credentialSubject"]["achievement"]
    achievement |= {"creditsAvailable": 3, "creator": {"id": document["issuer"]["id"], "type": ["Profile"]}}
    achievement["creator"]["address"] = {"type": ["Address"], "addressLocality": "Joure", "geo": {
        "type": ["GeoCoordinates"], "latitude": 52.96, "longitude": 5.8}}  # fmt: skip
    achievement["resultDescription"].append(
        {"id": "urn:x:grade", "type": ["ResultDescription"], "name": "Grade", "resultType": "LetterGrade",
         "allowedValue": ["D", "C", "B", "A"], "requiredValue": "C"}
    )  # fmt: skip
    document["credentialSubject"]["creditsEarned"] = 2
    document["credentialSubject"]["identifier"] = [
        {"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": "name"}
        for name in "AB"
    ]
    document["endorsement"] = [
        {"@context": [contexts.VC2, contexts.OB3], "id": "urn:uuid:e", "name": "Good", "validFrom": "2026-11-20T10:00:00Z",
         "type": ["VerifiableCredential", "EndorsementCredential"], "issuer": {"id": "https://m.example", "type": ["Profile"]},
         "credentialSubject": {"id": "urn:uuid:b", "type": ["EndorsementSubject"], "endorsementComment": "Well done"}}
    ]  # fmt: skip
    return document


# ---- it says what full expansion says


def same_as_expansion(shapes: Shapes, changed: dict[str, Any]) -> bool:
    """Whether the shape answered; what it answered must be right, and nothing that has faults may be answered."""
    found, wanted = quick(shapes, changed), by_expansion(changed)
    if found is None:
        return False
    assert wanted.faults == ()
    assert found == wanted.nquads
    return True


def _varied(data: st.DataObject, document: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    every = list(places(document))
    for path in data.draw(st.lists(st.sampled_from(every), min_size=1, max_size=6)):
        other = st.sampled_from(every).map(lambda path: _at(document, path))
        put(changed, path, data.draw(leaves | other))
    return changed


def _at(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


def _check_values(data: st.DataObject, document: dict[str, Any]) -> None:
    """Compared with pyoxigraph as well, but for what it alone reads otherwise.

    That is: whole numbers beyond 2^53, as fractions; and addresses against RFC 3987, whose statements it leaves out.
    """
    changed = _varied(data, document)
    too_large = any(
        abs(_at(changed, path)) > 2**53 for path in places(changed) if type(_at(changed, path)) is int
    )
    if same_as_expansion(learnt_once(document), changed) and not too_large:
        wanted = by_expansion(changed).nquads
        if all(map(_is_iri, re.findall("<([^>]*)>", wanted))):
            assert by_pyoxigraph(json.loads(json.dumps(changed))) == wanted


def _is_iri(address: str) -> bool:
    try:
        return bool(pyoxigraph.NamedNode(address))
    except ValueError:
        return False


_LEARNT: dict[str, Shapes] = {}


def learnt_once(document: dict[str, Any]) -> Shapes:
    """As `learnt`, but shared by the tests that only ask."""
    name = json.dumps(document)
    if name not in _LEARNT:
        _LEARNT[name] = learnt(document)
    return _LEARNT[name]


def test_many_kinds_of_addresses_are_answered_and_the_others_are_not(unsigned: dict[str, Any]) -> None:
    """So that the properties do not hold for want of answers."""
    shapes = learnt_once(unsigned)

    def answered(address: str) -> bool:
        changed = copy.deepcopy(unsigned)
        changed["credentialSubject"]["achievement"]["id"] = address
        return same_as_expansion(shapes, changed)

    good = [
        "urn:x",
        "did:web:a",
        "https://a.example/%41",
        "https://a.example/a/../b",
        "https://[::1]/?a=b&c#d",
        "mailto:a@b",
        "HTTPS://A",
    ]
    assert all(answered(address) for address in good)
    bad = [
        "https://a.example/%4",
        "https://a.example/%zz",
        "https://a.example/%",
        "https://é.example/",
        "urn:x\u2028",
        "urn:ж",
        "Achievement:x",
        "name:x",
        "urn:x\xa0",
        "_:b0",
        "x",
    ]
    assert [address for address in bad if answered(address)] == []


generated = settings(deadline=None, suppress_health_check=list(HealthCheck))


@given(data=st.data())
@settings(generated, max_examples=60)
def test_any_values_give_what_expansion_and_pyoxigraph_give_or_no_answer(
    data: Any, rich: dict[str, Any]
) -> None:
    _check_values(data, rich)


@pytest.mark.slow
@given(data=st.data())
@settings(generated, max_examples=2_000)
def test_two_thousand_documents_of_any_values_give_what_expansion_gives(
    data: Any, rich: dict[str, Any]
) -> None:
    _check_values(data, rich)


def test_one_shape_answers_for_every_badge_of_a_definition(compose_badge: Any) -> None:
    shapes = learnt(compose_badge(1))
    for index in range(2, 9):
        other = compose_badge(index, id=f"https://a.example/{index}", name=f"Име {index}")
        assert same_as_expansion(shapes, other)
    assert len(shapes.ours) == 1


@pytest.mark.full
@pytest.mark.parametrize(
    "letter", [*map(chr, range(0x20)), *HARD, "\U0001f600", "é", "ж"], ids=lambda c: f"U+{ord(c):04X}"
)
def test_every_odd_character_is_written_as_rdfc_says(letter: str, unsigned: dict[str, Any]) -> None:
    shapes = learnt_once(unsigned)
    for text in (letter, f"a{letter}b{letter}"):
        changed = {**unsigned, "name": text}
        assert same_as_expansion(shapes, changed)
        assert quick(shapes, changed) == by_pyoxigraph(changed)


@pytest.mark.parametrize(
    "address",
    ["Achievement", "name", "OpenBadgeCredential:x", "_:b0", "", "x", "../x", "#x", "https://a.example/ b",
     "https://a.example/<", "urn:\x7f", "urn:\xa0", "urn:\ud800", "@id", "1:x", ":x", "urn:"],
)  # fmt: skip
def test_what_is_no_plain_address_is_left_to_full_expansion(address: str, unsigned: dict[str, Any]) -> None:
    shapes = learnt_once(unsigned)
    changed = copy.deepcopy(unsigned)
    changed["credentialSubject"]["achievement"]["id"] = address
    assert quick(shapes, changed) is None


@pytest.mark.parametrize("text", ["_:b0", "\ud800", "x\udfff"])
def test_texts_that_the_walls_refuse_are_left_to_the_walls(text: str, unsigned: dict[str, Any]) -> None:
    canonical.examine(unsigned, ours=True)
    changed = {**unsigned, "name": text}
    assert quick(learnt_once(unsigned), changed) is None
    assert canonical.examine(changed) == by_expansion(changed)
    assert canonical.examine(changed).faults


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1.0, 2.0),
        (0.0, -0.0),
        (True, False),
        (True, 1),
        (1, 1.0),
        (None, "x"),
        (5, "5"),
        (3, 10**21),
        (1e20, 10**20),
    ],
)
def test_what_python_holds_for_equal_is_not_one_shape(one: Any, other: Any, unsigned: dict[str, Any]) -> None:
    def with_credits(value: Any) -> dict[str, Any]:
        return {**unsigned, "credentialSubject": {**unsigned["credentialSubject"], "creditsEarned": value}}

    shapes = learnt(with_credits(one))
    assert quick(shapes, with_credits(other)) is None
    assert same_as_expansion(shapes, with_credits(copy.copy(one)))


def test_types_purposes_names_and_lengths_belong_to_the_shape(rich: dict[str, Any]) -> None:
    shapes = learnt_once(rich)
    achievement = copy.deepcopy(rich)
    achievement["credentialSubject"]["achievement"]["type"] = ["Profile"]
    longer = copy.deepcopy(rich)
    longer["credentialSubject"]["achievement"]["tag"].append("x")
    reordered = dict(reversed(rich.items()))
    for changed in (
        achievement,
        longer,
        reordered,
        {**rich, "description": "x"},
        {**rich, "@context": contexts.VC2},
    ):
        assert quick(shapes, changed) is None


def test_two_people_who_are_one_and_texts_that_are_equal_still_agree(rich: dict[str, Any]) -> None:
    changed = copy.deepcopy(rich)
    changed["credentialSubject"]["identifier"] = [changed["credentialSubject"]["identifier"][0]] * 2
    changed["evidence"][0]["id"] = changed["credentialSubject"]["id"] = changed["id"]
    assert same_as_expansion(learnt_once(rich), json.loads(json.dumps(changed)))


def test_two_lists_of_one_owner_are_left_to_full_expansion(rich: dict[str, Any]) -> None:
    document = copy.deepcopy(rich)
    described = document["credentialSubject"]["achievement"]["resultDescription"]
    described.append({**described[1], "id": "urn:x:other"})
    shapes = learnt(document)
    assert same_as_expansion(shapes, document)
    described[2]["id"] = described[1]["id"]
    assert quick(shapes, document) is None


# ---- what cannot be compiled


@pytest.mark.parametrize(
    "changes",
    [
        {"type": ["VerifiableCredential", "OpenBadgeCredential", "urn:x-badge-slot:0:"]},
        {"credentialSchema": [{"id": "urn:x", "type": "urn:x-badge-slot:3:"}]},
    ],
)
def test_a_document_that_holds_sentinels_as_constants_is_not_compiled(
    changes: Any, unsigned: dict[str, Any]
) -> None:
    shapes, document = fresh(), {**unsigned, **changes}
    with pytest.raises(Unsuitable):
        compile_shape(document, outline(document, shapes.words, contexts.DIGESTS), shapes.words, expand)


def test_sentinels_as_values_are_values(unsigned: dict[str, Any]) -> None:
    document = {**unsigned, "name": "urn:x-badge-slot:0:", "description": "77100000000001"}
    assert same_as_expansion(learnt(document), {**document, "description": "urn:x-badge-slot:1:"})


def test_a_dropped_value_makes_no_shape(unsigned: dict[str, Any]) -> None:
    shapes, document = fresh(), {**unsigned, "grade": "A+"}
    outlined = outline(document, shapes.words, contexts.DIGESTS)
    with pytest.raises(Unsuitable):
        compile_shape(document, outlined, shapes.words, expand)
    with pytest.raises(Unsuitable, match="dropped"):
        compile_shape(document, outlined, shapes.words, lambda _: expand(unsigned))


def test_json_literals_are_left_to_full_expansion(unsigned: dict[str, Any]) -> None:
    schema = [{"id": "urn:x", "type": "JsonSchema", "jsonSchema": {"title": "x"}}]
    assert (
        quick(learnt({**unsigned, "credentialSchema": schema}), {**unsigned, "credentialSchema": schema})
        is None
    )


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (lambda quad: (quad[0], f"<urn:x-badge-slot:0:{quad[1][1:]}", *quad[2:]), "became a property"),
        (
            lambda quad: (*quad[:2], f'"a{quad[2][1:]}', quad[3]) if "x-badge-slot" in quad[2] else quad,
            "part of something",
        ),
        (lambda quad: (quad[0].replace("slot:0:", "slot:999:"), *quad[1:]), "as another"),
        (lambda quad: (*quad[:2], quad[2].replace("<urn:x-badge", '"urn:x-badge'), quad[3]), "two ways"),
    ],
)
def test_an_expansion_that_puts_values_elsewhere_makes_no_shape(
    wrong: Any, why: str, unsigned: dict[str, Any]
) -> None:
    shapes, document = fresh(), {**unsigned, "name": "x"}
    outlined = outline(document, shapes.words, contexts.DIGESTS)

    def other(replaced: dict[str, Any]) -> Any:
        return [wrong(quad) for quad in expand(replaced)]

    with pytest.raises(Unsuitable, match=why):
        compile_shape(document, outlined, shapes.words, other)


@pytest.mark.parametrize(
    "odd",
    [
        {"@context": {"x": "urn:x"}},
        {"@context": [{"x": "urn:x"}]},
        {"@context": "https://evil.example/"},
        {"type": [["VerifiableCredential"]]},
        {"type": {"x": "y"}},
        {"name": ("x",)},
        {"name": object()},
        {"creditsEarned": 10**21},
    ],
)
def test_what_is_no_plain_badge_has_no_outline(odd: Any, unsigned: dict[str, Any]) -> None:
    shapes = learnt_once(unsigned)
    assert shapes.outline({**unsigned, **odd}) is None
    assert quick(shapes, {**unsigned, **odd}) is None
    deep: Any = {}
    for _ in range(60):
        deep = {"x": deep}
    assert shapes.outline({**unsigned, "x": deep}) is None
    assert shapes.outline([unsigned]) is None  # type: ignore[arg-type]


# ---- likenesses


def test_what_differs_in_more_than_texts_is_not_recognized(rich: dict[str, Any]) -> None:
    shapes = learnt(rich)
    assert quick(shapes, rich) is not None
    found = shapes.likeness(rich)
    assert found is not None
    other = {**rich, "name": "Other"}
    outlined = shapes.outline(other)
    assert outlined is not None
    (name,) = found.differing(outlined) or ()
    found = found.opened([name])
    assert found.read(other) == [b"Other"]
    assert found.read({**rich, "name": 5}) is None
    assert found.read({**rich, "name": True}) is None
    assert found.read({**rich, "name": ["Other"]}) is None
    assert found.read({**other, "description": "x"}) is None
    assert found.read(dict(reversed(other.items()))) is None
    assert found.read({**other, "name": object()}) is None
    assert found.read({**other, "id": "urn:x"}) is None
    assert found.read({}) is None
    longer = copy.deepcopy(rich)
    longer["credentialSubject"]["creditsEarned"] = 3
    outlined = shapes.outline(longer)
    assert outlined is not None and found.differing(outlined) is None
    outlined = shapes.outline({**rich, "description": "x"})
    assert outlined is not None and found.differing(outlined) is None


def test_a_document_that_holds_what_stands_for_a_gap_is_recognized_by_no_likeness(
    unsigned: dict[str, Any],
) -> None:
    document = {**unsigned, "description": likeness_module._GAP}
    shapes = learnt(document)
    for name in ("x", "y", "z"):
        assert same_as_expansion(shapes, {**document, "name": name})


def test_a_definition_that_differs_ever_elsewhere_is_given_up(unsigned: dict[str, Any]) -> None:
    shapes = learnt(unsigned)
    for count in range(30):
        document = copy.deepcopy(unsigned)
        document["credentialSubject"]["creditsEarned"] = count
        assert same_as_expansion(shapes, document) or count == 0
        shapes.learn(document, by_expansion(document).nquads, ours=True)
    assert shapes.recognize(document) is None


def test_the_definitions_met_last_are_kept(unsigned: dict[str, Any]) -> None:
    definitions, shapes = Definitions(), learnt(unsigned)
    for count in range(MOST_DEFINITIONS + 3):
        document = copy.deepcopy(unsigned)
        document["credentialSubject"]["achievement"]["id"] = f"urn:x:{count}"
        found = shapes.likeness(document)
        assert found is not None
        definitions.learn(document, found, ("digest",))
        assert definitions.find(document, ("digest",)) is not None
        assert definitions.find(document, ("another",)) is None
    assert len(definitions._kept) == MOST_DEFINITIONS
    found = shapes.likeness({**unsigned, "name": "x" * 40_000})
    assert found is not None
    definitions.learn({**unsigned, "name": "x" * 40_000}, found, ("digest",))
    assert definitions.find(unsigned, ("digest",)) is None


# ---- contexts


def test_a_shape_is_not_used_for_a_context_with_other_bytes() -> None:
    """The same address, other bytes: the word means another property now."""
    address, document = (
        "https://a.example/context",
        {"@context": ["https://a.example/context"], "id": "urn:x", "word": "y"},
    )
    vocabulary: dict[str, Any] = {"id": "@id", "word": "https://a.example/#one"}
    digests = {address: "1" * 64}

    def load(_: str) -> dict[str, Any]:
        return {"@context": dict(vocabulary)}

    shapes = Shapes(lambda value: expansion.quads_of(value, load), load, digests)
    for meaning, digest in (("one", "1"), ("two", "2")):
        vocabulary["word"], digests[address] = f"https://a.example/#{meaning}", digest * 64
        right = canonical.examine(document, load).nquads
        assert f"#{meaning}>" in right
        assert quick(shapes, document) is None
        shapes.learn(document, right, ours=True)
        assert quick(shapes, document) == right


def test_contexts_of_embedded_endorsements_belong_to_the_shape(rich: dict[str, Any]) -> None:
    changed = copy.deepcopy(rich)
    changed["endorsement"][0]["@context"] = [contexts.VC2, contexts.OB3_VERSIONS[1]]
    assert quick(learnt_once(rich), changed) is None
    changed["endorsement"][0]["@context"] = [contexts.VC2, "https://evil.example/"]
    assert quick(learnt_once(rich), changed) is None
    assert {fault.code for fault in canonical.examine(changed).faults} == {"unknown_context"}


# ---- what is kept


def test_a_strangers_shape_is_compiled_when_it_comes_again(unsigned: dict[str, Any]) -> None:
    shapes = fresh()
    for known in (0, 1, 1):
        shapes.learn(unsigned, by_expansion(unsigned).nquads, ours=False)
        assert len(shapes.strangers) == known
    assert quick(shapes, unsigned) is not None


def test_strangers_push_out_strangers_and_never_us(unsigned: dict[str, Any]) -> None:
    shapes = fresh(strangers=Store(max_shapes=3))
    shapes.learn(unsigned, by_expansion(unsigned).nquads, ours=True)
    for count in range(1, 7):
        document = {"@context": [contexts.VC2], "id": "urn:x", "type": ["VerifiableCredential"], "name": "x",
                    "credentialSubject": [{"id": f"urn:{n}", "name": "y"} for n in range(count)]}  # fmt: skip
        for _ in range(2):
            shapes.learn(document, by_expansion(document).nquads, ours=False)
        assert quick(shapes, document) is not None
    assert len(shapes.strangers) == 3
    assert quick(shapes, unsigned) is not None


def test_a_store_forgets_the_least_recently_used_and_keeps_to_its_bytes(unsigned: dict[str, Any]) -> None:
    known = learnt(unsigned)
    outlined = known.outline(unsigned)
    assert outlined is not None
    shape = known.find(outlined)
    store = Store(max_shapes=2)
    for key in (("a",), ("b",)):
        store.put(key, shape)
    assert store.get(("a",)) is shape
    store.put(("c",), shape)
    assert [key in store for key in (("a",), ("b",), ("c",))] == [True, False, True]
    small = Store(max_bytes=1_000)
    small.put(("a",), shape)
    assert len(small) == 0
    small.put(("a",), None)
    small.put(("a",), None)
    assert len(small) == 1


def test_eight_threads_get_right_answers(compose_badge: Any) -> None:
    documents = [compose_badge(index, name="x" * index) for index in range(40)]
    documents += [{**document, "description": "y"} for document in documents]
    wanted = [by_expansion(document).nquads for document in documents]
    wrong: list[object] = []

    def work() -> None:
        try:
            for _ in range(4):
                wrong.extend(
                    1 for document, right in zip(documents, wanted, strict=True)
                    if canonical.examine(document, ours=True).nquads != right
                )  # fmt: skip
        except Exception as error:  # noqa: BLE001 (whatever it is, it is wrong)
            wrong.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


# ---- doubt


def test_a_wrong_answer_is_noticed_replaced_and_ends_compiled_shapes(
    unsigned: dict[str, Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    canonical.use_shapes(checked_one_in=1)
    canonical.examine(unsigned, ours=True)
    monkeypatch.setattr(Shapes, "canonicalize", lambda *_, **__: Canonical.of(b"<urn:a> <urn:b> <urn:c> .\n"))
    with caplog.at_level(logging.ERROR):
        assert canonical.examine(unsigned).nquads == by_expansion(unsigned).nquads
    assert "another canonical form" in caplog.text
    assert canonical.examine_known(unsigned) is None
    assert canonical.examine(unsigned).nquads == by_expansion(unsigned).nquads


def test_compiled_shapes_can_be_turned_off(unsigned: dict[str, Any]) -> None:
    canonical.use_shapes(checked_one_in=10**9)
    canonical.examine(unsigned, ours=True)
    assert canonical.examine_known(unsigned) is not None
    canonical.use_shapes(enabled=False)
    assert canonical.examine_known(unsigned) is None
    assert canonical.examine(unsigned) == by_expansion(unsigned)
