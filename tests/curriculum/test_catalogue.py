"""The catalogue and the lists of the desk: words found however they are written, filters, pages, the newest version only."""

from collections.abc import Sequence
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.curriculum import actions
from badge_service.curriculum.actions import Filters
from badge_service.curriculum.actions.drafts import add_definition, add_version
from badge_service.curriculum.actions.publishing import freeze_and_publish
from badge_service.curriculum.rules import FIRST
from badge_service.curriculum.tables import DefinitionVersion, ListedVersion
from badge_service.storage.session import Database

PUBLIC_URL = "https://badges.example.org"


def add(
    session: Session, school: Any, content: dict[str, Any], code: str, **fields: Any
) -> DefinitionVersion:
    """A published version, as publication leaves it."""
    definition = add_definition(session, code.lower(), code, school.let.id, school.organisation.id)
    version = add_version(session, definition, {**content, **fields}, FIRST)
    version.picture_svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
    freeze_and_publish(session, school.lead, version, PUBLIC_URL)
    return version


@pytest.fixture
def filled(database: Database, school: Any, definition: Any) -> Database:
    """Three published definitions, of which one has Cyrillic letters and one accents."""
    basket = definition("willow-basket")
    with database.writing() as session:
        add(session, school, basket, "CRF-WIL-1")
        add(
            session,
            school,
            basket,
            "CRF-DRV-1",
            title="Дърворезба за начинаещи",
            language="bg",
            tags=["Йога", "дърво"],
        )
        add(session, school, basket, "CRF-CES-1", title="Cestería señorial", language="es", tags=["mimbre"])
    return database


def codes(session: Session, text: str) -> Sequence[str]:
    return [one.definition.code for one in actions.catalogue(session, Filters(text=text)).rows]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ДЪРВОРЕЗБА", ["CRF-DRV-1"]),
        ("дърворез", ["CRF-DRV-1"]),
        ("начинаещи дърворезба", ["CRF-DRV-1"]),
        ("йога", ["CRF-DRV-1"]),
        ("cesteria SENORIAL", ["CRF-CES-1"]),
        ("señor", ["CRF-CES-1"]),
        ("mimbre cest", ["CRF-CES-1"]),
        ("crf-wil-1", ["CRF-WIL-1"]),
        ("willow дърво", []),
        ("%", []),
        ("_", []),
        ("*", []),
        ('"', []),
        ("' OR 1=1 --", []),
        ("NEAR(basket", []),
        ("\x00", []),
        ("\ud800", []),
        ("x" * 100_000, []),
        ("  ", ["CRF-CES-1", "CRF-WIL-1", "CRF-DRV-1"]),
    ],
)
def test_words_are_found_by_their_beginnings_in_any_order_and_writing(
    filled: Database, text: str, found: list[str]
) -> None:
    with filled.reading() as session:
        assert codes(session, text) == found


def test_titles_are_in_order_whatever_their_capitals_and_accents(
    database: Database, school: Any, definition: Any
) -> None:
    content = definition("willow-basket")
    titles = ["apple", "Zebra", "Émail", "Basket", "ceramics"]
    with database.writing() as session:
        for number, title in enumerate(titles):
            add(session, school, content, f"ORD-{number}", title=title)
    with database.reading() as session:
        shown = [one.title for one in actions.catalogue(session).rows]
    assert shown == ["apple", "Basket", "ceramics", "Émail", "Zebra"]


def test_filters_are_of_what_is_there_and_count_only_what_fits(filled: Database) -> None:
    with filled.reading() as session:
        choices = actions.catalogue_choices(session)
        assert (list(choices.languages), list(choices.categories)) == (
            ["bg", "en", "es"],
            ["craft_technique"],
        )
        assert (list(choices.levels), list(choices.kinds)) == ([3], ["MicroCredential"])
        assert list(choices.regions) == [("friesland", "Friesland")]
        for asked, count in (
            (Filters(language="bg"), 1),
            (Filters(category="craft_technique"), 3),
            (Filters(category="design_thinking"), 0),
            (Filters(kind="MicroCredential", level=3), 3),
            (Filters(kind="CertificateOfCompletion"), 0),
            (Filters(language="es", text="cest"), 1),
            (Filters(region="friesland", topic="traditional_crafts"), 3),
            (Filters(region="nowhere"), 0),
        ):
            assert actions.catalogue(session, asked).total == count, asked


def test_an_empty_catalogue_has_no_choices(database: Database) -> None:
    with database.reading() as session:
        choices = actions.catalogue_choices(session)
        assert not any((choices.topics, choices.levels, choices.regions, choices.languages, choices.kinds))
        assert actions.catalogue(session).rows == ()


