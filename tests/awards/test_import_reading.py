"""Files as people really have them: each is read, or everything wrong with it is said with row, column and fix; never a crash."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_service.awards.rules.imports import Reading, RowRead, guess_reading, open_table, read_rows
from badge_service.curriculum.rules import rubric_of
from badge_service.web.csv_files import write_csv

TODAY = date(2026, 11, 21)
CONTENT: dict[str, Any] = {
    "rubric": {
        "levels": [
            {"id": "emerging", "name": "Emerging", "points": 1},
            {"id": "developing", "name": "Developing", "points": 2},
            {"id": "proficient", "name": "Proficient", "points": 3},
        ],
        "pass_level": "proficient",
        "criteria": [
            {"id": "C1", "name": "Weaving", "outcomes": ["O1"], "weight": 1, "descriptors": {}},
            {"id": "C2", "name": "Finishing", "outcomes": ["O2"], "weight": 1, "descriptors": {}},
        ],
    }
}


def read(data: bytes, **said: Any) -> tuple[Reading, list[RowRead]]:
    table = open_table(data, said.get("encoding", ""), said.get("separator", ""))
    reading = guess_reading(table, rubric_of(CONTENT))
    return reading, read_rows(table, reading, CONTENT, TODAY)


def understood(data: bytes) -> list[tuple[str, str | None, date | None]]:
    return [(row.name, row.email, row.awarded_on) for row in read(data)[1] if not row.faults]


def complaints(data: bytes) -> list[tuple[int, str]]:
    table = open_table(data)
    rows = read(data)[1]
    whole = [(fault.row, fault.code) for fault in table.faults if not fault.row]
    return whole + [(fault.row, fault.code) for row in rows for fault in row.faults]


MARIA = ("Мария Петрова", "maria@school.example", date(2026, 3, 25))
UNDERSTOOD = {
    "utf-16 from excel": "name\temail\tdate\r\nМария Петрова\tmaria@school.example\t25.3.2026\r\n".encode(
        "utf-16"
    ),
    "utf-8 with its mark": "\ufeffname,email,date\nМария Петрова,maria@school.example,2026-03-25\n".encode(),
    "semicolons and windows-1251": "Име;Имейл;Дата\r\nМария Петрова;maria@school.example;25.03.2026\r\n".encode(
        "cp1251"
    ),
    "announced separator": "sep=;\r\nname;email;date\r\nМария Петрова;maria@school.example;2026-03-25\r\n".encode(),
    "quotes": 'name,email,date\n"Мария Петрова","maria@school.example","2026-03-25"\n'.encode(),
    "blank lines": "\n\nname,email,date\n\n,,\nМария Петрова,maria@school.example,2026-03-25\n\n".encode(),
    "swapped columns": "Datum;E-mailadres;Naam\n25-03-2026;maria@school.example;Мария Петрова\n".encode(),
    "old macs": "name;email;date\rМария Петрова;maria@school.example;25/3/2026\r".encode(),
    "no headings": "Мария Петрова,maria@school.example,2026-03-25\n".encode(),
    "unknown headings": "Wie;Post;Wann\nМария Петрова;maria@school.example;2026-03-25\n".encode(),
    "spaces and shouting": "NAME , E-MAIL , DATE\n  Мария  Петрова ,Maria@School.example, 2026-03-25 \n".encode(),
    "name in parts": "Achternaam;Voornaam;E-mail;Datum\nПетрова;Мария;maria@school.example;2026-03-25\n".encode(),
    "a column too many": "id,name,email,date,shoe size\n7,Мария Петрова,maria@school.example,2026-03-25,38\n".encode(),
    "american days": "name,email,date\nМария Петрова,maria@school.example,3/25/2026\n".encode(),
    "days with times": "name,email,date\nМария Петрова,maria@school.example,2026-03-25T14:30:00Z\n".encode(),
}


@pytest.mark.parametrize("data", UNDERSTOOD.values(), ids=UNDERSTOOD)
def test_a_strange_file_is_understood(data: bytes) -> None:
    expected = (("Петрова Мария", *MARIA[1:]),) if b"Achternaam" in data else (MARIA,)
    assert tuple(understood(data)) == expected and not complaints(data)


BROKEN = {
    "nothing": (b"", [(0, "empty")]),
    "a spreadsheet": (b"PK\x03\x04[Content_Types].xml", [(0, "type_mismatch")]),
    "compressed": (b"\x1f\x8b\x08\x00bomb", [(0, "type_mismatch")]),
    "a stray quote": (b'name,email\n"Maria,m@x.example\n' + b"x" * 140_000, [(2, "too_long")]),
    "half a row": (b"email,name\na@x.example\n", [(2, "row_columns")]),
    "an unquoted comma": (b"name,email\nPetrova, Maria,m@x.example\n", [(2, "row_columns")]),
    "a placeholder": (b"name,email\nundefined undefined,m@x.example\n", [(2, "placeholder")]),
    "half a placeholder": (
        b"first name,last name\nMaria,undefined\nnull,Petrova\n",
        [(2, "placeholder"), (3, "placeholder")],
    ),
    "no name": (b"name,email\n,m@x.example\n", [(2, "name_missing")]),
    "one address for two": (b"name,email\nAna,m@x.example\nIvo,m@x.example\n", [(3, "email_twice")]),
    "no address": (b"name,email\nAna,ana@\nIvo,ivo at x.example\n", [(2, "email"), (3, "email")]),
    "a nul": (b"name,email\nAna,a\x00@x.example\n", [(2, "control_character")]),
    "a carriage return": (b'name,email\n"\r=1",a@x.example\n', [(2, "control_character")]),
    "a long cell": (b"name,email\n" + b"a" * 2_000 + b",a@x.example\n", [(2, "too_long")]),
    "the future": (b"name,date\nAna,2027-01-01\n", [(2, "date_future")]),
    "no day": (b"name,date\nAna,2026-01-01\nIvo,45000\nEva,31.2.2026\n", [(3, "date"), (4, "date")]),
    "another century": (b"name,date\nAna,1926-01-01\n", [(2, "date_early")]),
    "a link without https": (b"name,evidence\nAna,http://x.example/a\n", [(2, "url")]),
    "a link with the name": (
        b"name,evidence\nAna Koleva,https://x.example/ana-koleva\n",
        [(2, "lint.name"), (2, "lint.name")],
    ),
    "an unknown level": (b"name,C1,C2\nAna,Proficient,Great\n", [(2, "level")]),
    "a low level": (b"name,Weaving,Finishing\nAna,3,1\n", [(2, "level_too_low")]),
    "half the levels": (b"name,C1,C2\nAna,proficient,\n", [(2, "level")]),
    "too many rows": (b"name\n" + b"a\n" * 50_001, [(0, "too_many_rows")]),
    "too large": (b"x" * 10_000_001, [(0, "too_large")]),
}


@pytest.mark.parametrize(("data", "expected"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_is_said_with_its_row(data: bytes, expected: list[tuple[int, str]]) -> None:
    assert complaints(data) == expected


def test_the_fix_names_column_and_value() -> None:
    rows = read(b"name,email\nundefined undefined,ana@\n")[1]
    assert [(one.column, one.value) for one in rows[0].faults] == [
        ("name", "undefined undefined"),
        ("e-mail", "ana@"),
    ]
    assert all(one.message.endswith(("name.", "out.")) for one in rows[0].faults)


def test_levels_are_read_by_name_by_short_name_and_by_points() -> None:
    rows = read(b"name,C1,Finishing\nAna,proficient,3\nIvo,PROFICIENT,Proficient\nEva,,\n")[1]
    assert [dict(row.levels) for row in rows] == [{"C1": "proficient", "C2": "proficient"}] * 2 + [{}]


def test_doubtful_mailboxes_are_marked_and_good_ones_left_alone() -> None:
    typed = ["a@gmial.com", "b@gmail.com", "c@hotmail.con", "d@ymail.com", "e@skola.example", "f@gmal.com"]
    typed += [f"g{number}@school.example" for number in range(12)] + ["h@shcool.example"]
    rows = read(("email,name\n" + "".join(f"{one},N {at}\n" for at, one in enumerate(typed))).encode())[1]
    assert {row.email: row.suggestion for row in rows if row.suggestion} == {
        "a@gmial.com": "a@gmail.com",
        "c@hotmail.con": "c@hotmail.com",
        "f@gmal.com": "f@gmail.com",
        "h@shcool.example": "h@school.example",
    }


def test_repeated_rows_are_taken_once() -> None:
    rows = read(b"name,email\nAna,a@x.example\nana,A@x.example\nIvo,\nIvo,\n")[1]
    assert [(row.row, row.repeats) for row in rows] == [(2, None), (3, 2), (4, None), (5, 4)]


@pytest.mark.full
def test_fifty_thousand_rows_are_read() -> None:
    text = "name,email,date\n" + "".join(
        f"Learner {n},l{n}@school.example,2026-03-25\n" for n in range(50_000)
    )
    rows = read(text.encode())[1]
    assert len(rows) == 50_000 and not any(row.faults for row in rows)


@given(st.binary(max_size=400))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    reading, rows = read(data)
    assert len(reading.columns) == len(reading.headings) == len(reading.samples)
    assert all(row.row >= 1 for row in rows)


CELLS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=12)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=8), st.sampled_from(",;\t"))
def test_every_row_that_is_not_blank_is_a_learner_or_a_fault(rows: list[list[str]], separator: str) -> None:
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerows([["name", "email", "date"], *rows])
    data = sheet.getvalue().encode()
    table = open_table(data, "UTF-8", separator)
    assert len(read(data, encoding="UTF-8", separator=separator)[1]) >= len(table.records) - 1


NAMES = st.text(st.characters(whitelist_categories=("Lu", "Ll")), min_size=3, max_size=8).map("Ana {}".format)


@given(st.lists(NAMES, min_size=1, max_size=6, unique_by=str.casefold))
def test_what_we_write_is_what_we_read(names: list[str]) -> None:
    written = write_csv(["name", "email"], [[name, f"l{at}@x.example"] for at, name in enumerate(names)])
    rows = read(("\ufeff" + written).encode())[1]
    assert [row.email for row in rows if not row.repeats] == [f"l{at}@x.example" for at in range(len(names))]
