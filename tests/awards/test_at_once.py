"""Two people who change one award at the same moment: one waits, and then sees what the other has done."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from badge_service.alliance import actions as alliance
from badge_service.awards import actions
from badge_service.awards.actions import took_place
from badge_service.awards.actions.grounds import take_turns
from badge_service.awards.tables import Award
from badge_service.backpack.actions import set_name
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people import actions as people
from badge_service.register.rules import RevocationReason
from badge_service.register.tables import Document, Edition, StatusEntry
from badge_service.storage.session import Database
from badge_service.workshops import actions as workshops
from badge_service.workshops.rules import LearnerRow

from .conftest import World, facts

Act = Callable[[Session], object]
LONG_ENOUGH_TO_COLLIDE = 1.0


class Race:
    """Does one act in an open transaction, lets the other begin, and only then commits the first."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.refused: list[str] = []

    def run(self, first: Act, second: Act) -> None:
        late = threading.Thread(target=self._try, args=(second,))
        with self.database.writing() as session:
            first(session)
            session.flush()
            late.start()
            late.join(LONG_ENOUGH_TO_COLLIDE)
        late.join(30)
        assert not late.is_alive()

    def _try(self, act: Act) -> None:
        try:
            with self.database.writing() as session:
                act(session)
        except (ConflictError, NotFoundError) as error:
            self.refused.append(error.code)


@pytest.fixture
def race(world: World) -> Iterator[Race]:
    yield Race(world.database)


@pytest.fixture
def held(world: World, class_of_three: list[int]) -> str:
    world.award(*class_of_three)
    with world.database.reading() as session:
        world.viewers["petya"] = people.load_viewer(session, class_of_three[0])
        return session.scalars(select(Award.token).where(Award.person_id == class_of_three[0])).one()


@pytest.fixture
def accepted(world: World, held: str) -> str:
    with world.database.writing() as session:
        actions.accept_own(session, world.viewers["petya"], held, with_name=False)
    return held


def bits(world: World, token: str) -> list[bool]:
    """Of every edition of an award, whether it is withdrawn or replaced."""
    entries = (
        select(StatusEntry.set_at)
        .join(
            Edition,
            (Edition.status_list_id == StatusEntry.list_id)
            & (Edition.status_position == StatusEntry.position),
        )
        .join(Document, Document.id == Edition.document_id)
        .where(Document.token == token)
        .order_by(Edition.number)
    )
    with world.database.reading() as session:
        return [moment is not None for moment in session.scalars(entries)]


def state(world: World, token: str) -> str:
    with world.database.reading() as session:
        return session.scalars(select(Award.state).where(Award.token == token)).one()


def naming(world: World, token: str) -> Act:
    return lambda session: set_name(session, world.viewers["petya"], token, with_name=True)


def revoking(world: World, token: str) -> Act:
    teacher = world.viewers["teacher"]
    return lambda session: actions.revoke_award(session, teacher, token, RevocationReason.MISTAKE)


@pytest.mark.parametrize("naming_first", [True, False])
def test_a_name_put_in_while_the_school_withdraws_leaves_no_valid_edition(
    world: World, race: Race, accepted: str, naming_first: bool
) -> None:
    acts = (naming(world, accepted), revoking(world, accepted))
    race.run(*(acts if naming_first else acts[::-1]))
    assert bits(world, accepted) == [True] * (2 if naming_first else 1), "before anything is signed"
    world.sign()
    assert state(world, accepted) == "revoked"
    assert all(bits(world, accepted))
    assert race.refused == ([] if naming_first else ["badge.state"])


@pytest.mark.parametrize("accepting_first", [True, False])
def test_of_accepting_and_declining_one_wins(
    world: World, race: Race, held: str, accepting_first: bool
) -> None:
    petya = world.viewers["petya"]

    def accept(session: Session) -> object:
        return actions.accept_own(session, petya, held, with_name=False)

    def decline(session: Session) -> object:
        return actions.decline_own(session, petya, held)

    race.run(*((accept, decline) if accepting_first else (decline, accept)))
    assert race.refused == ["claim.answered"]
    assert state(world, held) == ("accepted" if accepting_first else "declined")
    assert bits(world, held) == [not accepting_first]


def test_a_claim_undone_and_withdrawn_at_once_is_withdrawn(world: World, race: Race, accepted: str) -> None:
    teacher = world.viewers["teacher"]
    race.run(revoking(world, accepted), lambda session: actions.undo_claim(session, teacher, accepted))
    assert race.refused == ["claim.none"]
    assert state(world, accepted) == "revoked"


def test_a_claim_by_card_waits_for_a_withdrawal(world: World, race: Race, held: str) -> None:
    with world.database.writing() as session:
        code = actions.new_card(session, world.viewers["teacher"], held).code
    race.run(revoking(world, held), lambda session: actions.decline(session, code))
    assert race.refused in (["claim.unknown"], ["claim.answered"])
    assert state(world, held) == "revoked"


def test_who_enrols_and_who_assesses_or_awards_in_one_workshop_take_turns(world: World, race: Race) -> None:
    done = []

    def begin_to_award(session: Session) -> None:
        event.listen(session, "after_commit", lambda _session: done.append("awarded"))
        take_turns(session, world.open(session)[0])

    def enrol(session: Session) -> None:
        workshop, _version = world.open(session)
        workshops.enrol(session, world.viewers["teacher"], workshop, [LearnerRow(1, "Petya")])
        done.append("enrolled")

    race.run(begin_to_award, enrol)
    assert done == ["awarded", "enrolled"]


def test_two_who_say_at_once_what_a_lecture_earns_make_one_class_list(world: World, race: Race) -> None:
    teacher, lead = world.viewers["teacher"], world.viewers["lead"]
    with world.database.writing() as session:
        home, version = world.open(session)[0].activity, world.open(session)[1].id
        about = facts(kind="guest_lecture")
        lecture = alliance.create_activity(session, teacher, home.alliance, home.organisation, about).token
    race.run(
        lambda session: workshops.teach(session, teacher, lecture, [version]),
        lambda session: workshops.teach(session, lead, lecture, [version]),
    )
    with world.database.reading() as session:
        assert len(workshops.find_workshop(session, teacher, lecture).versions) == 1
    assert race.refused == []


def test_a_lecture_named_twice_at_once_is_evidence_once(world: World, race: Race) -> None:
    teacher = world.viewers["teacher"]
    with world.database.writing() as session:
        home = world.open(session)[0].activity
        about = facts(kind="guest_lecture")
        held = alliance.create_activity(session, teacher, home.alliance, home.organisation, about)
        lecture = alliance.mark_held(session, teacher, held).token

    def name(session: Session) -> None:
        with suppress(InvalidError):
            took_place.add_activity(session, teacher, world.settings, *world.open(session), lecture, None)

    race.run(name, name)
    with world.database.reading() as session:
        assert len(actions.evidence_of(session, *world.open(session))) == 1
