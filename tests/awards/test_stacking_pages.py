"""The pages of pathways and stacked badges: the rule builder, publishing, the desk of fulfilled pathways, the learner's progress."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from badge_service.awards import actions
from badge_service.awards.rules.stacks import FulfilmentState
from badge_service.curriculum import actions as curriculum
from badge_service.people import actions as people

from .conftest import make_app
from .crafts import DYES, MAKER, SCOUT, WILLOW, Craft
from .test_stacking import fulfilments, stacks


@pytest.fixture
def client(craft: Craft, learner: int) -> FlaskClient:
    with craft.world.database.reading() as session:
        craft.world.viewers["learner"] = people.load_viewer(session, learner)
    return make_app(craft.world).test_client()


def get(client: FlaskClient, address: str, who: str = "") -> str:
    answer = client.get(address, headers={"X-Person": who})
    assert answer.status_code == 200, answer.text
    return answer.text


def form_of(page: str) -> dict[str, Any]:
    """The fields of the page's editing form as a browser without scripts would send them."""
    inside = re.search(r"<form[^>]*data-unsaved.*?</form>", page, re.S)
    assert inside is not None
    found: dict[str, Any] = {}
    for name, value in re.findall(
        r'<input(?=[^>]*name="([^"]+)")(?=[^>]*value="([^"]*)")(?![^>]*type="(?:radio|checkbox|submit)")[^>]*>',
        inside[0],
    ):
        found.setdefault(name, []).append(value)
    for name, value in re.findall(r'<input type="radio" name="([^"]+)" value="([^"]*)" checked', inside[0]):
        found[name] = value
    for name, chosen in re.findall(
        r'<select[^>]*name="([^"]+)".*?<option value="([^"]*)" selected', inside[0], re.S
    ):
        found[name] = chosen
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', inside[0], re.S):
        found[name] = text.strip()
    return found


def test_a_pathway_goes_from_nothing_to_published_without_scripts(craft: Craft, client: FlaskClient) -> None:
    page = get(client, "/studio/pathways/new", "lead")
    place = re.search(r'<option value="(\d+:\d+)"', page)
    assert place is not None
    begun = client.post(
        "/studio/pathways/new",
        data={"title": "Basket and colour", "code": "PATH-BAC", "place": place[1]},
        headers={"X-Person": "lead"},
    )
    assert begun.status_code == 302
    form = form_of(get(client, begun.location, "lead"))
    form |= {
        "description": "Weaves and dyes.",
        "row-0-kind": "all_of",
        "row-0-code": ["CRF-WIL-1", ""],
        "do": "row",
        "language": "en",
        "together": "all",
    }
    added = client.post(begun.location, data=form, headers={"X-Person": "lead"})
    assert added.status_code == 302
    form = form_of(get(client, added.location, "lead"))
    assert form["rows"] == ["2"] and form["row-0-code"][0] == "CRF-WIL-1"
    form |= {
        "row-1-kind": "at_least",
        "row-1-number": "1",
        "row-1-code": ["crf-dye-1", "ALL-NET-1"],
        "do": "publish",
        "language": "en",
        "together": "all",
    }
    saved = client.post(added.location.split("?")[0], data=form, headers={"X-Person": "lead"})
    assert saved.location.endswith("/publish"), saved.text
    assert "Publish" in get(client, saved.location, "lead")
    done = client.post(saved.location, headers={"X-Person": "lead"})
    assert done.status_code == 302, done.text
    public = get(client, done.location)
    assert "Plant Dyes on Wool and Linen" in public and "<title" in public and "one of these" in public
    assert "/achievements/basket-and-colour/1.0.0" in public
    assert "Basket and colour" in get(client, "/pathways")
    badge = get(client, "/achievements/basket-and-colour/1.0.0")
    assert "Weaves and dyes." in badge


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "\x00"},
        {"description": "x" * 100_000},
        {"row-0-number": "9" * 400, "row-0-kind": "at_least"},
        {"row-0-kept": "[" * 10_000},
        {"row-0-kept": '{"all_of": [1, null, {"of": 3}]}'},
        {"rows": "1000000000000000000000"},
        {"row-0-kind": "<script>"},
        {"together": "some", "needed": "-1"},
        {"badge.quality_assurance.name": "\x00"},
        {"revision": "99999999999999999999999"},
    ],
)
def test_bad_input_is_complained_about_or_kept_and_never_breaks(
    craft: Craft, client: FlaskClient, changed: dict[str, Any]
) -> None:
    with craft.world.database.writing() as session:
        draft = curriculum.new_pathway_version(session, craft.lead(), MAKER, "1.0.0")
        address = f"/studio/pathways/{draft.slug}/{draft.version}"
    form = (
        form_of(get(client, address, "lead")) | {"do": "save", "language": "en", "together": "all"} | changed
    )
    answer = client.post(address, data=form, headers={"X-Person": "lead"})
    assert answer.status_code in {302, 400, 409, 422}, answer.text[:500]
    assert client.get(address, headers={"X-Person": "lead"}).status_code == 200
    assert client.get(f"{address}/publish", headers={"X-Person": "lead"}).status_code == 200


def test_two_people_editing_one_draft_lose_nothing(craft: Craft, client: FlaskClient) -> None:
    with craft.world.database.writing() as session:
        draft = curriculum.new_pathway_version(session, craft.lead(), MAKER, "1.0.0")
        address = f"/studio/pathways/{draft.slug}/{draft.version}"
    form = form_of(get(client, address, "lead")) | {"do": "save", "language": "en", "together": "all"}
    assert (
        client.post(address, data=form | {"description": "First."}, headers={"X-Person": "lead"}).status_code
        == 302
    )
    second = client.post(address, data=form | {"description": "Second."}, headers={"X-Person": "lead"})
    assert second.status_code == 409
    assert "Second." in second.text and "First." in second.text


