"""Triggers for rules that no code path may break: set status bits stay set, frozen versions stay frozen, logs only grow."""

from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True)
class Guard:
    """Refuse `event` on `table` whenever `condition` (SQL over OLD and NEW) holds."""

    name: str
    table: str
    event: str
    condition: str
    message: str


# The first migration makes exactly these: a later guard goes into a tuple of its own, made by its own revision.
GUARDS = (
    Guard(
        "status_bit_stays",
        "status_entries",
        "UPDATE",
        "OLD.set_at IS NOT NULL AND"
        " (NEW.set_at IS NULL OR NEW.set_at <> OLD.set_at OR NEW.reason IS NULL OR NEW.reason <> OLD.reason)",
        "a set status bit is never cleared",
    ),
    Guard(
        "status_index_stays",
        "status_entries",
        "UPDATE",
        "NEW.list_id <> OLD.list_id OR NEW.position <> OLD.position",
        "a status index is never given back",
    ),
    Guard("status_entry_stays", "status_entries", "DELETE", "1 = 1", "a status index is never given back"),
    Guard(
        "published_version_frozen",
        "definition_versions",
        "UPDATE",
        "OLD.published_at IS NOT NULL AND (CAST(NEW.content AS TEXT) <> CAST(OLD.content AS TEXT)"
        " OR NEW.version <> OLD.version OR NEW.published_at IS NULL)",
        "a published version is frozen",
    ),
    Guard(
        "published_version_kept",
        "definition_versions",
        "DELETE",
        "OLD.published_at IS NOT NULL",
        "a published version is kept",
    ),
    Guard("audit_line_stays", "audit_entries", "UPDATE", "1 = 1", "the audit log only grows"),
    Guard("audit_line_kept", "audit_entries", "DELETE", "1 = 1", "the audit log only grows"),
    Guard(
        "signed_edition_frozen",
        "editions",
        "UPDATE",
        "OLD.state = 'signed' AND (NEW.state <> 'signed' OR NEW.signed_text IS NULL"
        " OR NEW.signed_text <> OLD.signed_text OR NEW.document_id <> OLD.document_id OR NEW.number <> OLD.number"
        " OR NEW.status_list_id <> OLD.status_list_id OR NEW.status_position <> OLD.status_position)",
        "a signed edition is frozen",
    ),
    Guard(
        "initiator_stays",
        "activities",
        "UPDATE",
        "NEW.initiated_by <> OLD.initiated_by OR NEW.initiator_role <> OLD.initiator_role",
        "who started an activity is never rewritten",
    ),
    Guard(
        "issuer_did_stays",
        "issuers",
        "UPDATE",
        "NEW.did <> OLD.did OR NEW.slug <> OLD.slug",
        "the DID of an issuer never changes",
    ),
    Guard(
        "public_key_stays",
        "issuer_keys",
        "UPDATE",
        "NEW.public_key <> OLD.public_key OR NEW.verification_method <> OLD.verification_method",
        "a public key is never exchanged",
    ),
    Guard(
        "public_url_stays",
        "service_facts",
        "UPDATE",
        "OLD.name = 'public_url' AND (NEW.name <> OLD.name OR NEW.value <> OLD.value)",
        "the public URL never changes",
    ),
)

