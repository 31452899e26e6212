"""Programs plan as richly as pages do, keep presence day by day, and take learners off the list."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from badge_service.curriculum import actions as curriculum
from badge_service.curriculum.rules.teams import HubFacts
from badge_service.curriculum.tables import Hub, Let
from badge_service.people.tables import Region
from badge_service.storage.session import now
from badge_service.storage.tables import AuditEntry
from tests.awards.conftest import SLUG, World
from tests.programs.conftest import Program, codes
from tests.programs.test_workshops_api import plan

DAYS = [
    {"day": "2026-12-02", "begins": "09:00", "ends": "12:30"},
    {"day": "2026-12-01"},
]
HUB = HubFacts(
    name="Weaving mill",
    place="Gabrovo",
    about="",
    machines=(),
    partners=(),
    opening="Always",
    accessibility="A lift.",
    language="bg",
    spoken=("bg",),
)

FAR_HUB = {
    "name": "Mill",
    "place": "Ruse",
    "about": "",
    "opening": "Always",
    "accessibility": "",
    "language": "bg",
    "spoken": ["bg"],
}


@pytest.fixture
def offered(world: World) -> dict[str, Any]:
    """A hub of the school's team and a published curriculum, as a program names them."""
    with world.database.writing() as session:
        lead = world.viewers["lead"]
        let = curriculum.find_let(session, "gabrovo")
        hub = curriculum.open_hub(session, lead, let, HUB)
        (school, own), *_others = curriculum.lets_of(session, lead)
        draft = curriculum.create_curriculum(
            session, lead, organisation_id=school.id, let_id=own.id, title="Crafts", language="en"
        )
        unit = {**draft.content["units"][0], "title": "Plants", "approaches": ["design_thinking"]}
        content = {**draft.content, "description": "From plant to product.", "units": [unit]}
        curriculum.save_curriculum(session, lead, draft.id, content, draft.revision)
        curriculum.publish_curriculum(session, lead, draft.id)
        return {"hub": hub.slug, "curriculum": {"slug": draft.curriculum.slug, "version": "1.0.0"}}


def faults(answer: Any) -> set[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return {(fault["where"], fault["code"]) for fault in answer.json["faults"]}


def test_a_program_says_how_people_learn_and_as_what_they_come(program: Program) -> None:
    said = {"qualities": ["collaborative"], "group_size": 4}
    made = program.send("POST", "/workshops", plan(**said))
    assert {name: made.json[name] for name in said} == said
    alone = program.send("POST", "/workshops", plan(**said | {"group_size": 1}))
    assert faults(alone) == {("group_size", "alone")}
    path = f"/workshops/{made.json['token']}/enrolments"
    program.send("POST", path, {"learners": [{"name": "Maria"}], "kind": "professional"})
    program.send("POST", path, {"learners": [{"name": "Maria"}, {"name": "Ivan"}]})
    kinds = [(one["name"], one["kind"]) for one in program.get(path).json["items"]]
    assert kinds == [("Maria", "professional"), ("Ivan", "student")]
    assert program.send("POST", path, {"learners": [{"name": "X"}], "kind": "expert"}).status_code == 422


def test_a_program_plans_from_a_curriculum_at_a_hub_on_days_with_notes_and_a_lead_as_trainer(
    program: Program, offered: dict[str, Any]
) -> None:
    asked = plan(
        **offered,
        days=DAYS,
        trainers=["teacher@craft-school.example", "lead@craft-school.example"],
        material_notes="Bring a knife.",
        accessibility_notes="No steps.",
        partners=["Museum"],
    )
    made = program.post("/workshops", asked)
    assert made.status_code == 201, made.text
    told = program.get(f"/workshops/{made.json['token']}").json
    assert told == made.json
    assert {name: told[name] for name in offered} == offered
    assert told["days"] == [
        {"day": "2026-12-01", "begins": None, "ends": None},
        {"day": "2026-12-02", "begins": "09:00", "ends": "12:30"},
    ]
    assert told["trainers"] == ["Teodora Teacher", "Lena Lead"]
    assert (told["material_notes"], told["accessibility_notes"]) == ("Bring a knife.", "No steps.")
    assert told["partners"] == ["Museum"]


def test_what_is_left_out_is_told_as_empty(program: Program) -> None:
    told = program.post("/workshops", plan()).json
    assert (told["curriculum"], told["hub"], told["material_notes"], told["partners"]) == (None, None, "", [])
    assert [one["day"] for one in told["days"]] == ["2026-12-01", "2026-12-02"]


def test_everything_that_is_not_there_is_named_at_its_place(program: Program) -> None:
    asked = plan(
        curriculum={"slug": "nowhere", "version": "1.0.0"},
        hub="nowhere",
        trainers=["teacher@craft-school.example", "teacher@other-school.example"],
        definitions=[{"slug": SLUG, "version": "1.0.0"}, {"slug": SLUG, "version": "9.0.0"}],
    )
    found = faults(program.post("/workshops", asked))
    assert {where for where, _code in found} == {"curriculum", "hub", "trainers[1]", "definitions[1]"}


def test_a_hub_of_another_region_is_refused_as_on_the_page(program: Program, world: World) -> None:
    with world.database.writing() as session:
        far = Region(slug="friesland", name="Friesland", country="NL")
        session.add(far)
        session.flush()
        let = Let(slug="far", name="Far", description="", region_id=far.id)
        session.add(let)
        session.flush()
        session.add(
            Hub(slug="mill", let_id=let.id, created_at=now(session), machines=[], partners=[], **FAR_HUB)
        )
    assert faults(program.post("/workshops", plan(hub="mill"))) == {("hub", "hub")}


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([{"day": "2026-12-01"}], ("days", "span")),
        ([{"day": "2026-12-01"}, {"day": "2026-12-03"}], ("days", "span")),
        ([{"day": "2026-12-01"}, {"day": "2026-12-01"}, {"day": "2026-12-02"}], ("days", "twice")),
        ([{"day": "2026-12-01", "begins": "25:00"}], ("days[0].begins", "form")),
        ([{"day": "2026-12-01", "begins": "9:00"}], ("days[0].begins", "form")),
        ([{"day": "2026-12-01", "hours": "3"}], ("days[0].hours", "unknown_field")),
    ],
)
def test_days_that_do_not_fit_are_refused(
    program: Program, days: list[dict[str, str]], expected: tuple[str, str]
) -> None:
    assert expected in faults(program.post("/workshops", plan(days=days)))


