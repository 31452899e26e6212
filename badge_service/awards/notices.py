"""Mails to people of a school that something waits for them, and to a learner whose evidence a teacher took back."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badge_service.awards.actions.cases import assessor_choices
from badge_service.awards.actions.notices import (
    CASE_MAIL,
    EVIDENCE_MAIL,
    SECOND_MAIL,
    Addressed,
    second_people,
    staff,
    troubles_to_tell,
    with_address,
)
from badge_service.awards.rules.cases import BEING_LOOKED_AT, CaseState
from badge_service.awards.rules.imports import ImportState, RowState
from badge_service.awards.tables import AwardBatch, AwardImport, Evidence, ImportRow, RecognitionCase
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.people.tables import Person
from badge_service.settings import Settings
from badge_service.storage import outbox
from badge_service.web import mail
from badge_service.web.i18n import speaking


def second_mail(settings: Settings) -> outbox.Handler:
    """The handler of outbox jobs of kind "second_mail": a batch or a file waits for somebody else's yes."""

    def handle(session: Session, payload: Mapping[str, Any]) -> None:
        if "batch" in payload:
            batch = session.scalars(select(AwardBatch).where(AwardBatch.token == payload["batch"])).one()
            if batch.to_confirm:
                address = f"{settings.address}/awards/batches/{batch.token}/second"
                told = second_people(session, batch)
                _ask_second(session, told, batch.requested_by, batch.version.title, batch.to_confirm, address)
            return
        if "case" in payload:
            _ask_about_case(session, settings, payload["case"])
            return
        found = session.scalars(select(AwardImport).where(AwardImport.token == payload["import"])).one()
        if found.state == ImportState.SECOND:
            waiting = (ImportRow.import_id == found.id) & (ImportRow.state == RowState.WAITING.value)
            count = session.scalar(select(func.count()).where(waiting)) or 0
            told = staff(session, found.organisation_id, {found.created_by})
            address = f"{settings.address}/imports/{found.token}"
            _ask_second(session, told, found.created_by, found.version.title, count, address)

    return handle


def _ask_about_case(session: Session, settings: Settings, token: str) -> None:
    found = select(RecognitionCase).where(RecognitionCase.token == token)
    case = session.scalars(found).unique().one()
    if case.state == CaseState.SECOND and case.decided_by is not None:
        told = with_address(session, assessor_choices(session, case), {case.decided_by})
        address = f"{settings.address}/recognition/cases/{case.token}"
        _ask_second(session, told, case.decided_by, case.version.title, 1, address)


def _ask_second(
    session: Session, told: Iterable[Addressed], decided_by: str, title: str, count: int, address: str
) -> None:
    first = session.scalar(select(Person.name).where(Person.key == decided_by)) or ""
    for person, email in told:
        with speaking(person.language):
            subject = _("A second person is needed: %(title)s", title=title)
            decided = ngettext(
                "%(who)s has decided that %(num)s learner gets the badge “%(title)s”.",
                "%(who)s has decided that %(num)s learners get the badge “%(title)s”.",
                count,
                who=first or _("a colleague"),
                title=title,
            )
            why = _("It is more than one person may award in a day, so somebody else looks too.")
            what = _("Look at the list, then confirm it or strike learners:") + f"\n{address}"
            until = _("Until then nothing is signed and no mail leaves.")
        _send(session, person, email, subject, decided, why, what, until)


def case_mail(settings: Settings) -> outbox.Handler:
    """The handler of outbox jobs of kind "case_mail": somebody asks for recognition, and no assessor is named."""

    def handle(session: Session, payload: Mapping[str, Any]) -> None:
        found = select(RecognitionCase).where(RecognitionCase.token == payload["case"])
        case = session.scalars(found).unique().one()
        if case.assessor_id is not None or case.state not in BEING_LOOKED_AT:
            return
        for person, email in with_address(session, assessor_choices(session, case)):
            with speaking(person.language):
                subject = _("A case of prior learning has no assessor: %(title)s", title=case.version.title)
                asked = _(
                    "somebody asks %(organisation)s for the badge “%(title)s” for what they can do already.",
                    organisation=case.organisation.name,
                    title=case.version.title,
                )
                what = _("Name yourself or a colleague as the assessor:")
                where = f"{settings.address}/recognition/cases/{case.token}"
            _send(session, person, email, subject, asked, f"{what}\n{where}")

    return handle


def evidence_mail(settings: Settings) -> outbox.Handler:
    """The handler of outbox jobs of kind "evidence_mail": what a learner handed in does not count any more."""

    def handle(session: Session, payload: Mapping[str, Any]) -> None:
        piece = session.scalars(select(Evidence).where(Evidence.token == payload["evidence"])).one()
        person = session.get(Person, piece.person_id) if piece.person_id is not None else None
        email = people_address(session, person)
        if person is None or email is None:
            return
        title = session.get_one(DefinitionVersion, piece.version_id).title
        with speaking(person.language):
            subject = _("Your evidence was taken back: %(title)s", title=piece.title)
            what = _(
                "your teacher has taken back “%(piece)s”, which you handed in for the badge “%(title)s”. It does not"
                " count any more.",
                piece=piece.title,
                title=title,
            )
            then = _("You can hand in something else. If you think that this is wrong, talk to your teacher.")
        _send(session, person, email, subject, what, then)

    return handle


def people_address(session: Session, person: Person | None) -> str | None:
    """Where this person is written to, if anywhere."""
    found = with_address(session, [person] if person is not None else [])
    return found[0][1] if found else None


def send_trouble_mails(session: Session, settings: Settings) -> None:
    """Once a day: to whoever awarded badges whose mails did not arrive since yesterday, with the way to what can be done."""
    for person, email, count in troubles_to_tell(session):
        with speaking(person.language):
            subject = _("Mails that did not arrive")
            what = ngettext(
                "the mail with a badge did not arrive at %(num)s learner.",
                "the mail with a badge did not arrive at %(num)s learners.",
                count,
            )
            where = _("See why, and what to do:") + f"\n{settings.address}/awards/mail-troubles"
        _send(session, person, email, subject, what, where)


def handlers(settings: Settings) -> dict[str, outbox.Handler]:
    """The outbox handlers of these mails, by kind."""
    return {
        SECOND_MAIL: second_mail(settings),
        CASE_MAIL: case_mail(settings),
        EVIDENCE_MAIL: evidence_mail(settings),
    }


def _send(session: Session, person: Person, email: str, subject: str, *paragraphs: str) -> None:
    with speaking(person.language):
        text = "\n\n".join((_("Hello %(name)s,", name=person.name), *paragraphs))
    mail.send(session, to=email, subject=subject, text=text, language=person.language)
