"""Ends awards: revoked by the school for a reason, and claims undone that the wrong person made."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.actions.codes import end_codes
from badge_service.awards.actions.editions import intend_next, latest_content
from badge_service.awards.actions.mailing import cancel_mails
from badge_service.awards.actions.moving import move_learner
from badge_service.awards.actions.stacking.upkeep import parts_ended, stack_ended
from badge_service.awards.actions.teaching import hold_teachers_award
from badge_service.awards.rules import CLAIM_CAN_BE_UNDONE, AwardState, Sharing
from badge_service.awards.tables import Award, ClaimCode
from badge_service.errors import ConflictError, Fault, InvalidError
from badge_service.people import actions as people
from badge_service.people.rules import Viewer
from badge_service.programs.actions import webhooks
from badge_service.programs.rules.webhooks import Event
from badge_service.register import actions as register
from badge_service.register.rules import RevocationReason, credential_path
from badge_service.storage import audit
from badge_service.storage.session import now

_EVENTS = {AwardState.DECLINED: Event.DECLINED, AwardState.REVOKED: Event.REVOKED}
SCHOOL_REASONS = (RevocationReason.MISTAKE, RevocationReason.WITHDRAWN)


def revoke_award(session: Session, viewer: Viewer, award_token: str, reason: RevocationReason) -> Award:
    """Withdraw one badge for ever; whoever checks it is told so and why. The door re-signs the lists after its commit.

    Raises `NotFoundError` for a foreign award, `InvalidError` for a reason that is not a school's, `ConflictError`.
    """
    award = hold_teachers_award(session, viewer, award_token)
    if reason not in SCHOOL_REASONS:
        message = _("Choose why the badge is withdrawn.")
        raise InvalidError(message, faults=[Fault("reason", message, "reason")])
    if award.ended_at is not None:
        raise ConflictError(_("This badge has ended already."), code="award.ended")
    register.revoke(session, award.token, reason, actor=viewer.acting_key())
    end_award(session, award, AwardState.REVOKED)
    audit.record(session, viewer.acting_key(), "award.revoke", f"award:{award.token}", reason=reason.value)
    return award


def end_award(session: Session, award: Award, state: AwardState) -> None:
    """Close an award for good; pathways that it was a part of are looked at by a person, proposed ones taken back."""
    close_award(session, award, state)
    parts_ended(session, [award.id])


def close_award(session: Session, award: Award, state: AwardState) -> None:
    """Close an award: its mail is taken back and its codes end; an open page stays and tells of the withdrawal."""
    award.state, award.ended_at = state.value, now(session)
    cancel_mails(session, award)  # before the codes, as the mail's own job touches them in this order
    end_codes(session, [award.id])
    webhooks.tell(session, award.organisation_id, _EVENTS[state], [award.token])
    session.flush()
    if award.fulfilment_id is not None:
        stack_ended(session, award)


def undo_claim(session: Session, viewer: Viewer, award_token: str) -> Award:
    """Take back a claim that the wrong person made, within 30 days: the badge is held again and waits for a new card.

    A name in it is withdrawn by a new edition; an account that the claim opened is closed with its sign-ins. Raises
    `NotFoundError`, `ConflictError` when there is nothing to undo (any more).
    """
    award = hold_teachers_award(session, viewer, award_token)
    if award.state != AwardState.ACCEPTED or award.accepted_at is None:
        raise ConflictError(_("Nobody has claimed this badge."), code="claim.none")
    if now(session) > award.accepted_at + CLAIM_CAN_BE_UNDONE:
        raise ConflictError(_("A claim can be undone for 30 days only."), code="claim.late")
    if award.name_on_badge is not None:
        intend_next(session, award, latest_content(session, award), name=None)
    _take_back_account(session, award)
    award.state, award.sharing = AwardState.HELD.value, Sharing.PRIVATE.value
    award.accepted_at, award.name_on_badge = None, None
    hide(session, award)
    end_codes(session, [award.id])
    audit.record(session, viewer.acting_key(), "claim.undo", f"award:{award.token}")
    session.flush()
    return award


def hide(session: Session, award: Award) -> None:
    """Serve the badge to nobody."""
    if register.current_edition(session, award.token) is not None:
        register.set_visible(session, f"{credential_path(award.token)}.json", False)


def _take_back_account(session: Session, award: Award) -> None:
    """By the code that claimed the badge, or the return card that took its place, used or not."""
    used = session.scalar(
        select(ClaimCode)
        .where(ClaimCode.award_id == award.id, ClaimCode.ended_at.is_(None))
        .order_by(ClaimCode.id.desc())
    )
    if used is None:
        return
    used.ended_at = now(session)
    if used.opened_account and award.person_id is not None:
        people.close_account(session, award.person_id, used.sent_to)
    if used.moved_from_id is not None:
        move_learner(session, award, used.moved_from_id)
    used.sent_to = None
