"""What is done after an award: the mail that brings the claim link, once its delay is over."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards import actions
from badge_service.awards.actions import imports
from badge_service.awards.actions.cases import ASSESSOR_MAIL
from badge_service.awards.actions.recognising import REFUSAL_MAIL
from badge_service.awards.claim_links import send_first_links
from badge_service.awards.mails import (
    send_assessor_mail,
    send_award_mail,
    send_correction_mail,
    send_refusal_mail,
    send_reminder,
    send_return_mail,
    send_unclaimed_mails,
)
from badge_service.awards.notices import handlers as notice_handlers
from badge_service.awards.notices import send_trouble_mails
from badge_service.awards.rules import AwardState
from badge_service.awards.tables import Award, AwardBatch, AwardCorrection, RecognitionCase, Undoing
from badge_service.curriculum.actions import PATHWAY_PUBLISHED
from badge_service.settings import Settings
from badge_service.storage import outbox

LINKS_AT_ONCE = 2_500
"""As many as awards in one transaction: so links add few statements to those of the awards."""


def award_mails(settings: Settings) -> outbox.Together:
    """The handler of outbox jobs of kind "award_mail"; it writes only for awards that still wait for their learner.

    The claim codes are made here, so that they stand in clear nowhere but in the mails.
    """

    def handle(session: Session, payloads: Sequence[Mapping[str, Any]]) -> None:
        for token in send_first_links(session, settings, [payload["award"] for payload in payloads]):
            award = session.scalar(select(Award).where(Award.token == token))
            if award is None or award.state != AwardState.HELD:
                continue
            if email := actions.contact_of(session, award):
                send_award_mail(session, settings, award, actions.school_name(session, award), email)

    return outbox.Together(handle, most=LINKS_AT_ONCE)


def correction_mail(settings: Settings) -> outbox.Handler:
    """The handler of outbox jobs of kind "correction_mail": the learner of a badge that stands is told."""

    def handle(session: Session, payload: Mapping[str, Any]) -> None:
        correction = session.get_one(AwardCorrection, payload["correction"])
        award = session.get_one(Award, correction.award_id)
        if award.ended_at is None:
            send_correction_mail(session, settings, award, correction)

    return handle


def assessor_mail(settings: Settings) -> outbox.Handler:
    """The handler of outbox jobs of kind "assessor_mail": a case waits for whom a colleague has named."""

    def handle(session: Session, payload: Mapping[str, Any]) -> None:
        found = select(RecognitionCase).where(RecognitionCase.token == payload["case"])
        send_assessor_mail(session, settings, session.scalars(found).unique().one())

    return handle


def refusal_mail(settings: Settings) -> outbox.Handler:
    """The handler of outbox jobs of kind "refusal_mail": who asked for recognition reads why there is no badge."""

    def handle(session: Session, payload: Mapping[str, Any]) -> None:
        found = select(RecognitionCase).where(RecognitionCase.token == payload["case"])
        send_refusal_mail(session, settings, session.scalars(found).unique().one())

    return handle


def return_mail(settings: Settings) -> outbox.Handler:
    """The handler of outbox jobs of kind "return_mail": a school's address may not be as dead as was said."""

    def handle(session: Session, payload: Mapping[str, Any]) -> None:
        award = session.scalars(select(Award).where(Award.token == payload["award"])).one()
        send_return_mail(session, award, payload[outbox.ONCE]["to"])

    return handle


def upkeep(settings: Settings) -> outbox.Handler:
    """The handler of outbox jobs of kind "award_upkeep": the day's reminders, then schools, then contact data, by parts."""

    def handle(session: Session, payload: Mapping[str, Any]) -> None:
        due = actions.reminders_due(session, settings)
        for award in due:
            if found := actions.take_reminder(session, award):
                send_reminder(session, settings, award, *found)
        for organisation, count in actions.tell_schools(session, settings):
            send_unclaimed_mails(session, settings, organisation, count)
        send_trouble_mails(session, settings)
        if due or actions.end_contacts(session, settings):
            outbox.promise(session, actions.UPKEEP, {})

    return handle


def settle_people(settings: Settings) -> outbox.Handler:
    """The handler of outbox jobs of kind "settle_pathways": the pathways of a few people, after badges moved or ended."""

    def handle(session: Session, payload: Mapping[str, Any]) -> None:
        actions.settle(session, settings, list(payload["persons"]))

    return handle


def settle_published(settings: Settings) -> outbox.Handler:
    """The handler of outbox jobs of kind "pathway_published": everybody who has a badge, some at a time."""

    def handle(session: Session, payload: Mapping[str, Any]) -> None:
        people = actions.badge_holders(session, after=payload.get("after", 0))
        actions.settle(session, settings, people)
        if people:
            outbox.promise(session, PATHWAY_PUBLISHED, {**payload, "after": people[-1]})

    return handle


def award_chunk(settings: Settings) -> outbox.Handler:
    """The handler of outbox jobs of kind "award_chunk": the next learners of a large batch."""

    def handle(session: Session, payload: Mapping[str, Any]) -> None:
        batch = session.scalars(select(AwardBatch).where(AwardBatch.token == payload["batch"])).one()
        actions.award_items(session, settings, batch, payload["first"], payload["last"])

    return handle


def import_rows(settings: Settings) -> outbox.Handler:
    """The handler of outbox jobs of kind "award_import": the next rows of a file that was brought in."""

    def handle(session: Session, payload: Mapping[str, Any]) -> None:
        imports.award_next_rows(session, settings, payload["import"])

    return handle


def undo_awards(session: Session, payload: Mapping[str, Any]) -> None:
    """The handler of outbox jobs of kind "undo_awards": the next badges of a person that an administrator takes back."""
    undoing = session.scalars(select(Undoing).where(Undoing.token == payload["undoing"])).one()
    actions.go_on_undoing(session, undoing)


def handlers(settings: Settings) -> dict[str, outbox.Handler | outbox.Together]:
    """The outbox handlers of this room, by kind."""
    return {
        actions.AWARD_MAIL: award_mails(settings),
        actions.CORRECTION_MAIL: correction_mail(settings),
        actions.RETURN_MAIL: return_mail(settings),
        REFUSAL_MAIL: refusal_mail(settings),
        ASSESSOR_MAIL: assessor_mail(settings),
        actions.UPKEEP: upkeep(settings),
        actions.AWARD_CHUNK: award_chunk(settings),
        actions.UNDO_AWARDS: undo_awards,
        actions.SETTLE: settle_people(settings),
        imports.IMPORT: import_rows(settings),
        PATHWAY_PUBLISHED: settle_published(settings),
        **notice_handlers(settings),
    }
