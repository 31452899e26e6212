"""Decides a case of prior learning: its named assessor finishes judging, then gives the badge or refuses with a reason."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.actions.cases import find_case, require_open
from badge_service.awards.actions.deciding import decide
from badge_service.awards.actions.decisions import DecisionWriter
from badge_service.awards.actions.drawing import draw_looks
from badge_service.awards.actions.evidence import evidence_of, pieces_needed
from badge_service.awards.actions.giving import Occasion
from badge_service.awards.actions.grounds import ground_of
from badge_service.awards.actions.limits import require_allowance
from badge_service.awards.actions.mailing import AWARD_MAIL
from badge_service.awards.actions.notices import SECOND_MAIL
from badge_service.awards.actions.readiness import LearnerRow, readiness_of
from badge_service.awards.actions.teaching import require_taught
from badge_service.awards.rules import IdentityCheck
from badge_service.awards.rules.cases import CaseState, recognition_account, refusal_faults
from badge_service.awards.tables import Award, Evidence, RecognitionCase
from badge_service.curriculum.rules import VersionState, rubric_of
from badge_service.errors import ConflictError, Fault, InvalidError
from badge_service.people.rules import Viewer
from badge_service.settings import Settings
from badge_service.storage import audit, outbox
from badge_service.storage.session import now

REFUSAL_MAIL = "refusal_mail"
"""The outbox job that tells the learner of a case that it was closed without a badge."""


def recognise(
    session: Session,
    viewer: Viewer,
    settings: Settings,
    case_token: str,
    *,
    identity_check: IdentityCheck,
    seen_elsewhere: bool = False,
) -> Award | None:
    """Give the badge for what was learnt before, as the case's assessor; the door signs after its commit.

    None when it is more than one person may give a day: then it is written down, and waits for a second person.

    There must be a portfolio; for less than the definition asks for the assessor says that they have `seen_elsewhere`
    the rest. Raises `NotFoundError` for everybody else, `ConflictError` once decided, `InvalidError` with what is missing.
    """
    case = _mine(session, viewer, case_token)
    if case.version.state != VersionState.PUBLISHED:
        raise ConflictError(_("This micro-credential is not awarded any more."), code="version.withdrawn")
    refuse_given(session, case)
    allowed = require_allowance(session, case.organisation_id, viewer.acting_key(), 1)
    (row,) = readiness_of(session, case, case.version)
    pieces = evidence_of(session, case, case.version)
    _refuse_incomplete(case, row, pieces, seen_elsewhere)
    case.identity_check, case.confirmed_by = identity_check.value, None
    if not allowed.at_once(1):
        _close(session, viewer, case, CaseState.SECOND)
        audit.record(session, viewer.acting_key(), "case.hold", f"case:{case.token}", pieces=len(pieces))
        outbox.promise(session, SECOND_MAIL, {"case": case.token})
        return None
    award = give_badge(session, settings, case, row, pieces, identity_check, decided_by=viewer.acting_key())
    _close(session, viewer, case, CaseState.AWARDED)
    audit.record(session, viewer.acting_key(), "case.award", f"case:{case.token}", pieces=len(pieces))
    return award


def refuse(session: Session, viewer: Viewer, case_token: str, reason: str) -> RecognitionCase:
    """Close a case without a badge, with the reason that its learner reads, by mail too. Raises as `recognise`."""
    case = _mine(session, viewer, case_token)
    if faults := refusal_faults(reason):
        raise InvalidError(_("Write why, so that the learner knows what is missing."), faults=faults)
    case.refusal = reason.strip()
    _close(session, viewer, case, CaseState.REFUSED)
    audit.record(session, viewer.acting_key(), "case.refuse", f"case:{case.token}")
    outbox.promise(session, REFUSAL_MAIL, {"case": case.token})
    return case


def note_assessed(session: Session, viewer: Viewer, case: RecognitionCase) -> None:
    """Keep the case's state true after its levels changed: assessed once every criterion is judged, else open.

    A decision that waits for a second person is taken back by it. Raises `ConflictError` for a closed case.
    """
    require_taught(viewer, case)
    if case.state == CaseState.SECOND:
        case.state, case.decided_by, case.decided_at = CaseState.ASSESSED.value, None, None
    require_open(case)
    (row,) = readiness_of(session, case, case.version)
    judged = not row.readiness.missing
    if judged != (case.state == CaseState.ASSESSED):
        case.state = (CaseState.ASSESSED if judged else CaseState.OPEN).value
        case.assessed_at = now(session) if judged else None
        session.flush()


def _mine(session: Session, viewer: Viewer, case_token: str) -> RecognitionCase:
    case = find_case(session, viewer, case_token, lock=True)
    require_taught(viewer, case)
    require_open(case)
    return case


def _close(session: Session, viewer: Viewer, case: RecognitionCase, state: CaseState) -> None:
    case.state, case.decided_by, case.decided_at = state.value, viewer.acting_key(), now(session)
    session.flush()


def refuse_given(session: Session, case: RecognitionCase) -> None:
    """Raise `ConflictError` when the learner has this badge by now."""
    held = select(Award.id).where(
        Award.person_id == case.person_id, Award.version_id == case.version_id, Award.ended_at.is_(None)
    )
    if session.scalar(held.limit(1)) is not None:
        raise ConflictError(_("This badge was given to this learner already."), code="case.held")


def _refuse_incomplete(
    case: RecognitionCase, row: LearnerRow, pieces: Sequence[Evidence], seen_elsewhere: bool
) -> None:
    faults = []
    if not row.ready:
        faults.append(
            Fault("levels", _("The levels do not pass yet. The page says what is missing."), "not_ready")
        )
    if not pieces:
        message = _("There is no evidence in the portfolio. Ask for some, or write down what you saw.")
        faults.append(Fault("evidence", message, "evidence"))
    elif len(pieces) < pieces_needed(case.version) and not seen_elsewhere:
        faults.append(
            Fault("seen", _("Evidence is missing. Attach it, or tick that you saw it."), "evidence")
        )
    if faults:
        raise InvalidError(_("Nobody has been awarded yet."), code="case.incomplete", faults=faults)


def give_badge(
    session: Session,
    settings: Settings,
    case: RecognitionCase,
    row: LearnerRow,
    pieces: Sequence[Evidence],
    check: IdentityCheck,
    *,
    decided_by: str,
) -> Award:
    """The badge of a case by its levels and portfolio, as the person with this key decided; its mail leaves as usual."""
    criteria = len(rubric_of(case.version.content).criteria)
    account = recognition_account(case.version.language, criteria, len(pieces), check)
    decision = DecisionWriter(session, case, case.version).decision(case.person_id, row.levels)
    occasion = Occasion(None, case.version, decided_by, check, learner_names=[case.name])
    (given,) = decide(session, settings, occasion, [replace(decision, account=account, case_id=case.id)])
    draw_looks(
        session,
        case.organisation_id,
        ground_of(case),
        case.version,
        [given],
        decided_by=decided_by,
    )
    due_at = now(session) + timedelta(minutes=settings.mail_delay_minutes)
    outbox.promise(session, AWARD_MAIL, {"award": given.token, "batch": case.token}, due_at=due_at)
    return session.scalars(select(Award).where(Award.token == given.token)).one()
