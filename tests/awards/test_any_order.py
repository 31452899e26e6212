"""Enrol, check in, assess, award, interrupt, resume, confirm, undo, correct, claim, decline, revoke: in any order, rules hold."""

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from badge_service.awards import actions
from badge_service.awards.actions import batches, items, second_person
from badge_service.awards.jobs import handlers
from badge_service.awards.rules import AgeBand, AwardState, Sharing
from badge_service.awards.tables import Award, AwardBatch, BatchItem
from badge_service.backpack.actions import set_sharing
from badge_service.errors import BadgeServiceError
from badge_service.people import actions as people
from badge_service.people.rules import NOBODY, Role
from badge_service.register import actions as register
from badge_service.register.rules import RevocationReason
from badge_service.storage import outbox
from badge_service.storage.tables import OutboxJob
from badge_service.workshops import actions as workshops

from .always import Always
from .conftest import World

pytestmark = pytest.mark.slow
LEVELS = st.sampled_from(["developing", "proficient", "exemplary"])
PICK = st.integers(0, 1_000)
AFTERWARDS: dict[str, Any] = {
    "claim": lambda machine, pick: machine.claim(pick, accept=True, open_page=True),
    "decline": lambda machine, pick: machine.claim(pick, accept=False, open_page=False),
    "correct": lambda machine, pick: machine.correct(pick, "exemplary"),
    "revoke": lambda machine, pick: machine.revoke(pick),
    "confirm": lambda machine, pick: machine.second_person(pick, "second", refuse=False),
    "refuse": lambda machine, pick: machine.second_person(pick, "second", refuse=True),
    "undo": lambda machine, pick: machine.undo(pick),
    "resume": lambda machine, pick: machine.resume(pick),
}
DEEDS = st.lists(st.tuples(st.sampled_from([*AFTERWARDS, "claim", "refuse"]), PICK), min_size=1, max_size=4)
VERBS = (
    *("enrol", "check in", "assess", "award", "press twice", "interrupt signing", "interrupt a chunk"),
    *("resume", "confirm", "refuse", "undo", "correct", "claim", "decline", "open", "revoke"),
)


class WorkerDiesError(Exception):
    """In the middle of a chunk, before the commit."""


