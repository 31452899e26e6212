"""The pages of awards from elsewhere: a teacher without JavaScript, from a strange file to badges, and everything wrong said at once."""

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from badge_service.awards.jobs import handlers
from badge_service.curriculum import actions as curriculum
from badge_service.storage import outbox

from .conftest import World

TEACHER, ADMIN = {"X-Person": "teacher"}, {"X-Person": "admin"}
GOOD = "name;email\nMaria Petrova;maria@school.example\nIvan Ivanov;\n"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def send(world: World, client: FlaskClient, data: bytes, name: str = "list.csv") -> Any:
    with world.database.reading() as session:
        version = curriculum.find_version(session, world.slug, "1.0.0").id
    form = {"version": str(version), "file": (io.BytesIO(data), name)}
    return client.post("/imports/new", data=form, headers=TEACHER)


def draft(world: World, client: FlaskClient, text: str = GOOD) -> str:
    sent = send(world, client, text.encode())
    assert sent.status_code == 302, sent.text
    return str(sent.location)


def work(world: World) -> None:
    while outbox.run_due(world.database, handlers(world.settings)):
        pass
    world.sign()


def test_a_teacher_brings_in_a_file(world: World, client: FlaskClient) -> None:
    assert "/imports" in client.get("/workshops", headers=TEACHER).text
    address = draft(world, client)
    page = client.get(address, headers=TEACHER).text
    assert "Award 2 badges" in page and "UTF-8" in page and "semicolon" in page
    assert "maria@school.example" in page
    done = client.post(f"{address}/confirm", data={"identity_check": "known"}, headers=TEACHER)
    assert done.status_code == 302
    assert "data-refresh" in client.get(address, headers=TEACHER).text
    work(world)
    page = client.get(address, headers=TEACHER).text
    assert "2 badges awarded" in page and "data-refresh" not in page and "see the badge" in page
    badge = re.search(r'href="(/awards/[^"]+)">see the badge', page)
    assert badge is not None and address in client.get(badge[1], headers=TEACHER).text
    cards = client.post(f"{address}/cards.pdf", headers=TEACHER)
    assert cards.mimetype == "application/pdf"
    table = client.get(f"{address}/rows.csv", headers=TEACHER)
    assert '"2","Maria Petrova","maria@school.example","awarded",""' in table.text
    assert "done" in client.get("/imports", headers=ADMIN).text


def test_the_same_file_again_leads_to_what_was_done(world: World, client: FlaskClient) -> None:
    address = draft(world, client)
    client.post(f"{address}/confirm", headers=TEACHER)
    again = send(world, client, GOOD.encode())
    assert again.status_code == 409 and address in again.text


def test_every_bad_row_is_named_with_its_fix_and_can_be_taken_along(
    world: World, client: FlaskClient
) -> None:
    address = draft(world, client, GOOD + "undefined undefined;\n=1+1;a@b\nKim;kim@gmial.com\n")
    page = client.get(address, headers=TEACHER).text
    assert "2 rows need correcting" in page and "undefined undefined" in page
    refused = client.post(f"{address}/confirm", data={"identity_check": "document"}, headers=TEACHER)
    assert refused.status_code == 422 and "row 4, name" in refused.text
    assert re.search(r'value="document" checked', refused.text)
    table = client.get(f"{address}/faults.csv", headers=TEACHER).text
    assert '"4","name","undefined undefined"' in table and '"5","e-mail","a@b"' in table
    assert "kim@gmail.com" in client.get(f"{address}?show=doubtful", headers=TEACHER).text
    client.post(f"{address}/addresses", data={"row": "6"}, headers=TEACHER)
    assert "kim@gmial.com" not in client.get(f"{address}?show=good", headers=TEACHER).text
    done = client.post(f"{address}/confirm", data={"leave_out": "y"}, headers=TEACHER)
    assert done.status_code == 302


def test_formulas_stay_text_and_are_quoted_on_the_way_out(world: World, client: FlaskClient) -> None:
    address = draft(world, client, "name;email\n+1+1;a@x.example\n@SUM(1);b@x.example\n＝1;c@x.example\n")
    client.post(f"{address}/confirm", headers=TEACHER)
    table = client.get(f"{address}/rows.csv", headers=TEACHER).text
    assert '"\'+1+1"' in table and '"\'@SUM(1)"' in table and '"\'＝1"' in table


def test_somebody_says_what_a_column_holds(world: World, client: FlaskClient) -> None:
    address = draft(world, client, "a;b\nMaria Petrova;X\nIvan Ivanov;Y\n")
    said = {
        "encoding": "UTF-8",
        "separator": ";",
        "has_headings": "y",
        "column-0": "email",
        "column-1": "name",
    }
    client.post(f"{address}/reading", data=said, headers=TEACHER)
    assert "2 rows need correcting" in client.get(address, headers=TEACHER).text
    client.post(f"{address}/reading", data={**said, "column-0": "name"}, headers=TEACHER)
    page = client.get(address, headers=TEACHER).text
    assert "Another column is said to hold this too." in page and "Award 2" not in page
    client.post(f"{address}/reading", data={**said, "column-0": "name", "column-1": ""}, headers=TEACHER)
    assert "Award 2 badges" in client.get(address, headers=TEACHER).text
    client.post(f"{address}/discard", headers=TEACHER)
    assert client.get(address, headers=TEACHER).status_code == 404


@pytest.mark.parametrize(
    ("data", "status"),
    [(b"", 422), (b"PK\x03\x04xl", 415), (b"x" * 10_000_001, 413), (b"name\n" + b"a\n" * 50_001, 413)],
    ids=["nothing", "xlsx", "large", "long"],
)
def test_what_is_no_list_is_refused_with_words(
    world: World, client: FlaskClient, data: bytes, status: int
) -> None:
    answer = send(world, client, data)
    assert answer.status_code == status and "field-errors" in answer.text


def test_a_second_person_confirms_on_the_page(world: World, client: FlaskClient) -> None:
    rows = "".join(f"Learner {number};\n" for number in range(60))
    address = draft(world, client, f"name;email\n{rows}")
    assert "without a second person" in client.get(address, headers=TEACHER).text
    client.post(f"{address}/confirm", headers=TEACHER)
    assert "Confirm 60" not in client.get(address, headers=TEACHER).text
    assert client.post(f"{address}/second", data={"answer": "yes"}, headers=TEACHER).status_code == 403
    assert "Confirm 60 badges" in client.get(address, headers=ADMIN).text
    assert client.post(f"{address}/second", data={"answer": "no"}, headers=ADMIN).status_code == 422
    assert client.post(f"{address}/second", data={"answer": "yes"}, headers=ADMIN).status_code == 302
    work(world)
    assert "60 badges awarded" in client.get(address, headers=ADMIN).text


def test_strange_questions_get_an_answer(world: World, client: FlaskClient) -> None:
    address = draft(world, client)
    for query in ("?show=nothing&page=99999999999", "?show=awarded&page=0", "?page=-1"):
        assert client.get(address + query, headers=TEACHER).status_code == 200
    hostile = {"encoding": "EBCDIC", "separator": "x" * 1000, "column-0": "level:x", "column-1": "\ufffd"}
    assert client.post(f"{address}/reading", data=hostile, headers=TEACHER).status_code == 302
    assert "Choose from the list." in client.get(address, headers=TEACHER).text
