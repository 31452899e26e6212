"""Every guard is kept by the database itself, whatever code asks for."""

from typing import NamedTuple

import pytest
from sqlalchemy import TextClause, text
from sqlalchemy.exc import DBAPIError

from badge_service.storage.guards import STANDING
from badge_service.storage.session import Database

AT = "2026-11-21 09:00:00+00:00"
ROWS = (
    f"INSERT INTO issuers (id, slug, did, profile, created_at) VALUES (1, 'a', 'did:web:a', '{{}}', '{AT}')",
    "INSERT INTO status_lists (id, issuer_id, number, size, opened_at, given, changes)"
    f" VALUES (1, 1, 1, 131072, '{AT}', 2, 0)",
    f"INSERT INTO status_entries (list_id, position, set_at, reason) VALUES (1, 7, '{AT}', 'mistake')",
    "INSERT INTO status_entries (list_id, position) VALUES (1, 8)",
    f"INSERT INTO documents (id, token, issuer_id, created_at) VALUES (1, 't', 1, '{AT}')",
    "INSERT INTO edition_forms (id, body) VALUES (1, CAST('form' AS {bytes})), (2, CAST('second' AS {bytes}))",
    "INSERT INTO editions (id, document_id, number, form_id, patch, status_list_id, status_position, visible, state,"
    f" intended_at, proof) VALUES (1, 1, 1, 1, '[]', 1, 7, true, 'signed', '{AT}', 'signed')",
    "INSERT INTO editions (id, document_id, number, form_id, patch, status_list_id, status_position, visible, state,"
    f" intended_at) VALUES (2, 1, 2, 1, '[]', 1, 8, true, 'intended', '{AT}')",
    f"INSERT INTO edition_jwts (edition_id, wanted_at, text) VALUES (1, '{AT}', 'a.b.c')",
    f"INSERT INTO edition_jwts (edition_id, wanted_at) VALUES (2, '{AT}')",
    f"INSERT INTO audit_entries (id, at, action, subject, details) VALUES (1, '{AT}', 'a', 'b', '{{}}')",
    "INSERT INTO regions (id, slug, name, country) VALUES (1, 'r', 'R', 'NL')",
    "INSERT INTO organisations (id, slug, name, kind, region_id, identifiers, quality_statement, may_award_ects,"
    f" created_at) VALUES (1, 'o', 'O', 'school', 1, '[]', '', true, '{AT}')",
    "INSERT INTO issuer_keys (id, issuer_id, name, algorithm, verification_method, public_key, created_at)"
    f" VALUES (1, 1, 'a-2026', 'EdDSA', 'did:web:a#2026', CAST('key' AS {{bytes}}), '{AT}')",
    "INSERT INTO service_facts (name, value) VALUES ('public_url', 'https://a.example'), ('demo_step', '1')",
    f"INSERT INTO persons (id, key, name, language, created_at) VALUES (1, 'k', 'P', 'en', '{AT}')",
    "INSERT INTO alliances (id, slug, name, aims, region_id) VALUES (1, 'a', 'A', 'aims', 1)",
    "INSERT INTO lets (id, slug, name, description, region_id) VALUES (1, 'l', 'L', '', 1)",
    "INSERT INTO definitions (id, slug, code, let_id, organisation_id, created_at)"
    f" VALUES (1, 'd', 'D-1', 1, 1, '{AT}')",
    "INSERT INTO definition_versions (id, definition_id, version, sort_key, state, content, further_text, picture_svg,"
    " title, topic, category, level, language, revision, created_at, changed_at, published_at)"
    f" VALUES (1, 1, '1.0.0', 1, 'published', '{{\"name\": 1}}', '', '', 't', 't', 'c', 4, 'en', 1, '{AT}', '{AT}', '{AT}')",
    f"INSERT INTO curricula (id, slug, let_id, organisation_id, created_at) VALUES (1, 'c', 1, 1, '{AT}')",
    "INSERT INTO curriculum_versions (id, curriculum_id, version, sort_key, state, content, title, language, revision,"
    f" created_at, changed_at) VALUES (1, 1, '1.0.0', 1, 'draft', '{{}}', 't', 'en', 1, '{AT}', '{AT}'),"
    f" (2, 1, '1.1.0', 2, 'draft', '{{}}', 't', 'en', 1, '{AT}', '{AT}')",
    "INSERT INTO change_notes (id, curriculum_version_id, fields, editorial) VALUES (1, 1, '[]', 'A comma.'),"
    " (2, 2, '[]', 'Another comma.')",
    f"UPDATE curriculum_versions SET published_at = '{AT}', state = 'published' WHERE id = 1",
    "INSERT INTO activities (id, token, alliance_id, organisation_id, kind, title, summary, place, language, starts_on,"
    " ends_on, partners, state, initiated_by, initiator_role, created_at) VALUES (1, 'a', 1, 1, 'meeting', 't', 's',"
    f" 'p', 'en', '2026-11-21', '2026-11-21', '[]', 'planned', 'k', 'teacher', '{AT}')",
    "INSERT INTO capacity_entries (id, token, let_id, held_on, what, topic, minutes, headcount, recorded_by,"
    f" recorded_at) VALUES (1, 'c', 1, '2026-11-21', 'w', 't', 60, 3, 'k', '{AT}')",
    f"INSERT INTO pathways (id, slug, code, let_id, organisation_id, created_at) VALUES (1, 'p', 'P-1', 1, 1, '{AT}')",
    *(
        "INSERT INTO pathway_versions (id, pathway_id, slug, code, version, sort_key, state, title, content, let_id,"
        " badge_version_id, revision, created_at, changed_at, published_at)"
        f" VALUES ({id_}, 1, 'p', 'P-1', '1.{id_}.0', {id_}, '{state}', 't', '{{}}', 1, {badge}, 1, '{AT}', '{AT}', {at})"
        for id_, state, badge, at in (
            (1, "published", "1", f"'{AT}'"),
            (2, "draft", "NULL", "NULL"),
            (3, "published", "NULL", f"'{AT}'"),
        )
    ),
    "INSERT INTO actions (id, token, let_id, track, title, goal, owner_organisation, due_on, state, revision,"
    " initiated_by, initiator_role, created_at)"
    f" VALUES (1, 'a', 1, 't', 't', 'g', 'o', '2026-11-21', 'planned', 1, 'k', 'let_lead', '{AT}')",
    "INSERT INTO api_keys (id, token, organisation_id, name, scopes, secret_hash, ending, made_by, made_at, revoked_at)"
    f" VALUES (1, 'a', 1, 'n', '[]', 'h', 'abcd', 'k', '{AT}', '{AT}')",
    "INSERT INTO action_steps (id, action_id, at, by, state, reason, changed)"
    f" VALUES (1, 1, '{AT}', 'k', 'planned', '', '{{}}')",
    "INSERT INTO co_creation_sessions (id, activity_id, let_id, challenge, roles, outputs, sectors, revision)"
    " VALUES (1, 1, 1, 'c', '[]', '', '[]', 1)",
    "INSERT INTO rights_agreements (id, session_id, version, text, written_by, written_at)"
    f" VALUES (1, 1, 1, 'Everybody may use it.', 'k', '{AT}')",
    "INSERT INTO workshops (id, activity_id, iteration, material_notes, accessibility_notes) VALUES (1, 1, 1, '', '')",
    "INSERT INTO workshop_consent_texts (id, workshop_id, kind, version, language, text, written_by, written_at)"
    f" VALUES (1, 1, 'photos', 1, 'en', 'Photos of you.', 'k', '{AT}')",
    "INSERT INTO check_in_requests (id, token, workshop_id, day, kind, name, account, state, reason, asked_at,"
    f" decided_at, decided_by) VALUES (1, 'r', 1, '2026-11-21', 'late', 'P', '', 'refused', '', '{AT}', '{AT}', 'k'),"
    f" (2, 's', 1, '2026-11-21', 'code', 'P', '', 'waiting', '', '{AT}', NULL, NULL)",
    "INSERT INTO survey_runs (id, code, organisation_id, instrument, instrument_version, subject_kind, subject, title,"
    " language, pairs, by_link, invited, opens_on, closes_on) VALUES (1, 'c', 1, 'i', 1, 'workshop', 'a', 't', 'en',"
    " '[]', true, 9, '2026-11-21', '2026-12-05')",
    "INSERT INTO survey_responses (id, run_id, day, answers, words) VALUES (1, 1, '2026-11-21', '{\"q\": 3}', '{}')",
    f"UPDATE survey_runs SET closed_at = '{AT}', results = '{{\"n\": 5}}' WHERE id = 1",
    "INSERT INTO award_batches (id, token, idempotency_key, organisation_id, activity_id, version_id, identity_check,"
    " requested_by, requested_at, total, held_back, to_confirm)"
    f" VALUES (1, 'b', 'k', 1, 1, 1, 'known', 'first', '{AT}', 3, 3, 2)",
    "INSERT INTO batch_items (batch_id, position, person_id, levels, state) VALUES (1, 1, 1, '{}', 'second'),"
    " (1, 2, 1, '{}', 'awarded'), (1, 3, 1, '{}', 'second')",
    "INSERT INTO recognition_cases (id, token, organisation_id, version_id, person_id, name, statement, state, asked_by,"
    f" asked_at, decided_by, refusal) VALUES (1, 'c', 1, 1, 1, 'P', '', 'second', 'k', '{AT}', 'first', ''),"
    f" (2, 'd', 1, 1, 1, 'P', '', 'second', 'k', '{AT}', 'first', '')",
    "INSERT INTO awards (id, token, subject, version_id, organisation_id, identity_check, decided_by, decided_at, state,"
    f" sharing) VALUES (1, 'w', 's', 1, 1, 'known', 'k', '{AT}', 'held', 'private')",
    "INSERT INTO award_corrections (id, award_id, changes, reason, corrected_by, corrected_at)"
    f" VALUES (1, 1, '[]', 'A slip.', 'k', '{AT}')",
)


