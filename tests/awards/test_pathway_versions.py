"""Later versions of a pathway: the reasons that are asked, the proposals they supersede, and the pages that tell of it."""

import io
import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from badge_service.awards import actions
from badge_service.awards.rules.stacks import FulfilmentState
from badge_service.curriculum import actions as curriculum
from badge_service.curriculum.actions import exporting
from badge_service.curriculum.rules.findings import Note
from badge_service.errors import InvalidError, NotFoundError

from .conftest import make_app
from .crafts import DYES, MAKER, SCOUT, URL, WILLOW, Craft
from .test_stacking import fulfilments, stacks

LEAD, TEACHER = {"X-Person": "lead"}, {"X-Person": "teacher"}


@pytest.fixture
def client(craft: Craft) -> FlaskClient:
    return make_app(craft.world).test_client()


def shown(client: FlaskClient, address: str, headers: dict[str, str] | None = None) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.text


def drafted(craft: Craft, **changed: Any) -> str:
    """A draft of the next version; returns its address on the desk."""
    with craft.world.database.writing() as session:
        draft = curriculum.new_pathway_version(session, craft.lead(), MAKER, "1.0.0")
        content = {**draft.content, **changed}
        curriculum.save_pathway(session, craft.lead(), MAKER, draft.version, content, draft.revision)
        return f"/studio/pathways/{MAKER}/{draft.version}"


def test_a_version_in_which_nothing_differs_is_refused(craft: Craft, client: FlaskClient) -> None:
    address = drafted(craft)
    page = shown(client, f"{address}/publish", LEAD)
    assert "Nothing differs from version 1.0.0." in page and ">Publish</button>" not in page
    assert client.post(f"{address}/publish", headers=LEAD).status_code == 422
    with craft.world.database.writing() as session, pytest.raises(InvalidError) as refused:
        curriculum.publish_pathway(session, craft.lead(), MAKER, "1.1.0", public_url=URL)
    assert [fault.code for fault in refused.value.faults] == ["changes.none"]


def test_a_later_version_says_what_differs_and_asks_why(craft: Craft, client: FlaskClient) -> None:
    rule = {"all_of": [{"at_least": 2, "of": ["CRF-WIL-1", "CRF-DYE-1"]}, "ALL-NET-1"]}
    address = f"{drafted(craft, rule=rule, description='Two crafts and a network.')}/publish"
    page = shown(client, address, LEAD)
    assert 'id="reason-rule"' in page and 'id="reason-description"' in page
    assert "Network Scout" in page and "Which number does it get?" not in page
    silent = client.post(address, data={"because": ""}, headers=LEAD)
    assert silent.status_code == 422 and "#reason-rule" in silent.text
    wordless = client.post(address, data={"because": "editorial"}, headers=LEAD)
    assert wordless.status_code == 422
    typed = {
        "because": "editorial",
        "sentence": "Employers asked for a network.",
        "because:description": "editorial",
        "sentence:description": "It follows the rule.",
    }
    assert client.post(address, data=typed, headers=LEAD).status_code == 302
    trail = shown(client, f"/achievements/{MAKER}/changes")
    assert "Employers asked for a network." in trail and "It follows the rule." in trail
    assert "What it takes" in trail and "before reasons were asked for" not in trail
    assert "Employers asked for a network." in shown(client, f"/achievements/{MAKER}/1.1.0")


def test_an_accepted_change_of_the_badge_answers_and_is_answered(craft: Craft, client: FlaskClient) -> None:
    with craft.world.database.writing() as session:
        definition_id = craft.pathway(session).pathway.definition_id
        finding = curriculum.record_finding(
            session, craft.lead(), source_kind="employer", public_url=None, label="a talk with weavers",
            n=3, iteration=None, text="One craft is too little.", definition_id=definition_id,
        )  # fmt: skip
        request = curriculum.ask_for_change(
            session, craft.lead(), [finding.id], text="Ask for three.", definition_id=definition_id
        )
        curriculum.decide_change(session, craft.lead(), request.id, accept=True, reason="They are right.")
        chosen = f"request-{request.id}"
    rule = {"at_least": 3, "of": ["CRF-WIL-1", "CRF-DYE-1", "CRF-CER-1"]}
    address = f"{drafted(craft, rule=rule)}/publish"
    assert chosen in shown(client, address, LEAD)
    assert client.post(address, data={"because": chosen}, headers=LEAD).status_code == 302
    trail = shown(client, f"/achievements/{MAKER}/changes")
    assert "a talk with weavers" in trail and "One craft is too little." in trail
    assert chosen not in shown(client, f"{drafted_next(craft)}/publish", LEAD)


def drafted_next(craft: Craft) -> str:
    with craft.world.database.writing() as session:
        draft = curriculum.new_pathway_version(session, craft.lead(), MAKER, "1.1.0")
        content = {**draft.content, "description": "Anew."}
        curriculum.save_pathway(session, craft.lead(), MAKER, draft.version, content, draft.revision)
        return f"/studio/pathways/{MAKER}/{draft.version}"


def test_a_newer_version_of_a_part_alone_is_a_difference(craft: Craft) -> None:
    address = drafted(craft)
    with craft.world.database.writing() as session:
        part = craft.version(session, WILLOW)
        newer = curriculum.new_version_from(session, craft.lead(), part.id)
        content = {**newer.content, "description": "Weaves a basket of willow, anew."}
        curriculum.save_draft(session, craft.lead(), newer.id, content, revision=newer.revision)
        why = [Note(("description",), editorial="Plainer.")]
        curriculum.publish(session, craft.lead(), newer.id, public_url=URL, changes=why)
        with pytest.raises(InvalidError) as refused:
            curriculum.publish_pathway(
                session, craft.lead(), MAKER, address.rsplit("/", 1)[-1], public_url=URL
            )
    assert [fault.where for fault in refused.value.faults] == ["changes.parts"]


