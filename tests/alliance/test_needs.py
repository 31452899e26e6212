"""Industry needs: who logs and changes them, companies named only by agreement, and the matrix of what answers them."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from badge_service.alliance import actions
from badge_service.alliance.rules import MOST_ITEMS, NeedFacts
from badge_service.alliance.tables import IndustryNeed, NeedItem
from badge_service.curriculum.actions.frameworks import load_shipped_frameworks
from badge_service.curriculum.actions.publishing import withdraw
from badge_service.curriculum.tables import DefinitionTranslation, FrameworkItem, VersionAlignment
from badge_service.errors import InvalidError, NotFoundError
from badge_service.storage.revisions import StaleError
from badge_service.storage.session import Database
from badge_service.storage.tables import AuditEntry

Visit = Callable[..., FlaskClient]
TYPED = {
    "organisation": "museum",
    "title": "Hands that <b>mend</b> knitwear",
    "text": "Two people who can repair jumpers.",
    "language": "en",
    "who": "own",
    "company": "",
}


def facts(**changes: object) -> NeedFacts:
    values = {"title": "Menders", "text": "Two people who can repair jumpers.", "language": "en"}
    return NeedFacts(**(values | changes))  # type: ignore[arg-type]


def logged(session: Session, place: Any, targets: tuple[str, ...] = (), **changes: object) -> IndustryNeed:
    need = actions.log_need(session, place.member, place.alliance, place.museum, facts(**changes))
    session.add_all(NeedItem(need_id=need.id, target_url=one) for one in set(targets))
    session.flush()
    return need


@pytest.fixture
def items(database: Database) -> list[str]:
    """The targets of 14 items of a framework that comes with the service."""
    with database.writing() as session:
        load_shipped_frameworks(session)
        found = select(FrameworkItem.target_url).where(FrameworkItem.target_url != "").distinct()
        return list(session.scalars(found.order_by(FrameworkItem.target_url).limit(14)))


def test_members_and_leads_with_a_seat_log_needs_and_nobody_else(database: Database, place: Any) -> None:
    with database.writing() as session:
        need = logged(session, place)
        assert (need.logged_by, need.logger_role, need.state) == ("key-3", "alliance_member", "open")
        actions.log_need(session, place.lead, place.alliance, place.school, facts())
        for viewer, organisation in (
            (place.member, place.school),
            (place.teacher, place.school),
            (place.other_lead, place.school),
        ):
            with pytest.raises(NotFoundError):
                actions.log_need(session, viewer, place.alliance, organisation, facts())


def test_a_member_changes_own_needs_a_lead_all_of_the_alliance(database: Database, place: Any) -> None:
    with database.writing() as session:
        ours = logged(session, place)
        theirs = actions.log_need(session, place.lead, place.alliance, place.school, facts())
        assert actions.may_change_need(session, place.lead, ours)
        assert actions.may_change_need(session, place.member, ours)
        assert not actions.may_change_need(session, place.member, theirs)
        assert not actions.may_change_need(session, place.teacher, theirs)
        assert not actions.may_change_need(session, place.other_lead, ours)
        with pytest.raises(NotFoundError):
            actions.set_need_state(session, place.member, theirs, "closed")
        with pytest.raises(NotFoundError):
            actions.edit_need(session, place.other_lead, ours, facts(), 1)
        actions.edit_need(session, place.lead, ours, facts(title="New"), 1)
        with pytest.raises(StaleError):
            actions.edit_need(session, place.member, ours, facts(title="Newer"), 1)


def test_a_company_is_named_only_with_its_agreement(database: Database, place: Any) -> None:
    with database.writing() as session:
        for wrong, where in (
            ({"for_company": True, "company": "Wool Ltd"}, "company_agreed"),
            ({"company": "Wool Ltd", "company_agreed": True}, "company"),
        ):
            with pytest.raises(InvalidError) as refused:
                logged(session, place, **wrong)
            assert [fault.where for fault in refused.value.faults] == [where]
        need = logged(session, place, for_company=True, company="Wool Ltd", company_agreed=True)
        assert str(need.company_agreed_on) == "2026-11-21"
        actions.edit_need(session, place.member, need, facts(for_company=True), 1)
        assert (need.company, need.company_agreed_on) == ("", None)


def test_every_deed_is_in_the_audit_log(database: Database, place: Any, items: list[str]) -> None:
    with database.writing() as session:
        need = logged(session, place)
        actions.add_need_item(session, place.member, need, items[0])
        actions.remove_need_item(session, place.member, need, items[0])
        actions.set_need_state(session, place.member, need, "answered")
        with pytest.raises(InvalidError):
            actions.set_need_state(session, place.member, need, "nonsense")
        actions.set_need_state(session, place.member, need, "closed")
        query = select(AuditEntry.action).where(AuditEntry.subject == f"need:{need.token}")
        assert session.scalars(query.order_by(AuditEntry.id)).all() == [
            "need.log",
            "need.add_item",
            "need.remove_item",
            "need.state",
            "need.state",
        ]


def test_only_items_of_frameworks_and_not_too_many(database: Database, place: Any, items: list[str]) -> None:
    with database.writing() as session:
        need = logged(session, place)
        with pytest.raises(NotFoundError):
            actions.add_need_item(session, place.member, need, "https://nowhere.example/skill")
        for one in items[:MOST_ITEMS]:
            actions.add_need_item(session, place.member, need, one)
        actions.add_need_item(session, place.member, need, items[0])
        with pytest.raises(InvalidError, match="at most"):
            actions.add_need_item(session, place.member, need, items[MOST_ITEMS])
        assert actions.targets_of(session, [need]) == {need.id: sorted(items[:MOST_ITEMS])}


TARGETS = st.frozensets(st.sampled_from([f"https://skills.example/{number}" for number in range(6)]))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TARGETS, max_size=6), st.lists(TARGETS, max_size=5), st.data())
def test_coverage_is_what_counting_by_hand_gives(
    database: Database,
    place: Any,
    publish_naming: Any,
    wanted: list[frozenset[str]],
    taught: list[frozenset[str]],
    data: st.DataObject,
) -> None:
    closed = data.draw(st.sets(st.integers(0, 5)))
    with database.open(writing=True) as session:  # closed without a commit: nothing of one example is left
        needs = [logged(session, place, tuple(one)) for one in wanted]
        badges = [
            publish_naming(session, f"TST-{number}", one).definition_id for number, one in enumerate(taught)
        ]
        for number in closed & set(range(len(needs))):
            actions.set_need_state(session, place.member, needs[number], "closed")
        standing = [number for number in range(len(needs)) if number not in closed]
        expected = {
            (needs[n].id, badges[b]): (len(wanted[n] & taught[b]), len(wanted[n]))
            for n in standing
            for b in range(len(taught))
            if wanted[n] & taught[b]
        }
        answers = Counter(need for need, _definition in expected)
        listed = actions.needs_by_coverage(session, place.alliance).rows
        found = actions.hits(session, listed)
        assert {(one.need_id, one.definition_id): (one.shared, one.asked) for one in found} == expected
        assert len(found) == len(expected)
        gaps = {needs[n].id for n in standing if not answers[needs[n].id]}
        overlaps = {need for need, count in answers.items() if count >= 3}
        shown = {
            which: {one.id for one in actions.needs_by_coverage(session, place.alliance, shown=which).rows}
            for which in actions.SHOWN
        }
        assert shown == {"all": {needs[n].id for n in standing}, "gaps": gaps, "overlaps": overlaps}
        untaught = {one for n in standing for one in wanted[n]} - {one for each in taught for one in each}
        assert set(actions.untaught_items(session, place.alliance).rows) == untaught
        total = actions.coverage_sum(session, place.alliance)
        assert (total.needs, total.gaps, total.overlaps, total.untaught) == (
            len(standing),
            len(gaps),
            len(overlaps),
            len(untaught),
        )
        rows = [
            (need.id, hit and (hit.definition_id, hit.shared))
            for need, hit, _answer in actions.coverage_rows(session, place.alliance)
        ]
        assert sorted(need for need, hit in rows if hit is None) == sorted(gaps)
        assert {(need, hit[0]): hit[1] for need, hit in rows if hit} == {
            pair: shared for pair, (shared, _asked) in expected.items()
        }


def test_only_the_newest_published_version_of_a_definition_answers(
    database: Database, place: Any, publish_naming: Any
) -> None:
    with database.writing() as session:
        need = logged(session, place, ("https://skills.example/1",))
        version = publish_naming(session, "TST-1", ["https://skills.example/1"])
        assert [hit.is_whole for hit in actions.hits(session, [need])] == [True]
        assert actions.needs_answered_by(session, version.id) == [(need, 1)]
        withdraw(session, place.lead, version.id, reason="Nobody teaches it any more.")
        assert actions.hits(session, [need]) == []


def test_a_translation_is_no_second_answer_while_its_original_is_one(
    database: Database, place: Any, publish_naming: Any
) -> None:
    with database.writing() as session:
        need = logged(session, place, ("https://skills.example/1",))
        original = publish_naming(session, "TST-1", ["https://skills.example/1"])
        translated = publish_naming(session, "TST-1-NL", ["https://skills.example/1"])
        link = {"definition_id": translated.definition_id, "original_id": original.definition_id}
        session.add(DefinitionTranslation(**link))
        session.flush()
        assert [hit.definition_id for hit in actions.hits(session, [need])] == [original.definition_id]
        withdraw(session, place.lead, original.id, reason="Nobody teaches it any more.")
        assert [hit.definition_id for hit in actions.hits(session, [need])] == [translated.definition_id]


def test_a_page_of_the_matrix_asks_the_same_number_of_questions_however_long_it_is(
    database: Database, place: Any, publish_naming: Any, visit: Visit
) -> None:
    counted: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        counted.append(statement)

    def asked() -> int:
        counted.clear()
        assert visit("member").get("/alliances/friesland/coverage").status_code == 200
        return len(counted)

    with database.writing() as session:
        logged(session, place, ("https://skills.example/1",))
        publish_naming(session, "TST-1", ["https://skills.example/1"])
    event.listen(database._reading, "before_cursor_execute", count)
    few = asked()
    with database.writing() as session:
        for number in range(30):
            logged(session, place, (f"https://skills.example/{number % 4}",))
            publish_naming(session, f"TST-{number + 2}", [f"https://skills.example/{number % 4}"])
    assert asked() == few


def test_the_join_of_the_matrix_goes_through_indexes(database: Database) -> None:
    join = (
        "SELECT n.need_id, l.definition_id, count(DISTINCT n.target_url) FROM need_items n"
        " JOIN version_alignments a ON a.target_url = n.target_url JOIN listed_versions l ON l.id = a.version_id"
        " WHERE l.in_catalogue AND n.need_id IN (1, 2, 3) GROUP BY n.need_id, l.definition_id"
    )
    with database.reading() as session:
        if database.is_sqlite:
            steps = [row.detail for row in session.execute(text(f"EXPLAIN QUERY PLAN {join}"))]
        else:  # it reads small tables whole unless asked not to
            session.execute(text("SET LOCAL enable_seqscan = off"))
            steps = list(session.scalars(text(f"EXPLAIN {join}")))
    assert steps
    assert not [step for step in steps if step.startswith("SCAN") or "Seq Scan" in step]


def test_the_public_page_says_which_badges_answer_which_need(
    visit: Visit, database: Database, place: Any, publish_naming: Any, items: list[str]
) -> None:
    assert "No need is logged yet" in visit().get("/alliances/friesland/needs").text
    member = visit("member")
    address = member.post("/alliances/friesland/needs/new", data=TYPED).location.partition("#")[0]
    assert "No badge answers this yet." in visit().get("/alliances/friesland/needs").text
    for one in items[:2]:
        assert member.post(f"{address}/items", data={"add": one}).status_code == 302
    with database.writing() as session:
        version = publish_naming(session, "TST-1", items[:1])
    page = visit().get("/alliances/friesland/needs").text
    assert "Badge TST-1" in page
    assert "1 of 2 skills" in page
    assert "Hands that &lt;b&gt;mend" in page
    assert "<b>mend" not in page
    assert "Log a need" not in page
    achievement = visit().get(f"/achievements/{version.definition.slug}/{version.version}").text
    assert "Which needs it answers" in achievement
    assert "one shared skill" in achievement
    member.post(f"{address}/state", data={"to": "closed"})
    assert "Hands that" not in visit().get("/alliances/friesland/needs").text
    assert "Hands that" in visit().get("/alliances/friesland/needs?closed=yes").text


def test_a_company_that_did_not_agree_is_a_company_of_the_region(visit: Visit) -> None:
    member = visit("member")
    unnamed = TYPED | {"who": "company", "title": "Unnamed wish"}
    named = TYPED | {"who": "company", "company": "Wool & Sons", "title": "Named wish"}
    assert member.post("/alliances/friesland/needs/new", data=unnamed).status_code == 302
    refused = member.post("/alliances/friesland/needs/new", data=named)
    assert refused.status_code == 422
    assert "Tick that the company agreed" in refused.text
    agreed = named | {"company_agreed": "y"}
    assert member.post("/alliances/friesland/needs/new", data=agreed).status_code == 302
    page = visit().get("/alliances/friesland/needs").text
    assert "a company of the region" in page
    assert "Wool &amp; Sons" in page


def test_items_are_found_by_search_and_added_by_button(visit: Visit, items: list[str], place: Any) -> None:
    member = visit("member")
    address = member.post("/alliances/friesland/needs/new", data=TYPED).location.partition("#")[0]
    page = member.get(f"{address}?q=sustainability")
    assert page.status_code == 200
    assert 'name="add"' in page.text
    assert 'name="add"' not in visit().get(f"{address}?q=sustainability").text
    for strange in ("%ED%A0%80", "x" * 100_000, "%F0%9F%A6%84", "AND+OR+NEAR(", '"'):
        assert member.get(f"{address}?q={strange}").status_code == 200
    assert member.post(f"{address}/items", data={"add": "https://nowhere.example"}).status_code == 404
    assert member.post(f"{address}/items", data={"remove": "https://nowhere.example"}).status_code == 404
    for person in ("other", "teacher", ""):
        answer = visit(person).post(f"{address}/items", data={"add": items[0]})
        assert answer.status_code in {401, 403, 404}


def test_wrong_input_says_everything_and_keeps_it(visit: Visit) -> None:
    member = visit("member")
    wrong = TYPED | {"title": "", "text": "x" * 3001, "language": "??", "company": "Kept Ltd"}
    refused = member.post("/alliances/friesland/needs/new", data=wrong)
    assert refused.status_code == 422
    assert "Kept Ltd" in refused.text
    assert "Please fill this in." in refused.text
    assert "3000 is the most" in refused.text
    address = member.post("/alliances/friesland/needs/new", data=TYPED).location.partition("#")[0]
    assert member.post(f"{address}/state", data={"to": "nonsense"}).status_code == 400
    assert (
        member.post(f"{address}/edit", data=TYPED | {"title": "Theirs", "revision": "1"}).status_code == 302
    )
    stale = member.post(f"{address}/edit", data=TYPED | {"title": "Mine", "revision": "1"})
    assert stale.status_code == 422
    assert "Saved meanwhile: “Theirs”" in stale.text
    assert visit("other").get(f"{address}/edit").status_code == 404


def test_the_matrix_and_its_table_are_for_those_with_a_seat(
    visit: Visit, database: Database, place: Any, publish_naming: Any
) -> None:
    assert "No need is logged yet" in visit("member").get("/alliances/friesland/coverage").text
    assert visit("member").get("/needs").location == "/alliances/friesland/coverage"
    with database.writing() as session:
        logged(session, place, ("https://skills.example/1", "https://skills.example/2"), title="=Answered")
        logged(session, place, ("https://skills.example/9",), title="Gap")
        publish_naming(session, "TST-1", ["https://skills.example/1"])
    page = visit("lead").get("/alliances/friesland/coverage").text
    assert "1 of 2" in page
    assert "https://skills.example/9" in page
    assert "Needed, and taught nowhere" in page
    gaps = visit("lead").get("/alliances/friesland/coverage?shown=gaps").text
    assert ">Gap<" in gaps
    assert ">=Answered<" not in gaps
    table = visit("member").get("/alliances/friesland/coverage.csv")
    rows = [
        (row["need"], row["code"], row["shared items"]) for row in csv.DictReader(io.StringIO(table.text))
    ]
    assert rows == [("'=Answered", "TST-1", "1"), ("Gap", "", "0")]
    for address in ("coverage", "coverage.csv", "needs/new"):
        assert visit("other").get(f"/alliances/friesland/{address}").status_code == 404
    assert visit("member").get("/alliances/friesland/coverage?page=999999999999&shown=x").status_code == 200


def test_a_level_that_both_have_answers_no_need(
    database: Database, place: Any, publish_naming: Any, items: list[str]
) -> None:
    level = "http://data.europa.eu/snb/eqf/3"
    with database.writing() as session:
        need = logged(session, place, (level, items[0]))
        version = publish_naming(session, "TST-1", [])
        version.named_targets = [VersionAlignment(target_url=level, generated=True)]
        session.flush()
        assert actions.hits(session, [need]) == []
        assert actions.needs_answered_by(session, version.id) == []
        assert actions.coverage_sum(session, place.alliance).gaps == 1
        assert list(actions.untaught_items(session, place.alliance).rows) == [items[0]]
        publish_naming(session, "TST-2", [items[0]])
        assert [(hit.shared, hit.asked) for hit in actions.hits(session, [need])] == [(1, 2)]
        assert actions.coverage_sum(session, place.alliance).gaps == 0
