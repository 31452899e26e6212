"""A workshop planned from a curriculum at a hub, on several days, with partners of the alliance."""

import re
from dataclasses import replace
from datetime import date, time

import pytest

from badge_service.curriculum.tables import Curriculum, CurriculumVersion, Hub, Let
from badge_service.errors import InvalidError
from badge_service.people.rules import NOBODY
from badge_service.people.tables import Organisation, Region
from badge_service.storage.session import now
from badge_service.workshops import actions
from badge_service.workshops.rules import Meeting
from badge_service.workshops.tables import WorkshopDate

from .conftest import FACTS, TODAY, Site, World, add
from .test_pages import PLAN

DAYS = (
    Meeting(date(2026, 12, 1), time(14), time(17)),
    Meeting(date(2026, 12, 3)),
    Meeting(date(2026, 12, 8), time(9, 30)),
)


def hub_of(world: World, let_id: int | None = None) -> Hub:
    hub = Hub(
        slug=f"hub-{let_id or 'own'}", let_id=let_id or world.published.definition.let_id, name="Weaving mill",
        place="Ruse, Main street 1", about="", machines=[], partners=[], opening="Always", accessibility="A lift.",
        language="bg", spoken=["bg"], created_at=now(world.session),
    )  # fmt: skip
    add(world.session, hub)
    return hub


def curriculum_of(world: World, *led_to: str, organisation: Organisation | None = None) -> CurriculumVersion:
    session, school = world.session, organisation or world.school
    let_id = world.published.definition.let_id
    slug = f"curriculum-{school.slug}"
    curriculum = Curriculum(slug=slug, let_id=let_id, organisation_id=school.id, created_at=now(session))
    add(session, curriculum)
    definitions = [{"slug": slug, "version": "1.0.0"} for slug in led_to]
    content = {"units": [{"id": "U1", "title": "Borders", "definitions": definitions}]}
    version = CurriculumVersion(
        curriculum_id=curriculum.id, version="1.0.0", sort_key=1, state="published", content=content,
        title="Crafts of the river", language="bg", created_at=now(session), changed_at=now(session),
        published_at=now(session),
    )  # fmt: skip
    add(session, version)
    return version


def elsewhere(world: World) -> Let:
    region = Region(slug="friesland", name="Friesland", country="NL")
    add(world.session, region)
    let = Let(slug="far", name="Far", description="", region_id=region.id)
    add(world.session, let)
    return let


def faults_of(world: World, **changes: object) -> list[tuple[str, str]]:
    with pytest.raises(InvalidError) as caught:
        actions.plan_workshop(
            world.session, world.teacher, world.alliance, world.school, FACTS, world.plan(**changes)
        )
    return [(fault.where, fault.code) for fault in caught.value.faults]


def test_the_days_decide_when_the_activity_is(world: World) -> None:
    plan = world.plan(meetings=DAYS)
    made = actions.plan_workshop(world.session, world.teacher, world.alliance, world.school, FACTS, plan)
    assert (made.activity.starts_on, made.activity.ends_on) == (date(2026, 12, 1), date(2026, 12, 8))
    assert actions.meetings_of(made) == list(DAYS)


def test_without_days_the_first_and_the_last_are_known(world: World) -> None:
    assert [one.day for one in world.workshop().dates] == [TODAY]
    later = world.workshop(ends_on=date(2026, 11, 23))
    assert [one.day for one in later.dates] == [TODAY, date(2026, 11, 23)]


def test_a_day_that_stays_keeps_its_row(world: World) -> None:
    made = world.workshop()
    actions.edit(world.session, world.teacher, made, FACTS, world.plan(meetings=DAYS[:2]))
    (kept,) = (one for one in made.dates if one.day == DAYS[1].day)
    actions.edit(world.session, world.teacher, made, FACTS, world.plan(meetings=DAYS[1:]))
    assert [one.day for one in made.dates] == [DAYS[1].day, DAYS[2].day]
    assert made.dates[0].id == kept.id
    assert world.session.query(WorkshopDate).count() == 2


def test_days_that_cannot_be_are_named(world: World) -> None:
    twice = (DAYS[0], DAYS[0])
    backwards = (Meeting(DAYS[0].day, time(17), time(14)),)
    assert faults_of(world, meetings=twice) == [("more", "twice")]
    assert faults_of(world, meetings=backwards) == [("more", "hours")]
    assert ("more", "too_many") in faults_of(world, meetings=DAYS[:1] * 31)
    assert faults_of(world, meetings=(Meeting(date(9999, 12, 31)),)) == [("starts_on", "date")]