# Made by the second revision, which takes `signed_edition_frozen` above away with the columns it speaks of.
EDITION_GUARDS = (
    Guard(
        "signed_edition_stays",
        "editions",
        "UPDATE",
        "OLD.state = 'signed' AND (NEW.state <> 'signed' OR NEW.proof IS NULL OR NEW.proof <> OLD.proof"
        " OR NEW.patch <> OLD.patch OR NEW.form_id <> OLD.form_id OR NEW.document_id <> OLD.document_id"
        " OR NEW.number <> OLD.number OR NEW.status_list_id <> OLD.status_list_id"
        " OR NEW.status_position <> OLD.status_position)",
        "a signed edition is frozen",
    ),
    Guard("edition_form_stays", "edition_forms", "UPDATE", "NEW.body <> OLD.body", "a form is frozen"),
    Guard(
        "signed_jwt_stays",
        "edition_jwts",
        "UPDATE",
        "OLD.text IS NOT NULL AND (NEW.text IS NULL OR NEW.text <> OLD.text OR NEW.edition_id <> OLD.edition_id)",
        "a signed JWT is frozen",
    ),
    Guard(
        "key_algorithm_stays",
        "issuer_keys",
        "UPDATE",
        "NEW.algorithm <> OLD.algorithm",
        "a public key is never exchanged",
    ),
)
# Made by the fifth revision.
PICTURE_GUARDS = (
    Guard(
        "published_picture_frozen",
        "definition_versions",
        "UPDATE",
        "OLD.published_at IS NOT NULL AND (NEW.picture_svg <> OLD.picture_svg"
        " OR NEW.picture_uploaded <> OLD.picture_uploaded"
        " OR (NEW.picture_png IS NULL) <> (OLD.picture_png IS NULL) OR NEW.picture_png <> OLD.picture_png)",
        "the picture of a published version is frozen",
    ),
)
_IS_PUBLISHED = (
    "EXISTS (SELECT 1 FROM definition_versions v WHERE v.id = {row}.definition_version_id"
    " AND v.published_at IS NOT NULL) OR EXISTS (SELECT 1 FROM curriculum_versions c"
    " WHERE c.id = {row}.curriculum_version_id AND c.published_at IS NOT NULL)"
)
_NOTES_FROZEN = "the change notes of a published version are frozen"
# Made by the sixth revision.
CURRICULUM_GUARDS = (
    Guard(
        "published_words_frozen",
        "definition_versions",
        "UPDATE",
        "OLD.published_at IS NOT NULL AND (NEW.further_text <> OLD.further_text OR NEW.title <> OLD.title"
        " OR COALESCE(NEW.number_reason, '') <> COALESCE(OLD.number_reason, '')"
        " OR COALESCE(CAST(NEW.related AS TEXT), '') <> COALESCE(CAST(OLD.related AS TEXT), ''))",
        "a published version is frozen",
    ),
    Guard(
        "published_curriculum_frozen",
        "curriculum_versions",
        "UPDATE",
        "OLD.published_at IS NOT NULL AND (CAST(NEW.content AS TEXT) <> CAST(OLD.content AS TEXT)"
        " OR NEW.version <> OLD.version OR NEW.title <> OLD.title OR NEW.published_at IS NULL"
        " OR COALESCE(NEW.number_reason, '') <> COALESCE(OLD.number_reason, ''))",
        "a published curriculum is frozen",
    ),
    Guard(
        "published_curriculum_kept",
        "curriculum_versions",
        "DELETE",
        "OLD.published_at IS NOT NULL",
        "a published curriculum is kept",
    ),
    *(
        Guard(f"change_note_{name}", "change_notes", event, _IS_PUBLISHED.format(row=row), _NOTES_FROZEN)
        for name, event, row in (
            ("in_time", "INSERT", "NEW"),
            ("frozen", "UPDATE", "OLD"),
            ("kept", "DELETE", "OLD"),
        )
    ),
)
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

# Made by the eighth revision: pathways are frozen as definitions are; the badge of one that had none may be named once.
PATHWAY_GUARDS = (
    Guard(
        "published_pathway_frozen",
        "pathway_versions",
        "UPDATE",
        "OLD.published_at IS NOT NULL AND (CAST(NEW.content AS TEXT) <> CAST(OLD.content AS TEXT)"
        " OR NEW.version <> OLD.version OR NEW.published_at IS NULL"
        " OR (OLD.badge_version_id IS NOT NULL AND"
        " (NEW.badge_version_id IS NULL OR NEW.badge_version_id <> OLD.badge_version_id)))",
        "a published pathway is frozen",
    ),
    Guard(
        "published_pathway_kept",
        "pathway_versions",
        "DELETE",
        "OLD.published_at IS NOT NULL",
        "a published pathway is kept",
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
STANDING = (
    *(guard for guard in GUARDS if guard.name != "signed_edition_frozen"),
    *EDITION_GUARDS,
    *PICTURE_GUARDS,
    *CURRICULUM_GUARDS,
    *TEAM_GUARDS,
    *PATHWAY_GUARDS,
    *PLAN_GUARDS,
    *JOINING_GUARDS,
    *CHECK_IN_GUARDS,
    *SURVEY_GUARDS,
    *AWARDING_GUARDS,
    *SENDING_GUARDS,
    *PROGRAM_GUARDS,
)
"""What a database of the newest schema has."""


def create(connection: Connection, guards: tuple[Guard, ...]) -> None:
    """Make the triggers in the dialect of this connection."""
    for guard in guards:
        for statement in _statements(guard, connection.dialect.name):
            connection.exec_driver_sql(statement)


def drop(connection: Connection, guards: tuple[Guard, ...]) -> None:
    """Take the triggers away again (a downgrade); their tables must still exist."""
    for guard in guards:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TRIGGER {guard.name}")
        else:
            connection.exec_driver_sql(f"DROP FUNCTION {guard.name}() CASCADE")


def _statements(guard: Guard, dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} WHEN {guard.condition} "
            f"BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
        ]
    returned = "OLD" if guard.event == "DELETE" else "NEW"
    return [
        f"CREATE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {guard.condition} THEN "
        f"RAISE EXCEPTION '{guard.message}'; END IF; RETURN {returned}; END $$",
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW EXECUTE FUNCTION {guard.name}()",
    ]
