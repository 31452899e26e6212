"""Who in a group is ready for a badge, and why the others are not yet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.actions.comments import comments_in
from badge_service.awards.actions.grounds import Place, ground_of
from badge_service.awards.actions.teaching import Learner, learners_in
from badge_service.awards.rules import OPEN_ITEMS, AwardState
from badge_service.awards.tables import Assessment, AssessmentReason, Award, AwardBatch, BatchItem
from badge_service.curriculum.rules import Readiness, readiness
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.people.rules import Viewer

ABSENT = "absent"
AWARDED = "awarded"
DECLINED = "declined"
IN_BATCH = "in_batch"
OWN = "own"


@dataclass(frozen=True)
class AwardSummary:
    """The newest award of a learner for this version in this place; `reopened` one was declined by mistake."""

    token: str
    state: AwardState
    standing: bool
    reopened: bool = False


@dataclass(frozen=True)
class LearnerRow:
    """One line of the matrix: levels by criterion, the pass rule's answer, an award if there is one.

    `comments` are by criterion, "" for the learner as a whole.
    `why` holds the codes of everything that keeps the learner from being awarded: those of `NotReady`, `absent`,
    `awarded`, `declined`, `in_batch`, `own`; none means ready.
    """

    learner: Learner
    levels: Mapping[str, str]
    set_for_group: frozenset[str]
    reason: str
    readiness: Readiness
    award: AwardSummary | None
    why: tuple[str, ...]
    comments: Mapping[str, str]

    @property
    def ready(self) -> bool:
        """Whether the award button includes this learner."""
        return not self.why


def readiness_of(
    session: Session, place: Place, version: DefinitionVersion, *, decider: Viewer | None = None
) -> list[LearnerRow]:
    """Every learner of a place with levels, reason and readiness; seven statements whatever the size of the group.

    `decider` is who would press the button: they are never ready themselves.
    """
    levels, group = _levels(session, place, version)
    reasons = _reasons(session, place, version)
    awards = _awards(session, place, version)
    in_batch = _in_batch(session, place, version)
    comments = comments_in(session, place, version)
    judge = _judge(version)
    return [
        _row(
            learner,
            judge,
            levels.get(learner.person_id, {}),
            frozenset(group.get(learner.person_id, ())),
            reasons.get(learner.person_id, ""),
            awards.get(learner.person_id),
            in_batch=learner.person_id in in_batch,
            own=decider is not None and decider.person_id == learner.person_id,
            comments=comments.get(learner.person_id, {}),
        )
        for learner in learners_in(session, place)
    ]


def _judge(version: DefinitionVersion) -> Callable[[Mapping[str, str], str], Readiness]:
    """The pass rule, asked once for each set of levels: in a large group most learners share theirs with others."""
    known: dict[object, Readiness] = {}

    def judge(levels: Mapping[str, str], reason: str) -> Readiness:
        asked = (tuple(levels.items()), reason)
        if asked not in known:
            known[asked] = readiness(version.content, levels, reason)
        return known[asked]

    return judge


def _row(
    learner: Learner,
    judge: Callable[[Mapping[str, str], str], Readiness],
    levels: Mapping[str, str],
    group: frozenset[str],
    reason: str,
    award: AwardSummary | None,
    *,
    in_batch: bool,
    own: bool,
    comments: Mapping[str, str],
) -> LearnerRow:
    judged = judge(levels, reason)
    why = [reason_code.value for reason_code in judged.why]
    if not learner.present:
        why.insert(0, ABSENT)
    if award is not None and award.standing:
        why = [AWARDED]
    elif in_batch:
        why = [IN_BATCH]
    elif award is not None and award.state is AwardState.DECLINED and not award.reopened:
        why = [DECLINED]
    elif own:
        why = [OWN]
    return LearnerRow(learner, levels, group, reason, judged, award, tuple(why), comments)


def _levels(
    session: Session, place: Place, version: DefinitionVersion
) -> tuple[dict[int, dict[str, str]], dict[int, set[str]]]:
    levels: dict[int, dict[str, str]] = {}
    group: dict[int, set[str]] = {}
    rows = session.execute(
        select(Assessment.person_id, Assessment.criterion, Assessment.level, Assessment.set_for_group).where(
            ground_of(place).of(Assessment), Assessment.version_id == version.id
        )
    )
    for person_id, criterion, level, for_group in rows:
        levels.setdefault(person_id, {})[criterion] = level
        if for_group:
            group.setdefault(person_id, set()).add(criterion)
    return levels, group


def _reasons(session: Session, place: Place, version: DefinitionVersion) -> dict[int, str]:
    rows = session.execute(
        select(AssessmentReason.person_id, AssessmentReason.text).where(
            ground_of(place).of(AssessmentReason), AssessmentReason.version_id == version.id
        )
    )
    return {row.person_id: row.text for row in rows}


def _awards(session: Session, place: Place, version: DefinitionVersion) -> dict[int, AwardSummary]:
    rows = session.execute(
        select(Award.person_id, Award.token, Award.state, Award.ended_at, Award.reopened_at)
        .where(ground_of(place).of(Award), Award.version_id == version.id)
        .order_by(Award.id)
    )
    return {
        person_id: AwardSummary(token, AwardState(state), ended_at is None, reopened_at is not None)
        for person_id, token, state, ended_at, reopened_at in rows
        if person_id is not None
    }


def _in_batch(session: Session, place: Place, version: DefinitionVersion) -> frozenset[int]:
    """Whose badge was decided already and waits for a second person, or for the worker."""
    ground = ground_of(place)
    if ground.activity_id is None:
        return frozenset()
    here = (AwardBatch.activity_id == ground.activity_id) & (AwardBatch.version_id == version.id)
    waiting = select(BatchItem.person_id).join(AwardBatch, AwardBatch.id == BatchItem.batch_id)
    return frozenset(session.scalars(waiting.where(here, BatchItem.state.in_(OPEN_ITEMS))))
