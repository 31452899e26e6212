"""What is signed, given or logged stays: status bits and indexes, editions, keys, addresses, the audit log."""

from badge_service.storage.guards.triggers import Guard

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
