"""The awards of one organisation for programs, from a known place on, each with its workshop and its learner's number."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from badge_service.alliance.tables import Activity
from badge_service.awards.tables import Award
from badge_service.register.rules import EditionState
from badge_service.register.tables import Document, Edition
from badge_service.workshops.tables import Enrolment, Workshop


@dataclass(frozen=True)
class ListedAward:
    """One award with the number by which its workshop knows the learner, and whether a signature is still to come."""

    award: Award
    number: int | None
    unsigned: bool


def awards_from(
    session: Session,
    organisation_id: int,
    after: str | None,
    most: int,
    *,
    activity_token: str | None = None,
    state: str | None = None,
) -> Sequence[ListedAward] | None:
    """The awards of an organisation in the order in which they were given, those after the one with this token.

    None when `after` names none of them.
    """
    mine = _awards().where(Award.organisation_id == organisation_id)
    if after is not None:
        last = session.scalar(
            select(Award.id).where(Award.token == after, Award.organisation_id == organisation_id)
        )
        if last is None:
            return None
        mine = mine.where(Award.id > last)
    if activity_token is not None:
        mine = mine.where(Award.activity_id.in_(select(Activity.id).where(Activity.token == activity_token)))
    if state is not None:
        mine = mine.where(Award.state == state)
    return [
        ListedAward(award, number, unsigned)
        for award, number, unsigned in session.execute(mine.order_by(Award.id).limit(most))
    ]


def listed_award(session: Session, award: Award) -> ListedAward:
    """One award as a list shows it."""
    found, number, unsigned = session.execute(_awards().where(Award.id == award.id)).one()
    return ListedAward(found, number, unsigned)


def _awards() -> Select[Award, int, bool]:
    unsigned = exists().where(
        Document.token == Award.token,
        Edition.document_id == Document.id,
        Edition.state != EditionState.SIGNED,
    )
    placed = (Enrolment.workshop_id == Workshop.id) & (Enrolment.person_id == Award.person_id)
    return (
        select(Award, Enrolment.number, unsigned)
        .outerjoin(Workshop, Workshop.activity_id == Award.activity_id)
        .outerjoin(Enrolment, placed)
    )
