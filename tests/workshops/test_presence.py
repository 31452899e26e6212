"""Who was there on which day: everybody but the exceptions, and only what somebody changed is changed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_service.errors import NotFoundError
from badge_service.workshops import actions
from badge_service.workshops.rules import LearnerRow, begun, counts_as_present, days_that_count
from badge_service.workshops.tables import WorkshopDate

from .conftest import TODAY, Site, World

TWO_DAYS = (TODAY - timedelta(days=1), TODAY)
ONCE = "0123456789abcdef0123456789abcdef"


def class_of(world: World, *names: str, **facts: object):
    workshop = world.workshop(**facts)
    rows = [LearnerRow(row, name) for row, name in enumerate(names, 1)]
    actions.enrol(world.session, world.teacher, workshop, rows)
    return workshop


def present(world: World, workshop) -> list[bool]:
    return [entry.present for entry in actions.learners_of(world.session, world.teacher, workshop)]


@given(st.integers(1, 30), st.data())
def test_half_of_the_days_count_unless_the_school_says_how_many(days: int, data: st.DataObject) -> None:
    all_days = [TODAY + timedelta(days=one) for one in range(days)]
    missed = data.draw(st.sets(st.sampled_from(all_days)))
    assert counts_as_present(all_days, missed) == (2 * (days - len(missed)) >= days and len(missed) < days)
    needed = data.draw(st.integers(1, 40))
    assert counts_as_present(all_days, missed, needed) == (days - len(missed) >= min(needed, days))
    assert 1 <= days_that_count(days, needed) <= days


def test_a_check_in_is_for_today_or_the_last_day_that_has_come() -> None:
    days = [date(2026, 11, 20), date(2026, 11, 27)]
    assert [begun(days, date(2026, 11, day))[-1] for day in (19, 20, 23, 27, 30)] == [
        days[0], days[0], days[0], days[1], days[1],
    ]  # fmt: skip
    assert begun(days, date(2026, 11, 19)) == days[:1]


def test_one_day_missed_of_two_is_still_present_and_two_are_not(world: World) -> None:
    workshop = class_of(world, "Maria", "Ivan", starts_on=TWO_DAYS[0])
    assert (
        actions.mark_presence(world.session, world.teacher, workshop, TWO_DAYS[0], {1: False, 99: False}) == 1
    )
    assert present(world, workshop) == [True, True]
    assert list(actions.days_missed(world.session, workshop).values()) == [1]
    actions.mark_presence(world.session, world.teacher, workshop, TWO_DAYS[1], {1: False})
    assert present(world, workshop) == [False, True]
    actions.mark_presence(world.session, world.teacher, workshop, TWO_DAYS[1], {1: True})
    assert present(world, workshop) == [True, True]


def test_days_that_change_are_counted_anew(world: World) -> None:
    workshop = class_of(world, "Maria")
    actions.mark_presence(world.session, world.teacher, workshop, TODAY, {1: False})
    workshop.dates = [*workshop.dates, WorkshopDate(day=TODAY + timedelta(days=7))]
    world.session.flush()
    actions.recount_presence(world.session, workshop)
    assert present(world, workshop) == [True]


def test_only_a_day_of_the_workshop_is_marked_and_only_by_its_own_teachers(world: World) -> None:
    workshop = class_of(world, "Maria")
    for viewer, day in ((world.teacher, TODAY + timedelta(days=1)), (world.foreign_teacher, TODAY)):
        with pytest.raises(NotFoundError):
            actions.mark_presence(world.session, viewer, workshop, day, {1: False})
    assert present(world, workshop) == [True]


def enrolled(site: Site, *names: str):
    browser = site.be(site.world.teacher)
    lines = "".join(f"{name},\n" for name in names)
    browser.post(f"/workshops/{site.token}/enrol", data={"confirmed": "name,email\n" + lines})
    return browser


def absent(site: Site) -> list[int]:
    with site.database.reading() as session:
        workshop = actions.find_workshop(session, site.world.teacher, site.token)
        entries = actions.learners_of(session, site.world.teacher, workshop)
        return [entry.number for entry in entries if not entry.present]


def test_presence_is_all_but_the_exceptions(site: Site) -> None:
    browser = enrolled(site, "Maria", "Ivan")
    assert browser.get(f"/workshops/{site.token}/presence").text.count("checked") == 2
    answer = browser.post(
        f"/workshops/{site.token}/presence", data={"listed": ["1", "2"], "was": ["1", "2"], "present": ["2"]}
    )
    assert answer.location == f"/workshops/{site.token}"
    assert absent(site) == [1]
    assert browser.get(f"/workshops/{site.token}/presence").text.count("checked") == 1


def test_a_list_that_arrives_late_changes_only_what_its_sender_changed(site: Site) -> None:
    browser = enrolled(site, "Maria", "Ivan")
    shown = {"listed": ["1"], "was": ["1"], "present": ["1"]}  # opened before Ivan was enrolled
    browser.post(f"/workshops/{site.token}/presence", data={"listed": ["2"], "was": ["2"]})
    browser.post(f"/workshops/{site.token}/presence", data=shown)
    assert absent(site) == [2]
    other = {"listed": ["1", "2"], "was": ["1", "2"], "present": ["2"]}  # opened before Ivan was marked
    browser.post(f"/workshops/{site.token}/presence", data=other)
    assert absent(site) == [1, 2]


def test_the_same_list_sent_again_after_others_wrote_changes_nothing(site: Site) -> None:
    browser = enrolled(site, "Maria")
    form = {"once": ONCE, "listed": ["1"], "was": ["1"]}
    address = f"/workshops/{site.token}/presence"
    browser.post(address, data=form)
    browser.post(address, data={"listed": ["1"], "present": ["1"]})
    assert browser.post(address, data=form).status_code == 302
    assert absent(site) == []


def test_a_long_list_has_pages_and_goes_on_where_it_was(site: Site) -> None:
    browser = enrolled(site, *(f"Learner {number}" for number in range(1, 131)))
    address = f"/workshops/{site.token}/presence"
    assert browser.get(address).text.count('name="listed"') == 100
    second = browser.get(f"{address}?page=2")
    assert second.text.count('name="listed"') == 30
    answer = browser.post(
        f"{address}?day={TODAY.isoformat()}&page=2", data={"listed": ["130"], "was": ["130"]}
    )
    assert answer.location.endswith("page=2")
    assert absent(site) == [130]


@pytest.mark.parametrize("day", ["2026-11-22", "yesterday", "9" * 100, "2026-11-21T10:00"])
def test_a_day_that_is_none_of_the_workshop_is_not_there(site: Site, day: str) -> None:
    browser = enrolled(site, "Maria")
    for verb in ("GET", "POST"):
        answer = browser.open(f"/workshops/{site.token}/presence", method=verb, query_string={"day": day})
        assert answer.status_code == 404
