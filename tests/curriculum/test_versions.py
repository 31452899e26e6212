"""Versions: a reason for every change, the number that follows, related versions, withdrawal, and what is frozen for ever."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from badge_service.curriculum import actions
from badge_service.curriculum.actions.related import related_of
from badge_service.curriculum.catalogue_files import Entry
from badge_service.curriculum.rules import Step, VersionState, parse_version
from badge_service.curriculum.rules.findings import Note
from badge_service.curriculum.tables import ChangeNote, DefinitionTranslation, DefinitionVersion
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.openbadges.canonical import undefined
from badge_service.register.actions import read_published

from .conftest import PUBLIC_URL, School

WHY = "Two words were wrong."


def changed_draft(
    session: Session, school: School, slug: str = "willow-basket", **changes: Any
) -> DefinitionVersion:
    """A new version of a published definition with some fields changed."""
    draft = actions.new_version_from(session, school.lead, actions.newest_version(session, slug).id)
    content = {**copy.deepcopy(draft.content), **changes}
    return actions.save_draft(session, school.lead, draft.id, content, draft.revision)


def publish(session: Session, school: School, draft: DefinitionVersion, **how: Any) -> DefinitionVersion:
    return actions.publish(session, school.lead, draft.id, public_url=PUBLIC_URL, **how)


def refused(session: Session, school: School, draft: DefinitionVersion, **how: Any) -> set[str]:
    with pytest.raises(InvalidError) as caught:
        publish(session, school, draft, **how)
    return {fault.where for fault in caught.value.faults}


# --- a reason for every change


def test_every_changed_field_needs_a_reason_and_all_that_lack_one_are_named_at_once(
    database: Any, imported: School
) -> None:
    with database.writing() as session:
        draft = changed_draft(session, imported, target_group="Adults", tags=["willow"])
        assert refused(session, imported, draft) == {"changes.target_group", "changes.tags"}
        one = Note(("tags",), editorial=WHY)
        assert refused(session, imported, draft, changes=[one]) == {"changes.target_group"}
        both = [one, Note(("target_group",), editorial="Adults asked for it.")]
        assert publish(session, imported, draft, changes=both).state == VersionState.PUBLISHED
        notes = actions.notes_of(session, [draft])[draft.id]
        assert [note.editorial for note in notes] == [WHY, "Adults asked for it."]


@pytest.mark.parametrize(
    "note",
    [
        Note(("tags",), editorial="  "),
        Note(("tags",), editorial="x" * 1001),
        Note(("tags",), request_id=999_999),
        Note(("tags", "title"), editorial="\x00"),
    ],
)
def test_a_reason_that_says_nothing_is_none(database: Any, imported: School, note: Note) -> None:
    with database.writing() as session:
        draft = changed_draft(session, imported, tags=["willow"])
        assert refused(session, imported, draft, changes=[note]) == {"changes.tags"}


def test_a_reason_for_what_did_not_change_is_refused(database: Any, imported: School) -> None:
    with database.writing() as session:
        draft = changed_draft(session, imported, tags=["willow"])
        notes = [Note(("tags",), editorial=WHY), Note(("title",), editorial=WHY)]
        assert refused(session, imported, draft, changes=notes) == {"changes.title"}


def test_a_version_that_says_the_same_is_not_published(database: Any, imported: School) -> None:
    with database.writing() as session:
        assert refused(session, imported, changed_draft(session, imported)) == {"changes"}


def test_the_first_version_needs_no_reason(database: Any, imported: School) -> None:
    with database.reading() as session:
        version = actions.find_version(session, "willow-basket", "1.0.0")
        assert actions.compared(session, version).before is None
        assert actions.notes_of(session, [version]) == {}


# --- numbers


def test_a_lower_number_than_advised_needs_a_reason_and_a_higher_one_none(
    database: Any, imported: School
) -> None:
    notes = [Note(("eqf_level",), editorial=WHY)]
    with database.writing() as session:
        draft = changed_draft(session, imported, eqf_level=4)
        assert actions.compared(session, draft).advised is Step.MAJOR
        assert refused(session, imported, draft, changes=notes) == {"number_reason"}
        done = publish(session, imported, draft, changes=notes, number_reason="The level was a slip.")
        assert (done.version, done.number_reason) == ("1.1.0", "The level was a slip.")
        slip = changed_draft(session, imported, title="Willow Baskett: Base, Sides and Border")
        assert actions.compared(session, slip).advised is Step.PATCH
        done = publish(session, imported, slip, changes=[Note(("title",), editorial=WHY)], step=Step.MAJOR)
        assert done.version == done.content["version"] == "2.0.0"
        assert read_published(session, "/achievements/willow-basket/2.0.0.json")


def test_a_draft_goes_on_from_what_was_published_meanwhile(database: Any, imported: School) -> None:
    with database.writing() as session:
        draft = changed_draft(session, imported, tags=["willow"])
        other = actions.drafts.add_version(session, draft.definition, draft.content, parse_version("2.0.0"))
        other.further_text = draft.further_text
        actions.publishing.freeze_and_publish(
            session, imported.lead, other, PUBLIC_URL, [Note(("tags",), editorial=WHY)]
        )
        draft = actions.save_draft(
            session, imported.lead, draft.id, {**draft.content, "tags": ["hazel"]}, draft.revision
        )
        done = publish(session, imported, draft, changes=[Note(("tags",), editorial=WHY)], step=Step.PATCH,
                       number_reason="Only a tag.")  # fmt: skip
        assert done.version == "2.0.1"


# --- files of the catalogue


def test_a_later_version_out_of_the_files_is_editorial_with_its_sentence(
    database: Any, imported: School, definition: Any
) -> None:
    with database.writing() as session:
        for number, sentence in (("1.1.0", "The border lasts longer."), ("1.2.0", "")):
            content = {**definition("willow-basket"), "version": number, "tags": [number]}
            entry = Entry("willow-basket", "definition.json", content, "", "", sentence)
            assert actions.imports._import_definition(
                session, imported.lead, entry, imported.let, imported.organisation, PUBLIC_URL
            )
        first, second = (actions.find_version(session, "willow-basket", one) for one in ("1.1.0", "1.2.0"))
        notes = actions.notes_of(session, [first, second])
        assert notes[first.id][0].editorial == "The border lasts longer."
        assert "1.2.0" in str(notes[second.id][0].editorial)


# --- related achievements


def test_a_later_version_names_the_earlier_ones_and_the_first_has_no_such_member(
    database: Any, imported: School
) -> None:
    with database.writing() as session:
        draft = changed_draft(session, imported, tags=["willow"])
        publish(session, imported, draft, changes=[Note(("tags",), editorial=WHY)])
        first, second = (
            json.loads(read_published(session, f"/achievements/willow-basket/{number}.json").body)  # type: ignore[union-attr]
            for number in ("1.0.0", "1.1.0")
        )
    assert "related" not in first
    assert second["related"] == [
        {
            "id": f"{PUBLIC_URL}/achievements/willow-basket/1.0.0",
            "type": ["Related"],
            "inLanguage": "en",
            "version": "1.0.0",
        }
    ]
    assert undefined(second) == []


def test_original_and_translations_name_each_other_when_published(database: Any, imported: School) -> None:
    with database.writing() as session:
        guest = actions.newest_version(session, "guest-speaker-host")
        willow = actions.newest_version(session, "willow-basket")
        session.add(
            DefinitionTranslation(definition_id=guest.definition_id, original_id=willow.definition_id)
        )
        session.flush()
        assert [one["id"] for one in related_of(session, guest, PUBLIC_URL)] == [
            f"{PUBLIC_URL}/achievements/willow-basket/1.0.0"
        ]
        assert [one["id"] for one in related_of(session, willow, PUBLIC_URL)] == [
            f"{PUBLIC_URL}/achievements/guest-speaker-host/1.0.0"
        ]


def test_only_our_own_older_achievements_have_a_newer_one(database: Any, imported: School) -> None:
    with database.writing() as session:
        draft = changed_draft(session, imported, tags=["willow"])
        publish(session, imported, draft, changes=[Note(("tags",), editorial=WHY)])

        def newer(address: str) -> str | None:
            found = actions.newer_than(session, address, PUBLIC_URL)
            return found.version if found else None

        assert newer(f"{PUBLIC_URL}/achievements/willow-basket/1.0.0") == "1.1.0"
        assert newer(f"{PUBLIC_URL}/achievements/willow-basket/1.1.0") is None
        assert newer("https://elsewhere.example/achievements/willow-basket/1.0.0") is None
        for odd in (
            "",
            "/",
            "/willow-basket",
            "/willow-basket/",
            "/willow-basket/1.0.0/x",
            "/\x00/1.0.0",
            "/a/b",
        ):
            assert newer(f"{PUBLIC_URL}/achievements{odd}") is None


# --- withdrawal


def test_a_withdrawal_needs_a_reason_and_is_for_ever(database: Any, imported: School) -> None:
    with database.writing() as session:
        version = actions.newest_version(session, "willow-basket")
        with pytest.raises(InvalidError):
            actions.withdraw(session, imported.lead, version.id, reason="  ")
        actions.withdraw(session, imported.lead, version.id, reason="Nobody grows it any more.")
        assert version.withdrawn_reason == "Nobody grows it any more."
        with pytest.raises(ConflictError):
            actions.withdraw(session, imported.lead, version.id, reason="Again.")


# --- frozen for ever

_PLAIN = st.one_of(st.text(max_size=8), st.integers(-5, 5), st.booleans(), st.none(), st.just([]))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_change_of_a_published_content_gets_through(database: Any, imported: School, data: Any) -> None:
    with database.reading() as session:
        version = actions.find_version(session, "willow-basket", "1.0.0")
        content = copy.deepcopy(version.content)
    name = data.draw(st.sampled_from(sorted(content)))
    content[name] = data.draw(_PLAIN.filter(lambda value: json.dumps(value) != json.dumps(content[name])))
    with pytest.raises(ConflictError), database.writing() as session:
        actions.save_draft(session, imported.lead, version.id, content, version.revision)
    with pytest.raises(DatabaseError, match="frozen"), database.writing() as session:
        session.execute(
            update(DefinitionVersion).where(DefinitionVersion.id == version.id).values(content=content)
        )
    with database.reading() as session:
        assert actions.find_version(session, "willow-basket", "1.0.0").content == version.content


@pytest.mark.parametrize(
    "change",
    ["further_text = 'x'", "title = 'x'", "number_reason = 'x'", "published_at = NULL", "version = '3.0.0'"],
)
def test_nor_does_a_change_of_what_stands_beside_it(database: Any, imported: School, change: str) -> None:
    with pytest.raises(DatabaseError, match="frozen"), database.writing() as session:
        session.execute(text(f"UPDATE definition_versions SET {change} WHERE version = '1.0.0'"))


def test_the_reasons_of_a_published_version_are_frozen(database: Any, imported: School) -> None:
    with database.writing() as session:
        draft = changed_draft(session, imported, tags=["willow"])
        publish(session, imported, draft, changes=[Note(("tags",), editorial=WHY)])
    for statement in (
        "UPDATE change_notes SET editorial = 'x'",
        "DELETE FROM change_notes",
        f"INSERT INTO change_notes (definition_version_id, fields, editorial) VALUES ({draft.id}, '[]', 'x')",
    ):
        with pytest.raises(DatabaseError, match="frozen"), database.writing() as session:
            session.execute(text(statement))
    with database.reading() as session:
        assert session.query(ChangeNote).one().editorial == WHY


def test_a_published_version_is_never_published_again(database: Any, imported: School) -> None:
    with database.writing() as session:
        version = actions.newest_version(session, "willow-basket")
        with pytest.raises(ConflictError):
            publish(session, imported, version)


# --- pages


def test_the_publish_page_asks_why_each_field_changed_and_keeps_what_was_typed(
    lead: Any, visitor: Any, database: Any, imported: School
) -> None:
    with database.writing() as session:
        changed_draft(session, imported, eqf_level=4, tags=["willow", "<script>alert(1)</script>"])
    address = "/definitions/willow-basket/1.1.0/publish"
    page = lead.get(address).text
    assert 'name="because:eqf_level"' in page
    assert "advised" in page
    assert "<script>alert" not in page
    typed = {"because:eqf_level": "editorial", "sentence:eqf_level": "It was too low.", "step": "minor"}
    answer = lead.post(address, data={**typed, "because:tags": "request-99999999999999999999"})
    assert answer.status_code == 422
    assert "It was too low." in answer.text
    assert "say why a lower one is right" in answer.text
    more = {"because": "editorial", "sentence": "More words to find it by.", "step": "major"}
    done = lead.post(address, data={**typed, **more})
    assert done.location == "/achievements/willow-basket/2.0.0"
    shown = visitor.get("/achievements/willow-basket/2.0.0").text
    assert "It was too low." in shown
    assert "More words to find it by." in shown
    assert "There is a newer version" in visitor.get("/achievements/willow-basket/1.0.0").text


def test_the_public_trail_tells_every_version_with_its_words(
    visitor: Any, database: Any, imported: School
) -> None:
    with database.writing() as session:
        draft = changed_draft(session, imported, title="Willow Basket: Base, Sides and Rim")
        publish(session, imported, draft, changes=[Note(("title",), editorial="Makers say rim.")])
    page = visitor.get("/achievements/willow-basket/changes").text
    assert "Makers say rim." in page
    assert "<del>" in page
    assert "The first version." in page
    beside = visitor.get("/achievements/willow-basket/changes/1.0.0/1.1.0").text
    assert "Rim" in beside
    assert visitor.get("/achievements/willow-basket/changes/1.0.0/9.9.9").status_code == 404
    assert visitor.get("/achievements/nothing/changes").status_code == 404


def test_a_draft_is_in_no_public_trail(visitor: Any, database: Any, imported: School) -> None:
    with database.writing() as session:
        changed_draft(session, imported, title="Secret plans")
    assert "Secret plans" not in visitor.get("/achievements/willow-basket/changes").text
    assert visitor.get("/achievements/willow-basket/changes/1.0.0/1.1.0").status_code == 404


def test_withdrawing_asks_why_and_its_page_tells_everybody(lead: Any, visitor: Any, other_lead: Any) -> None:
    address = "/definitions/willow-basket/1.0.0/withdraw"
    assert other_lead.post(address, data={"reason": "Mine."}).status_code == 404
    assert lead.post(address, data={"reason": " "}).status_code == 422
    assert lead.post(address, data={"reason": "x" * 501}).status_code == 422
    assert lead.post(address, data={"reason": "Nobody grows it."}).status_code == 302
    page = visitor.get("/achievements/willow-basket/1.0.0").text
    assert "Withdrawn on" in page
    assert "Nobody grows it." in page
    assert "Willow Basket" not in visitor.get("/catalogue").text


def test_another_school_continues_and_publishes_nothing_of_ours(
    database: Any, imported: School, other_school: School
) -> None:
    with database.writing() as session:
        draft = changed_draft(session, imported, tags=["willow"])
        with pytest.raises(NotFoundError):
            publish(session, other_school, draft, changes=[Note(("tags",), editorial=WHY)])
