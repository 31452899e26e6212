"""Stacked badges: settled once, proposed or given by a standing decision, flagged when a part ends, moved with their parts."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from badge_service.awards import actions, jobs
from badge_service.awards.rules import AwardState, IdentityCheck
from badge_service.awards.rules.stacks import FulfilmentState
from badge_service.awards.tables import Award, ClaimCode, PathwayFulfilment, StandingDecision
from badge_service.curriculum import actions as curriculum
from badge_service.curriculum.rules.findings import Note
from badge_service.curriculum.tables import (
    Definition,
    DefinitionTranslation,
    LetMember,
)
from badge_service.errors import ConflictError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import Role
from badge_service.people.tables import Person
from badge_service.register import actions as register
from badge_service.register.rules import RevocationReason
from badge_service.storage import outbox
from badge_service.storage.session import now

from .crafts import CLAY, DYES, MAKER, SCOUT, WILLOW, Craft

URL = "http://localhost:8000"


def fulfilments(session: Session, person_id: int | None = None) -> list[PathwayFulfilment]:
    found = select(PathwayFulfilment).where(PathwayFulfilment.ended_at.is_(None))
    if person_id is not None:
        found = found.where(PathwayFulfilment.person_id == person_id)
    return list(session.scalars(found.order_by(PathwayFulfilment.id)))


def stacks(session: Session, person_id: int | None = None) -> list[Award]:
    found = select(Award).where(Award.fulfilment_id.is_not(None))
    if person_id is not None:
        found = found.where(Award.person_id == person_id)
    return list(session.scalars(found.order_by(Award.id)))


def test_the_last_part_proposes_the_larger_badge_to_a_person(craft: Craft, learner: int) -> None:
    with craft.world.database.writing() as session:
        craft.give(session, WILLOW, learner)
        craft.give(session, DYES, learner)
        assert fulfilments(session) == []
        craft.give(session, SCOUT, learner)
        (found,) = fulfilments(session)
        assert (found.person_id, found.state, found.decided_by) == (learner, FulfilmentState.PROPOSED, None)
        assert stacks(session) == []
        listed = actions.fulfilments_to_decide(session, craft.world.viewers["teacher"])
        assert [one.token for one in listed.rows] == [found.token]
        assert actions.count_to_decide(session, craft.world.viewers["other-teacher"]) == 0


def test_a_person_decides_a_proposal_once_and_the_badge_names_its_parts(craft: Craft, learner: int) -> None:
    world = craft.world
    with world.database.writing() as session:
        parts = [
            *craft.give(session, WILLOW, learner),
            *craft.give(session, DYES, learner),
            *craft.give(session, SCOUT, learner, check=IdentityCheck.NOT_CHECKED),
        ]
        token = fulfilments(session)[0].token
        with pytest.raises(NotFoundError):
            actions.decide_fulfilment(session, world.viewers["other-teacher"], world.settings, token)
        award = actions.decide_fulfilment(session, world.viewers["teacher"], world.settings, token)
        assert award.activity_id is None
        assert award.decided_by == world.viewers["teacher"].acting_key()
        assert award.identity_check == IdentityCheck.NOT_CHECKED
        with pytest.raises(ConflictError):
            actions.decide_fulfilment(session, world.viewers["teacher"], world.settings, token)
        address = award.token
    world.sign()
    with world.database.reading() as session:
        edition = register.newest_edition(session, address)
        assert edition is not None
        content = edition.content
        assert [one.get("id") for one in content["evidence"][1:]] == [
            f"{URL}/credentials/{one}" for one in parts
        ]
        assert "id" not in content["evidence"][0]
        achievement = content["credentialSubject"]["achievement"]
        assert achievement["humanCode"] == "PATH-MAKER"
        assert achievement["achievementType"] == "MicroCredential"
        assert {one["id"] for one in achievement["related"]} == {
            f"{URL}/achievements/{slug}/1.0.0" for slug in (WILLOW, DYES, CLAY)
        }
        assert len(content["credentialSubject"]["result"]) == 2
        assert edition.signed_text


def test_a_standing_decision_gives_the_badge_in_the_name_of_who_made_it(craft: Craft, learner: int) -> None:
    craft.switch_on()
    with craft.world.database.writing() as session:
        for slug in (WILLOW, DYES, SCOUT):
            craft.give(session, slug, learner)
        (found,), (award,) = fulfilments(session), stacks(session)
        assert found.automatic and found.state == FulfilmentState.AWARDED
        assert found.decided_by == award.decided_by == craft.lead().acting_key()
        craft.give(session, CLAY, learner)
        assert len(stacks(session)) == 1


def test_a_part_that_nobody_known_decided_is_proposed_not_given(craft: Craft, learner: int) -> None:
    craft.switch_on()
    with craft.world.database.writing() as session:
        craft.give(session, WILLOW, learner)
        craft.give(session, DYES, learner, by="import of 2025")
        craft.give(session, SCOUT, learner)
        assert [one.state for one in fulfilments(session)] == [FulfilmentState.PROPOSED]
        assert stacks(session) == []


def test_a_standing_decision_counts_only_while_its_maker_may_make_it(craft: Craft, learner: int) -> None:
    world = craft.world
    craft.switch_on()
    with world.database.writing() as session:
        with pytest.raises(NotFoundError):
            actions.switch_off(session, world.viewers["teacher"], craft.pathway(session))
        with pytest.raises(ConflictError):
            actions.switch_on(session, craft.lead(), craft.pathway(session))
        actions.switch_off(session, craft.lead(), craft.pathway(session))
        for slug in (WILLOW, DYES, SCOUT):
            craft.give(session, slug, learner)
        assert [one.state for one in fulfilments(session)] == [FulfilmentState.PROPOSED]


def join_let(session: Session, craft: Craft, viewer: Any, until: date | None) -> LetMember:
    let = curriculum.find_let(session, "gabrovo")
    member = LetMember(
        token=f"member-{viewer.person_id}",
        let_id=let.id,
        person_id=viewer.person_id,
        name="A member",
        organisation="A school",
        helix="education",
        sector="",
        since=date(2020, 1, 1),
        until=until,
        created_at=now(session),
    )
    session.add(member)
    session.flush()
    return member


@pytest.mark.parametrize(
    ("who", "until", "may"),
    [
        ("teacher", None, True),
        ("teacher", timedelta(days=30), True),
        ("teacher", timedelta(days=-1), False),
        ("other-teacher", None, False),
        ("other-lead", timedelta(days=30), False),
    ],
)
def test_a_member_decides_beforehand_for_their_own_school_while_they_are_one(
    craft: Craft, learner: int, who: str, until: timedelta | None, may: bool
) -> None:
    viewer = craft.world.viewers[who]
    with craft.world.database.writing() as session:
        last = now(session).date() + until if until is not None else None
        member = join_let(session, craft, viewer, last)
        pathway = craft.pathway(session)
        assert actions.may_decide_beforehand(session, viewer, pathway) is may
        if not may:
            with pytest.raises(NotFoundError):
                actions.switch_on(session, viewer, pathway)
            return
        actions.switch_on(session, viewer, pathway)
        craft.give(session, WILLOW, learner)
        craft.give(session, DYES, learner)
        craft.give(session, SCOUT, learner)
        assert [one.decided_by for one in stacks(session)] == [viewer.acting_key()]
        member.until = now(session).date() - timedelta(days=1)
        session.flush()
        assert actions.find_standing(session, pathway) is None
        assert not actions.may_decide_beforehand(session, viewer, pathway)


def test_a_decision_whose_maker_lost_the_role_is_off_and_stays_off_when_it_is_granted_again(
    craft: Craft,
) -> None:
    world, lead = craft.world, craft.lead()
    first, second, third = world.enrol(("Ani", None), ("Boris", None), ("Vera", None))
    craft.switch_on()
    with world.database.writing() as session:
        person = session.get_one(Person, lead.person_id)
        school = people.organisation_by_slug(session, "craft-school")
        boss = world.viewers["operator"]
        people.withdraw_role(session, boss, person, Role.LET_LEAD, school)
        assert actions.find_standing(session, craft.pathway(session)) is None
        again = people.grant_role(session, boss, person, Role.LET_LEAD, school)
        again.granted_at = now(session) + timedelta(hours=1)
        session.flush()
        assert actions.find_standing(session, craft.pathway(session)) is None
        for slug in (WILLOW, DYES, SCOUT):
            craft.give(session, slug, first)
        assert [one.state for one in fulfilments(session, first)] == [FulfilmentState.PROPOSED]
        (ended,) = session.scalars(select(StandingDecision)).all()
        assert ended.ended_at is not None
        again.granted_at = ended.made_at
        session.flush()
        for slug in (WILLOW, DYES, SCOUT):
            craft.give(session, slug, second)
        assert stacks(session) == []
        assert actions.may_decide_beforehand(session, lead, craft.pathway(session))
    craft.switch_on()
    with world.database.writing() as session:
        for slug in (WILLOW, DYES, SCOUT):
            craft.give(session, slug, third)
        assert len(stacks(session, third)) == 1


def test_a_lapsed_decision_does_not_keep_somebody_else_from_deciding(craft: Craft) -> None:
    world = craft.world
    with world.database.writing() as session:
        member = join_let(session, craft, world.viewers["teacher"], None)
        actions.switch_on(session, world.viewers["teacher"], craft.pathway(session))
        member.until = now(session).date() - timedelta(days=1)
        session.flush()
        actions.switch_on(session, craft.lead(), craft.pathway(session))
        found = actions.find_standing(session, craft.pathway(session))
        assert found is not None and found[0].made_by == craft.lead().acting_key()


def test_nobody_decides_about_their_own_badge_neither_now_nor_beforehand(craft: Craft) -> None:
    world, lead = craft.world, craft.lead()
    assert lead.person_id is not None
    craft.switch_on()
    with world.database.writing() as session:
        for slug in (WILLOW, DYES, SCOUT):
            craft.give(session, slug, lead.person_id)
        (found,) = fulfilments(session, lead.person_id)
        assert (found.state, stacks(session)) == (FulfilmentState.PROPOSED, [])
        with pytest.raises(ConflictError) as refused:
            actions.decide_fulfilment(session, lead, world.settings, found.token)
        assert refused.value.code == "pathway.own_badge"
        award = actions.decide_fulfilment(session, world.viewers["teacher"], world.settings, found.token)
        assert award.person_id == lead.person_id


def test_settling_twice_changes_nothing(craft: Craft, learner: int) -> None:
    craft.switch_on()
    with craft.world.database.writing() as session:
        for slug in (WILLOW, DYES, SCOUT):
            craft.give(session, slug, learner)
        assert actions.settle(session, craft.world.settings, [learner, learner]) == 0
        assert len(stacks(session)) == len(fulfilments(session)) == 1


def test_the_database_keeps_one_fulfilment_a_person_and_version(craft: Craft, learner: int) -> None:
    with craft.world.database.writing() as session:
        for slug in (WILLOW, DYES, SCOUT):
            craft.give(session, slug, learner)
    with pytest.raises(IntegrityError), craft.world.database.writing() as session:
        (found,) = fulfilments(session)
        double = {
            "person_id": learner,
            "pathway_version_id": found.pathway_version_id,
            "organisation_id": found.organisation_id,
        }
        session.add(
            PathwayFulfilment(
                token="x" * 22, state="proposed", automatic=False, fulfilled_at=found.fulfilled_at, **double
            )
        )


@contextmanager
def statements(world: Any) -> Iterator[list[str]]:
    counted: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        counted.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", count)
    yield counted
    event.remove(world.database.engine, "before_cursor_execute", count)


@pytest.mark.parametrize("automatic", [False, True])
def test_a_bulk_is_settled_in_as_many_statements_as_one_award(craft: Craft, automatic: bool) -> None:
    if automatic:
        craft.switch_on()
    everybody = craft.world.enrol(*((f"Learner {place}", None) for place in range(40)))
    counts = []
    for group in (everybody[:1], everybody[1:]):
        with craft.world.database.writing() as session:
            craft.give(session, WILLOW, *group)
            craft.give(session, DYES, *group)
        with craft.world.database.writing() as session:
            version, workshop = craft.version(session, SCOUT), craft.world.open(session)[0]
            assert version and workshop
            with statements(craft.world) as counted:
                craft.give(session, SCOUT, *group)
            counts.append(len(counted))
    with craft.world.database.reading() as session:
        assert len(fulfilments(session)) == 40
        assert len(stacks(session)) == (40 if automatic else 0)
    assert counts[1] <= counts[0] + 1


def test_two_last_parts_at_once_give_one_larger_badge(craft: Craft, learner: int) -> None:
    """Neither transaction sees the other's award until it has waited for it."""
    craft.switch_on()
    with craft.world.database.writing() as session:
        craft.give(session, WILLOW, learner)
    together = threading.Barrier(2)
    failures: list[BaseException] = []

    def give(slug: str) -> None:
        try:
            together.wait(10)
            with craft.world.database.writing() as session:
                craft.give(session, slug, learner)
        except BaseException as error:  # noqa: BLE001 (told by the test itself)
            failures.append(error)

    threads = [threading.Thread(target=give, args=(slug,)) for slug in (DYES, SCOUT)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with craft.world.database.reading() as session:
        assert len(fulfilments(session)) == len(stacks(session)) == 1


def test_parts_of_two_schools_given_at_once_see_each_other(craft: Craft, learner: int) -> None:
    """Two issuers share no status list, so nothing but the learner's row makes the second wait for the first."""
    world = craft.world
    with world.database.writing() as session:
        craft.give(session, WILLOW, learner)
        (model,) = session.scalars(select(Award))
        same = {
            name: getattr(model, name)
            for name in (
                "activity_id",
                "organisation_id",
                "identity_check",
                "decided_by",
                "decided_at",
                "state",
                "sharing",
            )
        }
        versions = {slug: craft.version(session, slug).id for slug in (DYES, SCOUT)}
    settled = threading.Event()
    failures: list[BaseException] = []

    def give(slug: str, *, first: bool) -> None:
        try:
            if not first:
                assert settled.wait(10)
            with world.database.writing() as session:
                award = Award(token=slug, subject=slug, person_id=learner, version_id=versions[slug], **same)
                session.add(award)
                session.flush()
                actions.settle(session, world.settings, [learner])
                if first:
                    settled.set()
                    time.sleep(1)
        except BaseException as error:  # noqa: BLE001 (told by the test itself)
            failures.append(error)

    threads = [
        threading.Thread(target=give, args=(slug,), kwargs={"first": first})
        for slug, first in ((DYES, True), (SCOUT, False))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with world.database.reading() as session:
        assert len(fulfilments(session)) == 1


def test_many_at_once_settle_each_learner_once(craft: Craft) -> None:
    craft.switch_on()
    everybody = craft.world.enrol(*((f"Learner {place}", None) for place in range(6)))
    with craft.world.database.writing() as session:
        craft.give(session, WILLOW, *everybody)
        craft.give(session, DYES, *everybody)
    failures: list[BaseException] = []

    def give(slug: str, people_ids: list[int]) -> None:
        try:
            with craft.world.database.writing() as session:
                craft.give(session, slug, *people_ids)
        except BaseException as error:  # noqa: BLE001 (told by the test itself)
            failures.append(error)

    threads = [
        threading.Thread(target=give, args=(slug, order))
        for slug, order in ((SCOUT, everybody), (CLAY, everybody[::-1]))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with craft.world.database.reading() as session:
        assert len(stacks(session)) == 6


def test_a_badge_of_a_translation_counts_as_one_of_its_original(craft: Craft, learner: int) -> None:
    with craft.world.database.writing() as session:
        ids = {one.slug: one.id for one in session.scalars(select(Definition))}
        session.add(DefinitionTranslation(definition_id=ids[SCOUT], original_id=ids[DYES]))
        session.flush()
        craft.give(session, WILLOW, learner)
        craft.give(session, DYES, learner)
        craft.give(session, SCOUT, learner)
        assert fulfilments(session) == []
        craft.give(session, CLAY, learner)
        assert len(fulfilments(session)) == 1


def test_a_revoked_part_flags_the_stack_and_revokes_nothing(craft: Craft, learner: int) -> None:
    craft.switch_on()
    world = craft.world
    with world.database.writing() as session:
        first, *_rest = [craft.give(session, slug, learner)[0] for slug in (WILLOW, DYES, SCOUT)]
    world.sign()
    with world.database.writing() as session:
        actions.revoke_award(session, world.viewers["teacher"], first, RevocationReason.MISTAKE)
        (found,), (stack,) = fulfilments(session), stacks(session)
        assert found.state == FulfilmentState.FLAGGED and found.flagged_at is not None
        assert stack.ended_at is None
        assert actions.count_to_decide(session, world.viewers["teacher"]) == 1
        actions.keep_stack(session, world.viewers["teacher"], found.token)
        assert fulfilments(session)[0].state == FulfilmentState.AWARDED and stack.ended_at is None


def test_a_flagged_stack_can_be_revoked_by_a_person_and_earned_anew(craft: Craft, learner: int) -> None:
    craft.switch_on()
    world = craft.world
    with world.database.writing() as session:
        first, *_rest = [craft.give(session, slug, learner)[0] for slug in (WILLOW, DYES, SCOUT)]
    world.sign()
    with world.database.writing() as session:
        actions.revoke_award(session, world.viewers["teacher"], first, RevocationReason.MISTAKE)
        token = fulfilments(session)[0].token
        stack = stacks(session)[0]
        assert actions.revoke_stack(session, world.viewers["lead"], token) == stack.token
        assert stack.state == AwardState.REVOKED and fulfilments(session) == []
        craft.give(session, CLAY, learner)
        assert [one.state for one in stacks(session)] == [AwardState.REVOKED, AwardState.HELD]


def test_a_declined_stack_is_not_given_again_by_itself(craft: Craft, learner: int) -> None:
    craft.switch_on()
    world = craft.world
    with world.database.writing() as session:
        for slug in (WILLOW, DYES, SCOUT):
            craft.give(session, slug, learner)
        token = stacks(session)[0].token
    world.sign()
    with world.database.writing() as session:
        actions.decline_own(session, people.load_viewer(session, learner), token)
        craft.give(session, CLAY, learner)
        assert [one.state for one in stacks(session)] == [AwardState.DECLINED]


def test_a_proposal_whose_part_ends_is_taken_back_and_made_anew_by_other_parts(
    craft: Craft, learner: int
) -> None:
    world = craft.world
    with world.database.writing() as session:
        first, *_rest = [craft.give(session, slug, learner)[0] for slug in (WILLOW, DYES, SCOUT, CLAY)]
        token = fulfilments(session)[0].token
    world.sign()
    with world.database.writing() as session:
        actions.revoke_award(session, world.viewers["teacher"], first, RevocationReason.WITHDRAWN)
        assert fulfilments(session) == []
        with pytest.raises(NotFoundError):
            actions.decide_fulfilment(session, world.viewers["teacher"], world.settings, token)
    craft.run_jobs()
    with world.database.reading() as session:
        assert [one.state for one in fulfilments(session)] == [FulfilmentState.PROPOSED]


def test_undoing_a_batch_takes_back_what_it_completed(craft: Craft) -> None:
    craft.switch_on()
    world = craft.world
    world.settings = replace(world.settings, undo_minutes=10)
    ids = world.enrol(("Petya Ivanova", None), ("Boris Kolev", None))
    with world.database.writing() as session:
        craft.give(session, DYES, *ids)
        craft.give(session, SCOUT, *ids)
    for person_id in ids:
        world.judge(person_id, "proficient", "proficient", "exemplary")
    token = world.award(*ids)
    with world.database.reading() as session:
        assert len(stacks(session)) == 2
        tokens = actions.sign_tokens(session, world.batch(session, token))
        assert {one.token for one in stacks(session)} < set(tokens)
    with world.database.writing() as session:
        actions.undo_batch(session, world.viewers["teacher"], world.settings, token)
        assert {one.state for one in stacks(session)} == {AwardState.REVOKED}
        assert fulfilments(session) == []
    again = world.award(*ids, key="two")
    assert again != token
    with world.database.reading() as session:
        assert sum(one.state == AwardState.HELD for one in stacks(session)) == 2


def test_an_accepted_stack_is_flagged_when_the_batch_under_it_is_undone(craft: Craft, learner: int) -> None:
    craft.switch_on()
    world = craft.world
    world.settings = replace(world.settings, undo_minutes=10)
    with world.database.writing() as session:
        craft.give(session, DYES, learner)
        craft.give(session, SCOUT, learner)
    world.judge(learner, "proficient", "proficient", "exemplary")
    token = world.award(learner)
    with world.database.writing() as session:
        viewer = people.load_viewer(session, learner)
        actions.accept_own(session, viewer, stacks(session)[0].token, with_name=False)
    with world.database.writing() as session:
        actions.undo_batch(session, world.viewers["teacher"], world.settings, token)
        assert [one.state for one in stacks(session)] == [AwardState.ACCEPTED]
        assert [one.state for one in fulfilments(session)] == [FulfilmentState.FLAGGED]


def test_parts_that_come_together_by_claiming_are_settled(craft: Craft, learner: int) -> None:
    """The same human being was known here twice; claiming by a card into one's own account brings the badges together."""
    world = craft.world
    with world.database.writing() as session:
        somebody = people.add_person(
            session, world.viewers["operator"], "Petya Ivanova", "petya@home.example"
        )
        craft.give(session, DYES, somebody.id)
        craft.give(session, SCOUT, somebody.id)
        (token,) = craft.give(session, WILLOW, learner)
    world.sign()
    with world.database.writing() as session:
        card = actions.new_card(session, world.viewers["teacher"], token)
        viewer = people.load_viewer(session, somebody.id)
        actions.claim(session, viewer, card.code, with_name=False, into_mine=True)
        assert fulfilments(session) == []
    craft.run_jobs()
    with world.database.reading() as session:
        assert [one.person_id for one in fulfilments(session)] == [somebody.id]


def test_a_held_stack_follows_its_parts_to_who_claims_them(craft: Craft, learner: int) -> None:
    craft.switch_on()
    world = craft.world
    with world.database.writing() as session:
        tokens = [craft.give(session, slug, learner)[0] for slug in (WILLOW, DYES, SCOUT)]
        somebody = people.add_person(
            session, world.viewers["operator"], "Petya Ivanova", "petya@home.example"
        )
    world.sign()
    with world.database.writing() as session:
        viewer = people.load_viewer(session, somebody.id)
        stack = stacks(session)[0]
        stack_card = actions.new_card(session, world.viewers["teacher"], stack.token)
        with pytest.raises(ConflictError):
            actions.claim(session, viewer, stack_card.code, with_name=False, into_mine=True)
        session.rollback()
    with world.database.writing() as session:
        card = actions.new_card(session, world.viewers["teacher"], tokens[0])
        actions.claim(session, viewer, card.code, with_name=False, into_mine=True)
        assert [one.person_id for one in stacks(session)] == [somebody.id]
        assert [one.person_id for one in fulfilments(session)] == [somebody.id]
    craft.run_jobs()
    with world.database.reading() as session:
        assert len(fulfilments(session)) == len(stacks(session)) == 1


def test_publishing_settles_those_who_hold_all_parts_already(craft: Craft, learner: int) -> None:
    world = craft.world
    with world.database.writing() as session:
        craft.give(session, WILLOW, learner)
        craft.give(session, DYES, learner)
        assert fulfilments(session) == []
        draft = curriculum.new_pathway_version(session, craft.lead(), MAKER, "1.0.0")
        content = {**draft.content, "rule": {"all_of": ["CRF-WIL-1", "CRF-DYE-1"]}}
        curriculum.save_pathway(session, craft.lead(), MAKER, draft.version, content, draft.revision)
        why = [Note(("rule",), editorial="Two crafts are enough.")]
        curriculum.publish_pathway(session, craft.lead(), MAKER, draft.version, public_url=URL, changes=why)
    craft.run_jobs()
    with world.database.reading() as session:
        assert [(one.person_id, one.state) for one in fulfilments(session)] == [
            (learner, FulfilmentState.PROPOSED)
        ]


def test_a_newer_version_is_proposed_to_who_has_an_earlier_ones_badge(craft: Craft, learner: int) -> None:
    craft.switch_on()
    world = craft.world
    with world.database.writing() as session:
        for slug in (WILLOW, DYES, SCOUT):
            craft.give(session, slug, learner)
        craft.publish_anew(session)
        actions.switch_on(session, craft.lead(), craft.pathway(session))
    craft.run_jobs()
    with world.database.reading() as session:
        assert [one.state for one in fulfilments(session)] == [
            FulfilmentState.AWARDED,
            FulfilmentState.PROPOSED,
        ]
        assert len(stacks(session)) == 1


def test_a_stacked_badge_can_be_a_part_of_a_larger_one(craft: Craft, learner: int) -> None:
    craft.switch_on()
    world = craft.world
    with world.database.writing() as session:
        maker = craft.pathway(session)
        version = curriculum.create_pathway(
            session,
            craft.lead(),
            organisation_id=maker.pathway.organisation_id,
            let_id=maker.let_id,
            code="PATH-BIG",
            title="Master of crafts",
        )
        content = {
            **version.content,
            "description": "A maker who knows clay.",
            "rule": {"all_of": ["PATH-MAKER", "CRF-CER-1"]},
        }
        curriculum.save_pathway(session, craft.lead(), version.slug, "1.0.0", content, version.revision)
        big = curriculum.publish_pathway(session, craft.lead(), version.slug, "1.0.0", public_url=URL)
        actions.switch_on(session, craft.lead(), big)
        for slug in (CLAY, WILLOW, DYES):
            craft.give(session, slug, learner)
        assert [one.version.definition.code for one in stacks(session)] == ["PATH-MAKER", "PATH-BIG"]


def test_the_mail_of_a_stack_goes_where_its_parts_mail_went(craft: Craft, learner: int) -> None:
    craft.switch_on()
    world = craft.world
    with world.database.writing() as session:
        for slug in (WILLOW, DYES, SCOUT):
            craft.give(session, slug, learner)
        (stack,) = stacks(session)
        assert actions.address_of(session, stack) == "petya@school.example"
    world.sign()
    later = world.database.clock() + timedelta(hours=1)
    before, world.database.clock = world.database.clock, lambda: later
    try:
        outbox.run_due(world.database, jobs.handlers(world.settings))
    finally:
        world.database.clock = before
    with world.database.reading() as session:
        assert (
            session.scalar(select(ClaimCode.sent_to).where(ClaimCode.award_id == stack.id))
            == "petya@school.example"
        )


def test_progress_says_what_is_done_and_what_has_become_of_it(craft: Craft, learner: int) -> None:
    with craft.world.database.writing() as session:
        craft.give(session, WILLOW, learner)
        viewer = people.load_viewer(session, learner)
        (found,) = actions.pathway_progress(session, viewer)
        assert (found.steps, found.state) == ((1, 3), None)
        craft.give(session, DYES, learner)
        craft.give(session, SCOUT, learner)
        (found,) = actions.pathway_progress(session, viewer)
        assert found.progress.done and found.state == FulfilmentState.PROPOSED and found.badge is None
        assert actions.pathway_progress(session, craft.world.viewers["other-teacher"]) == []
