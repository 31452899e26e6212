"""A document stored as what differs from another comes back exactly, names in order and all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_service.register.patches import (
    filled_in,
    packed,
    patch_between,
    proof_of,
    unpacked,
    with_proof,
)

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=12,
)
DOCUMENTS = st.fixed_dictionaries({"id": VALUES, "b": VALUES, "c": VALUES})


@given(DOCUMENTS, DOCUMENTS)
def test_any_document_of_the_same_members_comes_back(form, document) -> None:
    document = {name: document[name] for name in form}
    patch = patch_between(form, document)
    assert patch is not None
    before = json.dumps(form)
    assert json.dumps(filled_in(form, patch)) == json.dumps(document)
    assert json.dumps(form) == before, "the form itself is not touched"


@given(DOCUMENTS)
def test_a_form_comes_back_from_its_bytes(form) -> None:
    assert json.dumps(unpacked(packed(form))) == json.dumps(form)


@pytest.mark.parametrize("other", [{"b": 1, "a": 2}, {"a": 1}, {"a": 1, "b": 2, "c": 3}])
def test_other_members_or_another_order_is_another_form(other) -> None:
    assert patch_between({"a": 1, "b": 2}, other) is None


@pytest.mark.parametrize(("one", "other"), [(1, True), (1, 1.0), (0, False), ("1", 1)])
def test_what_python_holds_for_equal_is_told_apart(one, other) -> None:
    patch = patch_between({"a": one}, {"a": other})
    assert patch is not None
    assert json.dumps(filled_in({"a": one}, patch)) == json.dumps({"a": other})


def test_the_text_of_a_signed_document_comes_back() -> None:
    signed = json.dumps(
        {"id": 'a "proof": b', "proof": [{"proofPurpose": "x", "proofValue": "z"}]}, ensure_ascii=False
    )
    assert with_proof({"id": 'a "proof": b'}, proof_of(signed)) == signed
