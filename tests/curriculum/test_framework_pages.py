"""The pages of frameworks: read by everybody, searched as page and JSON, imported with a preview by who leads a team."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from badge_service.curriculum.actions.frameworks import find_item, load_shipped_frameworks
from badge_service.curriculum.tables import Definition, DefinitionVersion, FrameworkItem, VersionAlignment
from badge_service.storage.session import Database

WEAVING = "http://data.europa.eu/esco/skill/62c7900c-bc78-469e-9011-cec20a93e555"
CODE = WEAVING.rpartition("/")[2]
TABLE = "код;име;родител\n1;Плетене на кошници;\n1.1;<b>Върба</b>;1\n2;;\n"
FACTS = {
    "name": "Занаяти на Север",
    "version": "1",
    "publisher": "Съвет",
    "licence": "CC BY 4.0",
    "document_uri": "",
    "language": "bg",
    "key": "crafts-1",
}


@pytest.fixture
def app(app: Flask, database: Database) -> Iterator[Flask]:
    """The pages of this room with the frameworks that come with the service."""
    with database.writing() as session:
        load_shipped_frameworks(session)
    yield app


def send(client: FlaskClient, data: bytes, name: str = "crafts.csv") -> TestResponse:
    file = (io.BytesIO(data), name)
    return client.post("/frameworks/import", data={"file": file}, content_type="multipart/form-data")


def uploaded(client: FlaskClient, text: str = TABLE, encoding: str = "utf-8") -> str:
    answer = send(client, text.encode(encoding))
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_the_list_tells_version_licence_publisher_and_how_sure(visitor: FlaskClient) -> None:
    page = visitor.get("/frameworks").text
    assert "This service uses the ESCO classification of the European Commission." in page
    assert "2022 (JRC128040)" in page and "CC BY 4.0" in page and "fairly sure" in page
    assert "European Commission, Joint Research Centre" in page
    assert "/frameworks/import" not in page


def test_a_framework_shows_its_areas_with_their_items(visitor: FlaskClient) -> None:
    page = visitor.get("/frameworks/greencomp").text
    assert page.count('class="framework-area"') == 4
    assert "Individual initiative" in page and 'href="/frameworks/greencomp/4.3"' in page


def test_a_long_framework_is_shown_a_page_at_a_time(visitor: FlaskClient) -> None:
    first, second = visitor.get("/frameworks/esco").text, visitor.get("/frameworks/esco?page=2").text
    items = [set(re.findall(r'href="(/frameworks/esco/[^"]+)"', page)) for page in (first, second)]
    assert len(items[0]) == len(items[1]) == 50 and not items[0] & items[1]
    assert "Page 1 of 2" in first and "Page 2 of 2" in second
    assert visitor.get("/frameworks/esco?page=999999999").status_code == 200


def test_an_item_tells_language_confidence_address_and_who_names_it(visitor: FlaskClient) -> None:
    page = visitor.get(f"/frameworks/esco/{CODE}").text
    assert '<h1 lang="en">perform basket weaving</h1>' in page
    assert (
        f'<a href="{WEAVING}" rel="noopener noreferrer external">' in page and "leaves this service" in page
    )
    assert "an address of its own, made to last" in page
    assert 'href="/achievements/willow-basket/1.0.0"' in page
    green = visitor.get("/frameworks/greencomp/1.1?lang=bg", follow_redirects=True).text
    assert '<h1 lang="bg">Ценене на устойчивостта</h1>' in green and "Valuing sustainability" in green
    bulgarian = visitor.get(f"/frameworks/esco/{CODE}?lang=bg", follow_redirects=True).text
    assert 'lang="en">perform basket weaving</h1>' in bulgarian


def test_an_item_below_an_area_names_what_stands_above_and_below(visitor: FlaskClient) -> None:
    assert 'href="/frameworks/greencomp/4"' in visitor.get("/frameworks/greencomp/4.3").text
    assert 'href="/frameworks/greencomp/4.3"' in visitor.get("/frameworks/greencomp/4").text


@pytest.mark.parametrize(
    "path", ["/frameworks/nothing", "/frameworks/greencomp/9.9", "/frameworks/own", "/frameworks/%20/%2e"]
)
def test_what_is_not_there_is_a_page_that_says_so(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_search_works_as_a_page_and_as_json(visitor: FlaskClient) -> None:
    page = visitor.get("/frameworks/search?text=basket").text
    assert "perform basket weaving" in page and f"/frameworks/esco/{CODE}" in page
    answer = visitor.get(
        "/frameworks/search.json?text=BÁSKET&framework=esco&kind=skill&limit=3&language=nl"
    ).json
    assert answer is not None and answer["total"] >= len(answer["items"]) > 0
    item = next(one for one in answer["items"] if one["uri"] == WEAVING)
    assert item["alignment"] == {
        "targetName": "perform basket weaving",
        "targetUrl": WEAVING,
        "targetCode": CODE,
        "targetFramework": "ESCO",
        "targetType": "ext:ESCOSkill",
    }
    assert (item["language"], item["framework"], item["confidence"], item["type"]) == (
        "en",
        "esco",
        "high",
        "ext:ESCOSkill",
    )
    assert item["page"] == f"/frameworks/esco/{CODE}" and item["framework_name"].startswith("ESCO")


def test_a_search_without_answer_offers_the_own_list_to_who_may_add(
    visitor: FlaskClient, lead: FlaskClient
) -> None:
    path = "/frameworks/search?text=qwertyuiopas"
    assert "/frameworks/gaps/new?name=qwertyuiopas" in lead.get(path).text
    assert "/frameworks/gaps/new" not in visitor.get(path).text
    assert visitor.get("/frameworks/search.json").json == {"items": [], "total": 0}


@pytest.mark.parametrize(
    "query",
    [
        "text=" + "a" * 5_000,
        'text="%20OR%201',
        "text=*",
        "text=a&page=99999999999999",
        "text=a&offset=x&limit=-1",
        "text=%F0%9F%A7%B6",
    ],
)
def test_odd_questions_are_answered_calmly(visitor: FlaskClient, query: str) -> None:
    assert visitor.get(f"/frameworks/search?{query}").status_code == 200
    assert visitor.get(f"/frameworks/search.json?{query}").status_code == 200


def test_suggestions_are_for_who_writes_definitions(visitor: FlaskClient, lead: FlaskClient) -> None:
    asked = {"text": "weaves a willow basket with a border", "context": "Basketry", "limit": "5"}
    answer = lead.post("/frameworks/suggest.json", data=asked).json
    assert answer is not None and 0 < len(answer["items"]) <= 5
    assert {"uri", "name", "language", "alignment", "words"} <= set(answer["items"][0])
    assert visitor.post("/frameworks/suggest.json", data=asked).status_code == 401
    assert lead.get("/frameworks/suggest.json").status_code in (404, 405)


def test_a_file_is_looked_at_first_and_nothing_is_stored(lead: FlaskClient, database: Database) -> None:
    page = lead.get(uploaded(lead, encoding="cp1251"))
    assert page.status_code == 200
    assert "Windows-1251" in page.text and "semicolon" in page.text
    assert "<strong>Row 4, име:</strong>" in page.text and "There is no name." in page.text
    assert "&lt;b&gt;Върба&lt;/b&gt;" in page.text and "<b>Върба" not in page.text
    assert "Import 2 items" in page.text
    with database.reading() as session:
        assert (
            session.scalar(
                select(func.count()).where(FrameworkItem.code == "1.1", FrameworkItem.label.contains("Върба"))
            )
            == 0
        )


def test_the_button_stores_it_and_a_second_press_changes_nothing(
    lead: FlaskClient, database: Database
) -> None:
    address = uploaded(lead)
    for said in ("2 items are stored.", "nothing was changed"):
        answer = lead.post(address, data={**FACTS, "do": "import"}, follow_redirects=True)
        assert answer.status_code == 200 and said in answer.text
        assert '<h1 lang="bg">Занаяти на Север</h1>' in answer.text
    with database.reading() as session:
        assert (
            find_item(session, "crafts-1", "1.1").target_url
            == "https://badges.example.org/frameworks/crafts-1/1.1"
        )
    page = lead.get("/frameworks/crafts-1/1.1").text
    assert "this page" in page and "A page of this service" not in page


def test_wrong_facts_stand_beside_their_fields_and_nothing_typed_is_lost(lead: FlaskClient) -> None:
    address = uploaded(lead)
    typed = {**FACTS, "version": "", "key": "greencomp", "document_uri": "somewhere", "do": "import"}
    answer = lead.post(address, data=typed)
    assert answer.status_code == 422
    assert "Занаяти на Север" in answer.text and 'value="somewhere"' in answer.text
    for field in ("version", "key", "document_uri"):
        assert f'id="{field}-errors"' in answer.text
    assert (
        lead.post(address, data={"do": "import", "language": "xx", "name": "x" * 100_000}).status_code == 422
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "No column holds names"),
        (b"PK\x03\x04rest", "no CSV file"),
        (b'{"CFItems": [{}, {}]}', "There is no name"),
        (b"{" * 3_000, "readable"),
        (bytes(range(256)) * 4, "CSV UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(lead: FlaskClient, data: bytes, words: str) -> None:
    answer = send(lead, data)
    assert answer.status_code == 422 and words in answer.text


def test_no_file_at_all_is_asked_for(lead: FlaskClient) -> None:
    assert "Choose a file first." in lead.post("/frameworks/import", data={}).text


def test_an_upload_is_only_for_who_sent_it(
    lead: FlaskClient, other_lead: FlaskClient, visitor: FlaskClient
) -> None:
    address = uploaded(lead)
    assert other_lead.get(address).status_code == 404
    assert other_lead.post(address, data={**FACTS, "do": "import"}).status_code == 404
    assert visitor.get(address).status_code == 302
    assert visitor.post("/frameworks/import", data={}).status_code == 401


def test_a_skill_of_our_own_list_is_added_named_and_mapped(
    lead: FlaskClient, other_lead: FlaskClient, visitor: FlaskClient, database: Database
) -> None:
    assert "The list is empty" in visitor.get("/frameworks/gaps").text
    wrong = lead.post("/frameworks/gaps/new", data={"name": " ", "description": "kept <i>", "language": "en"})
    assert wrong.status_code == 422 and "kept &lt;i&gt;" in wrong.text
    made = lead.post(
        "/frameworks/gaps/new", data={"name": "Dye <b>wool", "description": "", "language": "en"}
    )
    assert made.location == "/frameworks/own/dye-b-wool"
    with database.writing() as session:
        item = find_item(session, "own", "dye-b-wool")
        version = session.scalars(
            select(DefinitionVersion)
            .join(DefinitionVersion.definition)
            .where(Definition.slug == "willow-basket")
        ).one()
        session.add(VersionAlignment(version_id=version.id, target_url=item.target_url))
    gaps = visitor.get("/frameworks/gaps").text
    assert "Dye &lt;b&gt;wool" in gaps and 'href="/achievements/willow-basket/1.0.0"' in gaps
    address = "/frameworks/gaps/dye-b-wool/map"
    assert address not in gaps and address in lead.get("/frameworks/gaps").text
    assert "It is “" in other_lead.get(address).text
    assert other_lead.post(address, data={"uri": "https://unknown.example.org/"}).status_code == 422
    assert other_lead.post(address, data={"uri": WEAVING}).status_code == 302
    assert "perform basket weaving" in visitor.get("/frameworks/gaps").text
    assert visitor.post(address, data={"uri": ""}).status_code == 401


def test_the_studio_has_a_place_for_frameworks(lead: FlaskClient, visitor: FlaskClient) -> None:
    page: Any = lead.get("/frameworks").text
    assert re.search(r'<a href="/frameworks" aria-current="page">Frameworks</a>', page)
    assert 'class="tabs"' not in visitor.get("/frameworks").text


def test_a_micro_credential_links_its_alignments_to_their_pages_here(visitor: FlaskClient) -> None:
    page = visitor.get("/achievements/willow-basket").text
    assert f'<a href="/frameworks/esco/{CODE}">perform basket weaving</a>' in page
    assert 'href="/frameworks/sdg/12"' in page


def test_the_pages_of_a_level_and_a_field_of_study_list_what_names_them(
    visitor: FlaskClient, definition: Any
) -> None:
    content = definition("willow-basket")
    for address in (f"eqf/{content['eqf_level']}", f"isced-f-2013/{content['isced_f']}"):
        page = visitor.get(f"/frameworks/{address}").text
        assert 'href="/achievements/willow-basket/1.0.0"' in page and "No published one yet" not in page


@pytest.mark.parametrize("words", ["teamwork", "CO2", "naaien"])
def test_everyday_words_that_no_name_has_find_what_means_the_same(visitor: FlaskClient, words: str) -> None:
    page = visitor.get("/frameworks/search", query_string={"text": words}).text
    assert "framework-item-name" in page
    if words == "naaien":
        assert "use manual sewing techniques" in page


def test_a_selection_says_so_and_its_page_groups_items_by_kind(visitor: FlaskClient) -> None:
    assert "a selection of 100" in visitor.get("/frameworks").text
    first, second = visitor.get("/frameworks/esco").text, visitor.get("/frameworks/esco?page=2").text
    assert "<h2>Skills</h2>" in first
    assert second.index("<h2>Skills</h2>") < second.index("<h2>Occupations</h2>")
