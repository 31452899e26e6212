"""How far somebody is with pathways: what is done, what is still needed, and what has become of a fulfilled one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.actions.stacking.held import HeldBadge, held_by, usable_codes
from badge_service.awards.rules.stacks import FulfilmentState
from badge_service.awards.tables import Award, PathwayFulfilment
from badge_service.curriculum import actions as curriculum
from badge_service.curriculum.rules import Progress, badge_count, codes_in, progress
from badge_service.curriculum.tables import DefinitionVersion, PathwayVersion
from badge_service.people.rules import Viewer


@dataclass(frozen=True)
class PathwayProgress:
    """One pathway as its learner sees it; `members` are the published parts by code, `badge` the stacked award's token."""

    pathway: PathwayVersion
    progress: Progress
    members: Mapping[str, DefinitionVersion]
    state: FulfilmentState | None
    badge: str | None

    @property
    def steps(self) -> tuple[int, int]:
        """How many badges of how many are there."""
        return badge_count(self.progress)


def pathway_progress(session: Session, viewer: Viewer, most: int = 24) -> list[PathwayProgress]:
    """The pathways that the viewer is on: those to which a badge of theirs counts, nearly done ones first."""
    held = _held(session, viewer)
    found = curriculum.pathways_with(session, {one.code for one in held}, most)
    shown = [one for one in _all(session, viewer, found, held) if one.steps[0] or one.state]
    return sorted(shown, key=lambda one: (one.progress.done, one.steps[1] - one.steps[0], one.pathway.title))


def progress_on(session: Session, viewer: Viewer, pathway: PathwayVersion) -> PathwayProgress | None:
    """How far the signed-in viewer is with one pathway; None for strangers."""
    if not viewer.is_signed_in:
        return None
    return _all(session, viewer, [pathway], _held(session, viewer))[0]


def _held(session: Session, viewer: Viewer) -> Sequence[HeldBadge]:
    return held_by(session, [viewer.person_id]).get(viewer.person_id, []) if viewer.person_id else []


def _all(
    session: Session, viewer: Viewer, pathways: Sequence[PathwayVersion], held: Sequence[HeldBadge]
) -> list[PathwayProgress]:
    codes = {code for one in pathways for code in codes_in(one.content["rule"])}
    members = curriculum.published_by_code(session, codes) if codes else {}
    states = _states(session, viewer, pathways)
    found = []
    for one in pathways:
        rule = one.content["rule"]
        state, badge = states.get(one.id, (None, None))
        found.append(PathwayProgress(one, progress(rule, usable_codes(rule, held)), members, state, badge))
    return found


def _states(
    session: Session, viewer: Viewer, pathways: Sequence[PathwayVersion]
) -> dict[int, tuple[FulfilmentState, str | None]]:
    rows = session.execute(
        select(PathwayFulfilment.pathway_version_id, PathwayFulfilment.state, Award.token)
        .outerjoin(Award, (Award.fulfilment_id == PathwayFulfilment.id) & Award.ended_at.is_(None))
        .where(
            PathwayFulfilment.person_id == viewer.person_id,
            PathwayFulfilment.ended_at.is_(None),
            PathwayFulfilment.pathway_version_id.in_([one.id for one in pathways]),
        )
    )
    return {version_id: (FulfilmentState(state), token) for version_id, state, token in rows}
