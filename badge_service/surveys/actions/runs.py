"""Runs of surveys: planned, opened, called off, closed; counted once, at the close."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from badge_service.errors import ConflictError, NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.storage import audit, outbox
from badge_service.storage.crockford import RANDOM_BYTES, check, encode
from badge_service.storage.session import alone, now, random_bytes
from badge_service.surveys.catalogue import instrument
from badge_service.surveys.rules import Instrument, Pair, count
from badge_service.surveys.tables import SurveyInvitation, SurveyResponse, SurveyRun
from badge_service.web.private_words import without_private_words

TEAM = (Role.TEACHER, Role.LET_LEAD, Role.ADMIN)
FORGET = "survey_forget"
KEPT = timedelta(days=365)


@dataclass(frozen=True)
class Plan:
    """What a run asks about what: `subject_kind` and `subject` are a later room's words and say it only once a form.

    `invited` is how many may answer; with `by_link` the run's code leads everybody to the form.
    """

    organisation_id: int
    instrument: str
    version: int
    subject_kind: str
    subject: str
    title: str
    language: str
    opens_on: date
    closes_on: date
    invited: int
    pairs: tuple[Pair, ...] = ()
    by_link: bool = False


def plan_run(session: Session, viewer: Viewer, plan: Plan) -> SurveyRun:
    """Write a run down, to be opened later; raises ConflictError for a second one of the same form about the same thing."""
    _require_own(viewer, plan.organisation_id)
    if run_about(session, plan.subject_kind, plan.subject, plan.instrument) is not None:
        raise ConflictError(_("This was asked before. One person gets one form once."), code="survey.twice")
    run = SurveyRun(
        code=_fresh_code(session),
        organisation_id=plan.organisation_id,
        instrument=plan.instrument,
        instrument_version=plan.version,
        subject_kind=plan.subject_kind,
        subject=plan.subject,
        title=plan.title,
        language=plan.language,
        pairs=[asdict(pair) for pair in plan.pairs],
        by_link=plan.by_link,
        invited=plan.invited,
        opens_on=plan.opens_on,
        closes_on=plan.closes_on,
    )
    session.add(run)
    session.flush()
    audit.record(session, viewer.acting_key(), "survey.plan", _name(run), instrument=plan.instrument)
    return run


def open_run(session: Session, viewer: Viewer | None, run: SurveyRun) -> SurveyRun:
    """Let it be answered from now on; opening twice changes nothing. Raises ConflictError for one that has ended."""
    _require_own(viewer, run.organisation_id)
    _require_going(run)
    if run.opened_at is None:
        run.opened_at = now(session)
        session.flush()
        audit.record(session, viewer.acting_key() if viewer else None, "survey.open", _name(run))
    return run


def call_off(session: Session, viewer: Viewer | None, run: SurveyRun) -> SurveyRun:
    """Do not ask; only before it was opened. Raises ConflictError afterwards."""
    _require_own(viewer, run.organisation_id)
    if run.opened_at is not None:
        raise ConflictError(_("It has been asked already. Close it instead."), code="survey.opened")
    if run.called_off_at is None:
        run.called_off_at = now(session)
        session.flush()
        audit.record(session, viewer.acting_key() if viewer else None, "survey.call_off", _name(run))
    return run


def close_run(session: Session, viewer: Viewer | None, run: SurveyRun, names: Iterable[str]) -> SurveyRun:
    """End it and count; no answer comes in afterwards, and what was counted never changes.

    `names` (of everybody who may be named in the words) and other private words are taken out of the words for good;
    with fewer than five answers the words are deleted. Who was asked by mail is forgotten. Closing twice changes
    nothing.
    """
    _require_own(viewer, run.organisation_id)
    alone(session, _name(run))
    session.refresh(run)
    if run.closed_at is not None:
        return run
    _require_going(run)
    responses = session.scalars(_responses(run)).all()
    counted = count(form_of(run), pairs_of(run), [response.answers for response in responses])
    _clean_words(responses, tuple(names), kept=counted["n"] is not None)
    session.execute(delete(SurveyInvitation).where(SurveyInvitation.run_id == run.id))
    run.results = counted
    run.closed_at = now(session)
    session.flush()
    outbox.promise(session, FORGET, {"run": run.id}, due_at=run.closed_at + KEPT)
    audit.record(
        session, viewer.acting_key() if viewer else None, "survey.close", _name(run), answers=len(responses)
    )
    return run


def forget_answers(session: Session, run_id: int) -> int:
    """Delete the single answers of a closed run, a year after its close; the counts stay. Returns how many."""
    gone = delete(SurveyResponse).where(
        SurveyResponse.run_id == run_id,
        SurveyResponse.run_id.in_(select(SurveyRun.id).where(SurveyRun.closed_at.is_not(None))),
    )
    forgotten = len(session.execute(gone.returning(SurveyResponse.id)).all())
    audit.record(session, None, "survey.forget", f"survey:{run_id}", answers=forgotten)
    return forgotten


def run_about(session: Session, subject_kind: str, subject: str, instrument_key: str) -> SurveyRun | None:
    """The run of this form about this thing, if there is one; says nothing about who may see it."""
    about = (SurveyRun.subject_kind == subject_kind) & (SurveyRun.subject == subject)
    return session.scalar(select(SurveyRun).where(about, SurveyRun.instrument == instrument_key))


def runs_about(session: Session, subject_kind: str, subject: str) -> Sequence[SurveyRun]:
    """All runs about one thing, in the order of their days; says nothing about who may see them."""
    about = (SurveyRun.subject_kind == subject_kind) & (SurveyRun.subject == subject)
    return session.scalars(select(SurveyRun).where(about).order_by(SurveyRun.opens_on, SurveyRun.id)).all()


def run_by_code(session: Session, typed: str) -> SurveyRun:
    """The run that a typed or scanned code leads to; raises InvalidError for a mistyped code, NotFoundError."""
    run = session.scalar(select(SurveyRun).where(SurveyRun.code == check(typed), SurveyRun.by_link))
    if run is None:
        raise NotFoundError(_("There are no questions at this address."), code="survey.unknown")
    return run


def open_codes(session: Session, subject_kind: str, subjects: Collection[str]) -> dict[str, str]:
    """By subject the code of the form about it that everybody in the room can answer now, where one is open."""
    about = (SurveyRun.subject_kind == subject_kind, SurveyRun.subject.in_(subjects), SurveyRun.by_link)
    going = (
        SurveyRun.opened_at.is_not(None),
        SurveyRun.closed_at.is_(None),
        SurveyRun.called_off_at.is_(None),
    )
    rows = session.execute(select(SurveyRun.subject, SurveyRun.code).where(*about, *going))
    return dict(rows.all())


def answered(session: Session, runs: Sequence[SurveyRun]) -> dict[int, int]:
    """How many forms were answered, by run."""
    ids = [run.id for run in runs]
    query = select(SurveyResponse.run_id, func.count()).where(SurveyResponse.run_id.in_(ids))
    return dict.fromkeys(ids, 0) | dict(session.execute(query.group_by(SurveyResponse.run_id)).all())


def words_of(session: Session, run: SurveyRun) -> dict[str, list[str]]:
    """What people wrote, by question, sorted so that nobody's answers stand together; only of a closed run."""
    found: dict[str, list[str]] = {}
    if run.closed_at is not None and (run.results or {}).get("n") is not None:
        for words in session.scalars(select(SurveyResponse.words).where(SurveyResponse.run_id == run.id)):
            for key, text in words.items():
                found.setdefault(key, []).append(text)
    return {key: sorted(texts) for key, texts in found.items()}


