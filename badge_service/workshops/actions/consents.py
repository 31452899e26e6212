"""What learners are asked to agree to: the texts, written in versions, and who has said yes."""

from collections import defaultdict
from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from badge_service.errors import InvalidError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import Viewer
from badge_service.people.tables import Consent, Person
from badge_service.storage import audit
from badge_service.storage.session import now
from badge_service.workshops.actions.finding import require_managed
from badge_service.workshops.rules.consents import consent_faults
from badge_service.workshops.tables import Enrolment, Workshop, WorkshopConsentText

HOW = "joining page"


def write_consent_text(
    session: Session, viewer: Viewer, workshop: Workshop, kind: str, text: str, language: str
) -> WorkshopConsentText:
    """Ask learners this from now on; the same words again change nothing, others are a new version beside the old one.

    Raises InvalidError with every fault, NotFoundError for a foreign workshop.
    """
    require_managed(viewer, workshop)
    faults = consent_faults(kind, text, language)
    if faults:
        raise InvalidError(_("Something needs correcting."), faults=faults)
    newest = session.scalar(_texts(workshop).where(WorkshopConsentText.kind == kind))
    if newest is not None and (newest.text, newest.language, newest.ended_at) == (text, language, None):
        return newest
    written = WorkshopConsentText(
        workshop_id=workshop.id, kind=kind, version=newest.version + 1 if newest else 1, language=language, text=text,
        written_by=viewer.acting_key(), written_at=now(session),
    )  # fmt: skip
    session.add(written)
    session.flush()
    _note(session, viewer, workshop, "workshop.consent_text", kind, written.version)
    return written


def end_consent_text(session: Session, viewer: Viewer, workshop: Workshop, kind: str) -> None:
    """Ask this no more; what was agreed to stays agreed. Raises NotFoundError."""
    require_managed(viewer, workshop)
    asked = next((one for one in texts_asked(session, workshop) if one.kind == kind), None)
    if asked is None:
        raise NotFoundError(_("Learners are not asked this."), code="consent.missing")
    asked.ended_at = now(session)
    _note(session, viewer, workshop, "workshop.consent_end", kind, asked.version)


def texts_asked(session: Session, workshop: Workshop) -> list[WorkshopConsentText]:
    """What learners are asked now, the newest text of each kind."""
    newer = aliased(WorkshopConsentText)
    is_old = (
        select(newer.id)
        .where(newer.workshop_id == workshop.id, newer.kind == WorkshopConsentText.kind)
        .where(newer.version > WorkshopConsentText.version)
        .exists()
    )
    asked = _texts(workshop).where(~is_old, WorkshopConsentText.ended_at.is_(None))
    return sorted(session.scalars(asked), key=lambda one: one.kind)


def write_down_answers(session: Session, workshop: Workshop, person: Person, agreed: Sequence[int]) -> None:
    """Keep what somebody agreed to at the door, each with the version and the language that they read."""
    themself = Viewer(person.key, person.id, person.name, person.language)
    for asked in texts_asked(session, workshop):
        if asked.id in agreed:
            people.give_consent(
                session, themself, kind=consent_kind(asked.kind), subject=_subject(workshop),
                text_version=f"{asked.version} ({asked.language})", how=HOW,
            )  # fmt: skip


def agreed_by(session: Session, viewer: Viewer, workshop: Workshop) -> dict[str, list[Enrolment]]:
    """For each kind who of the class list has said yes and not taken it back; raises NotFoundError for a foreign workshop."""
    require_managed(viewer, workshop)
    query = (
        select(Consent.kind, Enrolment)
        .join(Enrolment, Enrolment.person_id == Consent.person_id)
        .where(Consent.subject == _subject(workshop), Consent.withdrawn_at.is_(None))
        .where(Enrolment.workshop_id == workshop.id, Enrolment.removed_at.is_(None))
        .order_by(Enrolment.number)
    )
    found: dict[str, list[Enrolment]] = defaultdict(list)
    for kind, entry in session.execute(query):
        if entry not in found[kind.removeprefix(consent_kind(""))]:
            found[kind.removeprefix(consent_kind(""))].append(entry)
    return dict(found)


def own_answers(session: Session, workshop: Workshop, person_id: int) -> set[str]:
    """The kinds to which somebody has said yes."""
    query = select(Consent.kind).where(
        Consent.subject == _subject(workshop), Consent.person_id == person_id, Consent.withdrawn_at.is_(None)
    )
    return {kind.removeprefix(consent_kind("")) for kind in session.scalars(query)}


def take_back(
    session: Session, workshop: Workshop, person: Person, kind: str, *, told: Viewer | None = None
) -> None:
    """Withdraw a yes: by the person, or written down by whoever was `told`. Raises NotFoundError when none stands."""
    if told is not None:
        require_managed(told, workshop)
        audit.record(
            session, told.acting_key(), "consent.told", _subject(workshop), person=person.key, kind=kind
        )
    themself = Viewer(person.key, person.id, person.name, person.language)
    people.withdraw_consent(session, themself, kind=consent_kind(kind), subject=_subject(workshop))


def consent_kind(kind: str) -> str:
    """What the answers are called among all consents of a person."""
    return f"workshop_{kind}"


def _texts(workshop: Workshop) -> Select[WorkshopConsentText]:
    newest_first = WorkshopConsentText.version.desc()
    return (
        select(WorkshopConsentText)
        .where(WorkshopConsentText.workshop_id == workshop.id)
        .order_by(newest_first)
    )


def _subject(workshop: Workshop) -> str:
    return f"activity:{workshop.activity.token}"


def _note(session: Session, viewer: Viewer, workshop: Workshop, deed: str, kind: str, version: int) -> None:
    session.flush()
    audit.record(session, viewer.acting_key(), deed, _subject(workshop), kind=kind, version=version)