def test_presence_is_read_and_written_day_by_day(
    program: Program, world: World, class_of_three: list[int]
) -> None:
    path = f"/workshops/{world.token}/presence/2026-11-16"
    before = program.get(path).json["items"]
    assert [(one["number"], one["present"], one["how"]) for one in before] == [
        (1, True, None),
        (2, True, None),
        (3, True, None),
    ]
    marks = {"marks": [{"number": 2, "present": False}, {"number": 3, "present": True}]}
    assert program.send("PUT", path, marks, once=None).json == {"changed": 1}
    assert program.send("PUT", path, marks, once=None).json == {"changed": 0}
    first = program.get(path, limit=2).json
    assert [(one["present"], one["how"]) for one in first["items"]] == [(True, None), (False, "hand")]
    assert program.get(path, limit=2, cursor=first["next"]).json["items"][0]["number"] == 3
    other = program.get(f"/workshops/{world.token}/presence/2026-11-20").json["items"]
    assert all(one["present"] for one in other)
    with world.database.reading() as session:
        told = select(AuditEntry).where(AuditEntry.action == "api.workshop.presence").order_by(AuditEntry.id)
        first_time, again = session.scalars(told)
        assert first_time.details["day"] == date(2026, 11, 16).isoformat()
        assert (first_time.details["marks"], again.details["marks"]) == (1, 0)


def test_marks_for_nobody_or_said_twice_write_nothing(
    program: Program, world: World, class_of_three: list[int]
) -> None:
    path = f"/workshops/{world.token}/presence/2026-11-16"
    marks = [
        {"number": 1, "present": False},
        {"number": 9, "present": True},
        {"number": 2, "present": True},
        {"number": 2, "present": False},
    ]
    assert faults(program.send("PUT", path, {"marks": marks})) == {
        ("marks[1].number", "no_learner"),
        ("marks[2].number", "twice"),
        ("marks[3].number", "twice"),
    }
    assert all(one["present"] for one in program.get(path).json["items"])


@pytest.mark.parametrize("day", ["2026-11-15", "tomorrow", "2026-11-16T00:00", "20261116"])
def test_a_day_on_which_it_does_not_meet_is_not_there(program: Program, world: World, day: str) -> None:
    path = f"/workshops/{world.token}/presence/{day}"
    assert program.get(path).status_code == 404
    assert program.send("PUT", path, {"marks": [{"number": 1, "present": True}]}).status_code == 404


def test_a_learner_is_taken_off_the_list_and_gets_the_number_back(
    program: Program, world: World, class_of_three: list[int]
) -> None:
    path = f"/workshops/{world.token}/enrolments"
    gone = program.send("DELETE", f"{path}/2", None)
    assert gone.status_code == 200 and gone.json["removed"]["name"] == "Boris Kolev"
    assert [one["number"] for one in program.get(path).json["items"]] == [1, 3]
    assert program.send("DELETE", f"{path}/2", None, once=None).status_code == 200
    back = program.post(path, {"learners": [{"name": "Boris Kolev"}]}).json["enrolled"]
    assert [one["number"] for one in back] == [2]
    for number in ("9", "0", "two", "1e3", "99999999999999999999"):
        assert program.send("DELETE", f"{path}/{number}", None).status_code == 404


def test_the_other_school_neither_reads_nor_marks_nor_removes(
    foreign: Program, program: Program, world: World, class_of_three: list[int]
) -> None:
    presence = f"/workshops/{world.token}/presence/2026-11-16"
    assert foreign.get(presence).status_code == 404
    body = {"marks": [{"number": 1, "present": False}]}
    assert (
        codes(foreign.send("PUT", presence, body)) and foreign.send("PUT", presence, body).status_code == 404
    )
    assert foreign.send("DELETE", f"/workshops/{world.token}/enrolments/1", None).status_code == 404
    assert len(program.get(f"/workshops/{world.token}/enrolments").json["items"]) == 3
