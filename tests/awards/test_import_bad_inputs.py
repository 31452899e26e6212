"""The rows about CSV files of the list of bad inputs, sent to the pages that bring in awards; where our answer differs, why."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from badge_service.awards.actions import imports
from badge_service.awards.rules import IdentityCheck
from badge_service.curriculum import actions as curriculum
from badge_service.errors import InvalidError

from .conftest import World

TEACHER = {"X-Person": "teacher"}
LIST = Path(__file__).parents[2] / ".." / "shared" / "data" / "bad_inputs.json"
ROWS = (
    [row for row in json.loads(LIST.read_text("utf-8"))["inputs"] if row["surface"] == "csv-import"]
    if LIST.is_file()
    else []
)
RECIPES = {
    "csv-014": b"email\n" + b"a" * 140_000,
    "csv-016": "name\temail\nMaria\ta@x.test\n".encode("utf-16"),
    "csv-018": "\ufeffname,email\nMaria,m@x.test\n".encode(),
    "csv-019": b"name;email\nMaria;m@x.test\n",
    "csv-020": b"name,email\n" + b"a,\n" * 100_001,
    "csv-021": b"x" * 10_000_001,
    "csv-025": b"PK\x03\x04[Content_Types].xml",
    "csv-026": b"\x1f\x8b\x08\x00bomb",
    "csv-027": b"name,email\nMaria,m@x.test\n",
}
OVERRULED = {
    "csv-015": (422, "no_name_column", "the line ends of old Macs are read; this file lacks the names"),
    "csv-016": (200, "", "UTF-16 is what Excel writes as “Unicode text”: it is read, not refused"),
    "csv-026": (415, "type_mismatch", "a compressed file is no CSV file, whatever it holds"),
}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def answer(world: World, client: FlaskClient, data: bytes) -> tuple[int, set[str], str]:
    """Send the file and press the button: the status, the codes of what is wrong, and the page."""
    with world.database.reading() as session:
        version = curriculum.find_version(session, world.slug, "1.0.0").id
    form = {"version": str(version), "file": (io.BytesIO(data), "list.csv")}
    sent = client.post("/imports/new", data=form, headers=TEACHER)
    if sent.status_code != 302:
        return sent.status_code, _codes_of_refusal(world, version, data), sent.text
    pressed = client.post(f"{sent.location}/confirm", headers=TEACHER)
    codes = _codes_of_draft(world, sent.location.rsplit("/", 1)[1]) if pressed.status_code == 422 else set()
    status = 200 if pressed.status_code == 302 else pressed.status_code
    return status, codes, client.get(f"{sent.location}/rows.csv", headers=TEACHER).text


def _codes_of_refusal(world: World, version: int, data: bytes) -> set[str]:
    with world.database.writing() as session:
        try:
            imports.start_import(session, world.viewers["teacher"], version, "list.csv", data)
        except InvalidError as error:
            return {fault.code for fault in error.faults}
        except Exception as error:  # noqa: BLE001  the code of whatever family it is
            return {str(getattr(error, "code", ""))}
    return set()


def _codes_of_draft(world: World, token: str) -> set[str]:
    with world.database.writing() as session, pytest.raises(InvalidError) as refused:
        imports.confirm_import(
            session, world.viewers["teacher"], token, identity_check=IdentityCheck.NOT_RECORDED
        )
    return {fault.code for fault in refused.value.faults}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_bad_csv_files_get_their_answers(world: World, client: FlaskClient, row: dict[str, Any]) -> None:
    data = RECIPES.get(row["id"]) or row["input"].encode()
    if row["id"] == "csv-027":
        assert answer(world, client, data)[0] == 200
    status, code, _reason = OVERRULED.get(row["id"], (row["expected"]["http"], row["expected"]["code"], ""))
    got, codes, page = answer(world, client, data)
    assert got == status, (row, codes)
    if status != 200:
        assert code in codes, (row, codes)
    elif "export quoted" in row["expected"]["code"]:
        assert re.search(r'"\'[+@＝]', page)
