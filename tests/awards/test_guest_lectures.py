"""A guest lecture is assessed and awarded as a workshop is, and can stand as evidence in the badges of another class list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from badge_service.alliance import actions as alliance
from badge_service.alliance.rules import AllianceFacts
from badge_service.alliance.tables import Alliance
from badge_service.awards import actions
from badge_service.awards.actions import took_place
from badge_service.awards.tables import Award, Evidence
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people import actions as people
from badge_service.register import actions as register
from badge_service.storage.tables import OutboxJob
from badge_service.workshops import actions as workshops

from .conftest import World, facts

LECTURE = "How a dyer thinks"
DAY = date(2026, 11, 18)


@dataclass(frozen=True)
class Lecture:
    """The same world seen from a guest lecture; Petya and Boris of the workshop were there, Мария was not."""

    here: World
    there: Sequence[int]
    missing: int


def hold(world: World, *, title: str = LECTURE, held: bool = True, **changes: date) -> str:
    """An activity of the school beside its workshop; gives its token."""
    teacher = world.viewers["teacher"]
    with world.database.writing() as session:
        home = session.scalars(select(Alliance).order_by(Alliance.id)).first()
        assert home is not None
        school = people.organisation_by_slug(session, "craft-school")
        days = {"starts_on": DAY, "ends_on": DAY} | changes
        about = facts(kind="guest_lecture", title=title, **days)
        found = alliance.create_activity(session, teacher, home, school, about)
        if held:
            alliance.mark_held(session, teacher, found)
        return found.token


@pytest.fixture
def lecture(world: World, class_of_three: list[int]) -> Lecture:
    here, teacher = replace(world, token=hold(world)), world.viewers["teacher"]
    with world.database.writing() as session:
        source, version = world.open(session)
        place = workshops.teach(session, teacher, here.token, [version.id])
        workshops.enrol_from(session, teacher, place, source, {1, 2})
    return Lecture(here, class_of_three[:2], class_of_three[2])


def signed_evidence(world: World, person_id: int) -> list[dict[str, str]]:
    """What the newest badge of this learner rests on, as it is signed."""
    with world.database.reading() as session:
        newest = select(Award).where(Award.person_id == person_id).order_by(Award.id.desc())
        award = session.scalars(newest).first()
        assert award is not None
        assert register.current_edition(session, award.token) is not None
        return list(actions.latest_content(session, award)["evidence"])


def test_who_was_at_a_guest_lecture_gets_a_signed_badge_that_names_its_page(lecture: Lecture) -> None:
    for person_id in lecture.there:
        lecture.here.judge(person_id, "proficient", "proficient", "proficient")
    batch = lecture.here.award(*lecture.there)
    (first,) = signed_evidence(lecture.here, lecture.there[0])
    assert first["id"].endswith(f"/activities/{lecture.here.token}")
    assert first["name"] == f"{LECTURE}, 18 November 2026"
    with lecture.here.database.writing() as session:
        cards = actions.print_cards(session, lecture.here.viewers["teacher"], batch)
        assert [card.first_name for card in cards] == ["Boris"]
        mails = session.scalars(select(OutboxJob).where(OutboxJob.kind == actions.AWARD_MAIL)).all()
        assert len(mails) == 1


def test_who_was_not_at_the_lecture_can_neither_be_judged_nor_awarded(lecture: Lecture) -> None:
    with pytest.raises(InvalidError):
        lecture.here.judge(lecture.missing, "proficient", "proficient", "proficient")
    with pytest.raises(NotFoundError):
        lecture.here.award(lecture.missing)
    with lecture.here.database.reading() as session:
        assert session.scalars(select(Award)).all() == []


def test_who_was_marked_absent_at_the_lecture_is_not_awarded(lecture: Lecture) -> None:
    petya, teacher = lecture.there[0], lecture.here.viewers["teacher"]
    lecture.here.judge(petya, "proficient", "proficient", "proficient")
    with lecture.here.database.writing() as session:
        place, _version = lecture.here.open(session)
        workshops.mark_presence(session, teacher, place, DAY, {1: False})
    with pytest.raises(InvalidError):
        lecture.here.award(petya)
    with lecture.here.database.reading() as session:
        assert session.scalars(select(Award)).all() == []


def test_levels_of_the_workshop_are_not_levels_of_the_lecture(lecture: Lecture) -> None:
    with lecture.here.database.reading() as session:
        place, version = lecture.here.open(session)
        rows = actions.readiness_of(session, place, version)
    assert [(row.learner.name, dict(row.levels), row.ready) for row in rows] == [
        ("Petya Ivanova", {}, False),
        ("Boris Kolev", {}, False),
    ]


def test_beyond_the_number_of_the_day_a_lecture_waits_for_a_second_person_too(lecture: Lecture) -> None:
    with lecture.here.database.writing() as session:
        boss = lecture.here.viewers["admin"]
        actions.set_limits(session, boss, "craft-school", a_day=1, an_hour=10)
    for person_id in lecture.there:
        lecture.here.judge(person_id, "proficient", "proficient", "proficient")
    token = lecture.here.award(*lecture.there)
    with lecture.here.database.reading() as session:
        assert lecture.here.batch(session, token).to_confirm == 1


def test_another_school_awards_nobody_and_what_has_not_begun_is_not_awarded(lecture: Lecture) -> None:
    for viewer in ("other-teacher", "other-admin"):
        with lecture.here.database.reading() as session, pytest.raises(NotFoundError):
            lecture.here.open(session, viewer)
    lecture.here.judge(lecture.there[0], "proficient", "proficient", "proficient")
    later = date(2026, 12, 24)
    with lecture.here.database.writing() as session:
        place, _version = lecture.here.open(session)
        place.activity.state, place.activity.starts_on, place.activity.ends_on = "planned", later, later
    with pytest.raises(ConflictError):
        lecture.here.award(lecture.there[0])


def name_in_badge(
    world: World, activity: str, person_id: int | None = None, viewer: str = "teacher"
) -> Evidence:
    with world.database.writing() as session:
        return took_place.add_activity(
            session, world.viewers[viewer], world.settings, *world.open(session), activity, person_id
        )


def test_a_held_lecture_stands_in_badges_with_its_page_days_and_place(
    world: World, class_of_three: list[int]
) -> None:
    token = hold(world, starts_on=date(2026, 11, 17))
    name_in_badge(world, token, class_of_three[0])
    world.award(*class_of_three[:2])
    _workshop, named = signed_evidence(world, class_of_three[0])
    assert named == {
        "id": f"{world.settings.public_url}/activities/{token}",
        "type": ["Evidence"],
        "name": LECTURE,
        "genre": "activity",
        "narrative": "Guest lecture, 17 November 2026 – 18 November 2026, Gabrovo",
    }
    assert len(signed_evidence(world, class_of_three[1])) == 1


def test_a_title_that_names_a_learner_is_not_signed(world: World, class_of_three: list[int]) -> None:
    kept = name_in_badge(world, hold(world, title="Petya Ivanova meets a dyer"))
    assert (kept.title, kept.in_credential) == ("Guest lecture", True)


def test_only_what_was_held_here_is_evidence_and_once(world: World, class_of_three: list[int]) -> None:
    token = hold(world)
    name_in_badge(world, token)
    with world.database.writing() as session:
        boss = world.viewers["other-lead"]
        theirs = people.organisation_by_slug(session, "other-school")
        far = AllianceFacts("elsewhere", "Elsewhere", "Other aims.", theirs.region_id)
        away = alliance.open_alliance(session, boss, far)
        alliance.add_member(session, boss, away, theirs)
        held = alliance.create_activity(
            session, boss, away, theirs, facts(kind="meeting", starts_on=DAY, ends_on=DAY)
        )
        foreign = alliance.mark_held(session, boss, held).token
    refused = (token, hold(world, title="Planned", held=False), world.token, foreign, "")
    for activity, person in [(one, None) for one in refused] + [(token, class_of_three[0])]:
        with pytest.raises(InvalidError):
            name_in_badge(world, activity, person)
    with pytest.raises(NotFoundError):
        name_in_badge(world, token, viewer="other-teacher")


def test_nobody_passes_another_link_off_as_an_activity(world: World, class_of_three: list[int]) -> None:
    with world.database.writing() as session:
        place = world.open(session)
        piece = actions.HandedIn("A page", "activity", url="https://elsewhere.example/x", in_credential=True)
        with pytest.raises(InvalidError):
            actions.add_evidence(
                session, world.viewers["teacher"], *place, piece, world.settings.evidence_folder
            )


def test_the_evidence_page_offers_what_was_held(world: World, class_of_three: list[int], app: Flask) -> None:
    token = hold(world)
    browser, desk = app.test_client(), f"/workshops/{world.token}/assess/{world.slug}/1.0.0/evidence"
    mine, theirs = {"X-Person": "teacher"}, {"X-Person": "other-teacher"}
    assert f'value="{token}"' in browser.get(desk, headers=mine).text
    wrong = browser.post(f"{desk}/activity", data={"activity": world.token}, headers=mine)
    assert (wrong.status_code, "Choose something that has taken place." in wrong.text) == (422, True)
    stranger = browser.post(
        f"{desk}/activity", data={"activity": token, "activity_learner": "9"}, headers=mine
    )
    assert stranger.status_code == 422
    assert browser.post(f"{desk}/activity", data={"activity": token}, headers=theirs).status_code == 404
    data = {"activity": token, "activity_learner": "1"}
    assert browser.post(f"{desk}/activity", data=data, headers=mine).status_code == 302
    page = browser.get(desk, headers=mine).text
    assert f'href="{world.settings.public_url}/activities/{token}"' in page
    assert "something that took place" in page
