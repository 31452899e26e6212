"""Codes that people copy by hand: forgiving about how they are typed, strict about what they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_service.errors import InvalidError
from badge_service.storage import crockford

codes = st.binary(min_size=7, max_size=7).map(crockford.encode)


@given(codes)
def test_a_code_is_three_groups_of_four_and_reads_back(code: str) -> None:
    assert [len(group) for group in code.split("-")] == [4, 4, 4]
    assert crockford.check(code) == code


@given(codes)
def test_case_hyphens_and_look_alike_letters_are_forgiven(code: str) -> None:
    typed = " " + code.replace("-", " ").lower().replace("0", "o").replace("1", "l")
    assert crockford.check(typed) == code
    assert crockford.check(code.replace("1", "I").replace("-", "")) == code


@given(codes, st.integers(0, 11), st.sampled_from(crockford.ALPHABET))
def test_one_wrong_character_is_always_noticed(code: str, place: int, other: str) -> None:
    plain = code.replace("-", "")
    wrong = plain[:place] + other + plain[place + 1 :]
    if wrong != plain:
        with pytest.raises(InvalidError) as caught:
            crockford.check(wrong)
        assert caught.value.code == "code_checksum"


@given(codes, st.integers(0, 10))
def test_two_neighbours_swapped_are_always_noticed(code: str, place: int) -> None:
    plain = code.replace("-", "")
    wrong = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    if wrong != plain:
        with pytest.raises(InvalidError):
            crockford.check(wrong)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "code_length"),
        ("ABCD", "code_length"),
        ("0" * 13, "code_length"),
        ("UUUU-0000-0000", "code_letter"),
    ],
)
def test_what_cannot_be_a_code_is_refused_with_the_reason(typed: str, code: str) -> None:
    with pytest.raises(InvalidError) as caught:
        crockford.check(typed)
    assert caught.value.code == code
    assert caught.value.faults[0].where == "code"


def test_different_random_bytes_make_different_codes() -> None:
    assert len({crockford.encode(n.to_bytes(7, "big")) for n in range(0, 4000, 2)}) == 2000


def test_too_little_randomness_is_refused() -> None:
    with pytest.raises(ValueError, match="7"):
        crockford.encode(b"123456")
