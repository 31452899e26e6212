"""Programs set levels and award in a teacher's name, once, within the rules that hold for teachers."""

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from badge_service.awards.tables import Award, AwardBatch
from badge_service.programs.rules import Scope
from badge_service.register import actions as register
from badge_service.register.tables import Edition, StatusEntry
from badge_service.storage.tables import AuditEntry
from tests.awards.conftest import SLUG, World
from tests.programs.conftest import TEACHER, Program, codes, new_program

TAUGHT = {"definition": SLUG, "version": "1.0.0"}
ORDER = {**TAUGHT, "decided_by": TEACHER, "identity_check": "known", "saw_evidence": True}


def count(world: World, table: Any) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_levels_are_set_in_a_teachers_name_and_read_again(program: Program, world: World) -> None:
    world.enrol(("Petya Ivanova", "petya@school.example"), ("Boris Kolev", None))
    address = f"/workshops/{world.token}/assessments"
    full = {"C1": "proficient", "C2": "proficient", "C3": "exemplary"}
    body = {
        **TAUGHT,
        "assessor": TEACHER,
        "learners": [{"number": 1, "levels": full}, {"number": 2, "levels": {"C1": "proficient"}}],
    }
    assert program.send("PUT", address, body).json == {"changed": 4}
    assert program.send("PUT", address, body).json == {"changed": 0}
    first, second = program.get(address, **TAUGHT).json["items"]
    assert first["levels"] == full and first["ready"] and first["why_not"] == []
    assert not second["ready"] and second["why_not"]
    one = program.get(address, **TAUGHT, limit=1).json
    assert program.get(address, **TAUGHT, limit=1, cursor=one["next"]).json["items"] == [second]
    with world.database.reading() as session:
        noted = session.scalar(select(AuditEntry).where(AuditEntry.action == "assess"))
        assert noted.actor == world.viewers["teacher"].key


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"assessor": "admin@craft-school.example"}, "no_teacher"),
        ({"assessor": "teacher@other-school.example"}, "no_teacher"),
        ({"assessor": "no address"}, "no_teacher"),
        ({"learners": [{"number": 99}]}, "no_learner"),
        ({"learners": [{"number": 1, "levels": {"C1": "wonderful"}}]}, "level"),
        ({"learners": [{"number": 1, "levels": {"C77": "proficient"}}]}, "criterion"),
        ({"learners": [{"number": 1, "reason": "x" * 1001}]}, "too_long"),
    ],
)
def test_levels_that_cannot_be_set(
    program: Program, world: World, changes: dict[str, Any], code: str
) -> None:
    world.enrol(("Petya Ivanova", None))
    body = {**TAUGHT, "assessor": TEACHER, "learners": [], **changes}
    body["learners"] = body["learners"] or [{"number": 1}]
    answer = program.send("PUT", f"/workshops/{world.token}/assessments", body)
    assert answer.status_code == 422 and codes(answer), answer.json
    if code not in {"level", "criterion"}:
        assert code in codes(answer)


def test_everybody_ready_is_awarded_once_and_signed(
    program: Program, world: World, class_of_three: list[int]
) -> None:
    address = f"/workshops/{world.token}/awards"
    first, again = (program.post(address, ORDER, once="press") for _ in range(2))
    assert first.status_code == again.status_code == 202 and first.json == again.json
    assert first.json["total"] == 3 and first.json["state"] == "waiting_for_signature"
    done = program.get(f"/award-batches/{first.json['batch']}").json
    assert (done["state"], done["signed"], done["waiting"]) == ("done", 3, 0)
    assert count(world, Award) == count(world, Edition) == 3
    with world.database.reading() as session:
        assert set(session.scalars(select(Award.decided_by))) == {world.viewers["teacher"].key}
    other = program.post(address, ORDER, once="another")
    assert other.status_code == 409 and codes(other) == {"nobody_ready"}
    named = program.post(address, {**ORDER, "learners": [1]}, once="a third")
    assert named.status_code == 409 and codes(named) == {"duplicate_award"}


