"""What a school does when a badge does not reach its learner: see why, send it again, correct the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session

from badge_service.awards.actions.addresses import contact_of, write_address
from badge_service.awards.actions.claimants import school_name
from badge_service.awards.actions.codes import end_codes, refuse_more_mails
from badge_service.awards.actions.mailing import AWARD_MAIL, cancel_mails, undelivered
from badge_service.awards.actions.moving import move_learner
from badge_service.awards.actions.other_mails import other_troubles
from badge_service.awards.actions.teaching import hold_teachers_award
from badge_service.awards.rules import AwardState, Channel
from badge_service.awards.tables import Award, AwardImport, ClaimCode, ImportRow
from badge_service.errors import ConflictError, Fault, InvalidError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import Role, Viewer, normal_email
from badge_service.storage import audit, outbox
from badge_service.storage.tables import OutboxJob
from badge_service.web import mail
from badge_service.web.paging import Listing

PAGE_SIZE = 25


@dataclass(frozen=True)
class MailTrouble:
    """A badge whose mail did not arrive; `why` is "address", "content" or "letters", or empty: the server kept silent."""

    award: Award
    name: str
    email: str | None
    why: str
    since: datetime


@dataclass(frozen=True)
class MailState:
    """How far the mail of an unanswered award is: where it goes, when it leaves or was written, and what went wrong."""

    email: str | None
    due_at: datetime | None
    written_at: datetime | None
    trouble: MailTrouble | None


def send_again(session: Session, viewer: Viewer, award_token: str) -> str:
    """Have a fresh link mailed to the address we have; the older one ends when it is written. Returns the address.

    Raises `NotFoundError` for a foreign award, `ConflictError` once it was answered, `InvalidError` without an address
    or after several mails within an hour.
    """
    award = _unanswered(session, viewer, award_token)
    email = contact_of(session, award)
    if email is None:
        message = _("We have no address of this learner. Enter one, or print a card.")
        raise InvalidError(message, faults=[Fault("email", message, "required")])
    refuse_more_mails(session, award)
    _send_anew(session, award)
    audit.record(session, viewer.acting_key(), "mail.again", f"award:{award.token}")
    return email


def correct_address(session: Session, viewer: Viewer, award_token: str, email: str) -> str:
    """Mail the badge to another address: the link in the older mail ends. Returns the address as it is written.

    Other badges of the same learner that wait in the same place go there too. Somebody who has proven to own the older
    address loses sight of them: it was not theirs. Raises as `send_again`, and `InvalidError` for what is no address.
    """
    award = _unanswered(session, viewer, award_token)
    if award.fulfilment_id is not None:
        raise ConflictError(
            _("This badge goes to the address of its parts."),
            code="address.stacked",
            hint=_("Correct the address at the badge of one of its parts."),
        )
    normal = normal_email(email)
    if normal == contact_of(session, award):
        message = _("This is the address that we have.")
        raise InvalidError(message, faults=[Fault("email", message, "same")])
    refuse_more_mails(session, award)
    waiting = _waiting_beside(session, award)
    write_address(session, award, normal)
    _follow_owner(session, viewer, award, normal)
    end_codes(session, [one.id for one in waiting], Channel.MAIL)
    for one in waiting:
        _send_anew(session, one)
        audit.record(session, viewer.acting_key(), "mail.address", f"award:{one.token}")
    return normal


def mail_state(session: Session, award: Award) -> MailState:
    """What has become of the mail of an award that waits for its learner."""
    open_jobs = (OutboxJob.done_at.is_(None), OutboxJob.cancelled_at.is_(None))
    promised = OutboxJob.payload["award"].as_string() == award.token
    waiting = select(OutboxJob.due_at).where(OutboxJob.kind == AWARD_MAIL, *open_jobs, promised)
    written = select(func.max(ClaimCode.created_at)).where(
        ClaimCode.award_id == award.id, ClaimCode.channel == Channel.MAIL.value
    )
    trouble = session.execute(_troubles().where(Award.id == award.id)).first()
    return MailState(
        contact_of(session, award),
        session.scalars(waiting.order_by(OutboxJob.id.desc())).first(),
        session.scalar(written),
        _trouble(session, *trouble) if trouble else None,
    )


def mail_troubles(session: Session, viewer: Viewer, page: int = 1) -> Listing[MailTrouble]:
    """One page (from 1) of the badges of the viewer's organisations whose mail did not arrive, newest first."""
    count = count_mail_troubles(session, viewer)
    number = min(max(page, 1), max(1, -(-count // PAGE_SIZE)))
    rows = _troubles().where(Award.organisation_id.in_(_organisations(viewer)))
    shown = rows.order_by(Award.id.desc()).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    found = tuple(_trouble(session, *row) for row in session.execute(shown))
    return Listing(found, number, count, PAGE_SIZE)


def count_mail_troubles(session: Session, viewer: Viewer) -> int:
    """How many badges of the viewer's organisations did not arrive."""
    if not (mine := _organisations(viewer)):
        return 0
    rows = _troubles().where(Award.organisation_id.in_(mine)).subquery()
    return session.scalar(select(func.count()).select_from(rows)) or 0


def unreached_of_import(session: Session, found: AwardImport) -> int:
    """How many learners of an import have an address that no mail reached, and have not answered."""
    held = select(func.count()).select_from(ImportRow).join(Award, Award.id == ImportRow.award_id)
    waiting = (ImportRow.import_id == found.id) & (Award.state == AwardState.HELD.value)
    return session.scalar(held.where(waiting, undelivered())) or 0


def troubles_since(session: Session, since: datetime, until: datetime) -> list[tuple[str, int]]:
    """Who decided (key) each badge whose mail was given up in this time, and for which organisation (id)."""
    rows = session.execute(_troubles(since, until))
    return [(award.decided_by, award.organisation_id) for award, _refusal, _at in rows]


def settle_trouble(session: Session, viewer: Viewer, reference: str) -> None:
    """Somebody has told these people in another way: the mail leaves the list. Raises `NotFoundError`."""
    if reference not in {one.reference for one in other_troubles(session, _organisations(viewer))}:
        raise NotFoundError(_("There is no such mail on this list any more."), code="mail.missing")
    mail.cancel(session, reference)
    audit.record(session, viewer.acting_key(), "mail.settled", reference)


def _organisations(viewer: Viewer) -> frozenset[int]:
    return viewer.organisations_as(Role.TEACHER, Role.ADMIN)


def _troubles(since: datetime | None = None, until: datetime | None = None) -> Select[*tuple[Any, ...]]:
    """Unanswered awards whose mail was given up or refused (in this time), with why and when: one row an award."""
    promised = select(
        OutboxJob.payload["award"].as_string().label("token"), OutboxJob.refusal, OutboxJob.due_at
    )
    reference = OutboxJob.payload["reference"].as_string()
    written = select(
        func.substr(reference, len("award:") + 1).label("token"), OutboxJob.refusal, OutboxJob.due_at
    )
    jobs = union_all(
        promised.where(OutboxJob.kind == AWARD_MAIL, *outbox.given_up()),
        written.where(OutboxJob.kind == mail.KIND, reference.like("award:%"), *outbox.given_up()),
    ).subquery()
    newest = (
        select(jobs.c.token, func.max(jobs.c.refusal).label("refusal"), func.max(jobs.c.due_at).label("at"))
        .group_by(jobs.c.token)
        .subquery()
    )
    rows = select(Award, newest.c.refusal, newest.c.at).join(newest, newest.c.token == Award.token)
    if since is not None:
        rows = rows.where(newest.c.at > since, newest.c.at <= until)
    return rows.where(Award.state == AwardState.HELD.value, undelivered())


def _trouble(session: Session, award: Award, refusal: str | None, at: datetime) -> MailTrouble:
    return MailTrouble(award, school_name(session, award), contact_of(session, award), refusal or "", at)


def _unanswered(session: Session, viewer: Viewer, award_token: str) -> Award:
    award = hold_teachers_award(session, viewer, award_token)
    if award.state != AwardState.HELD:
        raise ConflictError(
            _("This badge was answered already, so no mail is needed."), code="award.answered"
        )
    return award


def _send_anew(session: Session, award: Award) -> None:
    cancel_mails(session, award)
    outbox.promise(session, AWARD_MAIL, {"award": award.token, "batch": ""})


def _waiting_beside(session: Session, award: Award) -> Sequence[Award]:
    """This award, and what else waits for the same learner in the same workshop."""
    if award.activity_id is None:
        return [award]
    held = select(Award).where(Award.activity_id == award.activity_id, Award.person_id == award.person_id)
    return session.scalars(held.where(Award.state == AwardState.HELD.value).order_by(Award.id)).all()


def _follow_owner(session: Session, viewer: Viewer, award: Award, email: str) -> None:
    """The award goes to whoever has proven to own the new address, and away from the proven owner of another."""
    owner = people.person_by_email(session, email)
    proven = [one for one in people.addresses(session, award.person_id or 0) if one.verified_at]
    if owner is not None:
        move_learner(session, award, owner.id)
    elif proven and award.person is not None:
        name = school_name(session, award)
        fresh = people.add_person(session, viewer, name, email, award.person.language)
        move_learner(session, award, fresh.id)
