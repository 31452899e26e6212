"""What is true of awards after every step, whatever was done before: the invariants of `test_any_order.py`."""

import json
from collections import Counter
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlalchemy import select

from badge_service.awards import actions
from badge_service.awards.rules import AwardState
from badge_service.awards.tables import Award, BatchItem
from badge_service.errors import BadgeServiceError
from badge_service.openbadges.proofs import eddsa_rdfc_2022
from badge_service.register import actions as register
from badge_service.register.actions.keys import public_key_of
from badge_service.register.tables import Document, Edition, IssuerKey, StatusEntry
from badge_service.storage.tables import OutboxJob

from .conftest import World


class Always(RuleBasedStateMachine):
    """`learners` are the person ids of this run, `decided` those whom somebody decided to award; `done` counts deeds."""

    def __init__(self, world: World, done: Counter[str]) -> None:
        super().__init__()
        self.world, self.done = world, done
        self.learners: list[int] = []
        self.decided: set[int] = set()
        self.bits: set[tuple[int, int]] = set()

    def attempt(self, verb: str, deed: Any) -> Any:
        """What the deed gives, None when it is refused; what was done is counted."""
        try:
            with self.world.database.writing() as session:
                given = deed(session)
        except BadgeServiceError:
            return None
        self.done[verb] += 1
        return given

    def some_award(self, pick: int, *states: AwardState) -> Award | None:
        wanted = [state.value for state in states]
        with self.world.database.reading() as session:
            mine = Award.person_id.in_(self.learners)
            found = session.scalars(
                select(Award).where(mine, Award.state.in_(wanted)).order_by(Award.id)
            ).all()
            return found[pick % len(found)] if found else None

    def all_awards(self) -> list[str]:
        with self.world.database.reading() as session:
            return list(session.scalars(select(Award.token).order_by(Award.id)))

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

    @invariant()
    def no_award_is_promised_two_mails(self) -> None:
        with self.world.database.reading() as session:
            named = OutboxJob.payload["award"].as_string()
            mails = session.scalars(select(named).where(OutboxJob.kind == actions.AWARD_MAIL))
            assert set(Counter(mails).values()) <= {1}

    def every_badge_verifies(self) -> None:
        with self.world.database.reading() as session:
            keys = {one.verification_method: public_key_of(one) for one in session.scalars(select(IssuerKey))}
            editions = (
                select(Edition)
                .join(Document, Document.id == Edition.document_id)
                .join(Award, Award.token == Document.token)
                .where(Award.person_id.in_(self.learners))
            )
            for edition in session.scalars(editions):
                document = json.loads(edition.signed_text or "")
                (proof,) = document["proof"]
                assert eddsa_rdfc_2022.verify(document, proof, keys[proof["verificationMethod"]])
