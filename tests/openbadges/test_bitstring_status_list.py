"""Status lists: bits in the right order, bounded unpacking, the same text for the same bits."""

import base64
import gzip
import zlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badge_service.errors import InvalidError
from badge_service.openbadges import bitstring_status_list as lists
from badge_service.openbadges import multibase

indexes = st.integers(0, lists.MIN_ENTRIES - 1)


@given(st.sets(indexes, max_size=50), indexes)
@settings(max_examples=30, deadline=None)
def test_exactly_the_set_bits_read_as_set(chosen: set[int], other: int) -> None:
    encoded = lists.encode(lists.bits_of(chosen))
    assert all(lists.read_bit(encoded, index) for index in chosen)
    assert lists.read_bit(encoded, other) == (other in chosen)


def test_index_zero_is_the_left_most_bit_of_the_first_byte() -> None:
    assert lists.bits_of([0, 9])[:2] == b"\x80\x40"


def test_equal_bits_give_equal_text_without_a_time_stamp() -> None:
    encoded = lists.encode(lists.bits_of([3]))
    assert encoded == lists.encode(lists.bits_of([3]))
    assert encoded.startswith("uH4sI") and "=" not in encoded
    assert multibase.decode_u(encoded)[4:8] == bytes(4)


def test_a_composed_list_is_large_enough_and_lasts_seven_days() -> None:
    made = lists.compose_list(
        id="https://a.example/1.json",
        issuer_id="did:web:a.example",
        indexes=[7],
        valid_from=datetime(2026, 11, 21, tzinfo=UTC),
    )
    subject: dict[str, Any] = made["credentialSubject"]
    assert (made["validFrom"], made["validUntil"]) == ("2026-11-21T00:00:00Z", "2026-11-28T00:00:00Z")
    assert (subject["ttl"], subject["statusPurpose"]) == (300_000, "revocation")
    assert len(lists.decode(subject["encodedList"])) * 8 == 131_072
    assert lists.read_bit(subject["encodedList"], 7) and not lists.read_bit(subject["encodedList"], 8)


packed = gzip.compress(bytes(16_384), mtime=0)


@pytest.mark.parametrize(
    ("encoded", "code"),
    [
        ("", "status_encoding"),
        ("H4sI", "status_encoding"),
        ("u!!!", "status_encoding"),
        (base64.b64encode(packed).decode(), "status_encoding"),
        (multibase.encode_u(packed[:-9]), "status_encoding"),
        (multibase.encode_u(packed + b"x"), "status_encoding"),
        (multibase.encode_u(packed + packed), "status_encoding"),
        (multibase.encode_u(zlib.compress(bytes(16_384))), "status_encoding"),
        (multibase.encode_u(gzip.compress(bytes(64 * 1024 * 1024), mtime=0)), "status_too_large"),
        (multibase.encode_u(gzip.compress(bytes(100), mtime=0)), "status_too_short"),
    ],
)
def test_doubtful_lists_are_refused(encoded: str, code: str) -> None:
    with pytest.raises(InvalidError) as refused:
        lists.read_bit(encoded, 0)
    assert refused.value.code == code


def test_an_index_beyond_the_list_is_refused() -> None:
    encoded = lists.encode(lists.bits_of([]))
    for index in (131_072, -1):
        with pytest.raises(InvalidError) as refused:
            lists.read_bit(encoded, index)
        assert refused.value.code == "status_range"


@pytest.mark.parametrize("index", ["1.5", " 5 ", "", "-1", "9" * 30, None, 1.0, True, -1, "٣"])
def test_an_index_is_a_plain_number(index: object) -> None:
    with pytest.raises(InvalidError) as refused:
        lists.index_of({"statusListIndex": index})
    assert refused.value.code == "status_index"


def test_an_index_may_be_text_or_number() -> None:
    assert lists.index_of({"statusListIndex": "23"}) == lists.index_of({"statusListIndex": 23}) == 23


@pytest.mark.parametrize("index", [-1, lists.MIN_ENTRIES])
def test_an_entry_outside_of_the_list_is_never_set(index: int) -> None:
    with pytest.raises(InvalidError) as refused:
        lists.bits_of([index])
    assert refused.value.code == "status_range"


@pytest.mark.parametrize("entries", [lists.MIN_ENTRIES - 8, lists.MIN_ENTRIES + 1])
def test_no_list_is_composed_that_tells_too_much_or_fills_no_bytes(entries: int) -> None:
    with pytest.raises(InvalidError) as refused:
        lists.compose_list(
            id="https://a.example/1.json",
            issuer_id="did:web:a.example",
            indexes=[],
            valid_from=datetime(2026, 11, 21, tzinfo=UTC),
            entries=entries,
        )
    assert refused.value.code == "status_too_short"
