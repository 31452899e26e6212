"""Importing frameworks: looked at first, stored once, versions side by side, nothing replaced behind anybody's back."""

import dataclasses
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.frameworks import (
    ImportPlan,
    add_own_item,
    alignment_of,
    facts_with,
    find_framework,
    find_item,
    gaps,
    import_framework,
    items_of,
    keep_upload,
    load_shipped_frameworks,
    map_own_item,
    open_upload,
    plan_import,
    search_frameworks,
)
from badge_service.curriculum.rules.framework_files import read_framework_file
from badge_service.curriculum.rules.frameworks import FrameworkFacts
from badge_service.curriculum.tables import (
    FrameworkItem,
    FrameworkUpload,
)
from badge_service.errors import InvalidError, NotAllowedError, NotFoundError
from badge_service.people.rules import Grant, Role, Viewer
from badge_service.storage.session import Database
from badge_service.storage.tables import AuditEntry

PUBLIC_URL = "https://badges.example.org"
LEAD = Viewer("lead-one", 1, "Lead", "en", frozenset({Grant(Role.LET_LEAD, 1)}))
OTHER = Viewer("lead-two", 2, "Other", "en", frozenset({Grant(Role.LET_LEAD, 2)}))
OPERATOR = Viewer("operator", 3, "Op", "en", frozenset({Grant(Role.OPERATOR, None)}))
TEACHER = Viewer("teacher", 4, "T", "en", frozenset({Grant(Role.TEACHER, 1)}))
TABLE = "code,name,parent,uri\n1,Basketry,,\n1.1,Prepare willow rods,1,https://skills.example.org/1.1\n"
FACTS = FrameworkFacts(
    key="crafts-1",
    name="Crafts of the north",
    version="1",
    publisher="A board",
    licence="CC BY 4.0",
    language="en",
)


def bring(session: Session, text: str = TABLE, facts: FrameworkFacts = FACTS, viewer: Viewer = LEAD) -> int:
    """Import a table; how many items were added, changed or retired."""
    file = read_framework_file(text.encode())
    whole = facts_with(file, facts)
    _framework, changes = import_framework(session, viewer, file, whole, public_url=PUBLIC_URL)
    return len(changes.added) + len(changes.changed) + len(changes.missing)


def look(session: Session, text: str, facts: FrameworkFacts = FACTS, viewer: Viewer = LEAD) -> ImportPlan:
    file = read_framework_file(text.encode())
    return plan_import(session, viewer, file, facts_with(file, facts), public_url=PUBLIC_URL)


def test_looking_stores_nothing_and_importing_stores_what_was_looked_at(database: Database) -> None:
    with database.writing() as session:
        plan = look(session, TABLE)
        assert plan.framework is None and plan.changes.added == ("1", "1.1") and not plan.faults
        session.flush()
        assert session.scalar(select(func.count()).select_from(FrameworkItem)) == 0
        assert bring(session) == 2
    with database.reading() as session:
        framework = find_framework(session, "crafts-1")
        assert (framework.item_count, framework.origin, framework.added_by) == (2, "imported", "lead-one")
        first, second = items_of(session, framework).items
        assert first.target_url == f"{PUBLIC_URL}/frameworks/crafts-1/1" and first.uri_kind == "own-page"
        assert second.target_url == "https://skills.example.org/1.1" and second.parent_code == "1"
        assert alignment_of(second)["targetFramework"] == "Crafts of the north"
        assert [item.code for item in search_frameworks(session, "willow").items] == ["1.1"]


def test_the_same_file_again_changes_nothing(database: Database) -> None:
    with database.writing() as session:
        bring(session)
        before = session.scalar(select(func.count()).select_from(AuditEntry))
    with database.writing() as session:
        assert look(session, TABLE).does_nothing
        assert bring(session) == 0
        assert bring(session, viewer=OTHER) == 0
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == before


def test_a_new_version_is_a_framework_of_its_own_and_both_are_kept(database: Database) -> None:
    newer = dataclasses.replace(FACTS, version="2")
    with database.writing() as session:
        bring(session)
        assert [fault.code for fault in look(session, TABLE, newer).faults] == ["framework.other_version"]
        bring(
            session,
            TABLE.replace("willow rods", "rods of willow"),
            dataclasses.replace(newer, key="crafts-2"),
        )
        plan = look(session, TABLE, dataclasses.replace(newer, key="crafts-3"))
        assert [count for _name, count in plan.elsewhere] == [1, 1]
        labels = [find_item(session, key, "1.1").label for key in ("crafts-1", "crafts-2")]
        assert labels == ["Prepare willow rods", "Prepare rods of willow"]


def test_only_who_imported_it_changes_a_stored_version_and_what_is_gone_is_kept_as_retired(
    database: Database,
) -> None:
    changed = "code,name,parent,uri\n1,Baskets,,\n2,Felt,,\n"
    with database.writing() as session:
        bring(session)
        assert [fault.code for fault in look(session, changed, viewer=OTHER).faults] == ["framework.of_other"]
        with pytest.raises(InvalidError):
            bring(session, changed, viewer=OTHER)
        assert find_item(session, "crafts-1", "1").label == "Basketry"
        plan = look(session, changed)
        assert (plan.changes.added, plan.changes.changed, plan.changes.missing) == (("2",), ("1",), ("1.1",))
        assert bring(session, changed) == 3
        assert find_item(session, "crafts-1", "1").label == "Baskets"
        assert find_item(session, "crafts-1", "1.1").retired_at is not None
        assert bring(session, TABLE, viewer=OPERATOR) == 3


