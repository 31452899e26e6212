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


def test_a_learner_finds_where_they_take_part_and_hands_in_there(played_demo: Any) -> None:
    client = played_demo.client("learner-learner01")
    page = client.get("/").text
    part = page[page.index("Workshops you take part in") :]
    hand_in = (
        part.split("/hand-in/", 1)[0].rsplit('href="', 1)[1]
        + "/hand-in/"
        + part.split("/hand-in/", 2)[1].split('"', 1)[0]
    )
    assert client.get(hand_in).status_code == 200
    own = part.split('/place"', 1)[0].rsplit('href="', 1)[1]
    assert "what I agreed to" in part and client.get(f"{own}/place").status_code == 200
    assert "Workshops you take part in" not in played_demo.client("operator").get("/").text


def test_whoever_plans_finds_the_workshops_in_the_header(played_demo: Any) -> None:
    def header(who: str) -> str:
        return str(played_demo.client(who).get("/").text).split("<main", 1)[0]

    shown = {who: 'href="/workshops"' in header(who) for who in ("teacher", "let-lead", "admin", "member")}
    assert shown == {"teacher": True, "let-lead": True, "admin": True, "member": False}
    assert 'href="/imports"' in played_demo.client("admin").get("/workshops").text


def test_an_activity_page_has_one_first_thing_to_do_for_its_teacher(played_demo: Any) -> None:
    listed = played_demo.client("teacher").get("/workshops").text
    token = listed.split('href="/workshops/')[2].split('"', 1)[0]
    page = played_demo.client("teacher").get(f"/activities/{token}").text
    assert page.count("button-primary") == 1
    assert "Open the class list" in page


def test_the_tour_says_why_nothing_can_be_undone(played_demo: Any) -> None:
    assert "“Undo all” is not offered" in played_demo.client(None).get("/demo").text
