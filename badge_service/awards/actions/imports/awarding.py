"""Awards what an import decided, some hundred rows in one transaction; repeated as often as needed, nobody twice."""

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.actions.bad_rows import all_but_bad
from badge_service.awards.actions.deciding import decide
from badge_service.awards.actions.giving import Decision, Given, Occasion
from badge_service.awards.actions.imports.confirming import IMPORT
from badge_service.awards.actions.imports.finding import MAY_IMPORT
from badge_service.awards.actions.imports.matching import Named, already_awarded, holders, known_learners
from badge_service.awards.actions.mailing import AWARD_MAIL
from badge_service.awards.rules import IdentityCheck
from badge_service.awards.rules.imports import (
    ROWS_AT_ONCE,
    ImportState,
    RowState,
    account_of,
    evidence_of_row,
)
from badge_service.awards.tables import Award, AwardImport, ImportRow
from badge_service.errors import BadgeServiceError, NotAllowedError
from badge_service.people import actions as people
from badge_service.people.rules import Viewer
from badge_service.settings import Settings
from badge_service.storage import audit, outbox
from badge_service.storage.bulk import one_of
from badge_service.storage.session import alone, now


def award_next_rows(session: Session, settings: Settings, token: str) -> int:
    """Award the next rows of an import that runs, and promise to go on; returns how many rows were looked at.

    What concerns all rows (the organisation cannot issue, the version was withdrawn, its person may no longer) stops it
    until somebody resumes; what concerns one row is written beside that row.
    """
    found = session.scalar(select(AwardImport).where(AwardImport.token == token))
    if found is None:
        return 0
    alone(session, f"imports:{found.organisation_id}")
    session.refresh(found)
    if found.state != ImportState.RUNNING:
        return 0
    waiting = select(ImportRow).where(
        ImportRow.import_id == found.id, ImportRow.state == RowState.WAITING.value
    )
    rows = session.scalars(waiting.order_by(ImportRow.row).limit(ROWS_AT_ONCE)).all()
    if rows:
        _award(session, settings, found, rows)
    if found.state == ImportState.RUNNING:
        _go_on(session, found, more=len(rows) == ROWS_AT_ONCE)
    session.flush()
    return len(rows)


def _go_on(session: Session, found: AwardImport, *, more: bool) -> None:
    if more:
        outbox.promise(session, IMPORT, {"import": found.token})
        return
    found.state = ImportState.DONE.value
    audit.record(session, found.created_by, "import.done", f"import:{found.token}")


def _award(session: Session, settings: Settings, found: AwardImport, rows: Sequence[ImportRow]) -> None:
    try:
        with session.begin_nested():
            bad = _award_good(session, settings, found, rows)
    except BadgeServiceError as error:
        found.state, found.failure = ImportState.STOPPED.value, error.message
        return
    for row, why in bad:
        row.state, row.failure = RowState.FAILED.value, type(why).__name__


def _award_good(
    session: Session, settings: Settings, found: AwardImport, rows: Sequence[ImportRow]
) -> list[tuple[ImportRow, Exception]]:
    def award(some: Sequence[ImportRow]) -> list[Given]:
        return _award_together(session, settings, found, some)

    return all_but_bad(session, rows, award)[1]


def _award_together(
    session: Session, settings: Settings, found: AwardImport, rows: Sequence[ImportRow]
) -> list[Given]:
    decider = people.person_by_key(session, found.created_by)
    viewer = people.load_viewer(session, decider.id)
    if found.organisation_id not in viewer.organisations_as(*MAY_IMPORT):
        raise NotAllowedError(
            _("Whoever decided this may not award for the organisation any more."), code="role"
        )
    persons = _persons(session, viewer, found, _without_holders(session, found, rows))
    fresh = _without_refused(session, found, rows, persons, decider.id)
    if not fresh:
        return []
    occasion = Occasion(
        None,
        found.version,
        found.created_by,
        IdentityCheck(found.identity_check or IdentityCheck.NOT_RECORDED),
        learner_names=(),
    )
    decisions = [_decision(session, found, row, persons[row.id], occasion) for row in fresh]
    given = decide(session, settings, occasion, decisions)
    _note(session, fresh, [one.token for one in given])
    due_at = now(session) + timedelta(minutes=settings.mail_delay_minutes)
    mails = [
        {"award": one.token, "batch": found.token} for one, row in zip(given, fresh, strict=True) if row.email
    ]
    outbox.promise_all(session, AWARD_MAIL, mails, due_at=due_at)
    return given


def _persons(
    session: Session, viewer: Viewer, found: AwardImport, rows: Sequence[ImportRow]
) -> dict[int, int]:
    """The person of each row (by its id): whoever proved the address, else whom the school knows by it, else new."""
    learners = {row.id: Named(row.name, row.email) for row in rows}
    owners = people.owners_of(session, [row.email for row in rows if row.email])
    known = known_learners(session, found, list(learners.values()))
    persons = {
        id_: person
        for id_, one in learners.items()
        if (person := owners.get(one.email or "") or known.get(one)) is not None
    }
    new = [row for row in rows if row.id not in persons]
    added = people.add_people(session, viewer, [(row.name, row.email) for row in new], found.version.language)
    return persons | {row.id: person for row, person in zip(new, added, strict=True)}


def _without_holders(session: Session, found: AwardImport, rows: Sequence[ImportRow]) -> list[ImportRow]:
    have = already_awarded(session, found, [Named(row.name, row.email) for row in rows])
    return [row for row in rows if Named(row.name, row.email) not in have]


def _without_refused(
    session: Session, found: AwardImport, rows: Sequence[ImportRow], persons: dict[int, int], decider: int
) -> list[ImportRow]:
    """The rows that are awarded now; whoever has the badge, and the decider's own row, are written down as such."""
    have = holders(session, found, list(persons.values()))
    fresh: dict[int, ImportRow] = {}
    for row in rows:
        person = persons.get(row.id)
        if person is None or person in have or person in fresh:
            row.state = RowState.HAS_IT.value
        elif person == decider:
            row.state, row.failure = RowState.FAILED.value, "own"
        else:
            fresh[person] = row
    return list(fresh.values())


def _decision(
    session: Session, found: AwardImport, row: ImportRow, person_id: int, occasion: Occasion
) -> Decision:
    today, language = now(session).date(), found.version.language
    awarded = row.awarded_on or today
    account = account_of(language, awarded, today, occasion.identity_check, with_levels=bool(row.levels))
    evidence = [evidence_of_row(language, row.evidence_url)] if row.evidence_url else []
    return Decision(
        person_id,
        row.levels,
        evidence,
        len(evidence),
        account=account,
        awarded_on=awarded if awarded < today else None,
    )


def _note(session: Session, rows: Sequence[ImportRow], tokens: Sequence[str]) -> None:
    found = session.execute(select(Award.token, Award.id).where(one_of(session, Award.token, tokens)))
    ids = {row.token: row.id for row in found}
    for row, token in zip(rows, tokens, strict=True):
        row.state, row.award_id, row.failure = RowState.AWARDED.value, ids[token], None
    session.flush()
