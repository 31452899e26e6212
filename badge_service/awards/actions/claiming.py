"""What a learner does with a code: look at what is in the badge, accept it with or without name, or decline."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.actions.addresses import forget_contact
from badge_service.awards.actions.claimants import account_for, school_name
from badge_service.awards.actions.codes import end_codes, find_code, refuse_more_mails
from badge_service.awards.actions.editions import intend_next, latest_content
from badge_service.awards.actions.ending import end_award
from badge_service.awards.actions.locking import lock_award
from badge_service.awards.actions.moving import move_learner
from badge_service.awards.rules import AgeBand, AgeQuestion, AwardState, Channel, age_question
from badge_service.awards.tables import Award, ClaimCode
from badge_service.errors import ConflictError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import NOBODY, Viewer, normal_email
from badge_service.people.tables import Account
from badge_service.programs.actions import webhooks
from badge_service.programs.rules.webhooks import Event
from badge_service.register import actions as register
from badge_service.register.rules import RevocationReason
from badge_service.storage import audit, crockford
from badge_service.storage.session import now, random_bytes

NAME_CONSENT = "name_in_badge"
NAME_TEXT_VERSION = "2026-11"


class ClaimState(StrEnum):
    """What can be done with a code now."""

    OPEN = "open"
    CLAIMED = "claimed"
    RETURN = "return"
    ENDED = "ended"


@dataclass(frozen=True)
class ClaimView:
    """What the claim page shows; looking spends nothing.

    `content` is the credential as it would be served; `name` is how the school wrote the learner's name;
    `needs_passphrase` when the learner could not come back otherwise; `age` is None once it is known; `account` is the
    one that the learner has already.
    """

    state: ClaimState
    channel: Channel | None
    award: Award
    content: dict[str, Any]
    name: str
    needs_passphrase: bool
    age: AgeQuestion | None
    account: Account | None


@dataclass(frozen=True)
class Claimed:
    """An accepted badge, the account it is in, and whether this claim opened that account.

    The door signs what was intended. A code alone signs nobody into an account that was there before.
    """

    award: Award
    account: Account
    opened: bool


def look_at_claim(session: Session, code: str) -> ClaimView:
    """What is in the badge of this code and what must be answered; raises `InvalidError`, `NotFoundError`."""
    row = find_code(session, code)
    award = session.get_one(Award, row.award_id)
    return _view(
        session, award, _state(row, award), Channel(row.channel), _needs_passphrase(session, row, award)
    )


def claim(
    session: Session,
    viewer: Viewer,
    code: str,
    *,
    with_name: bool,
    age: AgeBand | None = None,
    password: str | None = None,
    into_mine: bool = False,
) -> Claimed:
    """Accept the badge: with the name as the school wrote it (a new edition) or without (edition 1 stays).

    A mailed code proves its address: the badge goes to whoever owns it, else to a new account, never into one that
    somebody else has shown to be theirs (the school may have mistyped the address). A card's code opens an account
    with a passphrase (`password`). With `into_mine` it goes to the signed-in viewer instead. Raises `InvalidError` (code or password), `NotFoundError`, `ConflictError` when it was answered before.
    """
    row, award = _open_claim(session, code)
    before = award.person_id
    account, opened = account_for(session, viewer if into_mine else NOBODY, row, award, password)
    name = school_name(session, award)
    if account.person_id != before:
        move_learner(session, award, account.person_id)
        row.moved_from_id = before
    row.used_at, row.opened_account = now(session), opened
    _accept(session, award, account.person_id, name if with_name else None, age, how=row.channel)
    return Claimed(award, account, opened)


def accept_own(
    session: Session, viewer: Viewer, award_token: str, *, with_name: bool, age: AgeBand | None = None
) -> Award:
    """Accept a badge that waits for the signed-in viewer, without a code; raises `NotFoundError`, `ConflictError`."""
    find_own_held(session, viewer, award_token)
    lock_award(session, award_token)
    award = find_own_held(session, viewer, award_token)
    name = school_name(session, award) if with_name else None
    _accept(session, award, award.person_id, name, age, how="signed in")
    return award


def decline_own(session: Session, viewer: Viewer, award_token: str) -> Award:
    """Say no to a badge that waits for the signed-in viewer; as `decline`."""
    find_own_held(session, viewer, award_token)
    lock_award(session, award_token)
    award = find_own_held(session, viewer, award_token)
    _decline(session, award, viewer.acting_key())
    return award


def find_own_held(session: Session, viewer: Viewer, award_token: str) -> Award:
    """A badge that waits for this viewer's answer; raises `NotFoundError`, `ConflictError` once it was answered."""
    viewer.acting_key()
    award = session.scalar(
        select(Award).where(Award.token == award_token, Award.person_id == viewer.person_id)
    )
    if award is None:
        raise NotFoundError(_("There is no such badge among yours."), code="award.missing")
    if award.state != AwardState.HELD:
        raise _answered()
    return award


