"""Makes, finds and ends the codes by which learners claim: only hashes are stored, and wrong ones are counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from badge_service.awards.actions.locking import lock_award
from badge_service.awards.actions.mailing import cancel_mails
from badge_service.awards.actions.origins import imported_row
from badge_service.awards.actions.teaching import hold_teachers_award
from badge_service.awards.rules import WRONG_CODES_ALARM, WRONG_CODES_WINDOW, AwardState, Channel
from badge_service.awards.tables import Award, ClaimCode
from badge_service.errors import ConflictError, Fault, InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.people.tables import Person
from badge_service.storage import audit, crockford
from badge_service.storage.bulk import one_of
from badge_service.storage.session import hashed, now, random_bytes
from badge_service.storage.tables import AuditEntry
from badge_service.workshops.tables import Enrolment, Workshop

WRONG = "claim.wrong_code"
ALARM = "claim.alarm"
MOST_MAILS_AN_HOUR = 3


@dataclass(frozen=True)
class IssuedCode:
    """A fresh code in clear, for the mail or the card alone; a card names its learner by first name and number.

    `language` is the learner's.
    """

    award_token: str
    code: str
    first_name: str
    number: int | None
    language: str


def issue_code(session: Session, award: Award, channel: Channel, sent_to: str | None = None) -> str:
    """A new code for an award; earlier ones of the same channel end. Returned in clear and never again."""
    end_codes(session, [award.id], channel)
    code = crockford.encode(random_bytes(session, crockford.RANDOM_BYTES))
    session.add(
        ClaimCode(
            award_id=award.id,
            code_hash=hashed(code),
            channel=channel.value,
            sent_to=sent_to,
            created_at=now(session),
        )
    )
    session.flush()
    return code


def end_codes(session: Session, award_ids: Sequence[int], channel: Channel | None = None) -> None:
    """End the open codes of these awards (of one channel or all) and forget where they were sent."""
    open_ones = update(ClaimCode).where(
        ClaimCode.award_id.in_(award_ids), ClaimCode.used_at.is_(None), ClaimCode.ended_at.is_(None)
    )
    if channel is not None:
        open_ones = open_ones.where(ClaimCode.channel == channel.value)
    session.execute(open_ones.values(ended_at=now(session), sent_to=None))


def find_code(session: Session, typed: str, *, for_update: bool = False) -> ClaimCode:
    """The row of a code however it was typed; a used one is found too.

    Raises `InvalidError` for a typing mistake, `NotFoundError` (`claim.unknown`) for a code that never was or has ended.
    """
    wanted = select(ClaimCode).where(ClaimCode.code_hash == hashed(crockford.check(typed)))
    if for_update:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    row = session.scalar(wanted)
    if row is None or (row.ended_at is not None and row.used_at is None):
        raise NotFoundError(
            _("We do not know this code, or it was replaced by a newer one."),
            code="claim.unknown",
            hint=_("Compare it with your card or mail. Your school can give you a new card at any time."),
        )
    return row


def issue_cards(session: Session, learners: Sequence[tuple[Award, str, int | None]]) -> list[IssuedCode]:
    """A fresh card code for each (award, name, number); earlier card codes of these awards end."""
    end_codes(session, [award.id for award, _name, _number in learners], Channel.CARD)
    known = {award.person_id for award, _name, _number in learners if award.person_id is not None}
    spoken = select(Person.id, Person.language).where(one_of(session, Person.id, known))
    languages: dict[int, str] = {row.id: row.language for row in session.execute(spoken)}
    issued = [
        IssuedCode(
            award.token,
            crockford.encode(random_bytes(session, crockford.RANDOM_BYTES)),
            first_name(name),
            number,
            languages.get(award.person_id or 0, award.version.language),
        )
        for award, name, number in learners
    ]
    rows = [_row(session, award, one) for (award, *_who), one in zip(learners, issued, strict=True)]
    session.execute(insert(ClaimCode), rows)
    return issued


def new_card(session: Session, viewer: Viewer, award_token: str) -> IssuedCode:
    """A new card for one learner; every older code of this award ends, and no mail brings another.

    Raises `NotFoundError` for a foreign award, `ConflictError` once it was answered.
    """
    award = hold_teachers_award(session, viewer, award_token)
    if award.state != AwardState.HELD:
        raise ConflictError(_("This badge was answered already, so it needs no card."), code="award.answered")
    cancel_mails(session, award)
    end_codes(session, [award.id])
    code = issue_code(session, award, Channel.CARD)
    enrolment = enrolment_of(session, award)
    audit.record(session, viewer.acting_key(), "cards.renew", f"award:{award.token}")
    listed = enrolment or imported_row(session, award) or award.person
    name = listed.name if listed else ""
    language = award.person.language if award.person else award.version.language
    return IssuedCode(award.token, code, first_name(name), enrolment.number if enrolment else None, language)


def refuse_more_mails(session: Session, award: Award) -> None:
    """Whoever holds a card may have a few mails sent, not many; raises `InvalidError` at the field `email`."""
    lock_award(session, award.token)
    sent = select(func.count()).where(
        ClaimCode.award_id == award.id,
        ClaimCode.channel == Channel.MAIL.value,
        ClaimCode.created_at > now(session) - timedelta(hours=1),
    )
    if (session.scalar(sent) or 0) >= MOST_MAILS_AN_HOUR:
        message = _("Several mails were sent for this badge already. Look into the mailbox, or wait an hour.")
        raise InvalidError(message, faults=[Fault("email", message, "too_many")])


def enrolment_of(session: Session, award: Award) -> Enrolment | None:
    """The class list's row of an award's learner, if it was given in a workshop."""
    return session.scalar(
        select(Enrolment)
        .join(Workshop, Workshop.id == Enrolment.workshop_id)
        .where(Workshop.activity_id == award.activity_id, Enrolment.person_id == award.person_id)
    )


def note_wrong_code(session: Session) -> bool:
    """Count a wrong code, without saying whose try it was; returns whether this raised the alarm (once an hour)."""
    since = now(session) - WRONG_CODES_WINDOW
    recent = select(func.count()).select_from(AuditEntry).where(AuditEntry.at > since)
    audit.record(session, None, WRONG, "claim")
    session.flush()
    wrong = session.scalar(recent.where(AuditEntry.subject == "claim", AuditEntry.action == WRONG)) or 0
    alarms = session.scalar(recent.where(AuditEntry.subject == "claim", AuditEntry.action == ALARM)) or 0
    if wrong < WRONG_CODES_ALARM or alarms:
        return False
    audit.record(session, None, ALARM, "claim", wrong_codes=wrong)
    return True


def first_name(name: str) -> str:
    """The first word of a name: all that a card may show beside the number."""
    return name.split(maxsplit=1)[0] if name.split() else ""


def _row(session: Session, award: Award, issued: IssuedCode) -> dict[str, object]:
    return {
        "award_id": award.id,
        "code_hash": hashed(issued.code),
        "channel": Channel.CARD.value,
        "created_at": now(session),
        "opened_account": False,
    }
