"""What people did stays as it was done: joined, checked in, answered, awarded, corrected, agreed, planned."""

from badge_service.storage.guards.triggers import Guard

# Made by the seventh revision.
TEAM_GUARDS = (
    Guard("capacity_entry_stays", "capacity_entries", "UPDATE", "1 = 1", "the capacity log only grows"),
    Guard("capacity_entry_kept", "capacity_entries", "DELETE", "1 = 1", "the capacity log only grows"),
)

# Made by the ninth revision.
PLAN_GUARDS = (
    Guard(
        "action_initiator_stays",
        "actions",
        "UPDATE",
        "NEW.initiated_by <> OLD.initiated_by OR NEW.initiator_role <> OLD.initiator_role",
        "who started an action is never rewritten",
    ),
    Guard("action_step_stays", "action_steps", "UPDATE", "1 = 1", "the history of an action only grows"),
    Guard("action_step_kept", "action_steps", "DELETE", "1 = 1", "the history of an action only grows"),
    Guard(
        "rights_agreement_stays",
        "rights_agreements",
        "UPDATE",
        "1 = 1",
        "what was agreed is never rewritten",
    ),
)

# Made by the tenth revision.
JOINING_GUARDS = (
    Guard(
        "consent_text_stays",
        "workshop_consent_texts",
        "UPDATE",
        "NEW.text <> OLD.text OR NEW.kind <> OLD.kind OR NEW.version <> OLD.version OR NEW.language <> OLD.language",
        "what learners agreed to is never rewritten",
    ),
)

# Made by the eleventh revision.
CHECK_IN_GUARDS = (
    Guard(
        "check_in_decision_stays",
        "check_in_requests",
        "UPDATE",
        "OLD.state <> 'waiting' AND (NEW.state <> OLD.state OR NEW.decided_by <> OLD.decided_by)",
        "a check-in is decided once",
    ),
)

# Made by the sixteenth revision.
SURVEY_GUARDS = (
    Guard(
        "survey_answers_stay",
        "survey_responses",
        "UPDATE",
        "NEW.run_id <> OLD.run_id OR NEW.day <> OLD.day"
        " OR CAST(NEW.answers AS TEXT) <> CAST(OLD.answers AS TEXT)",
        "an answer is never rewritten",
    ),
    Guard(
        "survey_answers_in_time",
        "survey_responses",
        "INSERT",
        "EXISTS (SELECT 1 FROM survey_runs r WHERE r.id = NEW.run_id AND r.closed_at IS NOT NULL)",
        "a closed survey takes no answers",
    ),
    Guard(
        "survey_results_stay",
        "survey_runs",
        "UPDATE",
        "OLD.results IS NOT NULL AND"
        " (NEW.results IS NULL OR CAST(NEW.results AS TEXT) <> CAST(OLD.results AS TEXT))",
        "results are counted once",
    ),
)

# Made by the thirteenth revision.
AWARDING_GUARDS = (
    Guard(
        "second_person_is_another",
        "batch_items",
        "UPDATE",
        "NEW.confirmed_by IS NOT NULL AND EXISTS (SELECT 1 FROM award_batches b"
        " WHERE b.id = NEW.batch_id AND NEW.confirmed_by IN (b.requested_by, b.sent_by))",
        "the second person is never the first",
    ),
    Guard(
        "second_person_is_asked",
        "batch_items",
        "UPDATE",
        "OLD.state = 'second' AND NEW.state IN ('waiting', 'awarded') AND NEW.confirmed_by IS NULL",
        "a second person has to confirm this award",
    ),
    Guard(
        "awarded_item_stays",
        "batch_items",
        "UPDATE",
        "OLD.state = 'awarded' AND NEW.state <> 'awarded'",
        "what is awarded stays awarded",
    ),
)

# Made by the fourteenth revision.
SENDING_GUARDS = (
    Guard(
        "award_correction_stays",
        "award_corrections",
        "UPDATE",
        "1 = 1",
        "what was corrected is never rewritten",
    ),
)

# Made by the seventeenth revision.
PROGRAM_GUARDS = (
    Guard(
        "api_key_stays",
        "api_keys",
        "UPDATE",
        "NEW.secret_hash <> OLD.secret_hash OR NEW.organisation_id <> OLD.organisation_id"
        " OR NEW.made_by <> OLD.made_by OR CAST(NEW.scopes AS TEXT) <> CAST(OLD.scopes AS TEXT)"
        " OR (OLD.revoked_at IS NOT NULL AND (NEW.revoked_at IS NULL OR NEW.revoked_at <> OLD.revoked_at))",
        "a key never changes, and a revoked one stays revoked",
    ),
)

# Made by the twenty-first revision.
CASE_GUARDS = (
    Guard(
        "case_has_second_person",
        "recognition_cases",
        "UPDATE",
        "OLD.state = 'second' AND NEW.state = 'awarded'"
        " AND (NEW.confirmed_by IS NULL OR NEW.confirmed_by = OLD.decided_by)",
        "a second person has to confirm this badge",
    ),
)