def look_at_own(session: Session, viewer: Viewer, award_token: str) -> ClaimView:
    """The same view as of a code, for the signed-in person whose badge it is."""
    return _view(session, find_own_held(session, viewer, award_token), ClaimState.OPEN, None, False)


def decline(session: Session, code: str) -> Award:
    """Say no: the badge is revoked as declined and the learner's contact data for it is deleted (decisions 4).

    Raises as `claim`. The door re-signs the status list after its commit.
    """
    row, award = _open_claim(session, code)
    row.used_at, row.sent_to = now(session), None
    _decline(session, award, None)
    return award


def send_instead(session: Session, view: ClaimView, email: str) -> str:
    """Let a badge be claimed from a mailbox that proves its address; the card keeps working. Returns the address.

    The door mails the link. Raises `ConflictError` once it was answered, `InvalidError` for what is no address and after
    several mails within an hour.
    """
    if view.state is not ClaimState.OPEN:
        raise _answered()
    normal = normal_email(email)
    refuse_more_mails(session, view.award)
    return normal


def name_further_address(session: Session, person_id: int, email: str) -> bool:
    """Note another address of a learner, which counts once they have proven it; returns whether that is still to do."""
    if any(one.email == email and one.verified_at for one in people.addresses(session, person_id)):
        return False
    people.add_address(session, people.load_viewer(session, person_id), email)
    return True


def waiting_for(session: Session, viewer: Viewer) -> list[Award]:
    """The badges that were given to the viewer and not answered yet, oldest first."""
    held = select(Award).where(Award.person_id == viewer.person_id, Award.state == AwardState.HELD.value)
    return list(session.scalars(held.order_by(Award.id))) if viewer.is_signed_in else []


def card_owner(session: Session, code: str) -> int | None:
    """Whose badge a used card's code once claimed (person id): with a passphrase it opens their account again."""
    row = find_code(session, code)
    award = session.get_one(Award, row.award_id)
    standing = row.used_at is not None and row.ended_at is None and award.state == AwardState.ACCEPTED
    return award.person_id if standing else None


def _view(
    session: Session, award: Award, state: ClaimState, channel: Channel | None, needs_passphrase: bool
) -> ClaimView:
    country = award.organisation.region.country
    known_age = award.person is not None and award.person.age_band is not None
    return ClaimView(
        state=state,
        channel=channel,
        award=award,
        content=dict(latest_content(session, award)),
        name=school_name(session, award),
        needs_passphrase=needs_passphrase,
        age=None if known_age else age_question(country, now(session).date()),
        account=people.account_of(session, award.person_id) if award.person_id is not None else None,
    )


def _accept(
    session: Session, award: Award, person_id: int | None, name: str | None, age: AgeBand | None, *, how: str
) -> None:
    award.state, award.accepted_at = AwardState.ACCEPTED.value, now(session)
    if age is not None and award.person is not None and award.person.age_band is None:
        award.person.age_band = age.value
    session.flush()
    end_codes(session, [award.id])
    holder = people.load_viewer(session, person_id)
    if name is not None:
        _put_name(session, holder, award, name)
    award.share_code = award.share_code or crockford.encode(random_bytes(session, crockford.RANDOM_BYTES))
    register.want_jwt(session, award.token)
    audit.record(session, holder.acting_key(), "claim", f"award:{award.token}", how=how)
    webhooks.tell(session, award.organisation_id, Event.ACCEPTED, [award.token])
    session.flush()


def _decline(session: Session, award: Award, actor: str | None) -> None:
    register.revoke(session, award.token, RevocationReason.DECLINED, actor=actor)
    end_award(session, award, AwardState.DECLINED)
    forget_contact(session, award)
    audit.record(session, actor, "decline", f"award:{award.token}")


def _answered() -> ConflictError:
    return ConflictError(
        _("This badge was answered already."),
        code="claim.answered",
        hint=_("If that was not you, tell your teacher: they can undo it for 30 days."),
    )


def _open_claim(session: Session, code: str) -> tuple[ClaimCode, Award]:
    award = session.get_one(Award, find_code(session, code).award_id)
    lock_award(session, award.token)
    row = find_code(session, code, for_update=True)
    if _state(row, award) is not ClaimState.OPEN:
        raise _answered()
    return row, award


def _state(row: ClaimCode, award: Award) -> ClaimState:
    if award.ended_at is not None:
        return ClaimState.ENDED
    if row.used_at is not None:
        return ClaimState.CLAIMED
    return ClaimState.OPEN if award.state == AwardState.HELD else ClaimState.RETURN


def _needs_passphrase(session: Session, row: ClaimCode, award: Award) -> bool:
    if row.channel == Channel.MAIL or award.person_id is None:
        return False
    return people.account_of(session, award.person_id) is None


def _put_name(session: Session, holder: Viewer, award: Award, name: str) -> None:
    subject = f"award:{award.token}"
    people.give_consent(
        session,
        holder,
        kind=NAME_CONSENT,
        subject=subject,
        text_version=NAME_TEXT_VERSION,
        how="claim page",
    )
    award.name_on_badge = name
    intend_next(session, award, latest_content(session, award), name=name)
