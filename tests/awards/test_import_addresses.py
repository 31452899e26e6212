"""One corrected address changes one row, as if the whole file had been read again, and reading holds nobody up."""

import io
import time
from typing import Any

import pytest
from flask import g
from sqlalchemy import select

from badge_service.awards.actions import imports
from badge_service.awards.actions.imports import drafts
from badge_service.awards.rules.imports import Reading
from badge_service.awards.tables import ImportRow
from badge_service.storage.session import Database

from .conftest import World, make_app
from .test_imports import bring_in, send, states

DOUBTFUL = (
    b"name,email\n"
    b"Ana Koleva,ana@gmial.com\n"
    b"Ana Koleva,ana@gmial.com\n"
    b"Ivo Ivanov,ivo@gmial.com\n"
    b"Another One,ana@gmail.com\n"
    b"Eva Petrova,eva@gmail.com\n"
    b"Eva Petrova,eva@gmial.com\n"
    b"undefined undefined,nobody@gmial.com\n"
)


def rows(world: World, token: str) -> list[tuple[Any, ...]]:
    with world.database.reading() as session:
        found = imports.find_import(session, world.viewers["teacher"], token)
        columns = (ImportRow.row, ImportRow.email, ImportRow.state, ImportRow.other_row, ImportRow.faults)
        mine = select(*columns, ImportRow.suggestion.is_not(None)).where(ImportRow.import_id == found.id)
        return [
            (row, email, state, other, [one["code"] for one in faults], doubtful)
            for row, email, state, other, faults, doubtful in session.execute(mine.order_by(ImportRow.row))
        ]


def correct(world: World, token: str, *which: int) -> int:
    with world.database.writing() as session:
        return imports.take_suggestions(session, world.viewers["teacher"], token, which or None)


def read_anew(world: World, token: str) -> None:
    with world.database.writing() as session:
        teacher = world.viewers["teacher"]
        found = imports.find_import(session, teacher, token)
        imports.change_reading(session, teacher, token, Reading.from_json(found.reading))


@pytest.mark.parametrize("which", [(2,), (3,), (2, 3), (4,), (7,), ()])
def test_a_row_is_judged_as_if_the_whole_file_were_read_again(world: World, which: tuple[int, ...]) -> None:
    token = send(world, DOUBTFUL)
    assert correct(world, token, *which) == (len(which) or 5)
    corrected = rows(world, token)
    read_anew(world, token)
    assert corrected == rows(world, token)


def test_the_other_rows_stay_as_they_are_written(world: World) -> None:
    token = send(world, DOUBTFUL)
    with world.database.reading() as session:
        before = session.scalars(select(ImportRow.id).order_by(ImportRow.row)).all()
    correct(world, token, 4)
    with world.database.reading() as session:
        assert session.scalars(select(ImportRow.id).order_by(ImportRow.row)).all() == before
        assert session.scalars(select(ImportRow.email).where(ImportRow.row == 4)).one() == "ivo@gmail.com"


def test_whoever_has_the_badge_under_the_corrected_address_is_left_out(world: World) -> None:
    bring_in(world, b"name,email\nIvo Ivanov,ivo@gmail.com\n")
    token = send(world, b"name,email\nIvo Ivanov,ivo@gmial.com\nEva Petrova,eva@gmail.com\n")
    assert states(world, token) == {"good": 2}
    correct(world, token, 2)
    assert states(world, token) == {"has_it": 1, "good": 1}


def test_a_file_is_read_before_the_form_holds_the_database(
    world: World, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    held = []
    really = drafts.read_file

    def watched(*args: Any) -> Any:
        held.append("unit_of_work" in g)
        return really(*args)

    monkeypatch.setattr(drafts, "read_file", watched)
    client, teacher = make_app(world).test_client(), {"X-Person": "teacher"}
    with world.database.reading() as session:
        (version,) = imports.versions_to_import(session, world.viewers["teacher"])
        sent = {"version": str(version.id), "file": (io.BytesIO(DOUBTFUL), "list.csv")}
    page = client.post("/imports/new", data=sent, headers=teacher).location
    assert client.post(f"{page}/addresses", data={"row": "4"}, headers=teacher).status_code == 302
    token = page.rpartition("/")[2]
    asked = {
        "encoding": "UTF-8",
        "separator": ",",
        "has_headings": "y",
        "column-0": "name",
        "column-1": "email",
    }
    assert client.post(f"{page}/reading", data=asked, headers=teacher).status_code == 302
    assert held == [False, False], "once when it is sent, once when it is read in another way"
    assert rows(world, token)[2][1] == "ivo@gmail.com", "what was corrected stays corrected"


@pytest.mark.slow
def test_one_address_of_fifty_thousand_takes_a_moment(world: World) -> None:
    everybody = "".join(f"Learner {place},l{place}@school.example\n" for place in range(49_999))
    data = f"name,email\n{everybody}Ana Koleva,ana@gmial.com\n".encode()
    teacher = world.viewers["teacher"]
    with world.database.reading() as session:
        (version,) = imports.versions_to_import(session, teacher)
        began = time.monotonic()
        read = imports.read_sent(session, teacher, version.id, data)
        reading = time.monotonic() - began
    began = time.monotonic()
    with world.database.writing() as session:
        token = imports.start_import(session, teacher, version.id, "list.csv", data, read).token
    writing = time.monotonic() - began
    began = time.monotonic()
    assert correct(world, token, 50_001) == 1
    correcting = time.monotonic() - began
    assert correcting < 1 and correcting < writing / 4, (reading, writing, correcting)