class Broken(NamedTuple):
    """One way to break a guard: what must stand there first, and the statement that must be refused."""

    guard: str
    statement: str
    message: str


FORBIDDEN = (
    Broken("status_bit_stays", "UPDATE status_entries SET set_at = NULL WHERE position = 7", "never cleared"),
    Broken(
        "status_bit_stays",
        "UPDATE status_entries SET set_at = '2027-01-01 00:00:00+00:00' WHERE position = 7",
        "never cleared",
    ),
    Broken(
        "status_bit_stays", "UPDATE status_entries SET reason = 'other' WHERE position = 7", "never cleared"
    ),
    Broken(
        "status_index_stays", "UPDATE status_entries SET position = 9 WHERE position = 8", "never given back"
    ),
    Broken("status_entry_stays", "DELETE FROM status_entries WHERE position = 8", "never given back"),
    Broken("signed_edition_stays", "UPDATE editions SET proof = 'other' WHERE id = 1", "edition is frozen"),
    Broken("signed_edition_stays", "UPDATE editions SET proof = NULL WHERE id = 1", "edition is frozen"),
    Broken("signed_edition_stays", "UPDATE editions SET patch = '[1]' WHERE id = 1", "edition is frozen"),
    Broken("signed_edition_stays", "UPDATE editions SET form_id = 2 WHERE id = 1", "edition is frozen"),
    Broken(
        "signed_edition_stays", "UPDATE editions SET state = 'intended' WHERE id = 1", "edition is frozen"
    ),
    Broken("signed_edition_stays", "UPDATE editions SET number = 3 WHERE id = 1", "edition is frozen"),
    Broken(
        "signed_edition_stays", "UPDATE editions SET status_position = 9 WHERE id = 1", "edition is frozen"
    ),
    Broken(
        "edition_form_stays",
        "UPDATE edition_forms SET body = CAST('other' AS {bytes}) WHERE id = 1",
        "form is frozen",
    ),
    Broken(
        "signed_jwt_stays", "UPDATE edition_jwts SET text = 'd.e.f' WHERE edition_id = 1", "JWT is frozen"
    ),
    Broken("signed_jwt_stays", "UPDATE edition_jwts SET text = NULL WHERE edition_id = 1", "JWT is frozen"),
    Broken("key_algorithm_stays", "UPDATE issuer_keys SET algorithm = 'RS256'", "key is never exchanged"),
    Broken("audit_line_stays", "UPDATE audit_entries SET actor = 'other'", "only grows"),
    Broken("audit_line_kept", "DELETE FROM audit_entries", "only grows"),
    Broken(
        "published_version_frozen",
        'UPDATE definition_versions SET content = \'{"name": "other"}\' WHERE id = 1',
        "version is frozen",
    ),
    Broken(
        "published_version_frozen",
        "UPDATE definition_versions SET version = '2.0.0' WHERE id = 1",
        "version is frozen",
    ),
    Broken(
        "published_version_frozen",
        "UPDATE definition_versions SET published_at = NULL WHERE id = 1",
        "version is frozen",
    ),
    *(
        Broken(
            "published_picture_frozen",
            f"UPDATE definition_versions SET {change} WHERE id = 1",
            "picture of a",
        )
        for change in (
            "picture_svg = '<svg/>'",
            "picture_uploaded = true",
            "picture_png = CAST('other' AS {bytes})",
        )
    ),
    Broken("published_version_kept", "DELETE FROM definition_versions WHERE id = 1", "version is kept"),
    *(
        Broken(
            "published_words_frozen",
            f"UPDATE definition_versions SET {column} = '{value}' WHERE id = 1",
            "version is frozen",
        )
        for column, value in (
            ("further_text", "x"),
            ("title", "x"),
            ("number_reason", "x"),
            ("related", "[]"),
        )
    ),
    *(
        Broken(
            "published_curriculum_frozen",
            f"UPDATE curriculum_versions SET {change} WHERE id = 1",
            "curriculum is frozen",
        )
        for change in (
            'content = \'{"title": "other"}\'',
            "version = '9.0.0'",
            "title = 'other'",
            "published_at = NULL",
            "number_reason = 'x'",
        )
    ),
    Broken("published_curriculum_kept", "DELETE FROM curriculum_versions WHERE id = 1", "curriculum is kept"),
    Broken(
        "change_note_in_time",
        "INSERT INTO change_notes (definition_version_id, fields, editorial) VALUES (1, '[]', 'Late.')",
        "notes of a published version are frozen",
    ),
    Broken(
        "change_note_frozen",
        "UPDATE change_notes SET editorial = 'other' WHERE id = 1",
        "notes of a published version are frozen",
    ),
    Broken(
        "change_note_kept", "DELETE FROM change_notes WHERE id = 1", "notes of a published version are frozen"
    ),
    Broken("issuer_did_stays", "UPDATE issuers SET did = 'did:web:other'", "DID of an issuer never changes"),
    Broken("issuer_did_stays", "UPDATE issuers SET slug = 'other'", "DID of an issuer never changes"),
    Broken(
        "public_key_stays",
        "UPDATE issuer_keys SET public_key = CAST('other' AS {bytes})",
        "public key is never exchanged",
    ),
    Broken(
        "public_key_stays",
        "UPDATE issuer_keys SET verification_method = 'other'",
        "public key is never exchanged",
    ),
    Broken(
        "public_url_stays",
        "UPDATE service_facts SET value = 'https://other.example' WHERE name = 'public_url'",
        "public URL never changes",
    ),
    Broken("initiator_stays", "UPDATE activities SET initiated_by = '2' WHERE id = 1", "never rewritten"),
    Broken(
        "initiator_stays", "UPDATE activities SET initiator_role = 'other' WHERE id = 1", "never rewritten"
    ),
    Broken("capacity_entry_stays", "UPDATE capacity_entries SET minutes = 90", "capacity log only grows"),
    Broken("capacity_entry_kept", "DELETE FROM capacity_entries", "capacity log only grows"),
    *(
        Broken(
            "published_pathway_frozen",
            f"UPDATE pathway_versions SET {change} WHERE id = 1",
            "pathway is frozen",
        )
        for change in (
            'content = \'{"rule": "other"}\'',
            "version = '9.0.0'",
            "published_at = NULL",
            "badge_version_id = NULL",
        )
    ),
    Broken("published_pathway_kept", "DELETE FROM pathway_versions WHERE id = 1", "pathway is kept"),
    Broken("action_initiator_stays", "UPDATE actions SET initiated_by = '2'", "never rewritten"),
    *(
        Broken("api_key_stays", f"UPDATE api_keys SET {change}", "a key never changes")
        for change in (
            "revoked_at = NULL",
            "revoked_at = '2027-01-01 00:00:00+00:00'",
            "secret_hash = 'other'",
            "organisation_id = 2",
            "made_by = 'other'",
            "scopes = '[\"awards:write\"]'",
        )
    ),
    Broken("action_initiator_stays", "UPDATE actions SET initiator_role = 'other'", "never rewritten"),
    Broken(
        "action_step_stays", "UPDATE action_steps SET reason = 'other'", "history of an action only grows"
    ),
    Broken("action_step_kept", "DELETE FROM action_steps", "history of an action only grows"),
    Broken(
        "rights_agreement_stays", "UPDATE rights_agreements SET text = 'other'", "agreed is never rewritten"
    ),
    Broken(
        "award_correction_stays", "UPDATE award_corrections SET reason = 'x'", "corrected is never rewritten"
    ),
    Broken("check_in_decision_stays", "UPDATE check_in_requests SET state = 'approved'", "decided once"),
    Broken("check_in_decision_stays", "UPDATE check_in_requests SET decided_by = 'other'", "decided once"),
    *(
        Broken(
            "consent_text_stays",
            f"UPDATE workshop_consent_texts SET {change}",
            "agreed to is never rewritten",
        )
        for change in ("text = 'other'", "kind = 'story'", "version = 2", "language = 'nl'")
    ),
    Broken("survey_answers_stay", "UPDATE survey_responses SET answers = '{\"q\": 4}'", "never rewritten"),
    Broken("survey_answers_stay", "UPDATE survey_responses SET day = '2026-11-22'", "never rewritten"),
    Broken(
        "survey_answers_in_time",
        "INSERT INTO survey_responses (id, run_id, day, answers, words) VALUES (2, 1, '2026-11-21', '{}', '{}')",
        "takes no answers",
    ),
    Broken("survey_results_stay", "UPDATE survey_runs SET results = '{\"n\": 6}'", "counted once"),
    Broken("survey_results_stay", "UPDATE survey_runs SET results = NULL", "counted once"),
    Broken(
        "second_person_is_another",
        "UPDATE batch_items SET state = 'waiting', confirmed_by = 'first' WHERE position = 1",
        "never the first",
    ),
    *(
        Broken(
            "case_has_second_person",
            f"UPDATE recognition_cases SET state = 'awarded'{confirmed} WHERE id = 1",
            "has to confirm this badge",
        )
        for confirmed in ("", ", confirmed_by = 'first'")
    ),
    Broken(
        "second_person_is_asked",
        "UPDATE batch_items SET state = 'waiting' WHERE position = 1",
        "has to confirm",
    ),
    Broken(
        "awarded_item_stays", "UPDATE batch_items SET state = 'waiting' WHERE position = 2", "stays awarded"
    ),
)

