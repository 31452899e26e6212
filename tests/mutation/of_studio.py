"""Changes by which definitions, versions and pathways would lose their rules."""

from .breakage import Breakage

OF_STUDIO = (
    Breakage(
        "pass a learner who was not judged on everything",
        "curriculum/rules/readiness.py",
        "    why = [NotReady.NOT_JUDGED] if missing else []\n",
        "    why: list[NotReady] = []\n",
        "tests/curriculum/test_rules.py",
    ),
    Breakage(
        "let a published version change",
        "storage/guards/documents.py",
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
        "publish a change that answers nothing",
        "curriculum/actions/changes.py",
        "    return list(note_faults(fields, notes, [one.id for one in ready_requests(session, after)]))\n",
        "    return []\n",
        "tests/curriculum/test_versions.py::test_every_changed_field_needs_a_reason_and_all_that_lack_one_are_named_at_once",
    ),
)