def test_a_hub_and_a_curriculum_are_of_ones_own_region(world: World) -> None:
    hub, curriculum = hub_of(world), curriculum_of(world, "wil-1")
    plan = world.plan(hub_id=hub.id, curriculum_version_id=curriculum.id, iteration=2)
    made = actions.plan_workshop(world.session, world.teacher, world.alliance, world.school, FACTS, plan)
    assert (made.hub, made.curriculum_version) == (hub, curriculum)
    assert actions.next_iterations(world.session, {world.school.id}) == {curriculum.curriculum_id: 3}
    assert actions.next_iterations(world.session, {world.other_school.id}) == {}
    foreign = hub_of(world, elsewhere(world).id)
    closed = replace(plan, hub_id=foreign.id, curriculum_version_id=10**9)
    with pytest.raises(InvalidError) as caught:
        actions.plan_workshop(world.session, world.teacher, world.alliance, world.school, FACTS, closed)
    assert {fault.where for fault in caught.value.faults} == {"hub", "curriculum"}


def test_a_closed_hub_can_stay_and_not_be_chosen(world: World) -> None:
    hub = hub_of(world)
    made = world.workshop()
    actions.edit(world.session, world.teacher, made, FACTS, world.plan(hub_id=hub.id))
    hub.closed_at = now(world.session)
    assert faults_of(world, hub_id=hub.id) == [("hub", "hub")]
    actions.edit(world.session, world.teacher, made, FACTS, world.plan(hub_id=hub.id, iteration=4))
    assert (made.hub, made.iteration) == (hub, 4)


def test_a_curriculum_leads_to_what_may_be_taught_here(world: World) -> None:
    curriculum = curriculum_of(world, "wil-1", "dra-1", "for-1")
    found = actions.taught_by(world.session, [curriculum], {world.school.id})
    assert found == {curriculum.id: [world.published.id]}


def planned_in_browser(site: Site, **changes: object) -> str:
    both = {"versions": str(site.world.published.id), "trainers": str(site.world.teacher.person_id)}
    answer = site.be(site.world.teacher).post("/workshops/new", data={**PLAN, **both, **changes})
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_the_form_takes_hub_days_partners_and_notes(site: Site) -> None:
    with site.database.writing() as session:
        hub = hub_of(replace(site.world, session=session)).id
    page = planned_in_browser(
        site, place="", hub=str(hub), begins="14:00", ends="17:00", members=["other-school"],
        more_day=["2026-12-08", "2026-12-03", ""], more_begins=["", "09:30", ""], more_ends=["", "", ""],
        material_notes="Old **clothes**.", accessibility_notes="A lift is <b>there</b>.",
    )  # fmt: skip
    public = site.be(NOBODY).get(page.replace("workshops", "activities")).text
    for words in (
        "1 December 2026, 14:00 to 17:00", "3 December 2026, from 09:30", "8 December 2026", "<strong>clothes</strong>",
        "A lift is &lt;b&gt;there", "Weaving mill, Ruse, Main street 1", "other-school, Museum of Ruse, Willow Ltd",
    ):  # fmt: skip
        assert words in public, words
    form = site.be(site.world.teacher).get(f"{page}/edit").text
    assert form.count('name="more_day" value="2026-12-0') == 2
    assert 'value="other-school" checked' in form


def test_a_button_adds_a_day_and_another_takes_what_a_curriculum_leads_to(site: Site) -> None:
    with site.database.writing() as session:
        curriculum = curriculum_of(replace(site.world, session=session), "wil-1").id
    browser = site.be(site.world.teacher)
    more = browser.post("/workshops/new", data=PLAN | {"do": "more", "more_day": "2026-12-05"})
    assert more.status_code == 200
    assert more.text.count('name="more_day"') == 2
    assert 'value="2026-12-05"' in more.text
    taken = browser.post("/workshops/new", data=PLAN | {"do": "curriculum", "curriculum": str(curriculum)})
    assert taken.status_code == 200
    assert f'name="versions" value="{site.world.published.id}" checked' in taken.text
    assert f'data-versions="{site.world.published.id}"' in taken.text
    assert "field-errors" not in taken.text
    planned_in_browser(site, curriculum=str(curriculum), iteration="3")
    again = browser.post("/workshops/new", data=PLAN | {"do": "curriculum", "curriculum": str(curriculum)})
    assert re.search(r'<input[^>]*name="iteration"[^>]*value="4"', again.text)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("more_day", "²²²²-12-01"), ("more_day", "9" * 5000), ("more_begins", "25:00"),
        ("more_ends", "x"), ("hub", "9" * 5000), ("curriculum", "²"), ("curriculum", "9" * 30), ("members", "x"),
        ("begins", "25:61"), ("material_notes", "\u202e"), ("accessibility_notes", "x" * 100_000), ("more_day", ["2026-12-01"] * 99),
    ],
    ids=repr,
)  # fmt: skip
def test_a_bad_plan_is_answered_and_kept(site: Site, field: str, value: object) -> None:
    both = {"versions": str(site.world.published.id), "trainers": str(site.world.teacher.person_id)}
    typed = PLAN | both | {"more_day": "2026-12-02", field: value}
    answer = site.be(site.world.teacher).post("/workshops/new", data=typed)
    assert answer.status_code == 422
    assert "Museum of Ruse" in answer.text
