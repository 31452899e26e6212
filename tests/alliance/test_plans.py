"""Action plans: who plans, owners, steps with reasons, a history that only grows; on the desk, on paper, as a table."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from badge_service.alliance import actions
from badge_service.alliance.rules import STEPS, ActionFacts, ActionState
from badge_service.alliance.tables import Action
from badge_service.curriculum import actions as curriculum
from badge_service.curriculum.rules.teams import MemberFacts
from badge_service.errors import InvalidError, NotFoundError
from badge_service.storage.revisions import StaleError
from badge_service.storage.session import Database

Visit = Callable[..., FlaskClient]
TYPED = {
    "track": "business_model",
    "title": "=Repair <b>service</b>",
    "goal": "Ten repairs sold.",
    "owner": "-",
    "owner_organisation": "Dye garden",
    "due_on": "2027-06-30",
    "alliance": "-",
}


def facts(**changes: object) -> ActionFacts:
    values = {
        "track": "emerging_technology",
        "title": "Try a printer",
        "goal": "Three parts printed.",
        "due_on": date(2027, 1, 31),
        "owner_organisation": "Museum",
    }
    return ActionFacts(**(values | changes))  # type: ignore[arg-type]


def partner(name: str) -> MemberFacts:
    return MemberFacts(name, "Weavers", "civil_society", "craft", date(2026, 1, 1))


def test_an_action_keeps_who_started_it_and_every_step(database: Database, place: Any) -> None:
    with database.writing() as session:
        owner = curriculum.add_member(session, place.lead, place.let, partner("Lieke"))
        action = actions.plan_action(
            session,
            place.lead,
            place.let,
            facts(owner=owner.token, owner_organisation="", alliance="friesland"),
        )
        actions.move_action(session, place.lead, action, "doing")
        actions.edit_action(
            session,
            place.lead,
            action,
            facts(owner_organisation="Museum", due_on=date(2027, 2, 1)),
            action.revision,
        )
        actions.move_action(session, place.lead, action, "dropped", "No printer to be had.")
        steps = actions.history_of(session, action)
        assert [step.state for step in steps] == ["open", "doing", "doing", "dropped"]
        assert steps[2].changed == {
            "due_on": ["2027-01-31", "2027-02-01"],
            "owner_id": [],
            "owner_organisation": [],
            "alliance_id": [],
        }
        assert steps[3].reason == "No printer to be had."
        assert (action.initiated_by, action.initiator_role, action.owner) == ("key-1", "let_lead", None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE actions SET initiated_by = 'x'",
        "UPDATE action_steps SET reason = 'x'",
        "DELETE FROM action_steps",
    ],
)
def test_history_and_initiator_are_never_rewritten(database: Database, place: Any, statement: str) -> None:
    with database.writing() as session:
        actions.plan_action(session, place.lead, place.let, facts())
    with pytest.raises(DatabaseError, match=r"never rewritten|only grows"), database.writing() as session:
        session.execute(text(statement))


def test_dropping_needs_a_reason_and_steps_that_do_not_exist_are_refused(
    database: Database, place: Any
) -> None:
    with database.writing() as session:
        action = actions.plan_action(session, place.lead, place.let, facts())
        with pytest.raises(InvalidError, match="Say why"):
            actions.move_action(session, place.lead, action, "dropped", " \n")
        actions.move_action(session, place.lead, action, "done")
        for to in ("dropped", "open", "nonsense"):
            with pytest.raises(InvalidError):
                actions.move_action(session, place.lead, action, to, "because")
        assert len(actions.history_of(session, action)) == 2
        actions.move_action(session, place.lead, action, "done")
        assert len(actions.history_of(session, action)) == 2


def test_from_every_state_one_can_go_on() -> None:
    assert set(STEPS) == set(ActionState)
    assert all(state not in following and following for state, following in STEPS.items())


def test_everything_wrong_with_an_action_is_named_at_once(database: Database, place: Any) -> None:
    wrong = facts(track="x", title="", goal="y" * 2001, due_on=date(1, 1, 1), owner_organisation="")
    with database.writing() as session, pytest.raises(InvalidError) as refused:
        actions.plan_action(session, place.lead, place.let, wrong)
    assert [fault.where for fault in refused.value.faults] == ["title", "goal", "track", "owner", "due_on"]


def test_owners_and_alliances_of_others_cannot_be_chosen(database: Database, place: Any) -> None:
    with database.writing() as session:
        stranger = curriculum.add_member(session, place.other_lead, place.other_let, partner("Far"))
        with pytest.raises(InvalidError) as refused:
            actions.plan_action(
                session,
                place.lead,
                place.let,
                facts(owner=stranger.token, owner_organisation="", alliance="elsewhere"),
            )
        assert [fault.where for fault in refused.value.faults] == ["owner", "alliance"]


def test_foreign_plans_do_not_exist(database: Database, place: Any) -> None:
    with database.writing() as session:
        action = actions.plan_action(session, place.lead, place.let, facts())
        with pytest.raises(NotFoundError):
            actions.plan_action(session, place.other_lead, place.let, facts())
        with pytest.raises(NotFoundError):
            actions.find_own_action(session, place.other_lead, place.let, action.token)
        with pytest.raises(NotFoundError):
            actions.move_action(session, place.other_lead, action, "done")
        with pytest.raises(NotFoundError):
            actions.edit_action(session, place.other_lead, action, facts(), 1)
        with pytest.raises(NotFoundError):
            actions.plan_action(session, place.teacher, place.let, facts())


def test_the_second_of_two_who_change_an_action_is_told(database: Database, place: Any) -> None:
    with database.writing() as session:
        action = actions.plan_action(session, place.lead, place.let, facts())
        actions.edit_action(session, place.lead, action, facts(title="First"), 1)
        with pytest.raises(StaleError):
            actions.edit_action(session, place.lead, action, facts(title="Second"), 1)
        assert action.title == "First"


def test_a_plan_shows_unfinished_actions_first_by_date(database: Database, place: Any) -> None:
    with database.writing() as session:
        late = actions.plan_action(session, place.lead, place.let, facts(title="late"))
        soon = actions.plan_action(
            session, place.lead, place.let, facts(title="soon", due_on=date(2026, 12, 1))
        )
        done = actions.plan_action(
            session, place.lead, place.let, facts(title="done", due_on=date(2026, 11, 1))
        )
        actions.move_action(session, place.lead, done, "done")
        assert [one.id for one in actions.plan_of(session, place.let).rows] == [soon.id, late.id, done.id]
        assert [one.id for one in actions.plan_of(session, place.let, state="done").rows] == [done.id]
        assert actions.state_counts(session, place.let) == {"open": 2, "done": 1}


def test_members_of_the_alliance_see_its_actions_but_no_person(
    visit: Visit, database: Database, place: Any
) -> None:
    with database.writing() as session:
        owner = curriculum.add_member(session, place.lead, place.let, partner("Lieke Weaver"))
        shared = {
            "owner": owner.token,
            "owner_organisation": "",
            "alliance": "friesland",
            "title": "Shared one",
        }
        actions.plan_action(session, place.lead, place.let, facts(**shared))
        actions.plan_action(session, place.lead, place.let, facts(title="Only ours"))
    page = visit("member").get("/alliances/friesland/plan")
    assert page.status_code == 200
    assert "Shared one" in page.text
    assert "LET Friesland" in page.text
    assert "Lieke" not in page.text
    assert "Only ours" not in page.text
    assert visit("other").get("/alliances/friesland/plan").status_code == 404
    assert visit().get("/alliances/friesland/plan").status_code == 302
    assert "What teams do" in visit("member").get("/alliances/friesland").text
    assert "What teams do" not in visit().get("/alliances/friesland").text


def test_an_empty_plan_teaches_and_a_planned_action_is_shown_as_text(visit: Visit) -> None:
    lead = visit("lead")
    assert lead.get("/plans").location == "/teams/friesland/plan"
    assert "The plan is empty" in lead.get("/teams/friesland/plan").text
    assert lead.post("/teams/friesland/plan/new", data=TYPED).status_code == 302
    page = lead.get("/teams/friesland/plan")
    assert "Repair &lt;b&gt;service" in page.text
    assert "<b>service" not in page.text
    assert "Dye garden" in page.text


def test_wrong_input_keeps_what_was_typed(visit: Visit) -> None:
    lead = visit("lead")
    wrong = TYPED | {
        "title": "",
        "due_on": "2027-13-45",
        "owner_organisation": "Kept owner",
        "track": "x" * 9,
    }
    answer = lead.post("/teams/friesland/plan/new", data=wrong)
    assert answer.status_code == 422
    assert "Kept owner" in answer.text
    assert "2027-13-45" in answer.text
    assert "Please fill this in." in answer.text
    for strange in ({"title": "a\x07b"}, {"goal": "x" * 100_000}, {"due_on": "9" * 400}, {"owner": "nobody"}):
        assert lead.post("/teams/friesland/plan/new", data=TYPED | strange).status_code == 422
    for strange in ("title=%ED%A0%80", "title=%00", "track=a&track=b", "due_on=%FF"):
        answer = lead.post(
            "/teams/friesland/plan/new", data=strange, content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code in {400, 422}


def test_dropping_without_reason_on_the_page_asks_for_one(
    visit: Visit, database: Database, place: Any
) -> None:
    with database.writing() as session:
        action = actions.plan_action(session, place.lead, place.let, facts())
    address = f"/teams/friesland/plan/{action.token}"
    lead = visit("lead")
    refused = lead.post(f"{address}/step", data={"to": "dropped"})
    assert refused.status_code == 422
    assert "Say why it is dropped" in refused.text
    assert lead.post(f"{address}/step", data={"to": "dropped", "reason": "No money"}).status_code == 302
    assert "No money" in lead.get(address).text
    for person in ("other", "member"):
        assert visit(person).get(address).status_code in {403, 404}


def test_two_people_on_one_action_see_a_field_by_field_merge(
    visit: Visit, database: Database, place: Any
) -> None:
    with database.writing() as session:
        action = actions.plan_action(session, place.lead, place.let, facts())
    address, lead = f"/teams/friesland/plan/{action.token}", visit("lead")
    assert lead.post(address, data=TYPED | {"title": "Theirs", "revision": "1"}).status_code == 302
    stale = lead.post(address, data=TYPED | {"title": "Mine", "revision": "1"})
    assert stale.status_code == 422
    assert "Saved meanwhile: “Theirs”" in stale.text
    assert 'value="Mine"' in stale.text
    assert 'name="revision" type="hidden" value="2"' in stale.text
    assert lead.post(address, data=TYPED | {"title": "Mine", "revision": "2"}).status_code == 302
    with database.reading() as session:
        assert session.get_one(Action, action.id).title == "Mine"


def test_the_table_reads_back_and_holds_no_formula(visit: Visit) -> None:
    lead = visit("lead")
    lead.post("/teams/friesland/plan/new", data=TYPED)
    table = lead.get("/teams/friesland/plan.csv")
    assert table.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [(row["action"], row["owner"], row["due"], row["state"]) for row in rows] == [
        ("'=Repair <b>service</b>", "Dye garden", "2027-06-30", "open")
    ]
    paper = lead.get("/teams/friesland/plan/print")
    assert "Ten repairs sold." in paper.text
    assert "Nothing is planned on this track." in paper.text
    for address in ("plan", "plan.csv", "plan/print", "plan/new"):
        assert visit("other").get(f"/teams/friesland/{address}").status_code == 404
