"""After an award another assessor looks at a sample: agrees, corrects by other levels, or has a person decide."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from badge_service.awards import actions, jobs
from badge_service.awards.actions.cases import open_case
from badge_service.awards.actions.evidence import HandedIn
from badge_service.awards.actions.items import promise_items, write_items
from badge_service.awards.actions.recognising import recognise
from badge_service.awards.actions.second_looks import (
    agree,
    count_looks,
    disagree,
    look_at,
    looks_of,
    uphold,
    withdraw_disputed,
)
from badge_service.awards.rules import IdentityCheck, ItemState, levels_in
from badge_service.awards.rules.second_looks import LOOK_WITHIN, WAITING, LookState, assign, draw
from badge_service.awards.tables import Award, AwardCorrection, LookDraw, SecondLook
from badge_service.curriculum import actions as curriculum
from badge_service.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import Role
from badge_service.register import actions as register
from badge_service.storage import outbox
from badge_service.storage.session import now

from .conftest import World

PASSING = {"C1": "exemplary", "C2": "proficient", "C3": "exemplary"}
FAILING = {"C1": "beginning", "C2": "beginning", "C3": "beginning"}


@pytest.fixture
def colleague(world: World) -> World:
    """A second teacher of the same school."""
    with world.database.writing() as session:
        operator = world.viewers["operator"]
        school = people.organisation_by_slug(session, "craft-school")
        person = people.add_person(session, operator, "Colin Colleague", "colin@craft-school.example")
        people.grant_role(session, operator, person, Role.TEACHER, school)
        world.viewers["colleague"] = people.load_viewer(session, person.id)
    return world


@dataclass(frozen=True)
class Drawn:
    """The one second look of a class of three, and its award."""

    token: str
    award: str


@pytest.fixture
def drawn(colleague: World, class_of_three: list[int]) -> Drawn:
    colleague.award(*class_of_three)
    with colleague.database.reading() as session:
        look = session.scalars(select(SecondLook)).unique().one()
        return Drawn(look.token, look.award.token)


def looks(world: World) -> list[SecondLook]:
    with world.database.reading() as session:
        return list(session.scalars(select(SecondLook).order_by(SecondLook.id)).unique())


def do(world: World, viewer: str, deed: Any, *more: Any) -> None:
    with world.database.writing() as session:
        deed(session, world.viewers[viewer], *more)
    world.sign()


def listed(world: World, viewer: str, *states: LookState) -> list[str]:
    with world.database.reading() as session:
        return [line.look.token for line in looks_of(session, world.viewers[viewer], states or WAITING).rows]


TOKENS = st.dictionaries(st.text(min_size=1, max_size=5), st.booleans(), min_size=1, max_size=60)


@given(tokens=TOKENS, share=st.integers(1, 100), seed=st.text(max_size=8))
def test_a_draw_can_be_repeated_takes_its_share_and_group_set_levels_first(
    tokens: dict[str, bool], share: int, seed: str
) -> None:
    picked = draw(seed, tokens, share)
    assert picked == draw(seed, dict(reversed(tokens.items())), share)
    assert len(picked) == max(1, -(-len(tokens) * share // 100)) == len(set(picked))
    left = set(tokens) - set(picked)
    assert not any(tokens[one] for one in left) or all(tokens[one] for one in picked)


@given(st.lists(st.integers(1, 9), max_size=6, unique=True), st.integers(1, 30), st.text(max_size=8))
def test_turns_are_even_and_nobody_is_asked_who_had_a_part(
    colleagues: list[int], count: int, seed: str
) -> None:
    tokens = [str(number) for number in range(count)]
    barred = {tokens[0]: colleagues[:1]}
    turns = assign(seed, tokens, colleagues, barred)
    assert turns == assign(seed, tokens, list(reversed(colleagues)), barred)
    assert turns[tokens[0]] not in colleagues[:1]
    even = list(assign(seed, tokens, colleagues, {}).values())
    if colleagues:
        counts = [even.count(one) for one in colleagues]
        assert max(counts) - min(counts) <= 1
    else:
        assert set(even) == {None}


def test_at_least_one_of_a_class_goes_to_a_colleague_for_two_weeks(
    colleague: World, drawn: Drawn, clock: Any
) -> None:
    (look,) = looks(colleague)
    assert look.assessor_id == colleague.viewers["colleague"].person_id
    with colleague.database.reading() as session:
        draw_row = session.scalars(select(LookDraw)).one()
        assert (draw_row.share, draw_row.out_of, draw_row.drawn) == (20, 3, 1)
        assert look.due_at == draw_row.drawn_at + LOOK_WITHIN
        tokens = dict.fromkeys(session.scalars(select(Award.token)), False)
        assert draw(draw_row.seed, tokens, draw_row.share) == [drawn.award]
        assert count_looks(session, colleague.viewers["colleague"]).mine == 1
        assert count_looks(session, colleague.viewers["teacher"]).mine == 0
    clock.advance(days=15)
    with colleague.database.reading() as session:
        assert count_looks(session, colleague.viewers["teacher"]).overdue == 1


def test_levels_set_for_the_group_come_first(colleague: World) -> None:
    people_ids = colleague.enrol(*[(f"Learner {number}", None) for number in range(8)])
    for person_id in people_ids[:-2]:
        colleague.judge(person_id, "proficient", "proficient", "proficient")
    with colleague.database.writing() as session:
        workshop, version = colleague.open(session)
        actions.set_levels_for_group(session, colleague.viewers["teacher"], workshop, version, "proficient")
    colleague.award(*people_ids)
    found = looks(colleague)
    assert {look.award.person_id for look in found} == set(people_ids[-2:])
    assert all(look.for_group for look in found)


def test_an_organisation_sets_its_share_and_may_want_none(
    colleague: World, class_of_three: list[int]
) -> None:
    limits = {"a_day": 50, "an_hour": 1_000}
    with colleague.database.writing() as session:
        admin = colleague.viewers["admin"]
        with pytest.raises(InvalidError):
            actions.set_limits(session, admin, "craft-school", **limits, second_looks=101)
        actions.set_limits(session, admin, "craft-school", **limits, second_looks=0)
    colleague.award(*class_of_three)
    assert looks(colleague) == []


def test_a_background_batch_is_drawn_chunk_by_chunk(colleague: World, class_of_three: list[int]) -> None:
    batch = colleague.award(*class_of_three, sign=False)
    with colleague.database.writing() as session:
        found = colleague.batch(session, batch)
        for row in session.scalars(select(Award)):
            row.state, row.ended_at = "revoked", now(session)
        write_items(
            session,
            found,
            [(one, {"C1": "proficient", "C2": "proficient", "C3": "exemplary"}) for one in class_of_three],
            ItemState.WAITING,
        )
        promise_items(session, found)
    outbox.run_due(
        colleague.database, {actions.AWARD_CHUNK: jobs.handlers(colleague.settings)[actions.AWARD_CHUNK]}
    )
    with colleague.database.reading() as session:
        assert session.scalars(select(LookDraw.out_of)).all() == [3, 3]
    assert len(listed(colleague, "colleague")) == 1  # those of ended badges are over


def test_a_recognition_of_prior_learning_is_always_looked_at(colleague: World, tmp_path: Any) -> None:
    with colleague.database.writing() as session:
        version = curriculum.find_version(session, colleague.slug, "1.0.0")
        teacher = colleague.viewers["teacher"]
        case = open_case(session, teacher, version, name="Jan Karel", email=None)
        actions.add_evidence(session, teacher, case, version, HandedIn("A talk", text="Seen."), tmp_path)
        cells: dict[tuple[int, str], str | None] = {(case.person_id, one): "exemplary" for one in PASSING}
        actions.set_levels(session, teacher, case, version, cells)
        given = {"identity_check": IdentityCheck.KNOWN, "seen_elsewhere": True}
        recognise(session, teacher, colleague.settings, case.token, **given)
    colleague.sign()
    (look,) = looks(colleague)
    do(colleague, "colleague", agree, look.token)
    assert listed(colleague, "colleague", LookState.AGREED) == [look.token]


def test_nobody_looks_at_their_own_or_from_another_school(colleague: World, drawn: Drawn) -> None:
    with pytest.raises(NotAllowedError):
        do(colleague, "teacher", agree, drawn.token)
    with pytest.raises(NotFoundError):
        do(colleague, "other-teacher", agree, drawn.token)
    with pytest.raises(NotAllowedError):
        do(colleague, "admin", agree, drawn.token)
    with colleague.database.writing() as session:
        award = session.scalars(select(Award).where(Award.token == drawn.award)).one()
        award.person_id = colleague.viewers["colleague"].person_id
    with pytest.raises(NotFoundError):
        do(colleague, "colleague", agree, drawn.token)


def test_agreeing_closes_it_once(colleague: World, drawn: Drawn) -> None:
    do(colleague, "colleague", agree, drawn.token)
    assert listed(colleague, "colleague") == []
    with pytest.raises(ConflictError):
        do(colleague, "colleague", disagree, drawn.token, PASSING, "Later.")


def test_other_levels_that_pass_are_a_new_edition(colleague: World, drawn: Drawn) -> None:
    do(colleague, "colleague", disagree, drawn.token, PASSING, "The border is excellent.")
    with colleague.database.reading() as session:
        edition = register.current_edition(session, drawn.award)
        assert edition is not None and levels_in(edition.content) == PASSING
        assert session.scalars(select(AwardCorrection.reason)).all() == ["The border is excellent."]
    assert listed(colleague, "teacher", LookState.CORRECTED) == [drawn.token]


def test_levels_that_do_not_pass_wait_for_a_person(colleague: World, drawn: Drawn) -> None:
    do(colleague, "colleague", disagree, drawn.token, FAILING, "The base is open.")
    with colleague.database.reading() as session:
        assert count_looks(session, colleague.viewers["admin"]).disputed == 1
        assert session.scalars(select(Award).where(Award.token == drawn.award)).one().ended_at is None
    with pytest.raises(NotAllowedError):
        do(colleague, "teacher", uphold, drawn.token, "I saw it.")
    do(colleague, "admin", uphold, drawn.token, "Both looked at the basket together.")
    assert listed(colleague, "teacher", LookState.UPHELD) == [drawn.token]


def test_a_disputed_badge_can_be_withdrawn(colleague: World, drawn: Drawn) -> None:
    do(colleague, "colleague", disagree, drawn.token, FAILING, "The base is open.")
    do(colleague, "teacher", withdraw_disputed, drawn.token)
    with colleague.database.reading() as session:
        assert session.scalars(select(Award).where(Award.token == drawn.award)).one().state == "revoked"
        assert look_at(session, colleague.viewers["admin"], drawn.token).look.state == LookState.REVOKED


def test_every_fault_of_an_answer_is_told(colleague: World, drawn: Drawn) -> None:
    same = {"C1": "proficient", "C2": "proficient", "C3": "exemplary"}
    for levels, words, places in (
        (same, "Why", {"levels"}),
        (PASSING | {"C9": "x"}, " ", {"levels", "words"}),
        ({"C1": "x"}, "x" * 1_001, {"level:C1", "level:C2", "level:C3", "words"}),
    ):
        with pytest.raises(InvalidError) as refused:
            do(colleague, "colleague", disagree, drawn.token, levels, words)
        assert {fault.where for fault in refused.value.faults} == places


def test_the_pages_of_a_second_look(colleague: World, drawn: Drawn, app: Flask, clock: Any) -> None:
    client, them = app.test_client(), {"X-Person": "colleague"}
    clock.advance(seconds=timedelta(days=15).total_seconds())
    page = client.get("/awards/second-looks", headers=them).text
    assert "overdue" in page and drawn.token in page
    look = f"/awards/second-looks/{drawn.token}"
    assert "Yes, I agree" in client.get(look, headers=them).text
    assert "Yes, I agree" not in client.get(look, headers={"X-Person": "teacher"}).text
    assert client.get(look, headers={"X-Person": "other-teacher"}).status_code == 404
    bad = {f"level:{one}": "x" * 9_999 for one in PASSING} | {"words": "x" * 100_000}
    assert client.post(f"{look}/disagree", data=bad, headers=them).status_code in (400, 422)
    sent = {f"level:{one}": level for one, level in FAILING.items()} | {"words": "The base is open."}
    assert client.post(f"{look}/disagree", data=sent, headers=them).status_code == 302
    shown = client.get(look, headers={"X-Person": "admin"}).text
    assert "The base is open." in shown and "It stands" in shown
    empty = client.post(f"{look}/uphold", data={"words": ""}, headers={"X-Person": "admin"})
    assert empty.status_code == 422
    assert client.post(f"{look}/withdraw", headers={"X-Person": "admin"}).status_code == 302
    assert drawn.token in client.get("/awards/second-looks?which=done&page=99", headers=them).text
