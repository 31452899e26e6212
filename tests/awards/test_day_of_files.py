"""The day's and the hour's number hold for files as for lists; what a second person confirmed leaves the day alone."""

import pytest
from sqlalchemy import select, update

from badge_service.awards import actions
from badge_service.awards.actions import imports
from badge_service.awards.rules import IdentityCheck
from badge_service.awards.rules.imports import ImportState
from badge_service.awards.tables import AwardBatch, ImportRow
from badge_service.errors import InvalidError, NotAllowedError, QuotaError
from badge_service.people import actions as people

from .conftest import World, make_app
from .test_every_way import bring_in, limit, row_states, standing, state, work


def given(world: World) -> tuple[int, int]:
    with world.database.reading() as session:
        school = people.organisation_by_slug(session, "craft-school")
        found = actions.allowance(session, school.id, world.viewers["teacher"].acting_key())
        return found.given_today, found.decided_this_hour


def test_two_files_before_the_worker_comes_are_counted_together(world: World) -> None:
    limit(world, 5)
    first, second = bring_in(world, 0, 3), bring_in(world, 10, 3)
    assert (state(world, first), state(world, second)) == (ImportState.RUNNING, ImportState.SECOND)
    assert given(world) == (3, 6)
    work(world)
    assert given(world) == (3, 6) and len(standing(world)) == 3


def test_a_file_and_then_a_list_are_counted_together(world: World, class_of_three: list[int]) -> None:
    limit(world, 4)
    bring_in(world, 0, 3)
    world.award(*class_of_three)
    with world.database.reading() as session:
        assert session.scalars(select(AwardBatch.held_back)).one() == 2


def test_the_hours_number_holds_over_files_and_lists(world: World, class_of_three: list[int]) -> None:
    limit(world, 50, an_hour=5)
    bring_in(world, 0, 3)
    with pytest.raises(QuotaError):
        world.award(*class_of_three)
    work(world)
    with pytest.raises(QuotaError):
        bring_in(world, 10, 3)


def test_what_a_second_person_confirmed_does_not_count_for_the_first(
    world: World, class_of_three: list[int]
) -> None:
    limit(world, 3)
    token = bring_in(world, 0, 4)
    with world.database.writing() as session:
        imports.confirm_as_second(session, world.viewers["admin"], token)
    assert given(world) == (0, 4)
    work(world)
    assert given(world) == (0, 4)
    world.award(*class_of_three)
    assert len(standing(world)) == 7


def test_a_learner_of_the_file_is_not_its_second_person(world: World) -> None:
    limit(world, 0)
    data = b"name,email\nAda Admin,admin@craft-school.example\nAna Koleva,ana@school.example\n"
    with world.database.writing() as session:
        version = actions.find_taught_version(session, world.open(session)[0], world.slug, "1.0.0")
        teacher = world.viewers["teacher"]
        token = imports.start_import(session, teacher, version.id, "list.csv", data).token
    with world.database.writing() as session:
        imports.confirm_import(session, world.viewers["teacher"], token, identity_check=IdentityCheck.KNOWN)
    with world.database.writing() as session, pytest.raises(NotAllowedError) as raised:
        imports.confirm_as_second(session, world.viewers["admin"], token)
    assert raised.value.code == "four_eyes"


def test_a_batch_and_a_file_wait_for_the_second_person_in_the_same_words(
    world: World, class_of_three: list[int]
) -> None:
    limit(world, 0)
    batch, file = world.award(*class_of_three), bring_in(world, 10, 2)
    client = make_app(world).test_client()
    home = client.get("/", headers={"X-Person": "admin"}).text
    assert "3 badges wait until somebody else confirms" in home
    assert "2 badges wait until somebody else confirms" in home
    assert f"/awards/batches/{batch}/second" in home and f"/imports/{file}" in home
    for page, count in ((f"/awards/batches/{batch}/second", 3), (f"/imports/{file}", 2)):
        seen = client.get(page, headers={"X-Person": "admin"}).text
        assert "Teodora Teacher decided on" in seen and f"get the badge: {count}." in seen
        assert "You decided this yourself" in client.get(page, headers={"X-Person": "teacher"}).text
    with world.database.writing() as session:
        for refuse in (
            lambda: imports.confirm_as_second(session, world.viewers["teacher"], file),
            lambda: actions.confirm_items(session, world.viewers["teacher"], world.settings, batch, 3),
        ):
            with pytest.raises(NotAllowedError) as raised:
                refuse()
            assert raised.value.code == "four_eyes"
        with pytest.raises(InvalidError):
            imports.refuse_as_second(session, world.viewers["admin"], file, "because \x07")
        with pytest.raises(InvalidError):
            actions.refuse_items(session, world.viewers["admin"], batch, [1], "because \x07")


def test_one_bad_row_of_a_file_never_stops_the_others(world: World) -> None:
    token = bring_in(world, 0, 5)
    with world.database.writing() as session:
        broken = update(ImportRow).where(ImportRow.row == 4)
        session.execute(broken.values(levels={"C1": "no such level"}))
    work(world)
    assert [one for one, _why in row_states(world)] == ["awarded"] * 2 + ["failed"] + ["awarded"] * 2
    assert len(standing(world)) == 4 and state(world, token) == "done"
