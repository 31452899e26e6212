"""Asks by mail: a link of one's own for one answer, and one reminder; whoever said no is not written to."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.settings import Settings
from badge_service.storage import audit
from badge_service.storage.session import hashed, now, token
from badge_service.surveys.actions.runs import form_of
from badge_service.surveys.mails import survey_letter
from badge_service.surveys.rules import LEAST, said
from badge_service.surveys.tables import SurveyInvitation, SurveyRefusal, SurveyRun
from badge_service.web import mail


@dataclass(frozen=True)
class Recipient:
    """Somebody to ask, where to write to, and in which language."""

    person_id: int
    name: str
    email: str
    language: str


def invite(session: Session, settings: Settings, run: SurveyRun, recipients: Sequence[Recipient]) -> int:
    """Ask them by mail, those who said no left out; returns how many were asked.

    With fewer than five nobody is asked, as their answers could never be shown. Whoever was asked before is not asked
    again.
    """
    known = _invitations(session, run)
    willing = [one for one in _willing(session, recipients) if one.person_id not in known]
    if len(willing) + len(known) < LEAST:
        return 0
    for one in willing:
        secret = token(session, 256)
        session.add(
            SurveyInvitation(run_id=run.id, person_id=one.person_id, token_hash=hashed(secret), used=False)
        )
        _send(session, settings, run, one, secret, reminder=False)
    run.invited = len(willing) + len(known)
    session.flush()
    audit.record(session, None, "survey.invite", f"survey:{run.id}", asked=len(willing))
    return len(willing)


def remind(session: Session, settings: Settings, run: SurveyRun, recipients: Sequence[Recipient]) -> int:
    """Write once more to those who have not answered, by a second link beside the first; returns to how many."""
    if run.closed_at is not None or run.opened_at is None:
        return 0
    known = _invitations(session, run)
    reminded = 0
    for one in _willing(session, recipients):
        invitation = known.get(one.person_id)
        if invitation is None or invitation.used or invitation.reminder_hash is not None:
            continue
        secret = token(session, 256)
        invitation.reminder_hash = hashed(secret)
        _send(session, settings, run, one, secret, reminder=True)
        reminded += 1
    session.flush()
    audit.record(session, None, "survey.remind", f"survey:{run.id}", asked=reminded)
    return reminded


def _send(
    session: Session, settings: Settings, run: SurveyRun, one: Recipient, secret: str, *, reminder: bool
) -> None:
    question = said(form_of(run).title, one.language)[0]
    letter = survey_letter(
        one.language, one.name, question, run.title, f"{settings.address}/feedback/mine/{secret}", run.closes_on,
        reminder=reminder,
    )  # fmt: skip
    mail.send(
        session, to=one.email, subject=letter.subject, text=letter.text, language=one.language,
        due_at=now(session), reference=f"survey:{run.code}",
    )  # fmt: skip


def _invitations(session: Session, run: SurveyRun) -> dict[int, SurveyInvitation]:
    rows = session.scalars(select(SurveyInvitation).where(SurveyInvitation.run_id == run.id))
    return {row.person_id: row for row in rows}


def _willing(session: Session, recipients: Sequence[Recipient]) -> list[Recipient]:
    """Each person once, without those who said no."""
    ids = {one.person_id for one in recipients}
    refused = set(session.scalars(select(SurveyRefusal.person_id).where(SurveyRefusal.person_id.in_(ids))))
    once = {one.person_id: one for one in recipients if one.person_id not in refused}
    return list(once.values())
