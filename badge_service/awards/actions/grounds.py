"""What an assessment stands on: an activity with its learners, or the case of one learner's prior learning."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from badge_service.awards.tables import RecognitionCase
from badge_service.workshops import actions as workshops
from badge_service.workshops.tables import Workshop

Place = RecognitionCase | Workshop
"""Where learners are assessed; every action of assessing takes either."""


@dataclass(frozen=True)
class Ground:
    """The key under which levels, reasons, comments, evidence and awards are kept: exactly one of the two ids."""

    activity_id: int | None
    case_id: int | None
    subject: str

    @property
    def key(self) -> dict[str, int | None]:
        """The two columns of a new row."""
        return {"activity_id": self.activity_id, "case_id": self.case_id}

    def of(self, table: Any) -> ColumnElement[bool]:
        """That a row of this table stands on this ground."""
        which: ColumnElement[bool] = (
            table.case_id == self.case_id
            if self.activity_id is None
            else table.activity_id == self.activity_id
        )
        return which


def ground_of(place: Place) -> Ground:
    """The ground that a place is; `subject` is how the audit log calls it."""
    if isinstance(place, RecognitionCase):
        return Ground(None, place.id, f"case:{place.token}")
    return Ground(place.activity_id, None, f"activity:{place.activity.token}")


def take_turns(session: Session, place: Place) -> None:
    """Let those who enrol, assess or award in one place wait for each other (SQLite's writing sessions do so anyway)."""
    if isinstance(place, RecognitionCase):
        case = select(RecognitionCase.id).where(RecognitionCase.id == place.id)
        session.execute(case.with_for_update(key_share=True))
    else:
        workshops.take_turns(session, place)
