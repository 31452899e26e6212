"""Enrol, check in, assess, award, interrupt, resume, confirm, correct, claim, decline, revoke: in any order, rules hold."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from badge_service.awards import actions
from badge_service.awards.jobs import handlers
from badge_service.awards.rules import AwardState, Sharing
from badge_service.awards.tables import Award, BatchItem
from badge_service.backpack.actions import set_sharing
from badge_service.errors import BadgeServiceError
from badge_service.people import actions as people
from badge_service.people.rules import NOBODY, Role
from badge_service.register import actions as register
from badge_service.register.rules import RevocationReason
from badge_service.register.tables import Document, Edition, StatusEntry
from badge_service.storage import outbox
from badge_service.workshops import actions as workshops

from .conftest import World

pytestmark = pytest.mark.slow
LEVELS = st.sampled_from(["developing", "proficient", "exemplary"])
PICK = st.integers(0, 1_000)


class AnyOrder(RuleBasedStateMachine):
    """One workshop whose learners grow; what is refused changes nothing, and the invariants are asked after each step."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.learners: list[int] = []
        self.decided: set[int] = set()
        self.bits: set[tuple[int, int]] = set()
        self.presses = 0

    def attempt(self, deed: Any) -> Any:
        try:
            with self.world.database.writing() as session:
                return deed(session)
        except BadgeServiceError:
            return None

    def some_award(self, pick: int, *states: AwardState) -> Award | None:
        wanted = [state.value for state in states]
        with self.world.database.reading() as session:
            mine = Award.person_id.in_(self.learners)
            found = session.scalars(
                select(Award).where(mine, Award.state.in_(wanted)).order_by(Award.id)
            ).all()
            return found[pick % len(found)] if found else None

    @initialize(count=st.integers(2, 4))
    def a_class_that_is_ready(self, count: int) -> None:
        for _place in range(count):
            self.enrol()
            self.world.judge(self.learners[-1], "proficient", "proficient", "proficient")

    @rule()
    def enrol(self) -> None:
        number = len(self.learners)
        self.learners += self.world.enrol((f"Learner {id(self)} {number}", None))

    @precondition(lambda self: self.learners)
    @rule(pick=PICK, present=st.booleans())
    def check_in(self, pick: int, present: bool) -> None:
        person = self.learners[pick % len(self.learners)]

        def deed(session: Any) -> None:
            workshop, _version = self.world.open(session)
            listed = actions.learners_in(session, workshop)
            there = {one.number for one in listed if one.present}
            mine = {one.number for one in listed if one.person_id == person}
            marked = there | mine if present else there - mine
            workshops.mark_present(session, self.world.viewers["teacher"], workshop, marked)

        self.attempt(deed)

    @precondition(lambda self: self.learners)
    @rule(pick=PICK, level=LEVELS)
    def assess(self, pick: int, level: str) -> None:
        self.world.judge(self.learners[pick % len(self.learners)], level, level, level)

    @rule(a_day=st.sampled_from([0, 1, 5_000]))
    def set_limits(self, a_day: int) -> None:
        admin = self.world.viewers["admin"]
        self.attempt(
            lambda session: actions.set_limits(session, admin, "craft-school", a_day=a_day, an_hour=9_000)
        )

    @rule(interrupted=st.booleans(), twice=st.booleans())
    def award(self, interrupted: bool, twice: bool) -> None:
        with self.world.database.reading() as session:
            workshop, version = self.world.open(session)
            rows = actions.readiness_of(session, workshop, version)
            ready = [
                row.learner.person_id for row in rows if row.ready and row.learner.person_id in self.learners
            ]
        self.presses += 1
        for _time in range(1 + twice):
            try:
                self.world.award(*ready, key=f"{id(self)}-{self.presses}", sign=not interrupted)
            except BadgeServiceError:
                return
            self.decided |= set(ready)

    @rule()
    def resume(self) -> None:
        kind = actions.AWARD_CHUNK
        outbox.run_due(self.world.database, {kind: handlers(self.world.settings)[kind]})
        self.world.sign()

    @rule(pick=PICK, viewer=st.sampled_from(["teacher", "second", "other-teacher"]), refuse=st.booleans())
    def second_person(self, pick: int, viewer: str, refuse: bool) -> None:
        with self.world.database.reading() as session:
            waiting = actions.batches_to_confirm(session, self.world.viewers["second"])
        if not waiting:
            return
        batch, who = waiting[pick % len(waiting)], self.world.viewers[viewer]
        if refuse:
            self.attempt(lambda session: actions.refuse_items(session, who, batch.token, [1], "Not seen."))
            return
        done = self.attempt(
            lambda session: actions.confirm_items(
                session, who, self.world.settings, batch.token, batch.to_confirm
            )
        )
        assert viewer == "second" or done is None

    @rule(pick=PICK, level=LEVELS)
    def correct(self, pick: int, level: str) -> None:
        award = self.some_award(pick, AwardState.HELD, AwardState.ACCEPTED)
        if award is not None:
            teacher = self.world.viewers["teacher"]
            self.attempt(
                lambda session: actions.correct_award(
                    session, teacher, award.token, reason="Looked again.", levels={"C1": level}
                )
            )

    @rule(pick=PICK, accept=st.booleans(), open_page=st.booleans())
    def claim(self, pick: int, accept: bool, open_page: bool) -> None:
        award = self.some_award(pick, AwardState.HELD)
        if award is None:
            return
        teacher = self.world.viewers["teacher"]
        card = self.attempt(lambda session: actions.new_card(session, teacher, award.token))
        for _time in range(2):  # a code works once
            if accept:
                self.attempt(
                    lambda session: actions.claim(
                        session, NOBODY, card.code, with_name=True, password="willow and reed 9"
                    )
                )
            else:
                self.attempt(lambda session: actions.decline(session, card.code))
        if open_page:
            self.attempt(self._open(award))

    def _open(self, award: Award) -> Any:
        def deed(session: Any) -> None:
            owner = people.load_viewer(session, award.person_id or 0)
            set_sharing(session, owner, award.token, Sharing.LINK)

        return deed

    @rule(pick=PICK)
    def revoke(self, pick: int) -> None:
        award = self.some_award(pick, AwardState.HELD, AwardState.ACCEPTED)
        if award is not None:
            teacher, reason = self.world.viewers["teacher"], RevocationReason.MISTAKE
            self.attempt(lambda session: actions.revoke_award(session, teacher, award.token, reason))

    @invariant()
    def nobody_has_two_standing_badges(self) -> None:
        with self.world.database.reading() as session:
            standing = session.scalars(select(Award.person_id).where(Award.ended_at.is_(None)))
            assert set(Counter(standing).values()) <= {1}

    @invariant()
    def nobody_is_awarded_whom_no_person_decided_to_award(self) -> None:
        with self.world.database.reading() as session:
            mine = select(Award).where(Award.person_id.in_(self.learners))
            awards = session.scalars(mine).all()
            assert {award.person_id for award in awards} <= self.decided
            assert {award.decided_by for award in awards} <= {self.world.viewers["teacher"].key}

    @invariant()
    def no_status_index_is_used_twice_and_no_bit_is_ever_cleared(self) -> None:
        with self.world.database.reading() as session:
            places = session.execute(select(Edition.status_list_id, Edition.status_position)).all()
            assert len(places) == len(set(places))
            entries = select(StatusEntry.list_id, StatusEntry.position).where(StatusEntry.set_at.is_not(None))
            now_set = {(row.list_id, row.position) for row in session.execute(entries)}
        assert self.bits <= now_set
        self.bits = now_set

    @invariant()
    def an_ended_badge_is_good_in_none_of_its_signed_editions(self) -> None:
        with self.world.database.reading() as session:
            good = session.scalars(
                select(Award.token)
                .join(Document, Document.token == Award.token)
                .join(Edition, Edition.document_id == Document.id)
                .join(
                    StatusEntry,
                    (StatusEntry.list_id == Edition.status_list_id)
                    & (StatusEntry.position == Edition.status_position),
                )
                .where(Award.ended_at.is_not(None), Edition.state == "signed", StatusEntry.set_at.is_(None))
            ).all()
        assert good == []

    @invariant()
    def only_what_its_learner_opened_is_served(self) -> None:
        with self.world.database.reading() as session:
            hidden = select(Award.token).where(Award.sharing == "private", Award.person_id.in_(self.learners))
            for token in session.scalars(hidden):
                assert register.read_published(session, f"/credentials/{token}.json") is None

    @invariant()
    def whoever_waits_for_a_second_person_has_no_badge_of_that_decision(self) -> None:
        with self.world.database.reading() as session:
            both = session.scalars(
                select(BatchItem.person_id)
                .join(
                    Award,
                    (Award.batch_id == BatchItem.batch_id) & (Award.person_id == BatchItem.person_id),
                )
                .where(BatchItem.state != "awarded")
            ).all()
        assert both == []

    def teardown(self) -> None:
        """Resumed to the end, everybody who was decided has a badge, was refused, or was left out for a named reason."""
        self.resume()
        with self.world.database.reading() as session:
            known = set(session.scalars(select(Award.person_id).where(Award.person_id.in_(self.learners))))
            known |= set(session.scalars(select(BatchItem.person_id).where(BatchItem.state != "waiting")))
            assert self.decided <= known
            assert register.unsigned_count(session) == 0


def test_the_rules_hold_in_any_order(world: World) -> None:
    with world.database.writing() as session:
        school = people.organisation_by_slug(session, "craft-school")
        person = people.person_by_id(session, world.viewers["lead"].person_id or 0)
        people.grant_role(session, world.viewers["operator"], person, Role.TEACHER, school)
        world.viewers["second"] = people.load_viewer(session, person.id)
    run_state_machine_as_test(
        lambda: AnyOrder(world),
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    with world.database.reading() as session:
        assert len(session.scalars(select(Award.id)).all()) > 3, "little was tried"
