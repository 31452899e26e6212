"""The corner of CBOR that selective disclosure needs: RFC 8949's own examples, and nothing that they do not show."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badge_service.errors import InvalidError
from badge_service.openbadges.proofs import cbor

EXAMPLES = [
    ("00", 0), ("17", 23), ("1818", 24), ("1864", 100), ("1903e8", 1000), ("1a000f4240", 1_000_000),
    ("1b000000e8d4a51000", 1_000_000_000_000), ("1bffffffffffffffff", 2**64 - 1), ("40", b""),
    ("4401020304", bytes([1, 2, 3, 4])), ("60", ""), ("6449455446", "IETF"), ("62c3bc", "ü"), ("80", []),
    ("83010203", [1, 2, 3]), ("8301820203820405", [1, [2, 3], [4, 5]]), ("a0", {}), ("a201020304", {1: 2, 3: 4}),
    ("98190102030405060708090a0b0c0d0e0f101112131415161718181819", list(range(1, 26))),
]  # fmt: skip
"""RFC 8949, appendix A, as far as these kinds go."""


@pytest.mark.parametrize(("encoded", "value"), EXAMPLES, ids=[encoded for encoded, _ in EXAMPLES])
def test_the_examples_of_the_standard_are_read_and_written(encoded: str, value: object) -> None:
    assert cbor.encode(value) == bytes.fromhex(encoded)
    assert cbor.decode(bytes.fromhex(encoded)) == value


REFUSED = {
    "nothing": "",
    "a negative number": "20",
    "a tag": "c11a514b67b0",
    "a float": "f93c00",
    "true": "f5",
    "null": "f6",
    "bytes of no said length": "5f42010243030405ff",
    "a list of no said length": "9fff",
    "a reserved length": "1c",
    "more than one value": "0000",
    "too short a number": "19ff",
    "too short a text": "6261",
    "too short a list": "8301",
    "no UTF-8": "61ff",
    "a text as a key": "a1616101",
    "a key twice": "a201020103",
    "a list in lists in lists": "81" * 6 + "00",
    "a list longer than the data": "9bffffffffffffffff",
    "bytes longer than the data": "5bffffffffffffffff",
}


@pytest.mark.parametrize("encoded", REFUSED.values(), ids=REFUSED)
def test_everything_else_is_refused(encoded: str) -> None:
    with pytest.raises(InvalidError) as raised:
        cbor.decode(bytes.fromhex(encoded))
    assert raised.value.code == "proof_value"


@given(st.binary(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        value = cbor.decode(data)
    except InvalidError:
        return
    assert cbor.decode(cbor.encode(value)) == value


def test_what_cannot_be_written_is_the_callers_mistake() -> None:
    with pytest.raises(TypeError):
        cbor.encode(1.5)
