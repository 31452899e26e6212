"""What does not belong into public words is found, however long the words are."""

import pytest

from badge_service.web.private_words import private_words, without_private_words
from tests.effort import cpu_seconds


@pytest.mark.parametrize("long", ["a" * 100_000, "a@" * 50_000, "a@" + "b." * 50_000, "a@" + "b" * 100_000])
def test_a_long_text_without_spaces_costs_little(long: str) -> None:
    assert cpu_seconds(lambda: (private_words(long), without_private_words(long))) < 1


def test_addresses_are_taken_out_whole_but_for_what_no_mailbox_is_as_long_as() -> None:
    assert without_private_words("ask maria.petrova@school.example today") == "ask […] today"
    assert "@" not in without_private_words("a" * 100 + "@school.example")
