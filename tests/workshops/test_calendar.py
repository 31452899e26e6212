"""The topic calendar shows what is done about each topic by round and month, shows gaps, and lists nobody."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from badge_service.alliance import actions as alliance_actions
from badge_service.alliance.rules import State
from badge_service.curriculum.rules.vocabulary import CATEGORIES
from badge_service.people.rules import NOBODY
from badge_service.storage.session import Database
from badge_service.workshops import actions
from badge_service.workshops.rules import calendar as rules
from badge_service.workshops.rules.calendar import Entry

from .conftest import FACTS, TODAY, Site, World


def entry(title: str, iteration: int | None, *topics: str, day: date = TODAY) -> Entry:
    return Entry("t", title, "en", day, "planned", iteration, topics)


def shown(rows: tuple[rules.TopicRow, ...]) -> dict[str, list[list[str]]]:
    return {
        row.topic: [[one.title for one in cell] for cell in row.cells] for row in rows if not row.is_empty
    }


def test_every_topic_has_its_row_and_empty_cells_stay() -> None:
    entries = [
        entry("Baskets", 1, "craft_technique"),
        entry("Printed handles", 3, "digital_innovation", "craft_technique"),
        entry("Meeting", None),
    ]
    columns = rules.rounds_in(entries)
    assert columns == ("1", "2", "3", "")
    rows = rules.topic_rows(entries, columns, rules.round_of)
    assert [row.topic for row in rows] == [*CATEGORIES, ""]
    assert shown(rows) == {
        "craft_technique": [["Baskets"], [], ["Printed handles"], []],
        "digital_innovation": [[], [], ["Printed handles"], []],
        "": [[], [], [], ["Meeting"]],
    }
    assert len(rules.topic_rows(entries[:2], columns, rules.round_of)) == len(CATEGORIES)
    assert rules.rounds_in([entry("x", 99)]) == ("94", "95", "96", "97", "98", "99")
    assert rules.rounds_in([]) == ()


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "9999-12", "1999-01", "x" * 9000, "2026-1１"])
def test_the_months_begin_before_today_unless_a_month_is_asked_for(text: str) -> None:
    assert rules.month_asked(text, date(2026, 1, 15)) == date(2025, 12, 1)
    months = rules.months_from(rules.month_asked("2026-09", TODAY))
    assert (months[0], months[-1]) == (date(2026, 9, 1), date(2027, 2, 1))


def test_topics_are_those_that_are_named_and_those_that_are_taught(world: World) -> None:
    session = world.session
    world.published.category = "craft_technique"
    world.workshop(title="Baskets")
    off = world.workshop(title="Called off")
    actions.move_on(session, world.teacher, off, State.CANCELLED)
    later = TODAY + timedelta(days=40)
    named = ("sustainable_fashion", "craft_technique")
    facts = replace(FACTS, kind="meeting", title="Meeting", topics=named, starts_on=later, ends_on=later)
    alliance_actions.create_activity(session, world.teacher, world.alliance, world.school, facts)
    foreign = replace(facts, title="Of the others", topics=())
    alliance_actions.create_activity(
        session, world.foreign_teacher, world.alliance, world.other_school, foreign
    )

    def found(**asked: object) -> list[tuple[str, int | None, tuple[str, ...]]]:
        entries = actions.calendar_entries(session, world.alliance, **asked)  # type: ignore[arg-type]
        return [(one.title, one.iteration, one.topics) for one in entries]

    own = [("Baskets", 1, ("craft_technique",)), ("Meeting", None, tuple(sorted(named)))]
    assert found(organisation=world.school) == own
    assert found() == [*own, ("Of the others", None, ())]
    assert found(since=TODAY, before=later) == own[:1]


def test_everybody_reads_the_calendar_and_it_lists_nobody(site: Site, database: Database) -> None:
    with database.writing() as session:
        site.world.session = session
        session.merge(site.world.published).category = "craft_technique"
    address = "/workshops/calendar/central-bulgaria"
    page = site.be(NOBODY).get(address).text
    assert "Willow basics" in page and "Round 1" in page
    assert "Nothing here yet about:</strong> Sustainable fashion" in page
    assert "Teacher" not in page.replace("Teachers as coaches", "")
    assert "Willow basics" not in site.be(NOBODY).get(f"{address}?organisation=other-school").text
    months = site.be(NOBODY).get(f"{address}?by=month&from=2026-09&organisation=nobody").text
    assert "November 2026" in months and "Willow basics" in months
    assert "Willow basics" not in site.be(NOBODY).get(f"{address}?by=month&from=2027-09").text
    assert site.be(NOBODY).get("/workshops/calendar/nowhere").status_code == 404
    assert f'href="{address}"' in site.be(NOBODY).get("/alliances/central-bulgaria").text
    assert f"{address}?organisation=craft-school" in site.be(site.world.teacher).get("/workshops").text


def test_the_calendar_takes_as_many_statements_for_many_as_for_one(site: Site, database: Database) -> None:
    def statements() -> int:
        seen: list[str] = []
        listen = (database.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        event.listen(*listen)
        site.be(NOBODY).get("/workshops/calendar/central-bulgaria")
        event.remove(*listen)
        return len(seen)

    one = statements()
    with database.writing() as session:
        world = replace(site.world, session=session, alliance=session.merge(site.world.alliance))
        world.school, world.published = session.merge(world.school), session.merge(world.published)
        for _ in range(9):
            world.workshop()
    assert statements() == one
