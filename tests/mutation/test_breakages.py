"""Breaks a copy of the code on purpose, one rule at a time, and expects one named test to go red each time."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Breakage:
    """What a careless change would do, and the test that must notice."""

    name: str
    file: str
    good: str
    bad: str
    test: str


BREAKAGES = (
    Breakage(
        "skip the binding of key and issuer",
        "openbadges/verification/signatures.py",
        "    if not keyed and case.jws is None:\n",
        "    if False:\n",
        "tests/openbadges/verification/test_verdict.py::test_nobody_else_can_sign_in_our_name",
    ),
    Breakage(
        "take any key of the issuer's document, whatever it is for",
        "openbadges/did/documents.py",
        "    if not any(entry == verification_method or id_of(entry) == verification_method for entry in listed):\n",
        "    if False:\n",
        "tests/openbadges/verification/test_verdict.py::test_a_key_for_signing_in_only_signs_no_badge",
    ),
    Breakage(
        "accept weak keys",
        "openbadges/public_key.py",
        "    if y >= _P or y in _SMALL_ORDER:\n",
        "    if False:\n",
        "tests/openbadges/test_did.py::test_a_weak_key_in_a_key_document_is_refused",
    ),
    Breakage(
        "call an unreachable status list good",
        "openbadges/verification/status.py",
        '        return unknown("status", code, {"domain": named(case.issuer_id)}, error.message)\n',
        '        return passed("status", "status_none")\n',
        "tests/openbadges/verification/test_dates_and_status.py::test_a_doubtful_status_list_is_never_green",
    ),
    Breakage(
        "trust somebody else's status list",
        "openbadges/verification/status_lists.py",
        "    if issuer_id_of(found.document) != case.issuer_id:\n",
        "    if False:\n",
        "tests/openbadges/verification/test_dates_and_status.py::test_a_doubtful_status_list_is_never_green",
    ),
    Breakage(
        "take a name with unseen letters for an address",
        "openbadges/expansion.py",
        "    return isinstance(value, str) and value.isprintable() and _IRI.match(value) is not None\n",
        "    return isinstance(value, str) and _IRI.match(value) is not None\n",
        "tests/openbadges/verification/test_dropped_statements.py::test_nothing_with_an_unseen_letter_in_its_name_is_covered_by_a_signature",
    ),
    Breakage(
        "let the canonicalizer leave out statements",
        "openbadges/expansion.py",
        "    if not is_good:\n",
        "    if False:\n",
        "tests/openbadges/verification/test_dropped_statements.py::test_a_statement_that_would_be_left_out_is_refused_even_past_the_other_walls",
    ),
    Breakage(
        "let members move to where they are not read",
        "openbadges/verification/moving.py",
        "        if not may_be_new and not any(_is_same(mention[name], value) for value in told):\n",
        "        if False:\n",
        "tests/openbadges/verification/test_other_spellings.py::test_nothing_is_said_of_badge_holder_and_achievement_but_where_it_is_read",
    ),
    Breakage(
        "do not look at the end date",
        "openbadges/verification/validity.py",
        "        return self.ends is not None and self.ends <= now\n",
        "        return False\n",
        "tests/openbadges/verification/test_dates_and_status.py::test_an_expired_badge_is_not_valid",
    ),
    Breakage(
        "accept any key that a token brings along",
        "openbadges/did/jose_keys.py",
        "    pages.vouch_for(shown)\n",
        "",
        "tests/openbadges/verification/test_forged_badges.py::test_no_forgery_is_good",
    ),
    Breakage(
        "do not compare the claims of a token with its badge",
        "openbadges/verification/signatures.py",
        "    faults = jose.claims_faults(jws, case.document)\n",
        "    faults: list[Any] = []\n",
        "tests/openbadges/verification/test_forged_badges.py::test_no_forgery_is_good",
    ),
    Breakage(
        "believe an older status list than one seen before",
        "openbadges/verification/status_lists.py",
        "    if made and case.enquiry.remembered.is_rolled_back(\n",
        "    if False and case.enquiry.remembered.is_rolled_back(\n",
        "tests/openbadges/verification/test_status_lists.py::test_a_list_older_than_one_seen_before_is_not_believed",
    ),
    Breakage(
        "believe an endorsement of something else",
        "openbadges/verification/form.py",
        '    if case.about and (not case.about.id or case.document["credentialSubject"].get("id") != case.about.id):\n',
        "    if False:\n",
        "tests/openbadges/verification/test_endorsements.py::test_bad_endorsements_are_remarked_and_the_badge_stays_green",
    ),
    Breakage(
        "go on with somebody else's newer edition",
        "openbadges/verification/refreshing.py",
        "    if _identity(newer) != _identity(case):\n",
        "    if False:\n",
        "tests/openbadges/verification/test_newer_editions.py::test_what_is_no_newer_edition_leaves_the_old_one",
    ),
    Breakage(
        "take an issuer's DID in another spelling for the same",
        "openbadges/verification/refreshing.py",
        '    return issuer_id_of(case.document), str(case.document.get("id"))\n',
        '    return issuer_id_of(case.document).replace("%3A", ":"), str(case.document.get("id"))\n',
        "tests/openbadges/verification/test_newer_editions.py::test_a_newer_edition_by_a_did_that_only_looks_the_same_leaves_the_old_one",
    ),
    Breakage(
        "keep what the registers said of the older edition",
        "openbadges/verification/refreshing.py",
        '        "registered",\n',
        "",
        "tests/openbadges/verification/test_newer_editions.py::test_the_issuer_of_the_newer_edition_is_looked_up_in_the_registers",
    ),
    Breakage(
        "take a badge that calls itself a presentation for one",
        "openbadges/verification/form.py",
        "    if PRESENTATION_TYPE in types and types & _CREDENTIAL_TYPES:\n",
        "    if False:\n",
        "tests/openbadges/verification/test_unsigned_wrappers.py::test_a_false_badge_around_a_genuine_one_is_not_valid",
    ),
    Breakage(
        "let a wrapper that nobody signed say anything",
        "openbadges/verification/form.py",
        '        return failed("terms", "unsigned_member", {"where": more[0][:100]})\n',
        "        pass\n",
        "tests/openbadges/verification/test_unsigned_wrappers.py::test_a_wrapper_that_nobody_signed_says_nothing_of_its_own",
    ),
    Breakage(
        "give the holder of a wrapper as proven",
        "openbadges/verification/conclusion.py",
        '    issuer_id = "" if case.is_bare else case.issuer_id\n',
        "    issuer_id = case.issuer_id\n",
        "tests/openbadges/verification/test_unsigned_wrappers.py::test_the_holder_of_a_wrapper_is_not_told_as_if_somebody_had_signed_it",
    ),
    Breakage(
        "take a badge that nobody signed for us as the answer to our question",
        "openbadges/verification/case.py",
        '        return is_asked and not self.is_inside and (self.kind != "presentation" or self.is_bare)\n',
        "        return False\n",
        "tests/openbadges/verification/test_unsigned_wrappers.py::test_what_nobody_signed_answers_no_question",
    ),
    Breakage(
        "count the same proof twice",
        "openbadges/verification/signatures.py",
        "    if any(value in values[:place] for place, value in enumerate(values)):\n",
        "    if False:\n",
        "tests/openbadges/verification/test_unsigned_wrappers.py::test_the_same_proof_twice_is_no_set",
    ),
    Breakage(
        "call a status good that the holder may have left out",
        "openbadges/verification/status.py",
        "    if parts.may_hide_status(case):\n",
        "    if False:\n",
        "tests/openbadges/verification/test_shown_in_parts.py::test_a_status_that_may_be_hidden_is_not_good",
    ),
    Breakage(
        "call an end date none that the holder may have left out",
        "openbadges/verification/validity.py",
        "    if parts.is_in_parts(case):\n",
        "    if False:\n",
        "tests/openbadges/verification/test_shown_in_parts.py::test_an_end_date_that_may_be_hidden_is_not_good",
    ),
    Breakage(
        "drop the check for types that no context defines",
        "openbadges/expansion.py",
        '            faults.extend(_type_fault(type_) for type_ in types if type_ != "@json" and not _is_name(type_))\n',
        "",
        "tests/openbadges/verification/test_forged_badges.py::test_no_forgery_is_good",
    ),
    Breakage(
        "sign words that no context defines",
        "openbadges/credential.py",
        "    faults += examined.faults\n",
        "",
        "tests/openbadges/test_credential.py::test_all_faults_are_named_at_once",
    ),
    Breakage(
        "use a shape for other contexts",
        "openbadges/shapes/outlines.py",
        "                self.key.append(self.digests[address])\n",
        "",
        "tests/openbadges/test_shapes.py::test_a_shape_is_not_used_for_a_context_with_other_bytes",
    ),
    Breakage(
        "give a status index twice",
        "register/actions/status.py",
        "for number in candidates if number not in given",
        "for number in [7]",
        "tests/register/test_register.py::test_a_newer_edition_keeps_the_address_and_replaces_the_older",
    ),
    Breakage(
        "leave the older edition standing",
        "register/actions/signing.py",
        "    set_bits(session, [other for other in others if other.number < edition.number], RevocationReason.REPLACED)\n",
        "",
        "tests/register/test_register.py::test_a_newer_edition_keeps_the_address_and_replaces_the_older",
    ),
    Breakage(
        "let the next edition of a withdrawn badge be good",
        "register/actions/signing.py",
        "    if ended is not None:\n",
        "    if False:\n",
        "tests/register/test_register.py::test_a_badge_withdrawn_while_its_next_edition_waits_stays_withdrawn",
    ),
    Breakage(
        "do not sign the list again after a change",
        "register/actions/status.py",
        "                StatusList.signed_changes != StatusList.changes,\n",
        "",
        "tests/register/test_register.py::test_a_revoked_badge_has_its_bit_set_in_the_signed_list",
    ),
    Breakage(
        "let set status bits be cleared in the database",
        "storage/guards.py",
        "OLD.set_at IS NOT NULL AND",
        "1 = 0 AND",
        "tests/register/test_register.py::test_the_database_itself_refuses_to_undo_what_is_signed",
    ),
    Breakage(
        "serve hidden documents",
        "register/actions/publications.py",
        "    wanted = Publication.path == path, Publication.visible\n",
        "    wanted = (Publication.path == path,)\n",
        "tests/backpack/test_sharing.py::test_hiding_works_at_once",
    ),
    Breakage(
        "award again for the same request",
        "awards/actions/batches.py",
        "    if earlier is not None:\n",
        "    if False:\n",
        "tests/awards/test_awarding.py::test_the_same_request_sent_twice_gives_the_same_badges",
    ),
    Breakage(
        "let a teacher of another school in",
        "awards/actions/teaching.py",
        "    elif not may_teach(viewer, place):\n",
        "    elif False:\n",
        "tests/awards/test_awarding.py::test_a_teacher_of_another_school_finds_nothing",
    ),
    Breakage(
        "pass a learner who was not judged on everything",
        "curriculum/rules/readiness.py",
        "    why = [NotReady.NOT_JUDGED] if missing else []\n",
        "    why: list[NotReady] = []\n",
        "tests/curriculum/test_rules.py",
    ),
    Breakage(
        "take a claim code twice",
        "awards/actions/claiming.py",
        "    if _state(row, award) is not ClaimState.OPEN:\n",
        "    if False:\n",
        "tests/awards/test_claiming.py::test_a_code_works_once",
    ),
    Breakage(
        "leave a document open that its learner has hidden",
        "backpack/actions/sharing.py",
        "set_visible(session, json_path(token), wanted is not Sharing.PRIVATE)",
        "set_visible(session, json_path(token), True)",
        "tests/backpack/test_sharing.py::test_hiding_works_at_once",
    ),
    Breakage(
        "spend a one-time link as often as wanted",
        "people/actions/links.py",
        "    if row.used_at is not None or row.wrong_tries >= rules.MOST_WRONG_TRIES:\n",
        "    if row.wrong_tries >= rules.MOST_WRONG_TRIES:\n",
        "tests/people/test_links.py",
    ),
    Breakage(
        "do not wait for one's turn before writing",
        "storage/session.py",
        'begin="BEGIN IMMEDIATE"',
        'begin="BEGIN"',
        "tests/storage/test_session.py",
    ),
    Breakage(
        "let a published version change",
        "storage/guards.py",
        """        "published_version_frozen",
        "definition_versions",
        "UPDATE",
        "OLD.published_at IS NOT NULL AND (""",
        """        "published_version_frozen",
        "definition_versions",
        "UPDATE",
        "1 = 0 AND (""",
        "tests/curriculum/test_versions.py::test_no_change_of_a_published_content_gets_through",
    ),
    Breakage(
        "save over a published version",
        "curriculum/actions/drafts.py",
        "    if version.state != VersionState.DRAFT:\n",
        "    if False:\n",
        "tests/curriculum/test_actions.py::test_a_published_version_cannot_be_saved_over",
    ),
    Breakage(
        "drop a mandatory element from the lint",
        "curriculum/rules/eu_check.py",
        "    if missing:\n",
        '    if missing and element != "M11":\n',
        "tests/curriculum/test_eu_lint.py::test_each_element_has_an_example_that_fails",
    ),
    Breakage(
        "accept two alignments with one target",
        "curriculum/rules/faults.py",
        "        if url in first:\n",
        "        if False:\n",
        "tests/curriculum/test_catalogue_files.py::test_what_a_schema_cannot_say_is_found",
    ),
    Breakage(
        "settle a pathway twice for one person",
        "storage/migrations/versions/v0008_pathways.py",
        """        ["person_id", "pathway_version_id"],
        unique=True,
""",
        """        ["person_id", "pathway_version_id"],
        unique=False,
""",
        "tests/awards/test_stacking.py::test_the_database_keeps_one_fulfilment_a_person_and_version",
    ),
    Breakage(
        "give a stack by itself though nobody known decided a part",
        "awards/actions/stacking/settling.py",
        "pathway.decider is not None and all(one.is_named for one in parts)",
        "pathway.decider is not None",
        "tests/awards/test_stacking.py::test_a_part_that_nobody_known_decided_is_proposed_not_given",
    ),
    Breakage(
        "publish a change that answers nothing",
        "curriculum/actions/changes.py",
        "    faults = list(note_faults(comparison.fields, notes, ready))\n",
        "    faults: list[Fault] = []\n",
        "tests/curriculum/test_versions.py::test_every_changed_field_needs_a_reason_and_all_that_lack_one_are_named_at_once",
    ),
    Breakage(
        "award the same row of a batch by two workers",
        "awards/actions/items.py",
        "        .where(BatchItem.batch_id == batch.id, BatchItem.state == ItemState.WAITING.value)\n"
        "        .where(BatchItem.position.between(first, last))\n",
        "        .where(BatchItem.batch_id == batch.id)\n        .where(BatchItem.position.between(first, last))\n",
        "tests/awards/test_large_batches.py::test_a_learner_struck_from_the_list_can_be_awarded_anew",
    ),
    Breakage(
        "let a GET spend a claim",
        "awards/actions/claiming.py",
        "    row = find_code(session, code)\n    award = session.get_one(Award, row.award_id)\n    return _view(\n",
        "    row = find_code(session, code)\n    row.used_at = now(session)\n"
        "    award = session.get_one(Award, row.award_id)\n    return _view(\n",
        "tests/awards/test_claiming.py::test_looking_claims_nothing",
    ),
    Breakage(
        "let somebody confirm what they decided themselves",
        "awards/actions/second_person.py",
        "    if viewer.acting_key() == batch.requested_by:\n",
        "    if False:\n",
        "tests/awards/test_large_batches.py::test_the_second_person_is_never_the_first_nor_a_stranger",
    ),
    Breakage(
        "award beyond the day's number alone",
        "awards/rules/limits.py",
        "        return min(count, self.left_today)\n",
        "        return count\n",
        "tests/awards/test_large_batches.py::test_whoever_is_beyond_the_days_number_waits_for_a_second_person",
    ),
    Breakage(
        "take back what somebody else awarded",
        "awards/actions/undoing.py",
        "    mine = (Award.decided_by == about) & (Award.organisation_id == organisation_id)\n",
        "    mine = Award.organisation_id == organisation_id\n",
        "tests/awards/test_undoing.py::test_all_of_one_person_since_a_moment_and_nothing_of_others",
    ),
    Breakage(
        "forget whose organisation an administrator runs",
        "people/actions/organisations.py",
        "    if viewer.has_role(Role.OPERATOR) or viewer.has_role(Role.ADMIN, organisation.id):\n",
        "    if viewer.has_role(Role.OPERATOR) or viewer.has_role(Role.ADMIN):\n",
        "tests/awards/test_undoing.py::test_only_administrators_of_the_organisation_may",
    ),
    Breakage(
        "award somebody whom nobody has decided to award",
        "awards/actions/batches.py",
        "row.learner.person_id in wanted and row.why not in",
        "row.why not in",
        "tests/awards/test_awarding.py::test_who_has_the_badge_already_is_skipped_and_never_doubled",
    ),
    Breakage(
        "let the maker of a key confirm what it sent",
        "awards/actions/second_person.py",
        "    if viewer.acting_key() in (batch.requested_by, batch.sent_by):\n",
        "    if viewer.acting_key() == batch.requested_by:\n",
        "tests/programs/test_awards_in_a_name.py::test_who_made_the_key_is_not_the_second_person_for_what_it_sent",
    ),
    Breakage(
        "let the files of an undone person go on",
        "awards/actions/imports/striking.py",
        "    return mine & (AwardImport.confirmed_at >= since) & AwardImport.state.in_(_GOING_ON)\n",
        "    return mine & AwardImport.state.in_(())\n",
        "tests/awards/test_every_way.py::test_undoing_a_person_ends_their_files_that_run_or_wait",
    ),
    Breakage(
        "count a file for the day only once it is awarded",
        "awards/actions/limits.py",
        "    counted = (RowState.WAITING.value, RowState.AWARDED.value)\n",
        "    counted = (RowState.AWARDED.value,)\n",
        "tests/awards/test_day_of_files.py::test_two_files_before_the_worker_comes_are_counted_together",
    ),
    Breakage(
        "let a teacher award themself",
        "awards/actions/readiness.py",
        "    elif own:\n",
        "    elif False:\n",
        "tests/awards/test_awarding.py::test_a_teacher_on_the_class_list_never_awards_themself",
    ),
)


@pytest.fixture(scope="module")
def copy_of_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("broken") / "project"
    for name in ("badge_service", "tests", "schemas", "credentials"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", target)
    (target.parent / "shared").symlink_to((ROOT / ".." / "shared").resolve())
    return target


def outcome(project: Path, test: str) -> int:
    command = [sys.executable, "-m", "pytest", "-x", "-n0", "-p", "no:cacheprovider", test]
    surroundings = {**os.environ, "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
    surroundings.pop("FORBID_SKIPS", None)
    return subprocess.run(command, cwd=project, env=surroundings, capture_output=True, check=False).returncode


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda breakage: breakage.name)
def test_a_named_test_notices(copy_of_project: Path, breakage: Breakage) -> None:
    file = copy_of_project / "badge_service" / breakage.file
    text = file.read_text()
    assert text.count(breakage.good) == 1, "the code moved on: say anew what would break it"
    assert outcome(copy_of_project, breakage.test) == 0
    file.write_text(text.replace(breakage.good, breakage.bad))
    try:
        assert outcome(copy_of_project, breakage.test) == 1
    finally:
        file.write_text(text)
