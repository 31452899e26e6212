"""A decision about prior learning beyond what one person may give a day: held until a colleague confirms it, or sent back."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from badge_service.awards.actions.cases import ASSESSOR_MAIL, find_case
from badge_service.awards.actions.evidence import evidence_of
from badge_service.awards.actions.four_eyes import require_another
from badge_service.awards.actions.readiness import readiness_of
from badge_service.awards.actions.recognising import give_badge, refuse_given
from badge_service.awards.rules import IdentityCheck
from badge_service.awards.rules.cases import CaseState
from badge_service.awards.tables import Award, RecognitionCase
from badge_service.errors import ConflictError
from badge_service.people.rules import Role, Viewer
from badge_service.settings import Settings
from badge_service.storage import audit, outbox

_HELD = RecognitionCase.state == CaseState.SECOND.value


def confirm_case(session: Session, viewer: Viewer, settings: Settings, case_token: str) -> Award:
    """Give the badge that a colleague decided, as a second teacher of the organisation; the door signs after its commit.

    Raises `NotFoundError` for a foreign or one's own case, `NotAllowedError` (`four_eyes`) for who decided it,
    `ConflictError` when it does not wait any more or what it rested on has changed.
    """
    case = _held(session, viewer, case_token)
    require_another(viewer, case.decided_by)
    refuse_given(session, case)
    (row,) = readiness_of(session, case, case.version)
    pieces = evidence_of(session, case, case.version)
    if not row.ready or not pieces:
        raise ConflictError(
            _("The levels or the portfolio have changed since the decision."),
            code="second.stale",
            hint=_("Send it back to the assessor."),
        )
    check, decided_by = (
        IdentityCheck(case.identity_check or IdentityCheck.NOT_RECORDED),
        case.decided_by or "",
    )
    award = give_badge(session, settings, case, row, pieces, check, decided_by=decided_by)
    case.state, case.confirmed_by = CaseState.AWARDED.value, viewer.acting_key()
    audit.record(session, case.confirmed_by, "case.confirm", f"case:{case.token}", decided_by=decided_by)
    session.flush()
    return award


def send_back_case(session: Session, viewer: Viewer, case_token: str) -> RecognitionCase:
    """Nobody is awarded: the case goes back to its assessor, who hears of it, or is who takes the decision back.

    Raises `NotFoundError`, `ConflictError` when it does not wait any more.
    """
    case = _held(session, viewer, case_token)
    if case.decided_by != viewer.acting_key():
        outbox.promise(session, ASSESSOR_MAIL, {"case": case.token})
    case.state, case.decided_by, case.decided_at = CaseState.ASSESSED.value, None, None
    audit.record(session, viewer.acting_key(), "case.send_back", f"case:{case.token}")
    session.flush()
    return case


def cases_to_confirm(session: Session, viewer: Viewer, most: int = 10) -> Sequence[RecognitionCase]:
    """The decisions of others about prior learning that wait for the viewer or a colleague of theirs, the oldest first."""
    mine = RecognitionCase.organisation_id.in_(viewer.organisations_as(Role.TEACHER))
    of_another = (RecognitionCase.decided_by != viewer.key) & (
        RecognitionCase.person_id != (viewer.person_id or 0)
    )
    found = select(RecognitionCase).where(mine, _HELD, of_another).order_by(RecognitionCase.id)
    return session.scalars(found.limit(most)).unique().all()


def strike_cases(session: Session, organisation_id: int, about: str, since: datetime) -> int:
    """Send back what this person (by key) decided there since then and nobody has confirmed; returns how many."""
    struck = update(RecognitionCase).where(held_of(organisation_id, about, since))
    back = struck.values(state=CaseState.ASSESSED.value, decided_by=None, decided_at=None)
    done = session.execute(
        back.returning(RecognitionCase.id), execution_options={"synchronize_session": False}
    )
    return len(done.all())


def held_of(organisation_id: int, about: str, since: datetime) -> ColumnElement[bool]:
    """That this person (by key) decided a case there since then, and it waits for somebody else."""
    mine = (RecognitionCase.organisation_id == organisation_id) & (RecognitionCase.decided_by == about)
    return mine & _HELD & (RecognitionCase.decided_at >= since)


def _held(session: Session, viewer: Viewer, case_token: str) -> RecognitionCase:
    case = find_case(session, viewer, case_token, lock=True)
    if case.state != CaseState.SECOND:
        raise ConflictError(
            _("This case does not wait for a second person (any more)."), code="case.not_held"
        )
    return case