def test_a_file_with_faults_stores_its_good_rows_but_never_changes_what_is_stored(database: Database) -> None:
    faulty = "code,name\n1,Basketry\n2,\n"
    with database.writing() as session:
        assert bring(session, faulty, dataclasses.replace(FACTS, key="half")) == 1
        bring(session)
        assert [fault.code for fault in look(session, faulty).faults] == ["framework.faulty_update"]
        with pytest.raises(InvalidError):
            bring(session, "code,name\n1,\n", dataclasses.replace(FACTS, key="none"))


def test_what_is_said_of_the_framework_itself_changes_alone(database: Database) -> None:
    with database.writing() as session:
        bring(session)
        better = dataclasses.replace(FACTS, licence="CC0")
        assert look(session, TABLE, better).redescribes and not look(session, TABLE, better).does_nothing
        assert bring(session, facts=better) == 0
        assert find_framework(session, "crafts-1").licence == "CC0"
        assert not look(session, TABLE, better).redescribes


def test_everything_wrong_with_the_facts_is_said_at_once(database: Database) -> None:
    wrong = FrameworkFacts(key="Import!", name="", version="", publisher="", licence="", document_uri="doi 1")
    with database.writing() as session:
        load_shipped_frameworks(session)
        places = {fault.where for fault in look(session, TABLE, wrong).faults}
        assert places == {"key", "name", "version", "publisher", "licence", "document_uri"}
        for key in ("own", "import", "search.json", "greencomp"):
            faults = look(session, TABLE, dataclasses.replace(FACTS, key=key)).faults
            assert [(fault.where, fault.code) for fault in faults] == [("key", "framework.key_taken")]


def test_who_leads_nothing_imports_nothing(database: Database) -> None:
    with database.writing() as session:
        with pytest.raises(NotAllowedError):
            bring(session, viewer=TEACHER)
        with pytest.raises(NotAllowedError):
            keep_upload(session, TEACHER, "a.csv", b"x")


def test_a_file_waits_a_day_for_who_sent_it_and_nobody_else(
    database: Database, clock: Callable[[], object]
) -> None:
    with database.writing() as session:
        upload = keep_upload(session, LEAD, "crafts.csv", TABLE.encode())
        assert open_upload(session, LEAD, upload.token) == ("crafts.csv", TABLE.encode())
        for viewer, name in ((OTHER, upload.token), (LEAD, "guessed")):
            with pytest.raises(NotFoundError):
                open_upload(session, viewer, name)
        kept = [keep_upload(session, LEAD, "x", b"%d" % number).token for number in range(5)]
        with pytest.raises(NotFoundError):
            open_upload(session, LEAD, upload.token)
        clock.advance(hours=25)  # type: ignore[attr-defined]
        with pytest.raises(NotFoundError):
            open_upload(session, LEAD, kept[-1])
        keep_upload(session, OTHER, "y", b"y")
        assert session.scalar(select(func.count()).select_from(FrameworkUpload)) == 1


def test_a_skill_that_no_framework_has_gets_a_lasting_address_and_is_found(database: Database) -> None:
    with database.writing() as session:
        item = add_own_item(
            session, LEAD, "Dye wool with onion skins", "In a pot.", "en", public_url=PUBLIC_URL
        )
        assert item.target_url == f"{PUBLIC_URL}/frameworks/own/dye-wool-with-onion-skins"
        again = add_own_item(session, OTHER, " dye  WOOL with onion skins", "", "en", public_url=PUBLIC_URL)
        assert again.id == item.id
        bulgarian = add_own_item(session, OTHER, "Тъкане на черги", "", "bg", public_url=PUBLIC_URL)
        assert add_own_item(session, LEAD, "Плъстене", "", "bg", public_url=PUBLIC_URL).code == "skill-2"
        assert bulgarian.code == "skill" and bulgarian.language == "bg"
        assert [one.code for one in search_frameworks(session, "onion").items] == [item.code]
        with pytest.raises(NotAllowedError):
            add_own_item(session, TEACHER, "Weave", "", "en", public_url=PUBLIC_URL)
        with pytest.raises(InvalidError) as wrong:
            add_own_item(session, LEAD, " ", "x" * 1001, "", public_url=PUBLIC_URL)
        assert {fault.where for fault in wrong.value.faults} == {"name", "description", "language"}


def test_a_gap_is_mapped_once_a_framework_has_it_and_keeps_its_address(database: Database) -> None:
    with database.writing() as session:
        item = add_own_item(session, LEAD, "Prepare rods", "", "en", public_url=PUBLIC_URL)
        add_own_item(session, LEAD, "Felt", "", "en", public_url=PUBLIC_URL)
        bring(session)
        address = item.target_url
        with pytest.raises(InvalidError):
            map_own_item(session, OTHER, item.code, "https://nobody.example.org/")
        with pytest.raises(InvalidError):
            map_own_item(session, OTHER, item.code, address)
        with pytest.raises(NotAllowedError):
            map_own_item(session, TEACHER, item.code, "https://skills.example.org/1.1")
        mapped = map_own_item(session, OTHER, item.code, "https://skills.example.org/1.1")
        assert mapped.mapped_to is not None and mapped.mapped_to.code == "1.1"
        assert (mapped.target_url, mapped.mapped_by) == (address, "lead-two")
        assert [one.label for one in gaps(session, 1).rows] == ["Felt", "Prepare rods"]
        assert map_own_item(session, LEAD, item.code, "").mapped_to is None
        with pytest.raises(NotFoundError):
            map_own_item(session, LEAD, "unknown", "")
