"""Import, draft, save, publish and withdraw on a real database."""

import json
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from badge_service.curriculum import actions
from badge_service.curriculum.actions import Filters
from badge_service.curriculum.rules import related_resource
from badge_service.curriculum.rules.findings import Note
from badge_service.curriculum.tables import DefinitionVersion, PathwayVersion
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.openbadges.canonical import undefined
from badge_service.openbadges.digests import digest_sri
from badge_service.register.actions import read_published
from badge_service.storage.tables import AuditEntry

from .conftest import CREDENTIALS, PUBLIC_URL, School


def test_the_whole_catalogue_is_published(database: Any, imported_whole: School) -> None:
    with database.reading() as session:
        page = actions.catalogue(session)
        assert page.total == 12
        assert len(session.scalars(select(PathwayVersion)).all()) == 4


def test_importing_twice_changes_nothing(database: Any, imported_whole: School) -> None:
    with database.writing() as session:
        again = actions.import_catalogue(
            session,
            imported_whole.lead,
            CREDENTIALS,
            let=imported_whole.let,
            organisation=imported_whole.organisation,
            public_url=PUBLIC_URL,
        )
    assert again.published == ()
    assert len(again.kept) == 16


def test_only_what_was_asked_for_is_imported(database: Any, school: School) -> None:
    with database.writing() as session:
        done = actions.import_catalogue(
            session,
            school.lead,
            CREDENTIALS,
            let=school.let,
            organisation=school.organisation,
            public_url=PUBLIC_URL,
            only={"willow-basket"},
        )
    assert done.published == ("willow-basket",)


def test_a_school_that_may_not_award_ects_cannot_import_definitions_with_ects(
    database: Any, school: School
) -> None:
    school.organisation.may_award_ects = False
    with pytest.raises(InvalidError) as caught, database.writing() as session:
        actions.import_catalogue(
            session,
            school.lead,
            CREDENTIALS,
            let=school.let,
            organisation=school.organisation,
            public_url=PUBLIC_URL,
        )
    assert len(caught.value.faults) == 4
    assert {fault.code for fault in caught.value.faults} == {"ects.not_allowed"}


def test_what_a_signature_will_refer_to_is_served(database: Any, imported: School) -> None:
    with database.reading() as session:
        version = actions.find_version(session, "guest-speaker-host", "1.0.0")
        place = actions.place_of(version, PUBLIC_URL)
        sheet = read_published(session, "/achievements/guest-speaker-host/1.0.0/eu-facts.json")
        document = read_published(session, "/achievements/guest-speaker-host/1.0.0.json")
        png = read_published(session, "/images/guest-speaker-host-1.0.0.png")
        svg = read_published(session, "/images/guest-speaker-host-1.0.0.svg")
    assert sheet and document and png and svg
    assert digest_sri(sheet.body) == related_resource(version.content, place)["digestSRI"]
    assert json.loads(document.body)["id"] == f"{PUBLIC_URL}/achievements/guest-speaker-host/1.0.0"
    assert png.body.startswith(b"\x89PNG")
    assert svg.media_type == "image/svg+xml"


def test_the_published_achievement_has_no_term_outside_its_contexts(
    database: Any, imported_whole: School
) -> None:
    with database.reading() as session:
        for version in actions.published_versions(session):
            found = read_published(session, f"/achievements/{version.definition.slug}/1.0.0.json")
            assert found
            assert undefined(json.loads(found.body)) == []


def test_a_published_version_is_frozen_in_the_database_itself(database: Any, imported: School) -> None:
    with pytest.raises(DatabaseError, match="frozen"), database.writing() as session:
        session.execute(update(DefinitionVersion).values(content={"title": "Changed"}))


def test_a_published_version_cannot_be_saved_over(database: Any, imported: School) -> None:
    with pytest.raises(ConflictError), database.writing() as session:
        version = actions.newest_version(session, "willow-basket")
        actions.save_draft(session, imported.lead, version.id, version.content, version.revision)


def draft(session: Any, school: School, **changes: Any) -> DefinitionVersion:
    source = actions.newest_version(session, "willow-basket")
    version = actions.create_draft(
        session,
        school.lead,
        organisation_id=school.organisation.id,
        let_id=school.let.id,
        code="CRF-TST-1",
        title="Test basket",
        copy_of=source,
    )
    if changes:
        actions.save_draft(session, school.lead, version.id, {**version.content, **changes}, version.revision)
    return version


def test_a_draft_is_published_under_its_own_address(database: Any, imported: School) -> None:
    with database.writing() as session:
        version = draft(session, imported)
        actions.publish(session, imported.lead, version.id, public_url=PUBLIC_URL)
    with database.reading() as session:
        assert actions.find_version(session, "test-basket", "1.0.0").content["code"] == "CRF-TST-1"
        assert read_published(session, "/achievements/test-basket/1.0.0.json")
        log = session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject == "definition:test-basket/1.0.0")
        )
        assert set(log) == {"definition.drafted", "definition.published"}


