"""Writes each learner's decision with the evidence that it rests on: the group's, and their own."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from badge_service.awards.actions.evidence import evidence_of, facts_of
from badge_service.awards.actions.giving import Decision
from badge_service.awards.actions.grounds import Place
from badge_service.awards.rules import EvidenceFacts
from badge_service.awards.tables import Evidence
from badge_service.curriculum.tables import DefinitionVersion


class DecisionWriter:
    """The evidence of one place, read once; equal parts are one object in all decisions."""

    def __init__(self, session: Session, place: Place, version: DefinitionVersion) -> None:
        every = evidence_of(session, place, version)
        self._of_group = [one for one in every if one.person_id is None]
        self._of_learner: dict[int, list[Evidence]] = {}
        for one in every:
            if one.person_id is not None:
                self._of_learner.setdefault(one.person_id, []).append(one)
        self._for_most = _signed_ones(self._of_group)

    def decision(self, person_id: int, levels: Mapping[str, str]) -> Decision:
        """That this learner gets the badge; evidence in the order in which it was handed in."""
        if person_id not in self._of_learner:
            return Decision(person_id, levels, self._for_most, len(self._of_group))
        mine = sorted([*self._of_group, *self._of_learner[person_id]], key=lambda one: one.id)
        return Decision(person_id, levels, _signed_ones(mine), len(mine))


def _signed_ones(pieces: Sequence[Evidence]) -> tuple[EvidenceFacts, ...]:
    return tuple(facts_of(one) for one in pieces if one.in_credential)
