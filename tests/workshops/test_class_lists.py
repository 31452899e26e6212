"""Class lists typed, pasted or uploaded: every line becomes a learner or a named fault, and nothing ever crashes."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_service.workshops.rules import LearnerList, as_csv, parse_csv, parse_learners
from badge_service.workshops.rules.learners import LearnerRow

TYPED = {
    "Мария Петрова": ("Мария Петрова", None),
    "Maria Petrova <Maria@School.example>": ("Maria Petrova", "maria@school.example"),
    '"Petrova, Maria" <maria@school.example>': ("Petrova, Maria", "maria@school.example"),
    "Maria Petrova; maria@school.example": ("Maria Petrova", "maria@school.example"),
    "Maria Petrova, maria@school.example": ("Maria Petrova", "maria@school.example"),
    "Maria\tPetrova\tmaria@school.example": ("Maria Petrova", "maria@school.example"),
    "Petrova, Maria": ("Maria Petrova", None),
    "Maria; St.Clair": ("Maria St.Clair", None),
    "maria@school.example; Maria": ("Maria", "maria@school.example"),
    "3. Maria Petrova": ("Maria Petrova", None),
    "Maria Petrova maria@school.example": ("Maria Petrova", "maria@school.example"),
    "=1+1": ("=1+1", None),
    "@SUM(1)": ("@SUM(1)", None),
    "-2+3": ("-2+3", None),
    "Zoë d’Hoogh-van ’t Veld": ("Zoë d’Hoogh-van ’t Veld", None),
    "\ufeffMaria\u00a0\u200bPetrova ": ("Maria Petrova", None),
}
WRONG = {
    "maria@school.example": "name_missing",
    "Maria <maria@school>": "email",
    "Maria <a@x.test\\r\\nBcc: all@x.test>": "email",
    "Maria; not an address@": "email",
    "Maria Petrova; maria.school.example": "email",
    "undefined undefined": "placeholder",
    "null": "placeholder",
    "---": "placeholder",
    "Ma\u202eria": "control_character",
    "Ma\x00ria": "control_character",
    "x" * 201: "too_long",
    "a\u0301" * 10_000: "too_long",
    "Maria; a@x.test; b@x.test": "row_columns",
    "Maria; a@x.test; 9A": "row_columns",
    "Maria; Ivanova; Petrova": "row_columns",
    f"Maria; {'a' * 400}@x.test": "email",
    "Maria; a..b@x.test": "email",
}


@pytest.mark.parametrize("line", TYPED)
def test_a_line_is_understood(line: str) -> None:
    found = parse_learners(line)
    assert [(row.name, row.email) for row in found.rows] == [TYPED[line]]
    assert not found.faults


@pytest.mark.parametrize("line", WRONG, ids=range(len(WRONG)))
def test_a_wrong_line_is_named(line: str) -> None:
    found = parse_learners("Good Learner\n" + line)
    assert [row.name for row in found.rows] == ["Good Learner"]
    assert {(fault.row, fault.code) for fault in found.faults} == {(2, WRONG[line])}


def test_every_bad_row_is_named_at_once_with_column_value_and_fix() -> None:
    found = parse_learners("Maria\n\nIvan <ivan@>\nundefined undefined\nPetar; p@x.test\nAna; p@x.test")
    assert [row.name for row in found.rows] == ["Maria", "Petar"]
    assert [(fault.row, fault.column, fault.value, fault.code) for fault in found.faults] == [
        (3, "e-mail", "ivan@", "email"),
        (4, "name", "undefined undefined", "placeholder"),
        (6, "e-mail", "p@x.test", "email_twice"),
    ]
    assert all(fault.message for fault in found.faults)
    assert found.faults[0].as_fault().where == "row 3, e-mail"


def test_a_pasted_table_with_headings_is_read_by_its_columns() -> None:
    found = parse_learners("№\tФамилия\tИме\tИмейл\tКлас\n1\tПетрова\tМария\tm@x.test\t9А")
    assert found.rows == (LearnerRow(2, "Мария Петрова", "m@x.test", 1),)
    assert found.ignored_columns == ("Клас",)


@pytest.mark.parametrize(
    ("headings", "cells", "name"),
    [
        ("Name;E-mail", "Maria Petrova;m@x.test", "Maria Petrova"),
        ("First name;Last name;Email", "Maria;Petrova;m@x.test", "Maria Petrova"),
        ("Achternaam;Tussenvoegsel;Voornaam;E-mailadres", "Vries;de;Jan;m@x.test", "Jan de Vries"),
        ("Naam;Voornaam;E-mail", "Vries;Jan;m@x.test", "Jan Vries"),
        ("Nombre;Apellidos;Correo electrónico", "María;García López;m@x.test", "María García López"),
        (
            "Primer apellido;Segundo apellido;Nombre;Correo",
            "García;López;María;m@x.test",
            "María García López",
        ),
        ("Име;Презиме;Фамилия;Ел. поща", "Мария;Иванова;Петрова;m@x.test", "Мария Иванова Петрова"),
        ("Трите имена;Имейл", "Мария Иванова Петрова;m@x.test", "Мария Иванова Петрова"),
    ],
)
def test_headings_are_known_in_four_languages(headings: str, cells: str, name: str) -> None:
    found = parse_csv(f"{headings}\r\n{cells}\r\n".encode())
    assert found.rows == (LearnerRow(2, name, "m@x.test"),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_cyrillic_is_read_in_every_encoding_and_with_every_separator(encoding: str, separator: str) -> None:
    text = f"Име{separator}Имейл\r\nЩерьо Ячев{separator}m@x.test\r\nIvan Ivanov{separator}\r\n"
    found = parse_csv(text.encode(encoding))
    assert [(row.name, row.email) for row in found.rows] == [
        ("Щерьо Ячев", "m@x.test"),
        ("Ivan Ivanov", None),
    ]


def test_western_accents_are_not_taken_for_cyrillic() -> None:
    found = parse_csv("Nombre;Correo\nJosé Muñoz;j@x.test\nZoë Brontë;z@x.test\n".encode("cp1252"))
    assert [row.name for row in found.rows] == ["José Muñoz", "Zoë Brontë"]


def test_a_file_without_headings_is_read_all_the_same() -> None:
    found = parse_csv(b"Maria,Petrova,m@x.test\nIvan,Ivanov,\n")
    assert [(row.row, row.name, row.email) for row in found.rows] == [
        (1, "Maria Petrova", "m@x.test"),
        (2, "Ivan Ivanov", None),
    ]


def test_excels_announced_separator_is_followed() -> None:
    found = parse_csv(b"sep=;\r\nname;email\r\nMaria;m@x.test\r\n")
    assert found.rows == (LearnerRow(3, "Maria", "m@x.test"),)


def test_the_line_ends_of_old_macs_are_read_and_mixed_ones_named() -> None:
    assert [row.name for row in parse_csv(b"name;email\rMaria;m@x.test\rIvan;\r").rows] == ["Maria", "Ivan"]
    mixed = parse_csv(b"name;email\nMaria;m@x.test\nIvan\r;\n")
    assert [(fault.row, fault.code) for fault in mixed.faults] == [(3, "csv_malformed")]
    assert [row.name for row in mixed.rows] == ["Maria"]


def test_a_quoted_comma_stays_in_its_cell() -> None:
    found = parse_csv(b'name,email\n"Petrova, Maria",m@x.test\n')
    assert found.rows[0].name == "Petrova, Maria"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04 a workbook", "type_mismatch"),
        (b"\x1f\x8b\x08 gzip", "type_mismatch"),
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"x" * 1_000_001, "too_large"),
        (b"e-mail,town\nm@x.test,Ruse\n", "no_name_column"),
        (b"name,email\n" + b"Learner,\n" * 1001, "too_many_rows"),
    ],
    ids=["xlsx", "gzip", "nothing", "blank", "1 MB", "no names", "1001 rows"],
)
def test_a_file_that_cannot_be_used_says_why(data: bytes, code: str) -> None:
    found = parse_csv(data)
    assert code in {fault.code for fault in found.faults}


def test_a_thousand_rows_are_taken() -> None:
    assert len(parse_csv(("name,email\n" + "".join(f"L{n},\n" for n in range(1000))).encode()).rows) == 1000
    assert len(parse_learners("\n".join(f"L{n}" for n in range(1000))).rows) == 1000
    assert parse_learners("\n".join(f"L{n}" for n in range(1001))).faults[0].code == "too_many_rows"


def shared_rows() -> list[dict[str, object]]:
    path = Path(__file__).parents[2] / ".." / "shared" / "data" / "bad_inputs.json"
    if not path.is_file():
        return []
    return [row for row in json.loads(path.read_text())["inputs"] if row["surface"] == "csv-import"]


# Two answers of the list differ on purpose: UTF-16 is read, not refused; a repeated file changes nothing (test_enrolment).
RECIPES = {
    "csv-014": b"email\n" + b"a" * 140_000,
    "csv-018": "\ufeffname,email\nMaria,m@x.test\n".encode(),
    "csv-019": b"name;email\nMaria;m@x.test\n",
    "csv-020": b"name,email\n" + b"a,\n" * 100_001,
    "csv-021": b"x" * 10_000_000,
    "csv-025": b"PK\x03\x04[Content_Types].xml",
    "csv-026": b"\x1f\x8b\x08\x00bomb",
}


def test_the_shared_bad_inputs_get_their_answers(shared: Path) -> None:
    answered = {}
    for row in shared_rows():
        data = RECIPES.get(str(row["id"]), str(row["input"]).encode() if row.get("literal") else None)
        if data is None:
            continue
        found = parse_csv(data)
        expected = row["expected"]["http"]  # type: ignore[index]
        answered[row["id"]] = bool(found.rows) if expected == 200 else bool(found.faults) and not found.rows
    assert len(answered) >= 12
    assert [name for name, right in answered.items() if not right] == []


def test_the_shared_bad_inputs_get_their_codes(shared: Path) -> None:
    wanted = {"csv-007", "csv-010", "csv-021", "csv-025"}
    for row in shared_rows():
        if row["id"] in wanted:
            data = RECIPES.get(str(row["id"]), str(row["input"]).encode())
            codes = {fault.code for fault in parse_csv(data).faults}
            assert row["expected"]["code"] in codes, row["id"]  # type: ignore[index]


CELL = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)
LINE = st.one_of(
    CELL,
    st.sampled_from([*TYPED, *list(WRONG)[:9], "", " ", "\t", ";;;", '"', "Name", "name;email", "a@b.cd"]),
)


def accounted(found: LearnerList) -> set[int]:
    return {row.row for row in found.rows} | {fault.row for fault in found.faults}


@given(st.lists(LINE, max_size=12))
def test_every_line_is_a_learner_or_a_named_fault(lines: list[str]) -> None:
    text = "\n".join(line.replace("\n", " ").replace("\r", " ") for line in lines)
    found = parse_learners(text)
    filled = {number for number, line in enumerate(text.split("\n"), 1) if line.strip(" \t")}
    visible = {number for number in filled if any(c.isalnum() for c in text.split("\n")[number - 1])}
    missing = visible - accounted(found)
    assert 0 in accounted(found) or missing <= set(sorted(filled)[:1])  # the first line may be headings
    assert not {row.row for row in found.rows} & {fault.row for fault in found.faults}


@given(st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=8), st.sampled_from(",;\t"))
def test_every_record_of_a_file_is_a_learner_or_a_named_fault(table: list[list[str]], separator: str) -> None:
    sheet = io.StringIO(newline="")
    csv.writer(sheet, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(
        [["name", "email", "x", "y"], *table]
    )
    found = parse_csv(sheet.getvalue().encode())
    wanted = {
        number
        for number, cells in enumerate(table, 2)
        if any(c.isalnum() for cell in cells[:1] for c in cell)
    }
    assert wanted <= accounted(found)


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    found = parse_csv(data)
    assert found.rows or found.faults or found.ignored_columns is not None


@given(LINE)
def test_no_learner_ever_has_an_empty_or_unprintable_name(line: str) -> None:
    for row in parse_learners(line).rows:
        assert row.name.strip() == row.name
        assert row.name
        assert row.name.isprintable()


@given(st.lists(LINE, max_size=6))
def test_learners_written_as_csv_are_read_back_as_the_same(lines: list[str]) -> None:
    table = "\n".join(["name", *('"' + line.replace('"', '""') + '"' for line in lines)])
    rows = (*parse_learners("\n".join(lines)).rows, *parse_csv((table + ",x").encode()).rows)
    unique = {row.name: row for row in rows}.values()
    again = parse_csv(as_csv(unique).encode())
    owners = {row.email: row.name for row in unique if row.email}
    kept = [row for row in again.rows if not row.email or owners[row.email] == row.name]
    assert {(row.name, row.email, row.number) for row in kept} <= {
        (r.name, r.email, r.number) for r in unique
    }
    assert all(fault.code == "email_twice" for fault in again.faults)
    assert len(again.rows) + len(again.faults) == len(unique)
