"""Co-creation sessions: planned with their activity, rights agreed in versions, the public page that lists nobody."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from badge_service.alliance import actions
from badge_service.alliance.rules import ActivityFacts, CoCreationFacts, sectors_bridged
from badge_service.alliance.tables import CoCreationSession
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.storage.revisions import StaleError
from badge_service.storage.session import Database

Visit = Callable[..., FlaskClient]
DAY = date(2026, 11, 20)
TYPED = {
    "host": "friesland:school",
    "title": "A handle of saw dust",
    "partners": "Kiln company",
    "challenge": "How can a handle be made of <b>saw dust</b>?",
    "roles": "Makers: sketch three handles\nLearners: test them",
    "summary": "An afternoon at the kiln.",
    "starts_on": "2026-11-20",
    "ends_on": "",
    "place": "Leeuwarden",
    "language": "en",
    "sectors": ["craft", "manufacturing"],
    "outputs": "",
}


def activity(**changes: object) -> ActivityFacts:
    values = {
        "kind": "meeting",
        "title": "A handle of saw dust",
        "summary": "An afternoon at the kiln.",
        "place": "Leeuwarden",
        "language": "en",
        "starts_on": DAY,
        "ends_on": DAY,
        "partners": ("Kiln company",),
    }
    return ActivityFacts(**(values | changes))  # type: ignore[arg-type]


def facts(**changes: object) -> CoCreationFacts:
    values = {
        "challenge": "How can a handle be made of saw dust?",
        "roles": ("Makers: sketch three handles",),
        "outputs": "",
        "sectors": ("craft", "manufacturing", "craft"),
    }
    return CoCreationFacts(**(values | changes))  # type: ignore[arg-type]


def planned(session: Session, place: Any) -> CoCreationSession:
    return actions.plan_co_creation(
        session, place.lead, place.let, place.alliance, place.school, activity(), facts()
    )


def test_a_session_is_an_activity_so_that_evidence_and_public_page_exist_once(
    database: Database, place: Any
) -> None:
    with database.writing() as session:
        found = planned(session, place)
        assert found.activity.kind == "co_creation_session"
        assert found.activity.partners == ["Kiln company"]
        assert actions.co_creation_of(session, found.activity) is found
        listed = actions.activities_of(session, place.alliance, past=True).rows
        assert [one.id for one in listed] == [found.activity_id]
        assert sectors_bridged(found.sectors) == 2


def test_everything_wrong_with_both_sides_is_named_at_once_and_nothing_is_planned(
    database: Database, place: Any
) -> None:
    with database.writing() as session, pytest.raises(InvalidError) as refused:
        actions.plan_co_creation(
            session,
            place.lead,
            place.let,
            place.alliance,
            place.school,
            activity(title="", partners=()),
            facts(challenge=" ", roles=(), sectors=("magic",)),
        )
    wrong = [fault.where for fault in refused.value.faults]
    assert wrong == ["title", "challenge", "roles", "partners", "sectors"]
    with database.reading() as session:
        assert actions.activities_of(session, place.alliance, past=True).total == 0


def test_who_agreed_is_kept_for_each_version_of_the_text(database: Database, place: Any) -> None:
    with database.writing() as session:
        found = planned(session, place)
        with pytest.raises(NotFoundError):
            actions.record_assent(session, place.lead, found, 1, "Kiln company", DAY)
        first = actions.write_agreement(session, place.lead, found, "All may use it.")
        assert actions.write_agreement(session, place.lead, found, " All may use it. ").id == first.id
        actions.record_assent(session, place.teacher, found, 1, "Kiln company", DAY)
        actions.record_assent(session, place.lead, found, 1, " Kiln  company ", DAY)
        second = actions.write_agreement(session, place.lead, found, "The company may sell it.")
        with pytest.raises(ConflictError):
            actions.record_assent(session, place.lead, found, 1, "Class 9b", DAY)
        seen = actions.agreements_of(session, found)
        assert [(one.version, [assent.party for assent in assents]) for one, assents in seen] == [
            (2, []),
            (1, ["Kiln company"]),
        ]
        assert actions.newest_agreement(session, found) is second
        assert actions.count_assents(session, first) == 1


def test_what_was_agreed_is_never_rewritten(database: Database, place: Any) -> None:
    with database.writing() as session:
        actions.write_agreement(session, place.lead, planned(session, place), "All may use it.")
    with pytest.raises(DatabaseError, match="never rewritten"), database.writing() as session:
        session.execute(text("UPDATE rights_agreements SET text = 'The school owns it.'"))


@pytest.mark.parametrize(
    ("party", "day"), [("", DAY), ("x", None), ("x", date(2027, 1, 1)), ("x" * 161, DAY)]
)
def test_an_assent_needs_a_party_and_a_day_that_has_been(
    database: Database, place: Any, party: str, day: date | None
) -> None:
    with database.writing() as session:
        found = planned(session, place)
        actions.write_agreement(session, place.lead, found, "All may use it.")
        with pytest.raises(InvalidError) as refused:
            actions.record_assent(session, place.lead, found, 1, party, day)
        assert len(refused.value.faults) == 1


def test_two_versions_written_at_once_are_two_versions(database: Database, place: Any) -> None:
    with database.writing() as session:
        found = planned(session, place)

    def write(words: str) -> None:
        with database.writing() as session:
            own = session.get_one(CoCreationSession, found.id)
            actions.write_agreement(session, place.lead, own, words)

    threads = [threading.Thread(target=write, args=(words,)) for words in ("One text.", "Another text.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        seen = actions.agreements_of(session, session.get_one(CoCreationSession, found.id))
        assert [one.version for one, _assents in seen] == [2, 1]
        assert {one.text for one, _assents in seen} == {"One text.", "Another text."}


def test_foreign_sessions_do_not_exist(database: Database, place: Any) -> None:
    with database.writing() as session:
        found = planned(session, place)
        for stranger in (place.other_lead, place.member):
            with pytest.raises(NotFoundError):
                actions.find_own_co_creation(session, stranger, found.activity.token)
            with pytest.raises(NotFoundError):
                actions.write_agreement(session, stranger, found, "Mine.")
            with pytest.raises(NotFoundError):
                actions.edit_co_creation(session, stranger, found, activity(), facts(), 1)
        with pytest.raises(NotFoundError):
            actions.plan_co_creation(
                session, place.other_lead, place.let, place.alliance, place.school, activity(), facts()
            )


def test_the_second_of_two_who_change_a_session_is_told(database: Database, place: Any) -> None:
    with database.writing() as session:
        found = planned(session, place)
        actions.edit_co_creation(session, place.lead, found, activity(title="New"), facts(outputs="Two"), 1)
        with pytest.raises(StaleError):
            actions.edit_co_creation(session, place.lead, found, activity(), facts(), 1)
        assert (found.activity.title, found.outputs) == ("New", "Two")


def test_the_public_page_tells_the_challenge_and_how_many_agreed_but_not_who(
    visit: Visit, database: Database
) -> None:
    lead = visit("lead")
    assert "No session yet" in lead.get("/teams/friesland/co-creation").text
    desk = lead.post("/teams/friesland/co-creation/new", data=TYPED).location
    assert (
        lead.post(f"{desk}/agreement", data={"text": "All may <script>use</script> it."}).status_code == 302
    )
    assent = {"version": "1", "party": "Kiln company of Joure", "agreed_on": "2026-11-20"}
    assert lead.post(f"{desk}/assent", data=assent).status_code == 302
    page = lead.get(desk)
    assert "Kiln company of Joure agreed on 20 November 2026" in page.text
    assert "<script>use" not in page.text
    public = visit().get(desk.replace("/co-creation/", "/activities/")).text
    assert "How can a handle be made of" in public
    assert "<b>saw dust" not in public
    assert "2 fields of work met here" in public
    assert "version 1, one side agreed" in public
    assert "Joure" not in public
    assert "Makers: sketch three handles" in public


def test_wrong_input_and_strangers_get_nowhere(visit: Visit) -> None:
    lead = visit("lead")
    wrong = TYPED | {"challenge": "", "starts_on": "never", "sectors": ["magic"], "roles": "Kept role"}
    refused = lead.post("/teams/friesland/co-creation/new", data=wrong)
    assert refused.status_code == 422
    assert "Kept role" in refused.text
    assert "Please fill this in." in refused.text
    desk = lead.post("/teams/friesland/co-creation/new", data=TYPED).location
    assert lead.post(f"{desk}/agreement", data={"text": "x" * 20_001}).status_code == 422
    lead.post(f"{desk}/agreement", data={"text": "All may use it."})
    odd = {"version": "9" * 30, "party": "x", "agreed_on": "2026-11-20"}
    assert lead.post(f"{desk}/assent", data=odd).status_code == 409
    assert lead.post(f"{desk}/assent", data={"version": "1"}).status_code == 422
    for verb, address in (("get", desk), ("get", f"{desk}/edit"), ("post", f"{desk}/agreement")):
        assert getattr(visit("other"), verb)(address).status_code == 404
    assert visit("teacher").get(desk).status_code == 200


def test_a_changed_session_is_kept_when_its_page_was_stale(visit: Visit) -> None:
    lead = visit("lead")
    desk = lead.post("/teams/friesland/co-creation/new", data=TYPED).location
    assert lead.post(f"{desk}/edit", data=TYPED | {"outputs": "A sketch", "revision": "1"}).status_code == 302
    stale = lead.post(f"{desk}/edit", data=TYPED | {"outputs": "A plan", "revision": "1"})
    assert stale.status_code == 422
    assert "Saved meanwhile: “A sketch”" in stale.text
    assert "A plan" in stale.text