class AnyOrder(Always):
    """One workshop whose learners grow; what is refused changes nothing, and the invariants are asked after each step."""

    def __init__(self, world: World, done: Counter[str]) -> None:
        super().__init__(world, done)
        self.presses = 0

    @initialize(count=st.integers(1, 4), then=DEEDS)
    def a_class_that_is_awarded(self, count: int, then: list[tuple[str, int]]) -> None:
        self.enrol(count)
        self.press(5_000)
        self.go_on(then)

    def go_on(self, deeds: list[tuple[str, int]]) -> None:
        """What else is done after a press, so that as much is done to badges as to learners."""
        for name, pick in deeds:
            AFTERWARDS[name](self, pick)

    @rule(ready=st.integers(0, 3))
    def enrol(self, ready: int) -> None:
        """So many learners who are ready, or one who is not judged yet."""
        for _place in range(max(ready, 1)):
            number = len(self.learners)
            address = f"l{id(self)}-{number}@school.example" if number % 2 else None
            self.learners += self.world.enrol((f"Learner {id(self)} {number}", address))
            if ready:
                self.world.judge(self.learners[-1], "proficient", "proficient", "proficient")
        self.done["enrol"] += 1

    @precondition(lambda self: self.learners)
    @rule(pick=PICK, present=st.booleans())
    def check_in(self, pick: int, present: bool) -> None:
        person = self.learners[pick % len(self.learners)]

        def deed(session: Any) -> None:
            workshop, _version = self.world.open(session)
            numbers = {one.person_id: one.number for one in actions.learners_in(session, workshop)}
            day = workshops.days_of(workshop)[-1]
            teacher = self.world.viewers["teacher"]
            workshops.mark_presence(session, teacher, workshop, day, {numbers[person]: present})

        self.attempt("check in", deed)

    @precondition(lambda self: self.learners)
    @rule(pick=PICK, level=LEVELS)
    def assess(self, pick: int, level: str) -> None:
        self.world.judge(self.learners[pick % len(self.learners)], level, level, level)
        self.done["assess"] += 1

    @rule(
        a_day=st.sampled_from([5_000, 5_000, 0, 1]),
        every=st.sampled_from([1, 1, 2]),
        interrupted=st.booleans(),
        twice=st.booleans(),
        ready=st.integers(1, 3),
        then=DEEDS,
    )
    def award(
        self, a_day: int, every: int, interrupted: bool, twice: bool, ready: int, then: list[tuple[str, int]]
    ) -> None:
        """At once, written down for the worker or for a second person; `interrupted` before anything is signed."""
        self.enrol(ready)
        self.press(a_day, every=every, interrupted=interrupted, twice=twice)
        self.go_on(then)

    def press(self, a_day: int, *, every: int = 1, interrupted: bool = False, twice: bool = False) -> None:
        with self.world.database.writing() as session:
            admin = self.world.viewers["admin"]
            actions.set_limits(session, admin, "craft-school", a_day=a_day, an_hour=9_000)
            workshop, version = self.world.open(session)
            rows = actions.readiness_of(session, workshop, version)
        ready = [row.learner.person_id for row in rows if row.ready]
        chosen = [person for person in ready if person in self.learners][::every]
        self.presses += 1
        for time in range(1 + twice):
            try:
                self.world.award(*chosen, key=f"{id(self)}-{self.presses}", sign=not interrupted)
            except BadgeServiceError:
                return
            self.done["press twice" if time else "interrupt signing" if interrupted else "award"] += 1
            self.decided |= set(chosen)

    @precondition(lambda self: self.presses < 8)
    @rule()
    def interrupt(self) -> None:
        """The worker dies when it has awarded a chunk and not yet committed: nothing of it stays."""
        chunk = select(OutboxJob).where(
            OutboxJob.kind == actions.AWARD_CHUNK,
            OutboxJob.done_at.is_(None),
            OutboxJob.cancelled_at.is_(None),
        )
        handler = handlers(self.world.settings)[actions.AWARD_CHUNK]
        self.enrol(3)
        self.press(5_000, interrupted=True)
        before = self.all_awards()
        with suppress(WorkerDiesError), self.world.database.writing() as session:
            if job := session.scalars(chunk.limit(1)).first():
                handler(session, job.payload)  # type: ignore[operator]
                self.done["interrupt a chunk"] += session.scalar(select(func.count(Award.id))) != len(before)
                raise WorkerDiesError
        assert self.all_awards() == before

    @rule(pick=PICK)
    def resume(self, pick: int) -> None:
        """The button of one batch, then the worker, then the signatures."""
        with self.world.database.reading() as session:
            tokens = session.scalars(select(AwardBatch.token).order_by(AwardBatch.id)).all()
        if tokens:
            teacher, token = self.world.viewers["teacher"], tokens[pick % len(tokens)]
            self.attempt("resume", lambda session: actions.resume_items(session, teacher, token))
        kind = actions.AWARD_CHUNK
        while outbox.run_due(self.world.database, {kind: handlers(self.world.settings)[kind]}):
            pass
        self.world.sign()

    @rule(pick=PICK)
    def undo(self, pick: int) -> None:
        with self.world.database.reading() as session:
            mine = select(AwardBatch.token).where(AwardBatch.idempotency_key.startswith(f"{id(self)}-"))
            tokens = session.scalars(mine.order_by(AwardBatch.id)).all()
        if tokens:
            settings, teacher = self.world.settings, self.world.viewers["teacher"]
            token = tokens[pick % len(tokens)]
            self.attempt("undo", lambda session: actions.undo_batch(session, teacher, settings, token))

    @rule(
        pick=PICK,
        viewer=st.sampled_from(["second", "second", "teacher", "other-teacher"]),
        refuse=st.booleans(),
    )
    def second_person(self, pick: int, viewer: str, refuse: bool) -> None:
        with self.world.database.reading() as session:
            waiting = actions.batches_to_confirm(session, self.world.viewers["second"])
        if not waiting:
            return
        batch, who = waiting[pick % len(waiting)], self.world.viewers[viewer]
        if refuse:
            self.attempt(
                "refuse", lambda session: actions.refuse_items(session, who, batch.token, [1], "Not seen.")
            )
            return
        done = self.attempt(
            "confirm",
            lambda session: actions.confirm_items(
                session, who, self.world.settings, batch.token, batch.to_confirm
            ),
        )
        assert viewer == "second" or done is None

    @rule(pick=PICK, level=LEVELS)
    def correct(self, pick: int, level: str) -> None:
        award = self.some_award(pick, AwardState.HELD, AwardState.ACCEPTED)
        if award is not None:
            teacher = self.world.viewers["teacher"]
            self.attempt(
                "correct",
                lambda session: actions.correct_award(
                    session, teacher, award.token, reason="Looked again.", levels={"C1": level}
                ),
            )

    @rule(pick=PICK, accept=st.booleans(), open_page=st.booleans())
    def claim(self, pick: int, accept: bool, open_page: bool) -> None:
        award = self.some_award(pick, AwardState.HELD)
        if award is None:
            return
        teacher = self.world.viewers["teacher"]
        card = self.attempt("print a card", lambda session: actions.new_card(session, teacher, award.token))
        for _time in range(2):  # a code works once
            if accept:
                self.attempt(
                    "claim",
                    lambda session: actions.claim(
                        session,
                        NOBODY,
                        card.code,
                        with_name=True,
                        age=AgeBand.ADULT,
                        password="willow and reed 9",
                    ),
                )
            else:
                self.attempt("decline", lambda session: actions.decline(session, card.code))
        if open_page:
            self.attempt("open", self._open(award))

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
            self.attempt(
                "revoke", lambda session: actions.revoke_award(session, teacher, award.token, reason)
            )

    def teardown(self) -> None:
        """Resumed to the end, everybody who was decided has a badge, was refused, or was left out for a named reason."""
        self.resume(0)
        self.every_badge_verifies()
        with self.world.database.reading() as session:
            known = set(session.scalars(select(Award.person_id).where(Award.person_id.in_(self.learners))))
            known |= set(session.scalars(select(BatchItem.person_id).where(BatchItem.state != "waiting")))
            assert self.decided <= known
            assert register.unsigned_count(session) == 0


def test_the_rules_hold_in_any_order(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (batches, second_person):
        monkeypatch.setattr(module, "AWARDED_IN_THE_REQUEST", 2)
    monkeypatch.setattr(items, "CHUNK", 2)
    world.settings = replace(world.settings, undo_minutes=10, mail_delay_minutes=10)
    with world.database.writing() as session:
        school = people.organisation_by_slug(session, "craft-school")
        person = people.person_by_id(session, world.viewers["lead"].person_id or 0)
        people.grant_role(session, world.viewers["operator"], person, Role.TEACHER, school)
        world.viewers["second"] = people.load_viewer(session, person.id)
    done: Counter[str] = Counter()
    run_state_machine_as_test(
        lambda: AnyOrder(world, done),
        settings=settings(
            max_examples=30,
            stateful_step_count=12,
            deadline=None,
            derandomize=True,  # else a run now and then has nobody who confirms
            suppress_health_check=list(HealthCheck),
        ),
    )
    never = [verb for verb in VERBS if not done[verb]]
    assert not never, f"never done: {never}, but {done}"
