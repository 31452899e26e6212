"""Framework files: every row of a table or object of JSON is an item or a named fault, and no bytes make reading fail."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_service.curriculum.rules.framework_files import (
    MOST_ROWS,
    FileFormat,
    FrameworkFile,
    addressed,
    framework_key,
    gathering,
    read_framework_file,
)

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
ESCO_HEADINGS = (
    "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,"
    "scopeNote,definition,inScheme,description\n"
)


def read(text: str) -> FrameworkFile:
    return read_framework_file(text.encode())


def faults(file: FrameworkFile) -> set[tuple[int, str, str]]:
    return {(fault.row, fault.column, fault.code) for fault in file.faults}


def as_json(document: Any) -> FrameworkFile:
    return read_framework_file(json.dumps(document, ensure_ascii=False).encode())


def test_a_table_becomes_items_in_its_order() -> None:
    file = read(
        "code,name,parent,uri,description,language\n1,Basketry,,,Rods,en\n1.1,Върба,1,https://e.org/11,,bg\n"
    )
    assert file.format == FileFormat.CSV and not file.faults
    first, second = file.items
    assert (first.code, first.label, first.parent_code, first.uri, first.summary) == (
        "1",
        "Basketry",
        "",
        "",
        "Rods",
    )
    assert (second.label, second.parent_code, second.uri, second.language) == (
        "Върба",
        "1",
        "https://e.org/11",
        "bg",
    )
    assert (first.uri_kind, second.uri_kind, second.confidence_uri) == (
        "document+own-fragment",
        "concept",
        "medium",
    )


def test_every_bad_row_is_named_at_once_with_column_value_and_fix() -> None:
    file = read(
        "Code;Naam;Ouder;URI;Taal\n"
        "1;Vlechten;;;nl\n"
        "2;;;;\n"
        "3/4;Spinnen;;;\n"
        "5;Weven;9;;\n"
        "6;Vilten;;ftp://e.org/6;\n"
        "7;Verven;;;Nederlands!\n"
        "1;Naaien;;;\n"
        "8;te;veel;cellen;in;deze;rij\n"
        ";zonder code;;;\n"
    )
    assert [item.code for item in file.items] == ["1"]
    assert faults(file) == {
        (3, "Naam", "name_missing"),
        (4, "Code", "code"),
        (5, "Ouder", "parent_unknown"),
        (6, "URI", "address"),
        (7, "Taal", "language"),
        (8, "Code", "code_twice"),
        (9, "row", "row_columns"),
        (10, "Code", "code_missing"),
    }
    assert {fault.row: fault.value for fault in file.faults}[6] == "ftp://e.org/6"
    assert all(fault.message for fault in file.faults)


def test_a_language_that_is_none_is_named_with_row_column_and_value() -> None:
    file = read("code,name,language\n1,Weaving,xx\n2,Vlechten,nl-BE\n3,Flechtsje,fy\n4,Spinning,EN\n")
    assert [(one.row, one.column, one.value) for one in file.faults] == [(2, "language", "xx")]
    assert [item.language for item in file.items] == ["nl-be", "fy", "en"]


def test_a_parent_with_a_fault_takes_its_children_with_it_and_says_so() -> None:
    file = read("code,name,parent\n1,,\n1.1,Child,1\n1.1.1,Grandchild,1.1\n2,Good,\n")
    assert [item.code for item in file.items] == ["2"]
    assert faults(file) == {
        (2, "name", "name_missing"),
        (3, "parent", "parent_left_out"),
        (4, "parent", "parent_left_out"),
    }


def test_parents_in_a_circle_are_named_and_what_hangs_below_is_left_out() -> None:
    file = read("code,name,parent\na,A,b\nb,B,c\nc,C,a\nd,D,a\ne,E,e\nf,F,\n")
    assert [item.code for item in file.items] == ["f"]
    assert faults(file) == {
        (2, "parent", "parent_circle"),
        (3, "parent", "parent_circle"),
        (4, "parent", "parent_circle"),
        (5, "parent", "parent_left_out"),
        (6, "parent", "parent_circle"),
    }


def test_codes_with_dots_make_a_tree_where_no_row_names_a_parent() -> None:
    file = read("code,name\n1,A\n1.2,B\n1.2.3,C\n1.4.5,D\n12,E\n")
    assert {item.code: item.parent_code for item in file.items} == {
        "1": "",
        "1.2": "1",
        "1.2.3": "1.2",
        "1.4.5": "1",
        "12": "",
    }


def test_one_address_twice_is_a_fault_of_the_second_row() -> None:
    file = read("uri,name\nhttps://e.org/a,A\nhttps://e.org/b,B\nhttps://e.org/a,C\n")
    assert [item.code for item in file.items] == ["a", "b"]
    assert (4, "uri", "uri_twice") in faults(file)
    assert "Row 2" in next(fault.message for fault in file.faults if fault.code == "uri_twice")


@pytest.mark.parametrize(
    ("data", "encoding", "separator"),
    [
        ("\ufeffкод;име\n1;Плетене на кошници\n".encode(), "UTF-8", ";"),
        ("код;име\n1;Плетене на кошници\n".encode("utf-16"), "UTF-16", ";"),
        ("код;име\n1;Плетене на кошници\n".encode("cp1251"), "Windows-1251", ";"),
        ("código\tnombre\n1\tTejer a mano según el patrón\n".encode("cp1252"), "Windows-1252", "\t"),
        (b"code,name\n1,Weave\n", "UTF-8", ","),
        (b"sep=;\ncode;name\n1;Weave\n", "UTF-8", ";"),
    ],
)
def test_letters_and_separator_are_guessed_and_said(data: bytes, encoding: str, separator: str) -> None:
    file = read_framework_file(data)
    assert (file.encoding, file.separator, len(file.items), file.faults) == (encoding, separator, 1, ())
    assert "\ufffd" not in file.items[0].label


def test_line_breaks_in_quotes_become_blanks_and_formulas_stay_text() -> None:
    file = read('code,name,description\n1,"Weave\r\non a loom","=1+1"\n2,=SUM(A1),"+1"\n')
    assert [item.label for item in file.items] == ["Weave on a loom", "=SUM(A1)"]
    assert [item.summary for item in file.items] == ["=1+1", "+1"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ('"a\rb"', "control_character"),
        ("a\x00b", "control_character"),
        ("a\u202eb", "control_character"),
        ("x" * 201, "too_long"),
    ],
)
def test_a_name_that_cannot_be_shown_is_named(cell: str, code: str) -> None:
    file = read(f"code,name\n1,{cell}\n2,Good\n")
    assert [item.label for item in file.items] == ["Good"]
    assert [fault.code for fault in file.faults] == [code]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (b"code,name\n", "empty"),
        (b"PK\x03\x04" + b"\0" * 50, "type_mismatch"),
        (b"one,two\n1,2\n", "no_name_column"),
        (b"x" * 11_000_001, "too_large"),
        (b"code,name\n" + b"".join(b"%d,a\n" % row for row in range(100_001)), "too_many_rows"),
        (b"{", "json_invalid"),
        (b'{"a": 1, "a": 2}', "json_duplicate_key"),
        (b"[" * 5_000, "json_too_deep"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "json_too_deep"),
        (b"[" + b"0," * 1_000_001 + b"0]", "json_too_many_members"),
        (b'{"n": 1' + b"0" * 400 + b"}", "json_number_range"),
        (b'{"name": "\\ud800"}', "json_invalid_unicode"),
        (b"[]", "unknown_json"),
        (b'{"CFItems": []}', "empty"),
        (b'{"framework": {}, "items": []}', "empty"),
    ],
)
def test_a_file_of_which_nothing_can_be_used_says_why_in_one_sentence(data: bytes, code: str) -> None:
    file = read_framework_file(data)
    assert not file.items
    assert [(fault.row, fault.code) for fault in file.faults] == [(0, code)]


@pytest.mark.full
def test_too_many_items_of_json_are_refused_too() -> None:
    many = [{"uri": f"https://e.org/{number}", "title": "a"} for number in range(MOST_ROWS + 1)]
    assert as_json(many).faults[0].code == "too_many_rows"
    assert as_json({"CFItems": [{}] * (MOST_ROWS + 1)}).faults[0].code == "too_many_rows"


def test_more_faults_than_anybody_reads_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_FAULTS", 3)
    file = read("code,name\n" + "".join(f"{row},\n" for row in range(7)))
    assert [fault.code for fault in file.faults] == ["too_many_faults", *["name_missing"] * 3]
    assert "7" in file.faults[0].message


def test_escos_table_is_read_as_it_is_downloaded() -> None:
    file = read(
        ESCO_HEADINGS
        + "KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/a-1,skill/competence,sector-specific,"
        'perform basket weaving,"weave baskets\nmake baskets",,released,2024-01-01,,,"http://x, http://y",'
        '"Work with ""rods"", by hand"\n'
        "Occupation,http://data.europa.eu/esco/occupation/b-2,,,basketmaker,,,released,,,,,\n"
    )
    assert file.format == FileFormat.ESCO_CSV and not file.faults
    skill, occupation = file.items
    assert (skill.code, skill.kind, skill.target_type) == ("a-1", "skill", "ext:ESCOSkill")
    assert skill.everyday_words == "weave baskets; make baskets"
    assert skill.summary == 'Work with "rods", by hand'
    assert (occupation.kind, occupation.target_type) == ("occupation", "ext:ESCOOccupation")
    assert file.guess.alignment_name == "ESCO"


def test_escos_interface_and_json_ld_are_read_with_all_languages() -> None:
    concept = {
        "className": "Skill",
        "uri": "http://data.europa.eu/esco/skill/aa",
        "title": "weave",
        "preferredLabel": {"en": "weave", "nl": "weven", "bg": "тъка"},
        "alternativeLabel": {"en": ["make cloth"]},
        "description": {"en": {"literal": "To weave.", "mimetype": "plain/text"}},
        "_links": {"broaderSkill": [{"uri": "http://data.europa.eu/esco/skill/bb", "title": "craft"}]},
    }
    file = as_json({"_embedded": {"results": [concept, concept]}, "total": 1})
    assert [(item.code, item.label, item.language, item.summary) for item in file.items] == [
        ("aa", "weave", "en", "To weave.")
    ]
    assert {one["language"]: one["text"] for one in file.items[0].labels} == {"nl": "weven", "bg": "тъка"}
    assert file.loose == 1  # the broader skill is not in the file
    graph = {
        "@context": {"skos": "http://www.w3.org/2004/02/skos/core#"},
        "@graph": [
            {
                "@id": "https://e.org/s/1",
                "@type": ["skos:Concept"],
                "skos:prefLabel": [{"@value": "Spinnen", "@language": "nl"}],
                "http://www.w3.org/2004/02/skos/core#broader": {"@id": "https://e.org/s/0"},
            },
            {"@id": "https://e.org/s/0", "@type": "skos:Concept", "prefLabel": {"nl": "Textiel"}},
            {"@id": "https://e.org/s", "@type": "skos:ConceptScheme", "prefLabel": "A scheme"},
        ],
    }
    items = as_json(graph).items
    assert {item.code: (item.label, item.parent_code, item.language) for item in items} == {
        "1": ("Spinnen", "0", "nl"),
        "0": ("Textiel", "", "nl"),
    }


def case_package() -> dict[str, Any]:
    def item(number: int, statement: str, code: str) -> dict[str, Any]:
        uri = f"https://case.example.org/i{number}"
        return {"identifier": f"i{number}", "uri": uri, "fullStatement": statement, "humanCodingScheme": code}

    def child(origin: str, destination: str) -> dict[str, Any]:
        nodes = {"originNodeURI": {"identifier": origin}, "destinationNodeURI": {"identifier": destination}}
        return {"associationType": "isChildOf", **nodes}

    return {
        "CFDocument": {
            "identifier": "d",
            "uri": "https://case.example.org/d",
            "title": "Crafts",
            "creator": "A board",
            "version": "3",
            "language": "en",
        },
        "CFItems": [
            item(1, "Weave", "A"),
            item(2, "Warp a loom. " * 30, "A.1"),
            item(3, "Dye", "B"),
            item(4, "Spin", "B"),
        ],
        "CFAssociations": [
            child("i1", "d"),
            child("i2", "i1"),
            {"associationType": "isRelatedTo"},
            "nonsense",
        ],
    }


def test_a_case_package_is_read_with_its_tree() -> None:
    for document in (case_package(), {"CFPackage": case_package()}):
        file = as_json(document)
        assert file.format == FileFormat.CASE and not file.faults
        assert {item.code: item.parent_code for item in file.items} == {
            "A": "",
            "A.1": "A",
            "i3": "",
            "i4": "",
        }
        assert (file.guess.name, file.guess.version, file.guess.publisher) == ("Crafts", "3", "A board")
        long = file.items[1]
        assert file.shortened == 1 and len(long.label) <= 200 and long.label.endswith("…")
        assert long.summary.startswith("Warp a loom. Warp")


def test_case_items_with_faults_and_circles_are_named_by_their_place() -> None:
    package = case_package()
    package["CFItems"][2]["fullStatement"] = ""
    package["CFItems"].append("nonsense")
    package["CFAssociations"].append(
        {
            "associationType": "isChildOf",
            "originNodeURI": {"identifier": "i4"},
            "destinationNodeURI": {"identifier": "i4"},
        }
    )
    file = as_json(package)
    assert [item.code for item in file.items] == ["A", "A.1"]
    assert faults(file) == {
        (3, "fullStatement", "name_missing"),
        (4, "isChildOf", "parent_circle"),
        (5, "fullStatement", "name_missing"),
        (5, "humanCodingScheme", "code_missing"),
    }


@pytest.mark.parametrize("name", ["greencomp", "esco", "sdg", "lifecomp", "entrecomp", "unesco_ich"])
def test_the_fact_tables_of_frameworks_are_read_as_they_are(name: str) -> None:
    path = SHARED / "data" / "frameworks" / f"{name}.json"
    if not path.exists():
        pytest.skip("the fact tables of frameworks are not beside this checkout")
    file = read_framework_file(path.read_bytes())
    assert not file.faults
    assert len(file.items) == len(json.loads(path.read_text("utf-8"))["items"])
    assert file.guess.name


def test_items_without_an_address_get_one_of_the_document_or_of_ours() -> None:
    items = read("code,name,uri\n1.2,A,\nb c,B,\n3,C,https://e.org/3\n").items
    document = addressed(items, "https://doi.org/10.1/x#old", "https://b.example.org/frameworks/k")
    assert [item.uri for item in document] == [
        "https://doi.org/10.1/x#1.2",
        "https://doi.org/10.1/x#b%20c",
        "https://e.org/3",
    ]
    ours = addressed(items, "", "https://b.example.org/frameworks/k")
    assert [(item.uri, item.uri_kind) for item in ours][:1] == [
        ("https://b.example.org/frameworks/k/1.2", "own-page")
    ]


def test_the_short_name_differs_by_version() -> None:
    assert framework_key("ESCO: European Skills", "1.2 (13,939 skills)") == "esco-1.2"
    assert framework_key("Кралимарко", "2") == "2"
    assert framework_key("A b/ç", "v 3") == "a-b-c-v-3"


TABLES = st.lists(
    st.lists(
        st.sampled_from(
            ["", "1", "1.1", "2", "a", "name", "code", "parent", "uri", "https://e.org/1", '"', "é\n", "=1"]
        )
    ),
    max_size=8,
)


@given(TABLES, st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_any_table_becomes_items_or_faults(rows: list[list[str]], separator: str, encoding: str) -> None:
    text = f"code{separator}name{separator}parent{separator}uri\n" + "\n".join(
        separator.join(row) for row in rows
    )
    file = read_framework_file(text.encode(encoding))
    assert file.items or file.faults
    codes = {item.code for item in file.items}
    assert len(codes) == len(file.items)
    assert all(item.label and item.parent_code in codes | {""} for item in file.items)


MEMBERS = (
    "CFItems CFPackage CFDocument CFAssociations associationType originNodeURI framework items uri @id @graph"
)
MEMBERS += " prefLabel title broader en @value _links type code"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS.split()), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_any_json_never_fails(value: Any) -> None:
    file = read_framework_file(json.dumps(value).encode())
    assert file.items or file.faults


@given(st.binary(max_size=300))
def test_any_bytes_never_fail(data: bytes) -> None:
    for start in (b"", b"{", b"code,name\n", b'[{"uri":"https://e.org/1","title":'):
        file = read_framework_file(start + data)
        assert file.items or file.faults
