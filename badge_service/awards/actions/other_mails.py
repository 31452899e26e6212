"""Mails of a school that bring no badge and did not arrive: corrections, returns, decisions on cases, places, questions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from badge_service.alliance.tables import Activity
from badge_service.awards.actions.claimants import school_name
from badge_service.awards.tables import Award, RecognitionCase
from badge_service.storage import outbox
from badge_service.storage.tables import OutboxJob
from badge_service.surveys.tables import SurveyRun
from badge_service.web import mail
from badge_service.workshops.actions.place_mails import PLACE, WAITING_PLACE, name_of_place

CORRECTION, RETURN, REFUSAL, SURVEY = "correction", "return", "refusal", "survey"
"""What stands before the colon in the reference of such a mail; behind it stands what it is about."""
MOST_SHOWN = 200


@dataclass(frozen=True)
class OtherTrouble:
    """Such mails that did not arrive: of which kind, to whom (empty where nobody is named), about what, why, since when.

    `reference` is theirs; `count` are several about the same. `language` is that of `about`, as far as it is known.
    """

    reference: str
    kind: str
    name: str
    about: str
    language: str
    why: str
    since: datetime
    count: int


def other_troubles(session: Session, organisation_ids: Collection[int]) -> list[OtherTrouble]:
    """The newest of these organisations, at most `MOST_SHOWN` a kind."""
    if not organisation_ids:
        return []
    found = [
        *_about_awards(session, organisation_ids),
        *_about_cases(session, organisation_ids),
        *_about_places(session, organisation_ids),
        *_about_surveys(session, organisation_ids),
    ]
    return sorted(found, key=lambda one: (one.since, one.reference), reverse=True)


def _given_up(kinds: Collection[str], table: Any, column: Any) -> Select[*tuple[Any, ...]]:
    """Rows of a table whose `column` stands second in the reference of a mail that was given up, with that mail's state."""
    reference = OutboxJob.payload["reference"].as_string()
    lost = [_of_kind(kind, reference) for kind in kinds]
    jobs = lost[0].union_all(*lost[1:]).subquery()
    why, since = func.max(jobs.c.refusal).label("why"), func.max(jobs.c.due_at).label("since")
    one = select(jobs.c.reference, jobs.c.about, why, since, func.count().label("count"))
    each = one.group_by(jobs.c.reference, jobs.c.about).subquery()
    states = (each.c.reference, each.c.why, each.c.since, each.c.count)
    return select(table, *states).join(each, each.c.about == column).order_by(each.c.since.desc())


def _of_kind(kind: str, reference: Any) -> Select[*tuple[Any, ...]]:
    rest = func.substr(reference, len(kind) + 2)
    about = func.substr(rest, 1, 22) if kind in (PLACE, WAITING_PLACE) else rest
    columns = (reference.label("reference"), about.label("about"), OutboxJob.refusal, OutboxJob.due_at)
    return select(*columns).where(
        OutboxJob.kind == mail.KIND, reference.like(f"{kind}:%"), *outbox.given_up()
    )


def _about_awards(session: Session, organisation_ids: Collection[int]) -> list[OtherTrouble]:
    wanted = _given_up((CORRECTION, RETURN), Award, Award.token)
    wanted = wanted.where(Award.organisation_id.in_(organisation_ids), Award.ended_at.is_(None))
    return [
        _told(row, school_name(session, row.Award), row.Award.version.title, row.Award.version.language)
        for row in session.execute(wanted.limit(MOST_SHOWN))
    ]


def _about_cases(session: Session, organisation_ids: Collection[int]) -> list[OtherTrouble]:
    wanted = _given_up((REFUSAL,), RecognitionCase, RecognitionCase.token)
    wanted = wanted.where(RecognitionCase.organisation_id.in_(organisation_ids))
    return [
        _told(row, row[0].name, row[0].version.title, row[0].version.language)
        for row in session.execute(wanted.limit(MOST_SHOWN))
    ]


def _about_places(session: Session, organisation_ids: Collection[int]) -> list[OtherTrouble]:
    wanted = _given_up((PLACE, WAITING_PLACE), Activity, Activity.token)
    wanted = wanted.where(Activity.organisation_id.in_(organisation_ids))
    rows = session.execute(wanted.limit(MOST_SHOWN)).all()
    names: Mapping[str, str] = {row.reference: name_of_place(session, row.reference) for row in rows}
    return [
        _told(row, names[row.reference], row.Activity.title, row.Activity.language)
        for row in rows
        if names[row.reference]
    ]


def _about_surveys(session: Session, organisation_ids: Collection[int]) -> list[OtherTrouble]:
    """Questions name nobody: who was asked and who answered stay apart."""
    wanted = _given_up((SURVEY,), SurveyRun, SurveyRun.code)
    wanted = wanted.where(SurveyRun.organisation_id.in_(organisation_ids), SurveyRun.closed_at.is_(None))
    rows: Sequence[Any] = session.execute(wanted.limit(MOST_SHOWN)).all()
    return [_told(row, "", row.SurveyRun.title, row.SurveyRun.language) for row in rows]


def _told(row: Any, name: str, about: str, language: str) -> OtherTrouble:
    kind = row.reference.partition(":")[0]
    return OtherTrouble(row.reference, kind, name, about, language, row.why or "", row.since, row.count)
