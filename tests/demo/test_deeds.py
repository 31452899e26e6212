"""The demo's door says of everybody what waits for them now, and each of these opens for them at once."""

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from badge_service.awards.actions import imports
from badge_service.awards.rules.imports import RowState
from badge_service.curriculum import actions as curriculum
from badge_service.demo import third_pilot
from badge_service.demo.rules import ACTORS, MAIN_ENTRY
from badge_service.demo.world import pilot, viewer_of
from badge_service.programs.tables import ApiKey, Webhook
from badge_service.workshops import actions as workshops
from badge_service.workshops.actions import feedback

pytestmark = pytest.mark.full

FORM = re.compile(r'<form method="post" action="/demo/sign-in/([^"]+)">(.*?)</form>', re.DOTALL)
DEED = re.compile(r'name="next" value="([^"]+)">([^<]+)<')


def deeds(page: str) -> dict[str, list[tuple[str, str]]]:
    return {key: DEED.findall(unescape(inside)) for key, inside in FORM.findall(page)}


def press(client: FlaskClient, key: str, address: str) -> TestResponse:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/verify").text)
    assert token is not None
    return client.post(f"/demo/sign-in/{key}", data={"csrf_token": token[1], "next": address})


def test_every_deed_opens_for_the_person_who_presses_it(played_demo: Any) -> None:
    found = deeds(played_demo.client().get("/demo").text)
    assert set(found) >= {actor.key for actor in ACTORS}
    assert sum(map(len, found.values())) > 15
    for key, offered in found.items():
        for address, words in offered:
            own = played_demo.client()
            answer = press(own, key, address)
            assert (answer.status_code, answer.location) == (302, address), words
            assert own.get(address).status_code == 200, (key, words)


def test_who_has_what_to_do(played_demo: Any) -> None:
    found = {
        key: {words for _address, words in offered}
        for key, offered in deeds(played_demo.client().get("/demo").text).items()
    }
    assert found["teacher"] >= {
        "Say yes to 4 who are here",
        "See who joined; 2 wait",
        "Hold pilot 2: enrol, set levels, award",
        "Read what learners said about pilot 1",
        "Mend a file with bad rows",
        "Confirm a colleague's large file",
        "Judge 1 case of prior learning",
    }
    assert "Mend a file with bad rows" not in found["teacher-2"]
    assert any("second look" in words for words in found["teacher-2"])
    assert not any("second look" in words for words in found["teacher"]), "nobody looks at what they gave"
    assert any("key" in words for words in found["admin"])


def test_signing_in_leads_to_no_other_place(played_demo: Any) -> None:
    for bad in ("https://evil.example/", "//evil.example", "/nowhere", ""):
        assert press(played_demo.client(), "teacher", bad).location == "/"


def test_the_third_pilot_is_planned_joined_and_at_the_door(played_demo: Any) -> None:
    with played_demo.database.reading() as session:
        teacher = viewer_of(session, "teacher")
        workshop = pilot(session, teacher, third_pilot.ITERATION)
        assert workshop.curriculum_version is not None and workshop.hub is not None
        assert len(workshop.dates) == 2 and len(workshop.trainers) == 2
        assert workshops.places_of(session, workshop).joined == workshop.capacity == 8
        assert workshops.waiting_list(session, teacher, workshop).total == 2
        assert workshops.requests_of(session, teacher, workshop).total == 4
    page = played_demo.client().get(f"/workshops/{workshop.join_token}/join")
    assert page.status_code == 200 and "Aukje" not in page.text


def test_enough_learners_answered_to_show_results_and_one_became_a_finding(played_demo: Any) -> None:
    with played_demo.database.reading() as session:
        teacher = viewer_of(session, "teacher")
        asked = feedback.feedback_of(session, teacher, pilot(session, teacher))
        assert [one.answered for one in asked] == [14, 0, 0]
        assert asked[0].run.results["n"] == 14 and asked[0].run.closed_at is not None
        findings = curriculum.own_findings(session, viewer_of(session, "let-lead")).rows
        assert any(one.n not in (None, 22) and "together" in one.text for one in findings)
        token = pilot(session, teacher).activity.token
    assert "Two long sessions" in played_demo.client("teacher").get(f"/workshops/{token}/feedback").text


def test_one_file_has_rows_to_mend_and_another_waits_for_a_second_person(played_demo: Any) -> None:
    with played_demo.database.reading() as session:
        teacher, colleague = viewer_of(session, "teacher"), viewer_of(session, "teacher-2")
        found = {one.filename: one for one in imports.imports_of(session, teacher, 1)[0]}
        counts = imports.import_counts(session, found["open-day.csv"])
        assert counts.of(RowState.BAD) == 3 and counts.of(RowState.GOOD) == 3
        assert [one.token for one in imports.imports_to_confirm(session, teacher)] == [
            found["summer-school.csv"].token
        ]
        assert not imports.imports_to_confirm(session, colleague)
        version = curriculum.newest_version(session, MAIN_ENTRY)
        assert found["summer-school.csv"].version_id == version.id


def test_the_school_has_a_key_and_an_address_of_which_no_secret_is_kept_in_the_open(played_demo: Any) -> None:
    with played_demo.database.reading() as session:
        key, webhook = session.scalars(select(ApiKey)).one(), session.scalars(select(Webhook)).one()
        assert key.last_used_at is None and len(key.secret_hash) == 64
        assert webhook.url.startswith("https://") and webhook.failing_since is None