ALLOWED = (
    "UPDATE recognition_cases SET state = 'awarded', confirmed_by = 'other' WHERE id = 1",
    "UPDATE recognition_cases SET state = 'assessed', decided_by = NULL WHERE id = 2",
    "UPDATE batch_items SET state = 'waiting', confirmed_by = 'other' WHERE position = 1",
    "UPDATE batch_items SET state = 'refused', why = 'Who is this?' WHERE position = 3",
    f"UPDATE status_entries SET set_at = '{AT}', reason = 'mistake' WHERE position = 8",
    "UPDATE editions SET visible = false WHERE id = 1",
    f"UPDATE api_keys SET last_used_at = '{AT}'",
    "UPDATE editions SET state = 'signed', proof = '[]' WHERE id = 2",
    "UPDATE edition_jwts SET text = 'g.h.i' WHERE edition_id = 2",
    "UPDATE issuers SET profile = '{}'",
    f"UPDATE issuer_keys SET retired_at = '{AT}'",
    "UPDATE service_facts SET value = '2' WHERE name = 'demo_step'",
    "UPDATE activities SET title = 'Another title' WHERE id = 1",
    "UPDATE definition_versions SET state = 'withdrawn', withdrawn_reason = 'Old glue.' WHERE id = 1",
    'UPDATE curriculum_versions SET content = \'{"title": "other"}\' WHERE id = 2',
    "UPDATE change_notes SET editorial = 'other' WHERE id = 2",
    "DELETE FROM change_notes WHERE id = 2",
    'UPDATE pathway_versions SET content = \'{"rule": "other"}\' WHERE id = 2',
    "DELETE FROM pathway_versions WHERE id = 2",
    "UPDATE pathway_versions SET badge_version_id = 1 WHERE id = 3",
    "UPDATE pathway_versions SET state = 'withdrawn' WHERE id = 1",
    "UPDATE actions SET state = 'done' WHERE id = 1",
    "UPDATE check_in_requests SET state = 'approved', decided_by = 'k' WHERE id = 2",
    "UPDATE check_in_requests SET name = '' WHERE id = 1",
    f"UPDATE workshop_consent_texts SET ended_at = '{AT}'",
    "UPDATE survey_responses SET words = '{}'",
)


def _sql(database: Database, statement: str) -> TextClause:
    return text(statement.replace("{bytes}", "BLOB" if database.is_sqlite else "bytea"))


@pytest.fixture
def filled(database: Database) -> Database:
    with database.engine.begin() as connection:
        for row in ROWS:
            connection.execute(_sql(database, row))
    return database


def test_every_guard_is_tried_here() -> None:
    assert {broken.guard for broken in FORBIDDEN} == {guard.name for guard in STANDING}


@pytest.mark.parametrize("broken", FORBIDDEN, ids=lambda broken: broken.statement[:60])
def test_the_database_refuses(filled: Database, broken: Broken) -> None:
    with pytest.raises(DBAPIError, match=broken.message), filled.engine.begin() as connection:
        assert connection.execute(_sql(filled, broken.statement)).rowcount, "the row to break is missing"


@pytest.mark.parametrize("statement", ALLOWED, ids=lambda statement: statement[:60])
def test_the_guards_let_through_what_is_right(filled: Database, statement: str) -> None:
    with filled.engine.begin() as connection:
        assert connection.execute(_sql(filled, statement)).rowcount == 1