def test_a_badge_is_added_from_the_desk_to_the_list_it_belongs_in(craft: Craft, client: FlaskClient) -> None:
    assert "at least 2 of CRF-WIL-1" in get(client, "/studio/pathways/add?code=ALL-NET-1", "lead")
    wrong = client.post("/studio/pathways/add", data={"code": "NO-SUCH"}, headers={"X-Person": "lead"})
    assert wrong.status_code == 422
    data = {"code": "ALL-NET-1", "spot": f"{MAKER}|1.0.0|0"}
    added = client.post("/studio/pathways/add", data=data, headers={"X-Person": "lead"})
    assert added.location.endswith(f"/studio/pathways/{MAKER}/1.1.0")
    assert "Network Scout" in get(client, added.location, "lead")
    assert client.get(added.location, headers={"X-Person": "other-lead"}).status_code == 404


def test_a_teacher_decides_and_the_learner_finds_it(craft: Craft, client: FlaskClient, learner: int) -> None:
    with craft.world.database.writing() as session:
        for slug in (WILLOW, DYES, SCOUT):
            craft.give(session, slug, learner)
        token = fulfilments(session)[0].token
    craft.world.sign()
    assert "complete" in get(client, f"/pathways/{MAKER}", "learner")
    assert "Petya Ivanova" in get(client, "/fulfilments", "teacher")
    assert "Petya Ivanova" not in get(client, "/fulfilments", "other-teacher")
    assert client.get(f"/fulfilments/{token}", headers={"X-Person": "other-teacher"}).status_code == 404
    page = get(client, f"/fulfilments/{token}", "teacher")
    assert "Teodora Teacher" in page and "Give the badge" in page
    client.post(f"/fulfilments/{token}/postpone", headers={"X-Person": "teacher"})
    assert "Petya Ivanova" in get(client, "/fulfilments?which=later", "lead")
    assert client.post(f"/fulfilments/{token}/decide", headers={"X-Person": "lead"}).status_code == 302
    assert client.post(f"/fulfilments/{token}/decide", headers={"X-Person": "lead"}).status_code == 409
    with craft.world.database.reading() as session:
        (stack,) = stacks(session)
    assert "Future Craft Maker" in get(client, "/badges", "learner")
    assert "Future Craft Maker" in get(client, f"/awards/{stack.token}", "teacher")
    assert client.get(f"/awards/{stack.token}", headers={"X-Person": "other-teacher"}).status_code == 404
    assert "the larger badge is yours" in get(client, "/badges/pathways", "learner")
    with craft.world.database.writing() as session:
        actions.accept_own(session, craft.world.viewers["learner"], stack.token, with_name=False)
    craft.world.sign()
    assert "Future Craft Maker" in get(client, f"/badges/{stack.token}", "learner")
    pdf = client.get(f"/badges/{stack.token}/certificate.pdf", headers={"X-Person": "learner"})
    assert pdf.status_code == 200 and pdf.data.startswith(b"%PDF")


def test_a_standing_decision_is_switched_on_and_off_by_name(
    craft: Craft, client: FlaskClient, learner: int
) -> None:
    address = f"/pathways/{MAKER}/1.0.0"
    assert "Standing decision" in get(client, address, "lead")
    assert "Standing decision" not in get(client, address, "teacher")
    refused = client.post(f"{address}/standing-decision", headers={"X-Person": "teacher"})
    assert refused.status_code == 404
    assert client.post(f"{address}/standing-decision", headers={"X-Person": "lead"}).status_code == 302
    assert "Lena Lead decided on" in get(client, address, "lead")
    with craft.world.database.writing() as session:
        for slug in (WILLOW, DYES, SCOUT):
            craft.give(session, slug, learner)
        assert [one.state for one in fulfilments(session)] == [FulfilmentState.AWARDED]
    assert (
        client.post(
            f"{address}/standing-decision", data={"decision": "off"}, headers={"X-Person": "lead"}
        ).status_code
        == 302
    )
    assert "Switch on, in my name" in get(client, address, "lead")


def test_progress_is_shown_to_its_learner_alone(craft: Craft, client: FlaskClient, learner: int) -> None:
    with craft.world.database.writing() as session:
        craft.give(session, WILLOW, learner)
    page = get(client, "/badges/pathways", "learner")
    assert "1 of 3" in page and "still needed" in page and 'role="img"' in page
    assert "own-progress" in get(client, f"/pathways/{MAKER}", "learner")
    assert "own-progress" not in get(client, f"/pathways/{MAKER}")
    assert "own-progress" not in get(client, f"/pathways/{MAKER}", "other-teacher")


def test_a_flagged_badge_is_kept_or_withdrawn_on_its_page(
    craft: Craft, client: FlaskClient, learner: int
) -> None:
    craft.switch_on()
    with craft.world.database.writing() as session:
        first, *_rest = [craft.give(session, slug, learner)[0] for slug in (WILLOW, DYES, SCOUT)]
    craft.world.sign()
    assert (
        client.post(
            f"/awards/{first}/revoke", data={"reason": "mistake"}, headers={"X-Person": "teacher"}
        ).status_code
        == 302
    )
    with craft.world.database.reading() as session:
        token = fulfilments(session)[0].token
    assert "A part of this badge has ended" in get(client, f"/fulfilments/{token}", "teacher")
    assert client.post(f"/fulfilments/{token}/revoke", headers={"X-Person": "teacher"}).status_code == 302
    with craft.world.database.reading() as session:
        assert [one.state for one in stacks(session)] == ["revoked"]
