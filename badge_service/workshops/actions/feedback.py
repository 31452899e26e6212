"""Asks learners how a workshop was and what came of it, shows what was counted, and turns a result into a finding."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badge_service.alliance.rules import State
from badge_service.alliance.tables import Activity
from badge_service.errors import ConflictError, Fault, InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.settings import Settings
from badge_service.storage import outbox
from badge_service.storage.session import now
from badge_service.surveys import actions as surveys
from badge_service.surveys.rules import Pair, rate
from badge_service.surveys.tables import SurveyRun
from badge_service.workshops.actions.finding import require_managed
from badge_service.workshops.rules.feedback import (
    FEW_LEARNERS,
    MOST_OUTCOMES,
    OPEN_DAYS,
    REMIND_AFTER,
    VERSION,
    FeedbackForm,
    Outcome,
    follow_up_days,
    outcomes_of,
)
from badge_service.workshops.tables import Enrolment, Workshop

SUBJECT = "workshop"
OPENS, REMINDS, CLOSES = "workshop_feedback_opens", "workshop_feedback_reminds", "workshop_feedback_closes"
_MORNING = time(8, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    """One time that learners are asked: its run and how many have answered."""

    run: SurveyRun
    answered: int

    @property
    def form(self) -> FeedbackForm:
        """Which of the three times this is."""
        return FeedbackForm(self.run.instrument)

    @property
    def rate(self) -> float | None:
        """Which share of those who were asked answered."""
        return rate(self.answered, self.run.invited)


def outcomes_taught(workshop: Workshop) -> list[Outcome]:
    """The learning outcomes that this workshop teaches, the first of each micro-credential first."""
    versions = [entry.version for entry in workshop.versions]
    return outcomes_of([(one.definition_id, one.language, one.content) for one in versions])


def feedback_of(session: Session, viewer: Viewer, workshop: Workshop) -> list[Asked]:
    """The times that learners of a workshop are asked, in their order. Raises NotFoundError for a foreign workshop."""
    require_managed(viewer, workshop)
    runs = surveys.runs_about(session, SUBJECT, workshop.activity.token)
    answered = surveys.answered(session, runs)
    return [Asked(run, answered[run.id]) for run in runs]


def asked_by(session: Session, viewer: Viewer, workshop: Workshop, form: str) -> Asked:
    """One time that learners are asked, by the name of its form; raises NotFoundError."""
    found = next((one for one in feedback_of(session, viewer, workshop) if one.run.instrument == form), None)
    if found is None:
        raise NotFoundError(_("There are no such questions."))
    return found


def ask_for_feedback(
    session: Session, viewer: Viewer, workshop: Workshop, outcomes: Sequence[str], *, ask_later: bool
) -> SurveyRun:
    """Open the questions for the room, and plan to ask again by mail after seven weeks and after nine months.

    `outcomes` are keys of `outcomes_taught`, at most three. Raises InvalidError, ConflictError for a workshop that has
    not begun, is cancelled or has fewer than five learners, and for one that was asked before.
    """
    require_managed(viewer, workshop)
    _require_ready(session, workshop)
    today = now(session).date()
    pairs = _pairs(outcomes_taught(workshop), outcomes)
    run = surveys.plan_run(
        session, viewer, _plan(session, workshop, FeedbackForm.AFTERWARDS, today, pairs, by_link=True)
    )
    surveys.open_run(session, viewer, run)
    _promise(session, CLOSES, run, run.closes_on + timedelta(days=1))
    later = follow_up_days(workshop.activity.ends_on, today) if ask_later else {}
    for form, day in later.items():
        planned = surveys.plan_run(session, viewer, _plan(session, workshop, form, day))
        _promise(session, OPENS, planned, day)
    return run


def close_feedback(session: Session, viewer: Viewer, workshop: Workshop, form: str) -> SurveyRun:
    """End the questions and count; names of the class and its trainers are taken out of what was written."""
    run = asked_by(session, viewer, workshop, form).run
    _count_the_room(session, workshop, run)
    return surveys.close_run(session, viewer, run, names_of_class(session, workshop))


def call_off_follow_up(session: Session, viewer: Viewer, workshop: Workshop, form: str) -> SurveyRun:
    """Do not ask again by mail; raises ConflictError once the mails are out."""
    return surveys.call_off(session, viewer, asked_by(session, viewer, workshop, form).run)


def open_follow_up(session: Session, settings: Settings, run_id: int) -> None:
    """Write to the learners on the day; called off instead for a cancelled workshop, or when fewer than five have an address.

    For the worker, after `ask_for_feedback` has planned it.
    """
    run, workshop = _run_with_workshop(session, run_id)
    if run.called_off_at is not None or run.opened_at is not None:
        return
    cancelled = workshop.activity.state == State.CANCELLED.value
    if cancelled or not surveys.invite(session, settings, run, _recipients(session, workshop)):
        surveys.call_off(session, None, run)
        return
    surveys.open_run(session, None, run)
    today = now(session).date()
    _promise(session, REMINDS, run, today + REMIND_AFTER)
    _promise(session, CLOSES, run, max(run.closes_on, today) + timedelta(days=1))


def remind_learners(session: Session, settings: Settings, run_id: int) -> None:
    """Write once more to those who have not answered; for the worker."""
    run, workshop = _run_with_workshop(session, run_id)
    surveys.remind(session, settings, run, _recipients(session, workshop))


def close_by_day(session: Session, run_id: int) -> None:
    """End and count what is over and was not closed by hand; for the worker."""
    run, workshop = _run_with_workshop(session, run_id)
    if run.closed_at is None and run.called_off_at is None:
        _count_the_room(session, workshop, run)
        surveys.close_run(session, None, run, names_of_class(session, workshop))


def names_of_class(session: Session, workshop: Workshop) -> list[str]:
    """The names of everybody who was on the class list at any time, and of the trainers."""
    learners = session.scalars(select(Enrolment.name).where(Enrolment.workshop_id == workshop.id))
    return [*learners, *(trainer.person.name for trainer in workshop.trainers)]


def _require_ready(session: Session, workshop: Workshop) -> None:
    activity = workshop.activity
    if activity.state == State.CANCELLED.value:
        raise ConflictError(_("This workshop was cancelled."), code="cancelled")
    if activity.starts_on > now(session).date():
        raise ConflictError(_("Ask from the first day of the workshop on."), code="too_early")
    if present(session, workshop) < FEW_LEARNERS:
        raise ConflictError(
            _("With fewer than five learners no answers could be shown."),
            code="survey.few",
            hint=_("Talk with them about it instead, and write down what you found as a finding."),
        )


def _pairs(outcomes: Sequence[Outcome], chosen: Sequence[str]) -> tuple[Pair, ...]:
    known = [outcome for outcome in outcomes if outcome.key in chosen]
    if len(known) > MOST_OUTCOMES:
        message = _("Choose at most three, so that the form stays short.")
        raise InvalidError(message, faults=[Fault("outcomes", message, "outcomes")])
    return tuple(
        Pair(outcome.key, outcome.text, outcome.language, f"definition:{outcome.definition_id}")
        for outcome in known
    )


def _plan(
    session: Session,
    workshop: Workshop,
    form: FeedbackForm,
    day: date,
    pairs: tuple[Pair, ...] = (),
    *,
    by_link: bool = False,
) -> surveys.Plan:
    activity = workshop.activity
    return surveys.Plan(
        organisation_id=activity.organisation_id,
        instrument=form.value,
        version=VERSION,
        subject_kind=SUBJECT,
        subject=activity.token,
        title=activity.title,
        language=activity.language,
        opens_on=day,
        closes_on=day + timedelta(days=OPEN_DAYS[form]),
        invited=present(session, workshop) if by_link else 0,
        pairs=pairs,
        by_link=by_link,
    )


def present(session: Session, workshop: Workshop) -> int:
    """How many learners were there, as far as is written down."""
    query = select(func.count()).select_from(Enrolment).where(*_who_was_there(workshop))
    return session.scalar(query) or 0


def _count_the_room(session: Session, workshop: Workshop, run: SurveyRun) -> None:
    """Of how many the answers are: whoever was there, learners too who came onto the list after the questions opened."""
    if run.by_link:
        surveys.update_invited(session, run, present(session, workshop))


def _recipients(session: Session, workshop: Workshop) -> list[surveys.Recipient]:
    found = session.scalars(
        select(Enrolment)
        .where(*_who_was_there(workshop), Enrolment.email.is_not(None))
        .order_by(Enrolment.number)
    )
    return [
        surveys.Recipient(one.person_id, one.name, one.email, one.person.language)
        for one in found
        if one.email and one.person.erased_at is None
    ]


def _who_was_there(workshop: Workshop) -> tuple[Any, ...]:
    return Enrolment.workshop_id == workshop.id, Enrolment.removed_at.is_(None), Enrolment.present


def _run_with_workshop(session: Session, run_id: int) -> tuple[SurveyRun, Workshop]:
    run = session.get_one(SurveyRun, run_id)
    query = select(Workshop).join(Activity, Activity.id == Workshop.activity_id)
    return run, session.scalars(query.where(Activity.token == run.subject)).one()


def _promise(session: Session, kind: str, run: SurveyRun, day: date) -> None:
    due_at = datetime.combine(day, _MORNING)
    outbox.promise(session, kind, {"run": run.id}, due_at=due_at)