def test_many_sending_the_same_at_once_make_one_batch(
    program: Program, world: World, class_of_three: list[int]
) -> None:
    answers: list[int] = []

    def press() -> None:
        answers.append(program.post(f"/workshops/{world.token}/awards", ORDER, once="press").status_code)

    threads = [threading.Thread(target=press) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) <= {202, 409} and 202 in answers
    assert count(world, AwardBatch) == 1 and count(world, Award) == 3
    with world.database.reading() as session:
        places = session.execute(select(StatusEntry.list_id, StatusEntry.position)).all()
    assert len(places) == len(set(places)) == 3


def test_what_a_teacher_must_say_a_program_must_say_too(
    program: Program, world: World, class_of_three: list[int]
) -> None:
    address = f"/workshops/{world.token}/awards"
    silent = program.post(address, {**ORDER, "saw_evidence": False})
    assert silent.status_code == 422 and codes(silent) >= {"evidence"}
    for wrong in ({"decided_by": "admin@craft-school.example"}, {"identity_check": "not_recorded"}):
        assert program.post(address, ORDER | wrong).status_code == 422
    assert program.post(address, {**ORDER, "learners": [1, 2, 98]}).status_code == 422
    assert program.post(address, {**ORDER, "learners": [1, 1]}).status_code == 422
    world.judge(class_of_three[0], None, None, None)
    unready = program.post(address, {**ORDER, "learners": [1, 2]})
    assert unready.status_code == 422 and any(code.startswith("not_ready") for code in codes(unready))
    assert count(world, Award) == 0


def test_a_key_without_the_scope_awards_nothing(app: Any, world: World, class_of_three: list[int]) -> None:
    reader = new_program(app, world, [scope for scope in Scope if scope is not Scope.AWARDS_WRITE])
    assert reader.post(f"/workshops/{world.token}/awards", ORDER).status_code == 403
    assert count(world, Award) == 0


def test_awards_are_listed_without_names_and_withdrawn_for_ever(
    program: Program, foreign: Program, world: World, class_of_three: list[int]
) -> None:
    program.post(f"/workshops/{world.token}/awards", ORDER)
    page = program.get("/awards", limit=2).json
    rest = program.get("/awards", limit=2, cursor=page["next"]).json
    every = [*page["items"], *rest["items"]]
    assert [one["learner"] for one in every] == [1, 2, 3] and rest["next"] is None
    assert all(one["signature"] == "made" and one["state"] == "held" for one in every)
    assert "Petya" not in str(every) and "@" not in str(every)
    token = every[0]["token"]
    reason = {"reason": "mistake", "decided_by": TEACHER}
    assert foreign.get(f"/awards/{token}").status_code == 404
    theirs = {"reason": "mistake", "decided_by": "teacher@other-school.example"}
    assert foreign.post(f"/awards/{token}/revoke", theirs).status_code == 404
    gone = program.post(f"/awards/{token}/revoke", reason)
    assert gone.status_code == 200 and gone.json["state"] == "revoked" and gone.json["ended_at"]
    again = program.post(f"/awards/{token}/revoke", reason)
    assert again.status_code == 409 and codes(again) == {"revocation_final"}
    assert [one["token"] for one in program.get("/awards", state="revoked").json["items"]] == [token]
    assert program.get("/awards", workshop="x").json["items"] == []
    assert foreign.get("/awards").json["items"] == []
    assert foreign.get("/awards", cursor=page["next"]).status_code == 422


def test_without_the_key_of_the_school_the_award_waits_for_its_signature(
    program: Program, world: World, class_of_three: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = world.keyring.folder  # type: ignore[attr-defined]
    hidden = folder.with_name("away")
    folder.rename(hidden)
    answer = program.post(f"/workshops/{world.token}/awards", ORDER)
    assert answer.status_code == 202 and answer.json["state"] == "waiting_for_signature"
    assert {one["signature"] for one in program.get("/awards").json["items"]} == {"waiting"}
    hidden.rename(folder)
    register.sign_intended(world.database, world.keyring)
    assert {one["signature"] for one in program.get("/awards").json["items"]} == {"made"}
    assert count(world, Award) == 3
