"""What a signature cannot tell apart is read as the same."""

from typing import Any

import pytest

from badge_service.openbadges.one_spelling import in_one_spelling
from tests.effort import cpu_seconds

PARTY = {"id": "urn:a", "name": "A", "url": "https://a.example/"}


@pytest.mark.parametrize(
    "other",
    [
        {"issuer": PARTY, "name": ["x"], "tag": ["a", "a", "b"]},
        {"issuer": PARTY, "name": "x", "tag": ["a", None, "b"], "evidence": [], "image": None, "x": [None]},
        {"issuer": [PARTY], "name": [None, "x"], "tag": ["a", "b"]},
    ],
)
def test_lists_of_one_repeated_entries_and_nothing_make_no_difference(other: Any) -> None:
    assert in_one_spelling(other) == {"issuer": PARTY, "name": "x", "tag": ["a", "b"]}


def test_what_is_said_of_an_address_counts_wherever_it_is_mentioned() -> None:
    told = {"issuer": {"id": "urn:a", "url": [None]}, "creator": PARTY, "other": {"id": "urn:b"}}
    assert in_one_spelling(told) == {"issuer": PARTY, "creator": PARTY, "other": {"id": "urn:b"}}


def test_an_issuer_named_by_address_alone_is_who_is_written_out_elsewhere() -> None:
    told = {"issuer": "urn:a", "creator": PARTY, "name": "urn:a"}
    assert in_one_spelling(told) == {"issuer": PARTY, "creator": PARTY, "name": "urn:a"}
    assert in_one_spelling({"issuer": "urn:b", "creator": PARTY})["issuer"] == "urn:b"


def test_the_own_words_of_a_mention_come_first() -> None:
    told = {"issuer": {"id": "urn:a", "name": "B"}, "creator": {"id": "urn:a", "name": "A", "url": "x"}}
    assert in_one_spelling(told)["issuer"] == {"id": "urn:a", "name": "B", "url": "x"}


def test_an_address_mentioned_inside_itself_comes_to_an_end() -> None:
    told: dict[str, Any] = {"id": "urn:a", "name": "x"}
    for _ in range(30):
        told = {"id": "urn:a", "parent": told}
    assert in_one_spelling(told)["name"] == "x"


@pytest.mark.full
@pytest.mark.parametrize("most", [95, 1_500])
def test_thousands_of_mentions_with_many_words_cost_little(most: int) -> None:
    words = {f"m{number}": [{"id": "urn:a"}] for number in range(most)}
    document = {"id": "urn:a", "evidence": [{"id": "urn:a", "n": number} for number in range(1_000)], **words}
    assert cpu_seconds(lambda: in_one_spelling(document)) < 1
