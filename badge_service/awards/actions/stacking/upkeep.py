"""What becomes of fulfilled pathways when a part ends or moves to another person: nothing is revoked by itself."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from badge_service.awards.actions.stacking.held import lock_people
from badge_service.awards.rules import AwardState
from badge_service.awards.rules.stacks import OPEN, FulfilmentState
from badge_service.awards.tables import Award, FulfilmentPart, PathwayFulfilment
from badge_service.storage import audit, outbox
from badge_service.storage.bulk import one_of
from badge_service.storage.session import now

SETTLE = "settle_pathways"
"""The outbox job that settles the pathways of some people anew."""


def parts_ended(session: Session, award_ids: Sequence[int]) -> None:
    """Some awards have ended: proposals that rest on them are taken back, badges are flagged for a person to decide."""
    # Whoever settles these people meanwhile is waited for here: what they wrote is seen, or they see these ends.
    lock_people(session, session.scalars(select(Award.person_id).where(one_of(session, Award.id, award_ids))))
    found = fulfilments_resting_on(session, award_ids)
    for fulfilment in found:
        if fulfilment.state in OPEN:
            end_fulfilment(session, fulfilment)
        elif fulfilment.state == FulfilmentState.AWARDED:
            flag(session, fulfilment)
    promise_settling(session, [one.person_id for one in found if one.person_id is not None])


def stack_ended(session: Session, award: Award) -> None:
    """A stacked badge itself has ended: its fulfilment stands as answered, so that it is not given again by itself."""
    session.execute(
        update(PathwayFulfilment)
        .where(PathwayFulfilment.id == award.fulfilment_id, PathwayFulfilment.ended_at.is_(None))
        .values(state=FulfilmentState.REVOKED.value)
    )


def fulfilments_resting_on(session: Session, award_ids: Iterable[int]) -> list[PathwayFulfilment]:
    """The standing fulfilments that have one of these awards as a part, held until the commit."""
    resting = select(FulfilmentPart.fulfilment_id).where(one_of(session, FulfilmentPart.award_id, award_ids))
    found = select(PathwayFulfilment).where(
        PathwayFulfilment.id.in_(resting), PathwayFulfilment.ended_at.is_(None)
    )
    held = found.order_by(PathwayFulfilment.id).with_for_update(of=PathwayFulfilment)
    return list(session.scalars(held.execution_options(populate_existing=True)))


def standing_stack(session: Session, fulfilment: PathwayFulfilment) -> Award | None:
    """The badge that was given for a fulfilment, while it stands."""
    return session.scalar(select(Award).where(Award.fulfilment_id == fulfilment.id, Award.ended_at.is_(None)))


def stacks_of_batch(session: Session, award_ids: Sequence[int]) -> list[Award]:
    """The stacked badges that were given by a standing decision and rest on one of these awards."""
    resting = select(FulfilmentPart.fulfilment_id).where(one_of(session, FulfilmentPart.award_id, award_ids))
    automatic = select(PathwayFulfilment.id).where(
        PathwayFulfilment.id.in_(resting), PathwayFulfilment.automatic, PathwayFulfilment.ended_at.is_(None)
    )
    found = select(Award).where(Award.fulfilment_id.in_(automatic), Award.ended_at.is_(None))
    return list(session.scalars(found.order_by(Award.id)))


def end_fulfilments(session: Session, fulfilment_ids: Iterable[int | None]) -> None:
    """They hold no more; fulfilled anew, they are settled anew."""
    for fulfilment_id in fulfilment_ids:
        if fulfilment_id is not None:
            fulfilment = session.get_one(PathwayFulfilment, fulfilment_id, populate_existing=True)
            end_fulfilment(session, fulfilment)


def flag(session: Session, fulfilment: PathwayFulfilment) -> None:
    """A person has to decide whether the badge stays."""
    fulfilment.state, fulfilment.flagged_at = FulfilmentState.FLAGGED.value, now(session)
    audit.record(session, None, "pathway.flagged", f"fulfilment:{fulfilment.token}")
    session.flush()


def end_fulfilment(session: Session, fulfilment: PathwayFulfilment) -> None:
    """It holds no more; fulfilled anew, it is settled anew."""
    fulfilment.state, fulfilment.ended_at = FulfilmentState.ENDED.value, now(session)
    session.flush()


def promise_settling(session: Session, person_ids: Iterable[int]) -> None:
    """Settle the pathways of these people after this transaction."""
    people = sorted(set(person_ids))
    if people:
        outbox.promise(session, SETTLE, {"persons": people})


def move_stacks(session: Session, before: int, after: int) -> None:
    """After some awards of `before` were moved to `after`: what rests on them follows, and both are settled anew.

    A fulfilment whose parts are all with `after` now goes with them, and its badge while nobody has accepted it. One
    whose parts are parted now, or that `after` has already, is taken back while it is proposed, else flagged.
    """
    moved = select(Award.id).where(Award.person_id == after, Award.ended_at.is_(None))
    resting = select(FulfilmentPart.fulfilment_id).where(FulfilmentPart.award_id.in_(moved))
    found = select(PathwayFulfilment).where(
        PathwayFulfilment.person_id == before,
        PathwayFulfilment.ended_at.is_(None),
        PathwayFulfilment.id.in_(resting),
    )
    for fulfilment in session.scalars(found.order_by(PathwayFulfilment.id)).all():
        _follow(session, fulfilment, before, after)
    session.flush()
    promise_settling(session, [before, after])


def _follow(session: Session, fulfilment: PathwayFulfilment, before: int, after: int) -> None:
    stack = standing_stack(session, fulfilment)
    whole = not _parts_left(session, fulfilment, before) and not _has_already(session, fulfilment, after)
    if whole and (stack is None or stack.state == AwardState.HELD):
        fulfilment.person_id = after
        if stack is not None:
            stack.person_id = after
        session.flush()
    elif fulfilment.state in OPEN:
        end_fulfilment(session, fulfilment)
    elif fulfilment.state == FulfilmentState.AWARDED:
        flag(session, fulfilment)


def _parts_left(session: Session, fulfilment: PathwayFulfilment, person_id: int) -> bool:
    left = select(Award.id).join(FulfilmentPart, FulfilmentPart.award_id == Award.id)
    mine = left.where(FulfilmentPart.fulfilment_id == fulfilment.id, Award.person_id == person_id)
    return session.scalar(mine.limit(1)) is not None


def _has_already(session: Session, fulfilment: PathwayFulfilment, person_id: int) -> bool:
    same = select(PathwayFulfilment.id).where(
        PathwayFulfilment.person_id == person_id,
        PathwayFulfilment.pathway_version_id == fulfilment.pathway_version_id,
        PathwayFulfilment.ended_at.is_(None),
    )
    return session.scalar(same) is not None