def test_only_the_newest_published_version_is_shown_and_found(filled: Database, school: Any) -> None:
    with filled.writing() as session:
        old = actions.newest_version(session, "crf-wil-1")
        draft = actions.new_version_from(session, school.lead, old.id)
        changed = {**draft.content, "title": "Hedge laying"}
        actions.save_draft(session, school.lead, draft.id, changed, draft.revision)
        assert codes(session, "willow basket") == ["CRF-WIL-1"]
        assert codes(session, "hedge") == []
        freeze_and_publish(session, school.lead, draft, PUBLIC_URL)
        assert codes(session, "hedge") == ["CRF-WIL-1"]
        assert [one.version for one in actions.catalogue(session, Filters(text="hedge")).rows] == [
            draft.version
        ]
        assert actions.catalogue(session).total == 3
        shown = session.scalars(
            select(ListedVersion.id).where(
                ListedVersion.definition_id == old.definition_id, ListedVersion.in_catalogue
            )
        ).all()
        assert shown == [draft.id]


def test_pages_hold_every_definition_once_and_a_page_too_far_is_the_last(
    database: Database, school: Any, definition: Any
) -> None:
    content = definition("willow-basket")
    with database.writing() as session:
        for number in range(50):
            add(session, school, content, f"PAG-{number}", title="The same title")
    with database.reading() as session:
        pages = [actions.catalogue(session, page=number) for number in (1, 2, 3)]
        seen = [one.definition.code for page in pages for one in page.rows]
        assert ([len(page.rows) for page in pages], len(set(seen))) == ([24, 24, 2], 50)
        assert actions.catalogue(session, page=10**30).number == 3
        assert actions.catalogue(session, page=-5).number == 1
        assert len(actions.published_versions(session, most=10)) == 10
        assert actions.versions_of_let(session, school.let.id, 3).rows == pages[2].rows


def test_a_desk_shows_own_drafts_first_and_finds_them_by_words(
    filled: Database, school: Any, other_school: Any
) -> None:
    with filled.writing() as session:
        place = {"organisation_id": school.organisation.id, "let_id": school.let.id}
        actions.create_draft(session, school.lead, code="NEW-1", title="Zinc spouts", **place)
        listed = actions.own_versions(session, school.lead)
        assert [one.definition.code for one in listed.rows] == [
            "NEW-1",
            "CRF-CES-1",
            "CRF-WIL-1",
            "CRF-DRV-1",
        ]
        assert [one.title for one in actions.own_versions(session, school.lead, text="zin").rows] == [
            "Zinc spouts"
        ]
        assert actions.own_versions(session, other_school.lead).total == 0
        assert actions.own_versions(session, other_school.lead, text="zinc").total == 0
        assert [one.title for one in actions.own_drafts(session, school.lead)] == ["Zinc spouts"]
        assert list(actions.own_drafts(session, other_school.lead)) == []


def test_a_desk_lists_a_definition_once_with_its_draft_ahead_of_its_older_versions(
    filled: Database, school: Any
) -> None:
    with filled.writing() as session:
        before = actions.own_versions(session, school.lead)
        willow = next(one for one in before.rows if one.definition.code == "CRF-WIL-1")
        draft = actions.new_version_from(session, school.lead, willow.id)
        content = {**draft.content, "title": "Basket with a lid"}
        actions.save_draft(session, school.lead, draft.id, content, draft.revision)
        listed = actions.own_versions(session, school.lead)
        assert listed.total == before.total
        assert (listed.rows[0].id, listed.rows[0].state) == (draft.id, "draft")
        others = actions.other_versions(session, listed.rows)
        assert others[draft.definition_id][0][:2] == (willow.version, "published")
        for words in (
            "lid",
            "willow",
        ):  # the draft's own word, and one that only the published version has left
            assert draft.id in [one.id for one in actions.own_versions(session, school.lead, text=words).rows]


def test_the_page_filters_says_the_kind_and_keeps_what_was_asked(visitor: FlaskClient) -> None:
    page = visitor.get("/catalogue?text=w%C3%AFllow&category=craft_technique&language=en").text
    assert "Willow Basket" in page
    assert "Guest Speaker" not in page
    assert "Micro-credential" in page
    assert 'value="wïllow"' in page
    assert '<option value="craft_technique" selected>' in page


@pytest.mark.parametrize(
    "query",
    [
        "text=%00",
        "text=%ED%A0%80",
        "page=99999999999999999999999",
        "level=1e9",
        "level=-1",
        "region=%27%22%3E",
        "text=a&text=b",
        "category=x&kind=y&language=z&topic=%F0%9F%98%80",
    ],
)
def test_no_question_to_the_catalogue_breaks_it(visitor: FlaskClient, query: str) -> None:
    assert visitor.get(f"/catalogue?{query}").status_code == (400 if "%00" in query else 200)


def test_a_definition_to_copy_is_found_by_words_without_losing_what_was_typed(lead: FlaskClient) -> None:
    page = lead.post(
        "/definitions/new", data={"title": "My own", "code": "X-1", "like": "guest", "do": "find"}
    )
    assert page.status_code == 200
    assert 'value="My own"' in page.text
    assert "Guest Speaker" in page.text
    assert ">Willow Basket" not in page.text