def test_an_undecided_proposal_is_superseded_by_the_newer_versions(craft: Craft, learner: int) -> None:
    world = craft.world
    with world.database.writing() as session:
        for slug in (WILLOW, DYES, SCOUT):
            craft.give(session, slug, learner)
        old = fulfilments(session)[0].token
        craft.publish_anew(session)
    craft.run_jobs()
    with world.database.writing() as session:
        (found,) = fulfilments(session)
        assert found.pathway_version.version == "1.1.0" and found.state == FulfilmentState.PROPOSED
        with pytest.raises(NotFoundError):
            actions.decide_fulfilment(session, world.viewers["teacher"], world.settings, old)


def test_a_proposal_that_the_newer_version_does_not_fulfil_stays(craft: Craft, learner: int) -> None:
    world = craft.world
    with world.database.writing() as session:
        for slug in (WILLOW, DYES, SCOUT):
            craft.give(session, slug, learner)
    drafted(craft, rule={"all_of": ["CRF-CER-1", "CRF-WIL-1"]})
    with world.database.writing() as session:
        why = [Note(("rule",), editorial="Clay is needed.")]
        curriculum.publish_pathway(session, craft.lead(), MAKER, "1.1.0", public_url=URL, changes=why)
    craft.run_jobs()
    with world.database.reading() as session:
        assert [one.pathway_version.version for one in fulfilments(session)] == ["1.0.0"]


def test_the_desk_says_which_earlier_badge_is_held_and_what_is_not_accepted(
    craft: Craft, client: FlaskClient, learner: int
) -> None:
    craft.switch_on()
    with craft.world.database.writing() as session:
        for slug in (WILLOW, DYES, SCOUT):
            craft.give(session, slug, learner)
        assert len(stacks(session)) == 1
        craft.publish_anew(session)
    craft.run_jobs()
    with craft.world.database.reading() as session:
        token = next(one.token for one in fulfilments(session) if one.state == FulfilmentState.PROPOSED)
    assert "already holds the badge of version 1.0.0" in shown(client, "/fulfilments", TEACHER)
    page = shown(client, f"/fulfilments/{token}", TEACHER)
    assert "already holds the badge of version 1.0.0" in page
    assert "has not accepted 3 of the 3 parts yet" in page


def test_a_rule_deeper_than_the_form_is_shown_in_words_and_as_a_tree(
    craft: Craft, client: FlaskClient
) -> None:
    deep = {"at_least": 1, "of": ["CRF-WIL-1", {"all_of": ["CRF-DYE-1", "ALL-NET-1"]}]}
    page = shown(client, drafted(craft, rule={"all_of": ["CRF-CER-1", deep]}), LEAD)
    row = page[page.index("nested deeper") :]
    row = row[: row.index("</fieldset>")]
    assert "at least one of these:" in row and "all of these:" in row and 'class="pathway-picture"' in row
    assert "Plant Dyes on Wool and Linen" in row
    assert re.search(r"<details(?![^>]* open)[^>]*>.*?<pre", row, re.S)


def test_the_page_of_a_stacked_badge_leads_to_the_pathway_and_its_parts(
    craft: Craft, client: FlaskClient
) -> None:
    page = shown(client, f"/achievements/{MAKER}/1.0.0")
    made = page[page.index('id="made-of"') :]
    made = made[: made.index("</section>")]
    assert f'href="/pathways/{MAKER}/1.0.0"' in made
    assert f'href="/achievements/{WILLOW}/1.0.0"' in made and f'href="/achievements/{DYES}/1.0.0"' in made
    assert 'id="made-of"' not in shown(client, f"/achievements/{WILLOW}/1.0.0")


def test_the_public_page_says_what_the_badge_is_and_where_to_begin(craft: Craft, client: FlaskClient) -> None:
    with craft.world.database.reading() as session:
        badge = craft.pathway(session).badge_version
        assert badge is not None
        hours, level = badge.content["workload_hours"]["total"], badge.content["eqf_level"]
    page = shown(client, f"/pathways/{MAKER}")
    assert f"{hours} hours" in page and f"EQF level {level} of 8" in page
    assert 'href="/issuers/craft-school"' in page
    assert re.search(rf'<a href="/achievements/{WILLOW}/1.0.0">Begin with:', page)
    asked = re.findall(r"at least 2 of these|one more badge of your choice", page)
    assert sorted(asked) == sorted(["at least 2 of these", "one more badge of your choice"] * 2)
    picture = re.search(r"<svg.*?</svg>", page, re.S)
    assert picture is not None and "…" not in picture[0]


def test_after_importing_a_pathway_one_lands_on_its_draft(craft: Craft, client: FlaskClient) -> None:
    with craft.world.database.reading() as session:
        told = json.loads(exporting.export_pathway(craft.pathway(session)).body)
    told["pathway"]["code"] = "PATH-OTHER"
    place = re.search(r'value="(\d+:\d+)"', shown(client, "/definitions/import", LEAD))
    assert place is not None
    file = (io.BytesIO(json.dumps(told).encode()), "pathway.json")
    look = client.post("/definitions/import", data={"file": file, "place": place[1]}, headers=LEAD)
    assert look.status_code == 302, look.text
    made = client.post(look.location, data={"place": place[1]}, headers=LEAD)
    assert re.fullmatch(r"/studio/pathways/[a-z0-9-]+/1\.0\.0", made.location)
    assert "PATH-OTHER" in shown(client, made.location, LEAD)
