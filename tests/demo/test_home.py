"""In the demo everybody finds at home what is theirs, and the tour and the header lead to the alliances."""

from typing import Any

import pytest

pytestmark = pytest.mark.full


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ("let-lead", ('href="/definitions/new"', 'href="/alliances/')),
        ("member", ('href="/alliances/', 'href="/activities/')),
    ],
)
def test_home_lists_what_waits_for_let_leads_and_members(
    played_demo: Any, who: str, found: tuple[str, ...]
) -> None:
    page = played_demo.client(who).get("/").text
    main = page[page.index("<main") :]
    assert all(link in main for link in found) and "Nothing waits for you" not in page


def test_the_tour_and_every_header_lead_to_the_alliances(played_demo: Any) -> None:
    page = played_demo.client(None).get("/demo").text
    header, main = page.split("<main", 1)
    assert 'href="/alliances"' in header and "Meet the alliance" in main and 'href="/alliances"' in main


def test_the_tour_says_why_nothing_can_be_undone(played_demo: Any) -> None:
    assert "“Undo all” is not offered" in played_demo.client(None).get("/demo").text
