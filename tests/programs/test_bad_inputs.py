"""The shared bad inputs for programs, row by row through one adapter; where ours differs, the row says why."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from badge_service.awards.actions import set_limits
from badge_service.awards.tables import Award
from badge_service.people import actions as people
from badge_service.programs import actions
from tests.awards.conftest import SLUG, World
from tests.programs.conftest import TEACHER, Program, codes

ORDER = {
    "definition": SLUG,
    "version": "1.0.0",
    "decided_by": TEACHER,
    "identity_check": "known",
    "saw_evidence": True,
}


class Stage:
    """A class of three on the real app, the school's program and the other school's."""

    def __init__(self, app: Flask, world: World, program: Program, foreign: Program) -> None:
        self.app, self.world, self.program, self.foreign = app, world, program, foreign
        self.client = app.test_client()

    def award(self, *, once: str | None = "", by: Program | None = None, **changes: Any) -> TestResponse:
        return (by or self.program).post(f"/workshops/{self.world.token}/awards", ORDER | changes, once=once)

    def enrol(self, **learner: Any) -> TestResponse:
        return self.program.post(f"/workshops/{self.world.token}/enrolments", {"learners": [learner]})

    def check(self, **changes: Any) -> TestResponse:
        path = Path(__file__).parents[2] / "credentials" / SLUG / "definition.json"
        content = json.loads(path.read_text("utf-8"))
        return self.client.post("/api/v1/definitions/check", json=content | changes)

    def awarded(self) -> int:
        with self.world.database.reading() as session:
            return session.scalar(select(func.count()).select_from(Award)) or 0

    def a_badge(self) -> str:
        self.award()
        token: str = self.program.get("/awards").json["items"][0]["token"]
        return token


Case = Callable[[Stage], None]


def refused(answer: TestResponse, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert code in codes(answer)


def twice(stage: Stage) -> None:
    first, second = stage.award(once="a"), stage.award(once="a")
    # 202, as its signature follows the commit
    assert first.status_code == second.status_code == 202 and first.json == second.json
    assert stage.awarded() == 3


def other_key(stage: Stage) -> None:
    stage.award(once="a")
    refused(stage.award(once="b", learners=[1]), 409, "duplicate_award")


def swapped_definition(stage: Stage) -> None:
    refused(stage.award(by=stage.foreign), 422, "no_teacher")  # the named teacher is none of theirs
    refused(stage.award(by=stage.foreign, decided_by="teacher@other-school.example"), 404, "workshop.missing")
    assert stage.awarded() == 0


def revoke_theirs(stage: Stage) -> None:
    body = {"reason": "mistake", "decided_by": "teacher@other-school.example"}
    refused(stage.foreign.post(f"/awards/{stage.a_badge()}/revoke", body), 404, "award.missing")


def mass_assignment(stage: Stage) -> None:
    answer = stage.award(issuer="did:web:x", proof={}, status="x", org_id=2, validFrom="1999-01-01")
    refused(answer, 422, "unknown_field")
    assert len(answer.json["faults"]) == 5


def disabled_teacher(stage: Stage) -> None:
    teacher = stage.world.viewers["teacher"]
    with stage.world.database.writing() as session:
        people.open_account(session, teacher.person_id or 0).active = False
    refused(stage.award(), 422, "no_teacher")  # nobody decides in that name; keys of closed accounts are 401


def too_many_an_hour(stage: Stage) -> None:
    with stage.app.test_request_context(), stage.world.database.writing() as session:
        set_limits(session, stage.world.viewers["admin"], "craft-school", a_day=50, an_hour=2)
    refused(stage.award(), 429, "award_quota")


def undated(stage: Stage) -> None:
    """No date can be sent at all: an award is dated by the service."""
    refused(stage.award(validFrom="2021-11-21T00:00:00Z"), 422, "unknown_field")
    refused(stage.award(validUntil="2021-11-21T00:00:00Z"), 422, "unknown_field")


def faulty_definition(code: str, **changes: Any) -> Case:
    """Definitions are written on pages; the API judges them: 200 with the fault in the answer, never ok."""

    def case(stage: Stage) -> None:
        answer = stage.check(**changes)
        assert answer.status_code == 200 and answer.json["ok"] is False
        assert code in {fault["code"] for fault in answer.json["faults"]}, answer.json["faults"]

    return case


def learner(code: str, **changes: Any) -> Case:
    return lambda stage: refused(stage.enrol(**{"name": "Ann", **changes}), 422, code)


def picture_inside(stage: Stage) -> None:
    refused(stage.award(image="http://127.0.0.1"), 422, "unknown_field")  # nothing is fetched by an address


def key_away(stage: Stage) -> None:
    folder = stage.world.keyring.folder  # type: ignore[attr-defined]
    folder.rename(folder.with_name("away"))
    answer = stage.award()
    assert answer.status_code == 202 and answer.json["state"] == "waiting_for_signature"
    folder.with_name("away").rename(folder)


def unrevoke(stage: Stage) -> None:
    body = {"reason": "mistake", "decided_by": TEACHER}
    token = stage.a_badge()
    stage.program.post(f"/awards/{token}/revoke", body)
    refused(stage.program.post(f"/awards/{token}/revoke", body), 409, "revocation_final")
    assert stage.program.send("PUT", f"/awards/{token}", {"state": "held"}).status_code == 405


def no_such_verb(stage: Stage) -> None:
    """Definitions are neither changed nor deleted by programs, and published ones are frozen in the database."""
    for verb in ("PUT", "PATCH", "DELETE"):
        assert stage.program.send(verb, f"/definitions/{SLUG}", {}).status_code == 405


def guesses(stage: Stage) -> None:
    for number in range(20):
        refused(stage.program.get(f"/awards/{number:022d}"), 404, "award.missing")


def without_key(stage: Stage) -> None:
    for path in ("/definitions", "/workshops", f"/workshops/{stage.world.token}", "/awards"):
        assert stage.client.get(f"/api/v1{path}").status_code == 401


def of_the_other(stage: Stage) -> None:
    here = f"/workshops/{stage.world.token}"
    assert stage.foreign.get(here).status_code == 404
    assert stage.foreign.get(f"{here}/enrolments").status_code == 404
    assert stage.foreign.get(f"{here}/assessments", definition=SLUG, version="1.0.0").status_code == 404


def revoked_key(stage: Stage) -> None:
    with stage.world.database.writing() as session:
        actions.revoke_key(session, stage.world.viewers["admin"], "craft-school", stage.program.token)
    assert stage.program.get("/workshops").status_code == 401


def no_origin(stage: Stage) -> None:
    headers = {**stage.program.headers(), "Origin": "null"}
    answer = stage.client.get("/api/v1/workshops", headers=headers)
    assert answer.status_code == 200 and "Access-Control-Allow-Origin" not in answer.headers


def published_for_browsers(stage: Stage) -> None:
    answer = stage.client.get("/issuers/craft-school/did.json", headers={"Origin": "https://a.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def strange_searches(stage: Stage) -> None:
    assert stage.client.get("/catalogue?q=%00").status_code in {
        400,
        404,
    }  # refused before any database sees it
    assert stage.program.get("/definitions", q="' OR 1=1--").status_code == 422
    assert stage.program.get("/definitions").json["items"]


def overridden(stage: Stage) -> None:
    headers = {**stage.program.headers(), "X-HTTP-Method-Override": "DELETE"}
    assert stage.client.post(f"/api/v1/definitions/{SLUG}", headers=headers).status_code == 405


CASES: dict[str, Case] = {
    "is-001": twice,
    "is-004": other_key,
    "is-005": lambda stage: refused(stage.award(once=None), 400, "idempotency_key_required"),
    "is-006": swapped_definition,
    "is-007": revoke_theirs,
    "is-010": mass_assignment,
    "is-011": disabled_teacher,
    "is-012": too_many_an_hour,
    "is-014": undated,
    "is-015": undated,
    "is-016": faulty_definition("maxLength", description="a" * 200_000),
    "is-017": faulty_definition("control_character", title="Willow \u202e tseb"),
    "is-018": learner("control_character", name="A\0B"),
    "is-019": learner("too_long", name="a" + "\u0301" * 10_000),
    "is-021": learner("email", email="a@x.test\r\nBcc: all@x.test"),
    "is-023": learner("email", email="a" * 390 + "@x.test"),
    "is-025": picture_inside,
    "is-026": key_away,
    "is-032": unrevoke,
    "is-033": no_such_verb,
    "is-034": no_such_verb,
    "is-036": guesses,
    "api-001": without_key,
    "api-002": of_the_other,
    "api-003": of_the_other,
    "api-004": revoked_key,
    "api-005": lambda stage: refused(stage.program.get("/workshops", key="bsk_"), 400, "key_in_url"),
    "api-007": no_origin,
    "api-008": published_for_browsers,
    "api-010": lambda stage: refused(
        stage.program.get("/workshops", sort="password_hash"), 422, "unknown_field"
    ),
    "api-011": strange_searches,
    "api-012": overridden,
    "api-013": lambda stage: refused_trace(stage),
}
ELSEWHERE = {
    "is-003": "test_awards_api: many at once make one batch",
    "is-013": "tests of the second person in tests/awards",
    "is-039": "signed checkpoints of the audit log are not yet due",
    "is-040": "signed checkpoints of the audit log are not yet due",
    "api-015": "tests/cli/test_real_service.py: the server refuses it before the app is asked",
    "api-016": "tests/cli/test_real_service.py: 200 slow senders beside the real server; all kinds in test_patience.py",
    "api-018": "tests/web: the page of an unexpected error says nothing of it",
    "api-019": "test_everything_asked",
}


def refused_trace(stage: Stage) -> None:
    assert stage.client.open("/", method="TRACE").status_code == 405


@pytest.mark.parametrize("row", sorted(CASES))
def test_a_shared_bad_input_gets_its_answer(
    app: Flask, world: World, program: Program, foreign: Program, class_of_three: list[int], row: str
) -> None:
    CASES[row](Stage(app, world, program, foreign))


def test_every_row_is_tried_or_named(shared: Path) -> None:
    rows = json.loads((shared / "data" / "bad_inputs.json").read_text("utf-8"))["inputs"]
    due = {row["id"] for row in rows if row["surface"] in {"issue-api", "api"}}
    assert due == set(CASES) | set(ELSEWHERE)
