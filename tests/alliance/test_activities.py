"""Activities: who plans them, that their start is never rewritten, how they move on, how they are listed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from badge_service.alliance import actions
from badge_service.alliance.rules import ActivityFacts, AllianceFacts
from badge_service.alliance.tables import Alliance
from badge_service.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from badge_service.people.rules import NOBODY, Grant, Role, Viewer
from badge_service.people.tables import Organisation, Region
from badge_service.storage.session import Database, now

TODAY = date(2026, 11, 21)


def facts(**changes: object) -> ActivityFacts:
    values = {
        "kind": "guest_lecture",
        "title": "Willow and water",
        "summary": "A basket maker shows how willow is soaked.",
        "place": "Ruse",
        "language": "bg",
        "starts_on": TODAY,
        "ends_on": TODAY,
        "partners": ("Museum of Ruse",),
    }
    return ActivityFacts(**(values | changes))  # type: ignore[arg-type]


def viewer(role: Role, organisation_id: int | None, key: str = "key-1") -> Viewer:
    return Viewer(key=key, person_id=1, name="Somebody", grants=frozenset({Grant(role, organisation_id)}))


def organisation(session: Session, region: Region, slug: str) -> Organisation:
    found = Organisation(
        slug=slug,
        name=slug.title(),
        kind="school",
        region_id=region.id,
        identifiers=[],
        created_at=now(session),
    )
    session.add(found)
    session.flush()
    return found


def world(session: Session) -> tuple[Alliance, Organisation, Viewer]:
    """A region with an alliance, a school in it and a teacher of that school."""
    region = Region(slug="central-bulgaria", name="Central Bulgaria", country="BG")
    session.add(region)
    session.flush()
    school = organisation(session, region, "school")
    lead = viewer(Role.LET_LEAD, school.id)
    alliance = actions.open_alliance(
        session, lead, AllianceFacts("central-bulgaria", "Alliance", "Keep crafts alive.", region.id)
    )
    actions.add_member(session, lead, alliance, school)
    return alliance, school, viewer(Role.TEACHER, school.id)


def test_a_teacher_plans_an_activity_and_everybody_finds_it(database: Database) -> None:
    with database.writing() as session:
        alliance, school, teacher = world(session)
        activity = actions.create_activity(session, teacher, alliance, school, facts())
    with database.reading() as session:
        found = actions.find_activity(session, activity.token)
        assert (found.title, found.state, found.partners) == (
            "Willow and water",
            "planned",
            ["Museum of Ruse"],
        )
        assert (found.initiated_by, found.initiator_role) == ("key-1", "teacher")
        assert len(found.token) == 22


@pytest.mark.parametrize("role", [Role.LEARNER, Role.MEMBER, Role.OPERATOR])
def test_other_roles_do_not_plan(database: Database, role: Role) -> None:
    with database.writing() as session:
        alliance, school, _ = world(session)
        with pytest.raises(NotFoundError):
            actions.create_activity(session, viewer(role, school.id), alliance, school, facts())


def test_nobody_plans_for_a_foreign_school(database: Database) -> None:
    with database.writing() as session:
        alliance, school, teacher = world(session)
        activity = actions.create_activity(session, teacher, alliance, school, facts())
        stranger = viewer(Role.TEACHER, school.id + 1)
        for act in (actions.mark_held, actions.cancel, actions.plan_again):
            with pytest.raises(NotFoundError):
                act(session, stranger, activity)
        with pytest.raises(NotFoundError):
            actions.edit_activity(session, stranger, activity, facts(title="Mine now"))
        with pytest.raises(NotAllowedError):
            actions.create_activity(session, NOBODY, alliance, school, facts())


def test_an_edit_never_touches_who_started_it(database: Database) -> None:
    with database.writing() as session:
        alliance, school, teacher = world(session)
        activity = actions.create_activity(session, teacher, alliance, school, facts())
        other = viewer(Role.ADMIN, school.id, key="key-2")
        actions.edit_activity(session, other, activity, facts(title="Willow, water, hands"))
        assert (activity.title, activity.initiated_by) == ("Willow, water, hands", "key-1")


def test_the_database_itself_refuses_to_rewrite_the_initiator(database: Database) -> None:
    with database.writing() as session:
        alliance, school, teacher = world(session)
        actions.create_activity(session, teacher, alliance, school, facts())
    with pytest.raises(DatabaseError, match="never rewritten"), database.writing() as session:
        session.execute(text("UPDATE activities SET initiator_role = 'learner'"))


def test_everything_wrong_is_named_at_once(database: Database) -> None:
    wrong = facts(
        kind="party",
        title=" ",
        place="x" * 121,
        summary="a\u202eb",
        language="bulgarian",
        ends_on=TODAY - timedelta(days=1),
        partners=("", "Museum"),
    )
    with database.writing() as session:
        alliance, school, teacher = world(session)
        with pytest.raises(InvalidError) as caught:
            actions.create_activity(session, teacher, alliance, school, wrong)
    named = {fault.where for fault in caught.value.faults}
    assert named == {"kind", "title", "place", "summary", "language", "ends_on", "partners"}


def test_an_activity_needs_a_seat_in_the_alliance(database: Database) -> None:
    with database.writing() as session:
        alliance, school, _ = world(session)
        newcomer = organisation(session, school.region, "newcomer")
        with pytest.raises(InvalidError) as caught:
            actions.create_activity(session, viewer(Role.TEACHER, newcomer.id), alliance, newcomer, facts())
    assert [fault.code for fault in caught.value.faults] == ["no_member"]


def test_held_only_from_its_first_day_and_then_for_good(database: Database) -> None:
    with database.writing() as session:
        alliance, school, teacher = world(session)
        tomorrow = TODAY + timedelta(days=1)
        later = actions.create_activity(
            session, teacher, alliance, school, facts(starts_on=tomorrow, ends_on=tomorrow)
        )
        with pytest.raises(InvalidError):
            actions.mark_held(session, teacher, later)
        today = actions.create_activity(session, teacher, alliance, school, facts())
        actions.mark_held(session, teacher, today)
        actions.mark_held(session, teacher, today)
        assert today.state == "held"
        with pytest.raises(ConflictError):
            actions.cancel(session, teacher, today)


def test_a_cancellation_can_be_taken_back(database: Database) -> None:
    with database.writing() as session:
        alliance, school, teacher = world(session)
        activity = actions.create_activity(session, teacher, alliance, school, facts())
        actions.cancel(session, teacher, activity)
        with pytest.raises(ConflictError):
            actions.mark_held(session, teacher, activity)
        actions.plan_again(session, teacher, activity)
        assert activity.state == "planned"


def test_lists_come_in_pages_and_part_what_comes_from_what_is_over(database: Database) -> None:
    with database.writing() as session:
        alliance, school, teacher = world(session)
        for day in range(25):
            start = TODAY + timedelta(days=day)
            planned = facts(title=f"Day {day}", starts_on=start, ends_on=start)
            actions.create_activity(session, teacher, alliance, school, planned)
        over = TODAY - timedelta(days=3)
        actions.create_activity(
            session, teacher, alliance, school, facts(title="Over", starts_on=over, ends_on=over)
        )
        first = actions.activities_of(session, alliance)
        last = actions.activities_of(session, alliance, 99)
        past = actions.activities_of(session, alliance, past=True)
    assert (first.total, first.pages, first.rows[0].title) == (25, 2, "Day 0")
    assert (last.number, [row.title for row in last.rows]) == (2, [f"Day {day}" for day in range(20, 25)])
    assert [row.title for row in past.rows] == ["Over"]


def test_an_alliance_is_opened_in_ones_own_region_only(database: Database) -> None:
    with database.writing() as session:
        _, school, teacher = world(session)
        elsewhere = Region(slug="friesland", name="Friesland", country="NL")
        session.add(elsewhere)
        session.flush()
        opened = AllianceFacts("friesland", "Friesland", "Aims.", elsewhere.id)
        for stranger in (viewer(Role.LET_LEAD, school.id), teacher):
            with pytest.raises(NotFoundError):
                actions.open_alliance(session, stranger, opened)
        assert actions.open_alliance(session, viewer(Role.OPERATOR, None), opened).slug == "friesland"


def test_a_taken_address_is_a_conflict(database: Database) -> None:
    with database.writing() as session:
        alliance, school, _ = world(session)
        again = AllianceFacts(alliance.slug, "Twice", "Aims.", alliance.region_id)
        with pytest.raises(ConflictError):
            actions.open_alliance(session, viewer(Role.LET_LEAD, school.id), again)


def test_a_member_sits_once_and_is_seated_by_people_of_the_region(database: Database) -> None:
    with database.writing() as session:
        alliance, school, teacher = world(session)
        lead = viewer(Role.LET_LEAD, school.id)
        actions.add_member(session, lead, alliance, school)
        assert [seat.organisation.slug for seat in actions.members_of(session, alliance)] == ["school"]
        with pytest.raises(NotAllowedError):
            actions.add_member(session, teacher, alliance, school)
