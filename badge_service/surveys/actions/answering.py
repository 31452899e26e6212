"""Answering a form: by the code in the room, or once by a mailed link; what is kept says nothing of who answered."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.storage.session import alone, hashed, now, random_bytes
from badge_service.surveys.actions.runs import answered, form_of, pairs_of, run_by_code
from badge_service.surveys.rules import Item, asked, drawn, may_be_asked, read_answers
from badge_service.surveys.rules.answers import Sent
from badge_service.surveys.tables import SurveyInvitation, SurveyRefusal, SurveyResponse, SurveyRun

MOST_ANSWERS = 1000
"""By one code: as many as the largest workshop has places, so that nobody fills the book with made-up answers."""


@dataclass(frozen=True)
class Way:
    """How somebody came to a form: to which run, and by which mail (None: by the code that the whole room has)."""

    run: SurveyRun
    invitation: SurveyInvitation | None = None

    @property
    def is_open(self) -> bool:
        """Whether it takes answers now."""
        return self.run.opened_at is not None and self.run.closed_at is None

    @property
    def is_used(self) -> bool:
        """Whether this mail's one answer was given."""
        return self.invitation is not None and self.invitation.used


def way_by_code(session: Session, typed: str) -> Way:
    """The way that a code leads; raises InvalidError for a mistyped one, NotFoundError."""
    return Way(run_by_code(session, typed))


def way_by_link(session: Session, token: str) -> Way:
    """The way that a mailed link leads; raises NotFoundError, also once its run is closed and forgot whom it asked."""
    found = hashed(token)
    wanted = (SurveyInvitation.token_hash == found) | (SurveyInvitation.reminder_hash == found)
    invitation = session.scalar(select(SurveyInvitation).where(wanted))
    if invitation is None:
        raise NotFoundError(
            _("There are no questions at this address any more."),
            code="survey.link",
            hint=_(
                "Questions are open for some weeks only. If you have just got the mail, copy the whole link."
            ),
        )
    return Way(session.get_one(SurveyRun, invitation.run_id), invitation)


def draw(session: Session, run: SurveyRun) -> tuple[str, ...]:
    """The drawn items for the next person: in turn, by how often each was answered, and by chance between equals."""
    form = form_of(run)
    if not form.draw:
        return ()
    so_far: Counter[str] = Counter()
    for answers in session.scalars(select(SurveyResponse.answers).where(SurveyResponse.run_id == run.id)):
        so_far.update(answers.keys())
    return drawn(form, so_far, random_bytes(session, len(form.items)))


def questions(run: SurveyRun, drawn_keys: Sequence[str]) -> tuple[Item, ...] | None:
    """What one person is asked when these items were drawn; None for items that no draw gives."""
    form = form_of(run)
    return asked(form, drawn_keys) if may_be_asked(form, drawn_keys) else None


def answer(session: Session, way: Way, items: Sequence[Item], sent: Sent) -> SurveyResponse:
    """Keep one answered form. Raises InvalidError with every fault; ConflictError once it is closed or was answered."""
    run = way.run
    alone(session, f"survey:{run.id}")
    session.refresh(run)
    if run.opened_at is None or run.closed_at is not None:
        raise ConflictError(_("These questions are closed."), code="survey.closed")
    found = read_answers(sent, items, pairs_of(run))
    if found.faults:
        raise InvalidError(_("Some answers need correcting."), code="survey.answers", faults=found.faults)
    if way.invitation is not None:
        _spend(session, way.invitation)
    elif answered(session, [run])[run.id] >= MOST_ANSWERS:
        raise ConflictError(_("No more answers are taken: there are very many already."), code="survey.full")
    response = SurveyResponse(
        run_id=run.id, day=now(session).date(), answers=found.numbers, words=found.words
    )
    session.add(response)
    session.flush()
    return response


def want_no_mails(session: Session, way: Way) -> None:
    """Write down that whoever got this mail wants no more of this kind; saying it twice changes nothing."""
    person_id = way.invitation.person_id if way.invitation is not None else None
    if person_id is not None and session.get(SurveyRefusal, person_id) is None:
        session.add(SurveyRefusal(person_id=person_id, said_on=now(session).date()))
        session.flush()


def _spend(session: Session, invitation: SurveyInvitation) -> None:
    """One statement decides who was first, so that one mail gives one answer."""
    unused = update(SurveyInvitation).where(SurveyInvitation.id == invitation.id, ~SurveyInvitation.used)
    if not session.execute(unused.values(used=True).returning(SurveyInvitation.id)).all():
        raise ConflictError(_("These questions were answered by this link."), code="survey.used")
