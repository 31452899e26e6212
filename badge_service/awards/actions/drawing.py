"""Draws, in the transaction that awards them, which badges another assessor of the organisation looks at afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.actions.giving import Given
from badge_service.awards.actions.grounds import Ground
from badge_service.awards.actions.limits import limits_of
from badge_service.awards.rules.limits import SECOND_LOOKS
from badge_service.awards.rules.second_looks import LOOK_WITHIN, LookState, assign, draw
from badge_service.awards.tables import Assessment, Award, AwardBatch, AwardLimits, LookDraw, SecondLook
from badge_service.curriculum.rules import rubric_of
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.people.rules import Role
from badge_service.people.tables import Person, RoleGrant
from badge_service.storage.bulk import insert_rows, one_of
from badge_service.storage.session import dated_tokens, now, token


def draw_looks(
    session: Session,
    organisation_id: int,
    ground: Ground,
    version: DefinitionVersion,
    given: Sequence[Given],
    *,
    decided_by: str,
    batch_id: int | None = None,
) -> LookDraw | None:
    """Put the organisation's share of these awards, all of one ground, on other assessors' lists; at least one of them.

    A constant number of statements. Nobody gets what they awarded or judged themselves, nor their own badge. None where
    nothing was assessed, or the organisation wants no second looks.
    """
    if not given or not rubric_of(version.content).criteria:
        return None
    share, colleagues = _share_and_colleagues(session, organisation_id)
    if not share:
        return None
    seed, awards = token(session), _judged(session, ground, version, given)
    picked = draw(seed, {found: one.for_group for found, one in awards.items()}, share)
    row = LookDraw(
        organisation_id=organisation_id,
        batch_id=batch_id,
        seed=seed,
        share=share,
        out_of=len(given),
        drawn=len(picked),
        drawn_at=now(session),
    )
    session.add(row)
    session.flush()
    barred = {found: awards[found].barred(colleagues) for found in picked}
    able = [id_ for key, id_ in colleagues.items() if key != decided_by]
    turns = assign(seed, picked, able, barred)
    _write(session, row, [(awards[found], turns[found]) for found in picked])
    return row


def look_again(session: Session, batch: AwardBatch, given: Sequence[Given]) -> LookDraw | None:
    """The same for what was given of a batch, or of one chunk of it."""
    ground = Ground(batch.activity_id, None, f"batch:{batch.token}")
    by, where = batch.requested_by, batch.organisation_id
    return draw_looks(session, where, ground, batch.version, given, decided_by=by, batch_id=batch.id)


@dataclass
class _Judged:
    """One award: whether a level was set for the whole group, and by whom (keys) its learner was judged."""

    award_id: int
    person_id: int | None
    for_group: bool = False
    judges: set[str] = field(default_factory=set)

    def barred(self, colleagues: Mapping[str, int]) -> set[int | None]:
        """Who may not look at it (ids), as `colleagues` knows them by their keys: its learner, and who judged them."""
        return {self.person_id, *(colleagues.get(key) for key in self.judges)}


def _share_and_colleagues(session: Session, organisation_id: int) -> tuple[int, dict[str, int]]:
    """How many per cent the organisation wants, and the ids of its teachers by their keys, in one statement."""
    holders = (
        select(Person.key, Person.id, AwardLimits.second_looks)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .outerjoin(AwardLimits, AwardLimits.organisation_id == RoleGrant.organisation_id)
        .where(RoleGrant.role == Role.TEACHER.value, RoleGrant.organisation_id == organisation_id)
        .where(Person.erased_at.is_(None))
    )
    rows = session.execute(holders).all()
    if not rows:
        return limits_of(session, organisation_id).second_looks, {}
    share = rows[0].second_looks
    return SECOND_LOOKS if share is None else share, {row.key: row.id for row in rows}


def _judged(
    session: Session, ground: Ground, version: DefinitionVersion, given: Sequence[Given]
) -> dict[str, _Judged]:
    """What was given, by token, with who judged it and how, in one statement."""
    here = ground.of(Assessment) & (Assessment.version_id == version.id)
    rows = session.execute(
        select(Award.token, Award.id, Award.person_id, Assessment.set_by, Assessment.set_for_group)
        .outerjoin(Assessment, here & (Assessment.person_id == Award.person_id))
        .where(one_of(session, Award.token, [one.token for one in given]))
        .distinct()
    )
    found: dict[str, _Judged] = {}
    for award_token, award_id, person_id, set_by, for_group in rows:
        one = found.setdefault(award_token, _Judged(award_id, person_id))
        one.for_group |= bool(for_group)
        if set_by is not None:
            one.judges.add(set_by)
    return found


def _write(session: Session, row: LookDraw, turns: Sequence[tuple[_Judged, int | None]]) -> None:
    insert_rows(
        session,
        SecondLook,
        same={
            "draw_id": row.id,
            "organisation_id": row.organisation_id,
            "due_at": row.drawn_at + LOOK_WITHIN,
            "state": LookState.OPEN.value,
            "levels": {},
            "words": "",
            "resolution": "",
        },
        varying={
            "token": dated_tokens(session, len(turns)),
            "award_id": [one.award_id for one, _assessor in turns],
            "assessor_id": [assessor for _one, assessor in turns],
            "for_group": [one.for_group for one, _assessor in turns],
        },
    )