def form_of(run: SurveyRun) -> Instrument:
    """The form that a run asks with."""
    return instrument(run.instrument, run.instrument_version)


def pairs_of(run: SurveyRun) -> tuple[Pair, ...]:
    """What a run asks about before and after."""
    return tuple(Pair(**pair) for pair in run.pairs)


def update_invited(session: Session, run: SurveyRun, invited: int) -> None:
    """Count anew how many may answer, as long as it goes on."""
    session.execute(
        update(SurveyRun).where(SurveyRun.id == run.id, SurveyRun.closed_at.is_(None)).values(invited=invited)
    )


def _responses(run: SurveyRun) -> Select[SurveyResponse]:
    return select(SurveyResponse).where(SurveyResponse.run_id == run.id).order_by(SurveyResponse.id)


def _clean_words(responses: Sequence[SurveyResponse], names: tuple[str, ...], *, kept: bool) -> None:
    for response in responses:
        if response.words:
            cleaned = {key: without_private_words(text, names) for key, text in response.words.items()}
            response.words = cleaned if kept else {}


def _fresh_code(session: Session) -> str:
    return encode(random_bytes(session, RANDOM_BYTES))


def _require_going(run: SurveyRun) -> None:
    if run.closed_at is not None:
        raise ConflictError(_("These questions are closed."), code="survey.closed")
    if run.called_off_at is not None:
        raise ConflictError(_("These questions were called off."), code="survey.called_off")


def _require_own(viewer: Viewer | None, organisation_id: int) -> None:
    """Nobody acts for a later room that has asked its own rules, or for the clock."""
    if viewer is not None and organisation_id not in viewer.organisations_as(*TEAM):
        raise NotFoundError(_("There is nothing at this address."))


def _name(run: SurveyRun) -> str:
    return f"survey:{run.id}"
