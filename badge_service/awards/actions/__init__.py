"""What teachers and learners come to do: assess, see who is ready, award, print cards, claim, decline, revoke."""

from badge_service.awards.actions.addresses import address_told, contact_of
from badge_service.awards.actions.assessing import give_reason, set_levels, set_levels_for_group
from badge_service.awards.actions.batches import (
    award_ready,
    batches_of,
    sign_tokens,
    undo_batch,
)
from badge_service.awards.actions.claimants import school_name
from badge_service.awards.actions.claiming import (
    Claimed,
    ClaimState,
    ClaimView,
    accept_own,
    card_owner,
    claim,
    decline,
    decline_own,
    look_at_claim,
    look_at_own,
    waiting_for,
)
from badge_service.awards.actions.codes import (
    IssuedCode,
    enrolment_of,
    find_code,
    issue_code,
    new_card,
    note_wrong_code,
    print_cards,
    refuse_more_mails,
)
from badge_service.awards.actions.corrections import (
    CORRECTION_MAIL,
    correct_award,
    corrections_of,
    evidence_now,
)
from badge_service.awards.actions.deciding import decide
from badge_service.awards.actions.editions import intend_next, latest_content
from badge_service.awards.actions.ending import SCHOOL_REASONS, end_award, hide, revoke_award, undo_claim
from badge_service.awards.actions.evidence import (
    HandedIn,
    add_evidence,
    delete_file,
    evidence_lacking,
    evidence_of,
    find_evidence,
    note_seen_elsewhere,
    pieces_needed,
    read_file,
    withdraw_evidence,
)
from badge_service.awards.actions.giving import Decision, Occasion, published_definition
from badge_service.awards.actions.locking import lock_award
from badge_service.awards.actions.mailing import AWARD_MAIL
from badge_service.awards.actions.progress import BatchLine, BatchProgress, batch_progress
from badge_service.awards.actions.readiness import AwardSummary, LearnerRow, readiness_of
from badge_service.awards.actions.returning import come_back, may_return_by_card, return_card
from badge_service.awards.actions.sheets import Clash, Typed, save_sheet
from badge_service.awards.actions.stacking.fulfilments import (
    FulfilmentView,
    count_to_decide,
    decide_fulfilment,
    fulfilments_to_decide,
    held_versions,
    keep_stack,
    look_at_fulfilment,
    may_decide,
    postpone,
    revoke_stack,
)
from badge_service.awards.actions.stacking.held import badge_holders, held_by
from badge_service.awards.actions.stacking.progress import PathwayProgress, pathway_progress, progress_on
from badge_service.awards.actions.stacking.settling import settle
from badge_service.awards.actions.stacking.standing import (
    find_standing,
    may_decide_beforehand,
    switch_off,
    switch_on,
)
from badge_service.awards.actions.stacking.telling import address_of
from badge_service.awards.actions.stacking.upkeep import SETTLE
from badge_service.awards.actions.teaching import (
    Learner,
    find_taught,
    find_taught_batch,
    find_taught_version,
    find_teachers_award,
    learners_in,
    taught_versions,
    workshops_to_award,
)

__all__ = [
    "AWARD_MAIL",
    "CORRECTION_MAIL",
    "SCHOOL_REASONS",
    "SETTLE",
    "AwardSummary",
    "BatchLine",
    "BatchProgress",
    "ClaimState",
    "ClaimView",
    "Claimed",
    "Clash",
    "Decision",
    "FulfilmentView",
    "HandedIn",
    "IssuedCode",
    "Learner",
    "LearnerRow",
    "Occasion",
    "PathwayProgress",
    "Typed",
    "accept_own",
    "add_evidence",
    "address_of",
    "address_told",
    "award_ready",
    "badge_holders",
    "batch_progress",
    "batches_of",
    "card_owner",
    "claim",
    "come_back",
    "contact_of",
    "correct_award",
    "corrections_of",
    "count_to_decide",
    "decide",
    "decide_fulfilment",
    "decline",
    "decline_own",
    "delete_file",
    "end_award",
    "enrolment_of",
    "evidence_lacking",
    "evidence_now",
    "evidence_of",
    "find_code",
    "find_evidence",
    "find_standing",
    "find_taught",
    "find_taught_batch",
    "find_taught_version",
    "find_teachers_award",
    "fulfilments_to_decide",
    "give_reason",
    "held_by",
    "held_versions",
    "hide",
    "intend_next",
    "issue_code",
    "keep_stack",
    "latest_content",
    "learners_in",
    "lock_award",
    "look_at_claim",
    "look_at_fulfilment",
    "look_at_own",
    "may_decide",
    "may_decide_beforehand",
    "may_return_by_card",
    "new_card",
    "note_seen_elsewhere",
    "note_wrong_code",
    "pathway_progress",
    "pieces_needed",
    "postpone",
    "print_cards",
    "progress_on",
    "published_definition",
    "read_file",
    "readiness_of",
    "refuse_more_mails",
    "return_card",
    "revoke_award",
    "revoke_stack",
    "save_sheet",
    "school_name",
    "set_levels",
    "set_levels_for_group",
    "settle",
    "sign_tokens",
    "switch_off",
    "switch_on",
    "taught_versions",
    "undo_batch",
    "undo_claim",
    "waiting_for",
    "withdraw_evidence",
    "workshops_to_award",
]
