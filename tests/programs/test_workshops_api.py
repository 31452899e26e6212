"""Programs read micro-credentials, plan workshops and enrol learners of their own organisation, and of no other."""

from typing import Any

import pytest
from sqlalchemy import func, select

from badge_service.people.tables import Person
from badge_service.storage.tables import AuditEntry
from badge_service.workshops.tables import Enrolment, Workshop
from tests.awards.conftest import SLUG, World
from tests.programs.conftest import TEACHER, Program, codes


def plan(**changes: Any) -> dict[str, Any]:
    return {
        "alliance": "central-bulgaria",
        "title": "Baskets by the river",
        "summary": "Two days with willow.",
        "place": "Gabrovo",
        "language": "bg",
        "starts_on": "2026-12-01",
        "ends_on": "2026-12-02",
        "definitions": [{"slug": SLUG, "version": "1.0.0"}],
        "trainers": [TEACHER],
        **changes,
    }


def test_the_definitions_of_the_own_organisation_with_criteria_and_levels(
    program: Program, foreign: Program
) -> None:
    listed = program.get("/definitions").json
    assert [one["slug"] for one in listed["items"]] == [SLUG] and listed["next"] is None
    one = program.get(f"/definitions/{SLUG}").json
    assert one["versions"] == ["1.0.0"] and one["criteria"][0]["id"] == "C1"
    assert one["pass_level"] in [level["id"] for level in one["levels"]]
    assert foreign.get("/definitions").json["items"] == []
    assert foreign.get(f"/definitions/{SLUG}").status_code == 404
    assert program.get(f"/definitions/{SLUG}", version="9.9.9").status_code == 404


def test_a_workshop_is_planned_once_however_often_it_is_sent(program: Program, world: World) -> None:
    first, second = (program.post("/workshops", plan(), once="the same") for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json == second.json
    assert "Idempotent-Replayed" not in first.headers and second.headers["Idempotent-Replayed"] == "true"
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Workshop)) == 2  # the world has one
        entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "api.workshop.plan"))
        assert entry.details == {"key": f"api_key:{program.token}"}
        assert entry.actor == world.viewers["admin"].key
    other = program.post("/workshops", plan(title="Another"), once="the same")
    assert other.status_code == 422 and codes(other) >= {"idempotency_key_reused"}
    assert program.get(f"/workshops/{first.json['token']}").json == first.json


def test_an_answer_is_kept_for_a_day(program: Program, world: World, clock: Any) -> None:
    first = program.post("/workshops", plan(), once="the same")
    clock.advance(hours=25)
    second = program.post("/workshops", plan(), once="the same")
    assert first.json["token"] != second.json["token"]


def test_what_failed_may_be_sent_again_under_the_same_name(program: Program) -> None:
    bad = program.post("/workshops", plan(trainers=["nobody@craft-school.example"]), once="the same")
    assert bad.status_code == 422 and codes(bad) >= {"no_trainer"}
    assert program.post("/workshops", plan(), once="the same").status_code == 201


def test_everything_wrong_with_a_plan_is_said_at_once(program: Program) -> None:
    body = plan(title="x" * 121, language="english", starts_on="tomorrow", colour="red", issuer="did:web:x")
    del body["place"]
    answer = program.post("/workshops", body)
    assert answer.status_code == 422
    found = {(fault["where"], fault["code"]) for fault in answer.json["faults"]}
    assert found == {
        ("title", "too_long"),
        ("language", "too_long"),
        ("starts_on", "form"),
        ("colour", "unknown_field"),
        ("issuer", "unknown_field"),
        ("place", "required"),
    }


def test_rules_of_planning_hold_for_programs_too(program: Program, foreign: Program, world: World) -> None:
    late = program.post("/workshops", plan(starts_on="2026-12-03"))
    assert late.status_code == 422
    assert program.post("/workshops", plan(alliance="nowhere")).status_code == 404
    theirs = foreign.post("/workshops", plan(trainers=["teacher@other-school.example"]))
    assert theirs.status_code == 422 and {"version", "no_member"} & codes(theirs)
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Workshop)) == 1