def test_publishing_names_everything_that_is_missing_at_once(database: Any, imported: School) -> None:
    with pytest.raises(InvalidError) as caught, database.writing() as session:
        version = draft(session, imported, title="", eqf_level=None, assessment_types=[], participation="")
        actions.publish(session, imported.lead, version.id, public_url=PUBLIC_URL)
    places = {fault.where for fault in caught.value.faults}
    assert places == {"title", "eqf_level", "assessment_types", "participation"}


def test_an_empty_draft_is_saved_and_not_published(database: Any, school: School) -> None:
    with database.writing() as session:
        version = actions.create_draft(
            session,
            school.lead,
            organisation_id=school.organisation.id,
            let_id=school.let.id,
            code="new-one-1",
            title="Резба върху дърво",
        )
        assert version.definition.slug == "new-one-1"
        with pytest.raises(InvalidError) as caught:
            actions.publish(session, school.lead, version.id, public_url=PUBLIC_URL)
    assert len(caught.value.faults) > 10


def test_a_stale_draft_carries_both_texts(database: Any, imported: School) -> None:
    with database.writing() as session:
        version = draft(session, imported)
        opened = version.revision
        actions.save_draft(session, imported.lead, version.id, {**version.content, "title": "First"}, opened)
        with pytest.raises(actions.StaleDraftError) as caught:
            actions.save_draft(
                session, imported.lead, version.id, {**version.content, "title": "Second"}, opened
            )
    assert caught.value.typed["title"] == "Second"
    assert caught.value.saved.content["title"] == "First"


def test_somebody_elses_definitions_do_not_exist_for_a_let_lead(
    database: Any, imported: School, other_school: School
) -> None:
    with database.writing() as session:
        version = draft(session, imported)
        for act in (
            lambda: actions.save_draft(session, other_school.lead, version.id, version.content, 1),
            lambda: actions.publish(session, other_school.lead, version.id, public_url=PUBLIC_URL),
            lambda: actions.withdraw(session, other_school.lead, version.id, reason="Old."),
            lambda: actions.new_version_from(session, other_school.lead, version.id),
            lambda: actions.open_draft_of(session, other_school.lead, "test-basket", "1.0.0"),
        ):
            with pytest.raises(NotFoundError):
                act()
        assert actions.own_versions(session, other_school.lead).total == 0


def test_a_code_that_is_taken_is_refused(database: Any, imported: School) -> None:
    with pytest.raises(InvalidError) as caught, database.writing() as session:
        actions.create_draft(
            session,
            imported.lead,
            organisation_id=imported.organisation.id,
            let_id=imported.let.id,
            code="CRF-WIL-1",
            title="",
        )
    assert {fault.where for fault in caught.value.faults} == {"code", "title"}


def test_a_new_version_replaces_the_old_one_in_the_catalogue(database: Any, imported: School) -> None:
    with database.writing() as session:
        old = actions.newest_version(session, "willow-basket")
        new = actions.new_version_from(session, imported.lead, old.id)
        assert actions.new_version_from(session, imported.lead, old.id).id == new.id
        assert actions.catalogue(session).total == 2
        content = {**new.content, "target_group": "Adults"}
        actions.save_draft(session, imported.lead, new.id, content, new.revision)
        why = [Note(("target_group",), editorial="Adults asked for it.")]
        actions.publish(session, imported.lead, new.id, public_url=PUBLIC_URL, changes=why)
        assert actions.newest_version(session, "willow-basket").version == "1.1.0"
        assert actions.catalogue(session).total == 2
        assert actions.find_version(session, "willow-basket", "1.0.0").id == old.id


def test_a_withdrawn_version_leaves_the_catalogue_and_stays_readable(database: Any, imported: School) -> None:
    with database.writing() as session:
        version = actions.newest_version(session, "willow-basket")
        actions.withdraw(session, imported.lead, version.id, reason="The glue is not sold any more.")
        assert actions.catalogue(session).total == 1
        assert actions.find_version(session, "willow-basket", "1.0.0").withdrawn_at
        assert read_published(session, "/achievements/willow-basket/1.0.0.json")


def test_the_catalogue_filters_by_topic_level_region_language_and_words(
    database: Any, imported_whole: School
) -> None:
    with database.reading() as session:
        assert actions.catalogue(session, Filters(topic="traditional_crafts")).total == 3
        assert actions.catalogue(session, Filters(level=6)).total == 1
        assert actions.catalogue(session, Filters(region="friesland")).total == 12
        assert actions.catalogue(session, Filters(region="valencia")).total == 0
        assert actions.catalogue(session, Filters(language="bg")).total == 0
        assert actions.catalogue(session, Filters(text="willow")).total == 1
        assert actions.catalogue(session, Filters(text="all-gst-1")).total == 1
        assert actions.catalogue(session, Filters(text="100%")).total == 0
        assert actions.catalogue(session, page=99).number == 1
        choices = actions.catalogue_choices(session)
    assert choices.levels == [3, 4, 6]
    assert choices.regions == [("friesland", "Friesland")]


def test_drafts_are_not_public(database: Any, imported: School) -> None:
    with database.writing() as session:
        draft(session, imported)
        with pytest.raises(NotFoundError):
            actions.find_version(session, "test-basket", "1.0.0")