def test_pages_go_on_after_the_last_one_whatever_was_added(program: Program) -> None:
    tokens = [program.post("/workshops", plan(title=f"Day {day}")).json["token"] for day in range(4)]
    first = program.get("/workshops", limit=2).json
    tokens.append(program.post("/workshops", plan(title="Meanwhile")).json["token"])
    seen, cursor = [one["token"] for one in first["items"]], first["next"]
    while cursor:
        page = program.get("/workshops", limit=2, cursor=cursor).json
        seen += [one["token"] for one in page["items"]]
        cursor = page["next"]
    assert seen[1:] == tokens and len(set(seen)) == 6


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"}, {"limit": "201"}, {"limit": "two"}, {"limit": "9" * 40}, {"cursor": "*"}, {"cursor": "YWJj"},
        {"sort": "password_hash"}, {"limit": ["1", "2"]}, {"cursor": ""}, {"cursor": "é"},
    ],
)  # fmt: skip
def test_a_query_that_is_not_ours_is_refused(program: Program, query: dict[str, Any]) -> None:
    assert program.get("/workshops", **query).status_code == 422


def test_learners_are_enrolled_with_their_numbers(program: Program, world: World) -> None:
    address = f"/workshops/{world.token}/enrolments"
    learners = [{"name": "Мария Георгиева", "email": "Maria@school.example"}, {"name": "Boris", "number": 7}]
    answer = program.post(address, {"learners": learners})
    assert answer.status_code == 200
    assert [(one["number"], one["email"]) for one in answer.json["enrolled"]] == [
        (1, "maria@school.example"),
        (7, None),
    ]
    assert program.post(address, {"learners": learners}).json == {"enrolled": []}
    page = program.get(address, limit=1).json
    assert page["items"][0]["name"] == "Мария Георгиева"
    assert program.get(address, limit=1, cursor=page["next"]).json["items"][0]["number"] == 7
    assert program.get(address, cursor="eA").status_code == 422


def test_one_bad_learner_and_nobody_is_enrolled(program: Program, world: World) -> None:
    program.post(
        f"/workshops/{world.token}/enrolments", {"learners": [{"name": "A", "email": "a@b.example"}]}
    )
    bad = [
        {"name": "Good One"},
        {"name": "undefined undefined"},
        {"name": "Ivan", "email": "ivan@@school.example"},
        {"name": "Other", "email": "a@b.example"},
    ]
    answer = program.post(f"/workshops/{world.token}/enrolments", {"learners": bad})
    assert answer.status_code == 422
    found = {(fault["where"], fault["code"]) for fault in answer.json["faults"]}
    assert found == {("learners[1].name", "placeholder"), ("learners[2].email", "email")}
    last = program.post(f"/workshops/{world.token}/enrolments", {"learners": bad[3:]})
    assert codes(last) >= {"email_of_other"}
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Enrolment)) == 1
        assert session.scalar(select(func.count()).select_from(Person).where(Person.name == "Good One")) == 0


def test_the_other_school_finds_nothing(foreign: Program, program: Program, world: World) -> None:
    program.post(f"/workshops/{world.token}/enrolments", {"learners": [{"name": "Ann"}]})
    assert foreign.get("/workshops").json["items"] == []
    for path in (f"/workshops/{world.token}", f"/workshops/{world.token}/enrolments"):
        answer = foreign.get(path)
        assert answer.status_code == 404 and "Ann" not in answer.text
    body = {"learners": [{"name": "Mallory"}]}
    assert foreign.post(f"/workshops/{world.token}/enrolments", body).status_code == 404


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"learners": [], "learners": []}', "application/json", 400),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b'{"learners": [{"name": "\\u0000"}]}', "application/json", 422),
        (b'{"learners": [{"name": "\\ud800"}]}', "application/json", 400),
        (b'{"learners": ' + b"[" * 5000, "application/json", 400),
        (b'{"learners": [{"name": "A", "number": 1e400}]}', "application/json", 400),
        (b'{"learners": [{"name": "A", "number": 12345678901234567890}]}', "application/json", 400),
        (b'{"x": "' + b"a" * 600_000 + b'"}', "application/json", 413),
        (b"learners=1", "application/x-www-form-urlencoded", 415),
        (b'{"learners": []}', "text/plain", 415),
    ],
)
def test_bodies_that_no_program_should_send(
    program: Program, world: World, data: bytes, kind: str, status: int
) -> None:
    headers = {**program.headers(), "Idempotency-Key": "one", "Content-Type": kind}
    answer = program.app.test_client().post(
        f"/api/v1/workshops/{world.token}/enrolments", data=data, headers=headers
    )
    assert answer.status_code == status and codes(answer)


def test_what_creates_needs_an_idempotency_key(program: Program) -> None:
    answer = program.post("/workshops", plan(), once=None)
    assert answer.status_code == 400 and codes(answer) == {"idempotency_key_required"}
    assert program.post("/workshops", plan(), once="x" * 256).status_code == 422
