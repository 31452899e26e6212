"""Definitions and pathways in and out: exact round trips, every bad row named, nothing dropped in silence, labelled material."""

import base64
import copy
import io
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from badge_service.curriculum import actions
from badge_service.curriculum.actions import exporting, incoming, incoming_pathways, pathways
from badge_service.curriculum.actions.incoming import Fate
from badge_service.curriculum.checking import definition_faults, shape_faults
from badge_service.curriculum.rules import Place, achievement, blank_content
from badge_service.curriculum.rules.elm import CROSSWALK, LABEL, OF_ISSUER, IssuerFacts, at, elm_material
from badge_service.curriculum.rules.formats import (
    COLUMNS,
    definition_file,
    read_definition_file,
    read_file,
    read_table,
    table_of,
)
from badge_service.curriculum.rules.formats.cells import guarded, lines_of, rows_of, unguarded
from badge_service.curriculum.rules.formats.open_badges import from_achievement
from badge_service.curriculum.tables import DefinitionVersion, PathwayVersion
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.web.csv_files import write_csv

from .conftest import CREDENTIALS, PUBLIC_URL, School, client_of

WILLOW = json.loads((CREDENTIALS / "willow-basket" / "definition.json").read_text("utf-8"))
FURTHER = (CREDENTIALS / "willow-basket" / "further.md").read_text("utf-8").strip()
PLACE = Place(PUBLIC_URL, "willow-basket", "1.0.0", "friesland", "LET Friesland", "school")
ISSUER = IssuerFacts(
    f"{PUBLIC_URL}/issuers/school", "Friese Vakschool", "NL", "Friesland", "https://school.example"
)


def as_bytes(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


# --- what may stand in any text of a definition: markup, formulas, bars, line breaks, Cyrillic

letters = st.text(
    st.one_of(
        st.sampled_from("=+-@'\"|\\\n;,\t<>&*_ 'es"),
        st.characters(codec="utf-8", categories=["L", "N", "P", "S"]),
    ),
    max_size=30,
)


@st.composite
def contents(draw: Any) -> dict[str, Any]:
    """A content of the right shape with texts of all kinds; complete or not."""
    content: dict[str, Any] = copy.deepcopy(WILLOW)
    for name in ("title", "description", "target_group", "prerequisites", "awarded_by"):
        content[name] = draw(letters)
    content["tags"] = draw(st.lists(letters, max_size=3))
    content["endorsers"] = draw(st.lists(letters, max_size=3))
    content["quality_assurance"] |= {"name": draw(letters), "description": draw(letters)}
    content["quality_assurance"]["url"] = draw(st.sampled_from([None, "https://example.org/q"]))
    content["language"] = draw(st.sampled_from(["en", "bg", "nl"]))
    content["ects_awarded"] = draw(st.sampled_from([None, 1, 1.0, 0.5]))
    content["workload_hours"]["total"] = draw(st.sampled_from([None, 30, 30.5]))
    content["eqf_level"] = draw(st.sampled_from([None, 3]))
    if draw(st.booleans()):
        content["level_not_applicable"] = "x" + draw(letters)
    for outcome in content["learning_outcomes"]:
        outcome["text"] = draw(letters)
    for level in content["rubric"]["levels"]:
        level["name"] = draw(letters)
    criteria = content["rubric"]["criteria"]
    content["rubric"]["criteria"] = criteria[: draw(st.integers(0, 3))]
    for criterion in content["rubric"]["criteria"]:
        criterion["name"] = draw(letters)
        for level in draw(st.lists(st.sampled_from(list(criterion["descriptors"])), unique=True)):
            criterion["descriptors"][level] = draw(letters)
    for one in content["evidence_required"]:
        one["description"] = draw(letters)
    content["achievement_type"] = (
        "MicroCredential" if content["rubric"]["criteria"] else "CertificateOfCompletion"
    )
    return content


@settings(max_examples=150, deadline=None)
@given(contents(), letters, st.one_of(st.none(), st.binary(max_size=40)))
def test_our_json_comes_back_exactly(content: dict[str, Any], further: str, picture: bytes | None) -> None:
    look = {"shape": "round", "colour": "#1f4f7a"}
    found = read_definition_file(
        as_bytes(definition_file(content | {"look": look}, further, picture or None))
    )
    assert found.faults == ()
    assert (found.content, found.further_text) == (content | {"look": look}, further)
    assert found.picture_png == (picture or None)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(contents(), letters), min_size=1, max_size=3))
def test_a_table_comes_back_exactly(definitions: list[tuple[dict[str, Any], str]]) -> None:
    for number, (content, _further) in enumerate(definitions, 1):
        content["code"] = f"CRF-TST-{number}"
    rows, faults = read_table(("\ufeff" + table_of(definitions)).encode())
    assert faults == []
    assert [fault for row in rows for fault in row.faults] == []
    assert [(row.content, row.further_text) for row in rows] == definitions


@given(st.text())
def test_no_cell_is_run_by_a_spreadsheet_and_each_comes_back(cell: str) -> None:
    safe = guarded(cell)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"))
    assert unguarded(safe) == cell


@given(st.lists(st.lists(st.text(), min_size=1, max_size=4), max_size=4))
def test_lines_and_parts_of_a_cell_come_back(rows: list[list[str]]) -> None:
    assert rows_of(lines_of(rows)) == rows


@given(st.text())
def test_a_typed_apostrophe_stays(text: str) -> None:
    assert unguarded(f"'{text}") == (text if unguarded(f"'{text}") == text else f"'{text}")
    assert unguarded("'t hoekje") == "'t hoekje"


def test_every_field_of_a_definition_has_a_column_or_follows() -> None:
    """What a table does not carry is named: the type follows from the criteria, the look is drawn anew."""
    rows, _faults = read_table(table_of([(WILLOW, "More")]).encode())
    assert rows[0].content == WILLOW
    assert set(blank_content()) <= set(rows[0].content)
    assert len({column.name for column in COLUMNS}) == len(COLUMNS)


# --- a broken table


def table(*rows: dict[str, str], drop: str = "", extra: str = "") -> bytes:
    cells = {column.name: unguarded(column.write({**WILLOW, "further_text": FURTHER})) for column in COLUMNS}
    headings = [name for name in cells if name != drop] + ([extra] if extra else [])
    filled = [[({**cells, extra: "x"} | row)[name] for name in headings] for row in rows]
    return write_csv(headings, filled, safe=False).encode()


def test_every_bad_row_is_named_with_all_its_faults_and_the_good_ones_are_read(
    database: Any, school: School
) -> None:
    data = table(
        {"code": "CRF-ONE-1"},
        {"code": "CRF-TWO-1", "hours_total": "many", "identity_verified": "perhaps", "category": "cookery"},
        {"code": "CRF-TRI-1", "outcomes": "LO1 skill", "evidence": "photo | x | 1 | secret"},
        {"code": "CRF-ONE-1", "title": "Twice"},
        {"code": "no code", "title": "Wrong"},
        {"code": "CRF-FIV-1", "title": ""},
        {"code": "CRF-SIX-1", "alignments": "LO9 | name | https://x.example | | |"},
        {"code": "CRF-SEV-1", "title": "With \u202e turned"},
    )
    found = read_file(data)
    assert found.faults == ()
    with database.reading() as session:
        plans = incoming.plan_drafts(session, school.lead, school.organisation.id, found.definitions)
    assert [one.fate for one in plans] == [Fate.NEW, *[Fate.REFUSED] * 7]
    places = [{fault.where for fault in one.faults} for one in plans]
    assert places[1] == {"hours_total", "identity_verified", "category"}
    assert places[2] == {"outcomes", "alignments", "evidence"} or places[2] >= {"outcomes", "evidence"}
    assert places[3:] == [{"code"}, {"code"}, {"title"}, {"alignments"}, {"title"}]
    assert [one.incoming.row for one in plans] == [2, 3, 4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (table({}, extra="colour"), "column"),
        (table({}, drop="code"), "column"),
        (b"code,title,title\r\nA,B,C\r\n", "column"),
        (b"", "empty"),
        (b"just words", "no_columns"),
        (b"PK\x03\x04zip", "type_mismatch"),
        (b"{", "json_invalid"),
        (b"[1]", "not_an_object"),
        (b'{"a":1,"a":2}', "json_duplicate_key"),
        (b'{"@context": [], "type": "Other"}', "no_achievement"),
        (b'{"format": "x", "definition": {}}', "format"),
    ],
)
def test_a_file_that_is_something_else_is_named(data: bytes, code: str) -> None:
    found = read_file(data)
    faults = [*found.faults, *(fault for one in found.definitions for fault in one.faults)]
    assert code in {fault.code for fault in faults}


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
    )
)
def test_any_bytes_are_answered(data: bytes) -> None:
    found = read_file(data)
    assert found.faults or found.definitions or found.pathway


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here] + [path for key, one in inner for path in paths(one, (*here, key))]


OURS = achievement(WILLOW, PLACE)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(paths(OURS)[1:]), anything)
def test_an_achievement_of_any_shape_becomes_a_draft_or_is_named(path: tuple[Any, ...], value: Any) -> None:
    spoilt: Any = copy.deepcopy(OURS)
    holder = spoilt
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    found = from_achievement(spoilt)
    assert shape_faults(found.content) == []


# --- Open Badges 3.0


def test_an_achievement_of_ours_gives_its_native_fields_back() -> None:
    found = from_achievement(OURS)
    content = found.content
    for name in ("title", "description", "code", "version", "language", "tags", "eqf_level", "isced_f"):
        assert content[name] == WILLOW[name]
    assert [one["text"] for one in content["learning_outcomes"]] == [
        one["text"] for one in WILLOW["learning_outcomes"]
    ]
    assert content["rubric"]["levels"] == WILLOW["rubric"]["levels"]
    assert content["rubric"]["pass_level"] == "proficient"
    assert [(one["name"], one["descriptors"]) for one in content["rubric"]["criteria"]] == [
        (one["name"], one["descriptors"]) for one in WILLOW["rubric"]["criteria"]
    ]
    urls = {one["targetUrl"] for one in content["alignments"]}
    assert urls == {
        one["targetUrl"]
        for one in [*WILLOW["alignments"], *(a for o in WILLOW["learning_outcomes"] for a in o["alignments"])]
    }
    assert content["quality_assurance"]["name"] == WILLOW["quality_assurance"]["name"]
    assert "How it was judged" in found.further_text
    assert {part.partition(":")[0] for part in found.left_out} == {"id", "criteria.id", "image", "creator"}


def test_every_unknown_part_is_named_and_none_dropped_in_silence() -> None:
    strange = copy.deepcopy(OURS) | {
        "related": [{"id": "https://x.example", "type": ["Related"]}],
        "ext:colour": "blue",
        "achievementType": "Course",
        "inLanguage": "de-AT",
        "fieldOfStudy": "Alchemy",
        "creditsAvailable": "three",
    }
    strange["alignment"].append({"type": ["Alignment"], "targetName": "no address"})
    strange["resultDescription"].append(
        {
            "id": "#s",
            "type": ["ResultDescription"],
            "name": "Score",
            "resultType": "RawScore",
            "valueMax": "9",
        }
    )
    strange["resultDescription"][0]["ext:note"] = "kept"
    strange["resultDescription"][0]["rubricCriterionLevel"][0]["ext:sub"] = 1
    named = "\n".join(from_achievement(strange).left_out)
    for part in (
        "related:",
        "ext:colour: blue",
        "achievementType: Course",
        "inLanguage: de-AT",
        "fieldOfStudy: Alchemy",
        "creditsAvailable: three",
        "no address",
        "resultDescription[3]:",
        "resultDescription[0].ext:note: kept",
        "ext:sub: 1",
    ):
        assert part in named


def test_what_has_no_place_is_told_in_words_and_not_as_code() -> None:
    strange = copy.deepcopy(OURS) | {
        "related": [{"id": "https://x.example", "type": ["Related"]}],
        "ext:open": True,
        "ext:group": {"one": None, "inner": {"two": [1, False]}},
    }
    told = from_achievement(strange).left_out
    assert "related: (id: https://x.example; type: Related)" in told
    assert "ext:open: yes" in told
    assert "ext:group: one: empty; inner: (two: 1, no)" in told
    assert not any(sign in line for line in told for sign in ("{", "['", "': "))


def test_a_number_far_too_large_in_a_table_says_the_limit() -> None:
    data = table({"code": "CRF-ONE-1", "hours_total": "99999999999999999999"})
    found = read_file(data).definitions[0]
    assert found.faults == ()
    told = [one.message for one in shape_faults(found.content) if one.where == "workload_hours.total"]
    assert told == ["99999999999999999999 is too large; at most 2000 hours."]


def test_the_achievement_inside_a_badge_is_read_and_a_certificate_stays_one(shared: Any) -> None:
    badge = (shared / "data/example_ob3_unsigned.json").read_bytes()
    found = read_file(badge)
    assert found.definitions[0].content["title"] == "Guest Speaker Host"
    assert found.definitions[0].content["eqf_level"] == 3
    unassessed = copy.deepcopy(WILLOW)
    unassessed["rubric"]["criteria"] = []
    again = from_achievement(achievement(unassessed, PLACE))
    assert again.content["achievement_type"] == "CertificateOfCompletion"
    assert again.content["rubric"]["criteria"] == []


# --- the European Learning Model


ELM_TERMS = {
    *("id", "type", "@context", "credentialProfiles", "credentialSchema", "displayParameter", "issuer"),
    *(
        "credentialSubject",
        "hasClaim",
        "title",
        "description",
        "language",
        "primaryLanguage",
        "additionalNote",
    ),
    *("awardedBy", "awardingBody", "influencedBy", "provenBy", "specifiedBy", "dcType", "learningSetting"),
    *(
        "mode",
        "thematicArea",
        "learningOutcome",
        "volumeOfLearning",
        "entryRequirement",
        "isPartialQualification",
    ),
    *("supplementaryDocument", "eqfLevel", "creditPoint", "isPartOf", "accreditation", "relatedESCOSkill"),
    *(
        "relatedSkill",
        "gradingScheme",
        "idVerification",
        "location",
        "address",
        "countryCode",
        "geographicName",
    ),
    *("legalName", "homepage", "contentURL", "framework", "point", "noteLiteral", "prefLabel", "inScheme"),
    *("notation", "definition", "landingPage"),
}
"""Terms of the two contexts that the material names; a term outside them would be lost on the way."""
LANGUAGES = {"en", "nl", "es", "bg", "da", "fi", "ro"}


def names_in(value: Any) -> set[str]:
    if isinstance(value, list):
        return {name for one in value for name in names_in(one)}
    if not isinstance(value, dict):
        return set()
    return set(value) | {name for one in value.values() for name in names_in(one)}


def test_every_definition_as_elm_has_every_element_in_the_place_of_the_crosswalk(
    every_definition: list[dict[str, Any]],
) -> None:
    for content in every_definition:
        material = elm_material(content, PLACE, ISSUER)
        assert names_in(material) - LANGUAGES <= ELM_TERMS
        assert set(CROSSWALK) == {*(f"M{n}" for n in range(1, 12)), *(f"O{n}" for n in range(1, 6))}
        lacking = {id_ for id_, path in CROSSWALK.items() if path != OF_ISSUER and not at(material, path)}
        # No member of the Commission's list says how most assessments are supervised; a pathway is not everywhere.
        assert lacking <= {"O2", "O4"}
        assert {id_ for id_, path in CROSSWALK.items() if path == OF_ISSUER} == {"M1", "M5", "O3"}
        (label, *_others) = at(material, "credentialSubject.hasClaim.additionalNote.noteLiteral.en")
        assert label == LABEL
        assert "no claim of EDC conformity" in label and "unsigned" in label
        assert "proof" not in material and "validFrom" not in material
        assert at(material, "issuer.location.address.countryCode.id") == [
            "http://publications.europa.eu/resource/authority/country/NLD"
        ]


def test_elm_carries_ects_only_where_they_are_awarded(definition: Any) -> None:
    place = "credentialSubject.hasClaim.specifiedBy.creditPoint"
    assert at(elm_material(definition("circular-business-model"), PLACE, ISSUER), f"{place}.point") == ["1"]
    assert at(elm_material(WILLOW, PLACE, ISSUER), place) == []


def test_elm_of_a_certificate_claims_an_activity_and_says_that_nothing_was_assessed() -> None:
    unassessed = copy.deepcopy(WILLOW) | {"assessment_types": [], "evidence_required": []}
    unassessed["rubric"]["criteria"] = []
    material = elm_material(unassessed, PLACE, ISSUER)
    claim = material["credentialSubject"]["hasClaim"]
    assert claim["type"] == "LearningActivity"
    assert not {"learningOutcome", "provenBy", "eqfLevel"} & names_in(material)
    assert any("Nothing was assessed" in text for text in at(claim, "additionalNote.noteLiteral.en"))
    assert names_in(material) - LANGUAGES <= ELM_TERMS


# --- in the database: bringing in


def png(side: int = 500) -> bytes:
    kept = io.BytesIO()
    Image.linear_gradient("L").resize((side, side)).convert("RGB").save(kept, "PNG")
    return kept.getvalue()


def bring_in(database: Any, school: School, data: bytes) -> list[int]:
    with database.writing() as session:
        made = incoming.import_drafts(
            session, school.lead, school.organisation.id, school.let.id, read_file(data).definitions
        )
        return [one.id for one in made]


def test_what_is_exported_here_and_brought_in_there_exports_the_same(database: Any, school: School) -> None:
    content = WILLOW | {"look": {"shape": "hexagon"}, "version": "2.3.4", "language": "bg"}
    first = as_bytes(definition_file(content, "**Повече** | =1+1", png()))
    (version_id,) = bring_in(database, school, first)
    with database.writing() as session:
        version = session.get_one(DefinitionVersion, version_id)
        assert (version.version, version.language, version.further_text) == (
            "2.3.4",
            "bg",
            "**Повече** | =1+1",
        )
        assert version.content == content
        again = exporting.export_version(version, "definition", PUBLIC_URL)
        told = json.loads(again.body)
        assert told["definition"] == content
        assert base64.b64decode(told["picture_png"]) == version.picture_png
        planned = incoming.plan_drafts(
            session, school.lead, school.organisation.id, read_file(again.body).definitions
        )
        assert [fault.code for fault in planned[0].faults] == ["definition.open_draft"]
        actions.publish(session, school.lead, version.id, public_url=PUBLIC_URL)
        planned = incoming.plan_drafts(
            session, school.lead, school.organisation.id, read_file(again.body).definitions
        )
        assert planned[0].fate is Fate.SAME
        with pytest.raises(InvalidError):
            incoming.import_drafts(
                session, school.lead, school.organisation.id, school.let.id, read_file(again.body).definitions
            )


def test_a_changed_definition_of_ones_own_becomes_a_new_version(database: Any, imported: School) -> None:
    changed = as_bytes(WILLOW | {"description": "Something else."})
    (version_id,) = bring_in(database, imported, changed)
    with database.reading() as session:
        version = session.get_one(DefinitionVersion, version_id)
        assert (version.definition.slug, version.version, version.state) == (
            "willow-basket",
            "1.1.0",
            "draft",
        )


def test_a_foreign_code_foreign_schools_and_ects_are_refused(
    database: Any, imported: School, other_school: School
) -> None:
    with database.writing() as session:
        (plan,) = incoming.plan_drafts(
            session, other_school.lead, other_school.organisation.id, [read_definition_file(as_bytes(WILLOW))]
        )
        assert [fault.code for fault in plan.faults] == ["code.double"]
        with pytest.raises(NotFoundError):
            incoming.plan_drafts(session, other_school.lead, imported.organisation.id, [])
        with pytest.raises(NotFoundError):
            incoming.import_drafts(
                session,
                other_school.lead,
                other_school.organisation.id,
                imported.let.id,
                [read_definition_file(as_bytes(WILLOW | {"code": "NEW-ONE-1"}))],
            )
        session.merge(other_school.organisation).may_award_ects = False
        session.flush()
        (plan,) = incoming.plan_drafts(
            session,
            other_school.lead,
            other_school.organisation.id,
            [read_definition_file(as_bytes(WILLOW | {"code": "NEW-ONE-1", "ects_awarded": 1.0}))],
        )
        assert [fault.code for fault in plan.faults] == ["ects.not_allowed"]


def test_a_file_that_says_micro_credential_without_criteria_becomes_a_certificate(
    database: Any, school: School
) -> None:
    lying = copy.deepcopy(WILLOW) | {"achievement_type": "MicroCredential"}
    lying["rubric"]["criteria"] = []
    (version_id,) = bring_in(database, school, as_bytes(lying))
    with database.reading() as session:
        assert (
            session.get_one(DefinitionVersion, version_id).content["achievement_type"]
            == "CertificateOfCompletion"
        )


def test_a_picture_that_is_none_is_named(database: Any, school: School) -> None:
    found = read_file(as_bytes(definition_file(WILLOW, "", b"<svg onload=1>")))
    with database.reading() as session:
        (plan,) = incoming.plan_drafts(session, school.lead, school.organisation.id, found.definitions)
    assert plan.fate is Fate.REFUSED and [fault.where for fault in plan.faults] == ["picture"]


def test_planning_a_table_asks_the_database_a_constant_number_of_times(
    database: Any, imported: School
) -> None:
    from sqlalchemy import event

    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *found: asked.append(found[2]))
    counts = []
    for size in (2, 60):
        data = table(*({"code": f"CRF-A{number}-1"} for number in range(size)))
        definitions = read_file(data).definitions
        with database.reading() as session:
            asked.clear()
            incoming.plan_drafts(session, imported.lead, imported.organisation.id, definitions)
            counts.append(len(asked))
    assert counts[0] == counts[1]


# --- pathways


def test_a_pathway_comes_back_exactly_in_another_place(
    database: Any, imported: School, other_school: School
) -> None:
    with database.writing() as session:
        found = pathways.find_pathway(session, "future-craft-maker")
        first = exporting.export_pathway(found).body
        told = json.loads(first)
        told["pathway"]["code"], told["further_text"] = "PATH-OTHER", "More about it."
        read = read_file(as_bytes(told)).pathway
        assert read is not None
        made = incoming_pathways.import_pathway(
            session, other_school.lead, other_school.organisation.id, other_school.let.id, read
        )
        assert made.state == "draft"
        assert json.loads(exporting.export_pathway(made).body) == told
        (again,) = [read_file(exporting.export_pathway(made).body).pathway]
        assert again is not None
        planned = incoming_pathways.plan_pathway(
            session, other_school.lead, other_school.organisation.id, again
        )
        assert [fault.code for fault in planned.faults] == ["pathway.open_draft"]


def test_a_pathway_of_others_or_of_a_wrong_shape_is_named(
    database: Any, imported: School, other_school: School
) -> None:
    with database.writing() as session:
        body = exporting.export_pathway(pathways.find_pathway(session, "future-craft-maker")).body
        for data, code in (
            (body, "code.double"),
            (as_bytes({"rule": 3, "title": 4}), "type"),
            (as_bytes({"format": "urn:badge-service:pathway-file:1", "pathway": []}), "type"),
            (as_bytes(json.loads(body)["pathway"] | {"code": "CRF-WIL-1"}), "code.double"),
        ):
            read = read_file(data).pathway
            assert read is not None
            planned = incoming_pathways.plan_pathway(
                session, other_school.lead, other_school.organisation.id, read
            )
            assert code in {fault.code for fault in planned.faults}
        with pytest.raises(NotFoundError):
            incoming_pathways.plan_pathway(session, other_school.lead, imported.organisation.id, read)


# --- pages

FORMS = {
    "definition": "definition.json",
    "table": "definitions.csv",
    "open-badges": "open-badges.json",
    "elm-unsigned-material": "elm-unsigned-material.jsonld",
}


@pytest.mark.parametrize("form", FORMS)
def test_everybody_saves_a_published_version_in_each_form(visitor: FlaskClient, form: str) -> None:
    answer = visitor.get(f"/achievements/willow-basket/1.0.0/export/{form}")
    assert answer.status_code == 200
    assert f"willow-basket-1.0.0.{FORMS[form]}" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "noindex" in answer.headers["X-Robots-Tag"]
    page = visitor.get("/achievements/willow-basket/1.0.0").get_data(as_text=True)
    assert f"/achievements/willow-basket/1.0.0/export/{form}" in page
    assert visitor.get("/achievements/willow-basket/1.0.0/export/secrets.txt").status_code == 404
    assert visitor.get(f"/definitions/willow-basket/1.0.0/export/{form}").status_code in (302, 403)


def test_the_page_and_the_file_say_that_the_material_is_unsigned(visitor: FlaskClient) -> None:
    page = visitor.get("/achievements/willow-basket/1.0.0").get_data(as_text=True)
    assert "material for an EDC issuer, unsigned, no claim of EDC conformity" in page
    answer = visitor.get("/achievements/willow-basket/1.0.0/export/elm-unsigned-material")
    assert answer.mimetype == "application/ld+json"
    assert LABEL in answer.get_data(as_text=True)


def test_the_exported_achievement_is_the_published_one(visitor: FlaskClient, database: Any) -> None:
    from badge_service.register.actions import read_published

    exported = visitor.get("/achievements/willow-basket/1.0.0/export/open-badges").get_json()
    with database.reading() as session:
        published = read_published(session, "/achievements/willow-basket/1.0.0.json")
    assert published and exported == json.loads(published.body)


def draft(database: Any, school: School, **changes: Any) -> None:
    with database.writing() as session:
        version = actions.create_draft(
            session,
            school.lead,
            organisation_id=school.organisation.id,
            let_id=school.let.id,
            code="CRF-TST-1",
            title="Test basket",
        )
        if changes:
            actions.save_draft(session, school.lead, version.id, {**WILLOW, **changes}, version.revision)


def test_a_draft_is_saved_by_its_own_lead_alone_and_only_a_complete_one_in_foreign_forms(
    database: Any, imported: School, lead: FlaskClient, other_lead: FlaskClient, visitor: FlaskClient
) -> None:
    draft(database, imported)
    for form, status in zip(FORMS, (200, 200, 409, 409), strict=True):
        assert lead.get(f"/definitions/test-basket/1.0.0/export/{form}").status_code == status
        assert other_lead.get(f"/definitions/test-basket/1.0.0/export/{form}").status_code == 404
        assert visitor.get(f"/achievements/test-basket/1.0.0/export/{form}").status_code == 404
    assert lead.get("/definitions/test-basket/1.0.0/export").status_code == 200
    listed = lead.get("/definitions/definitions.csv").get_data(as_text=True)
    assert "CRF-TST-1" in listed and "CRF-WIL-1" in listed
    assert "CRF-WIL-1" not in other_lead.get("/definitions/definitions.csv").get_data(as_text=True)


def sent(client: FlaskClient, data: bytes, name: str = "file.json") -> Any:
    return client.post(
        "/definitions/import",
        data={"file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
        follow_redirects=True,
    )


def test_a_lead_sees_what_becomes_of_a_file_before_anything_is_written(
    database: Any, imported: School, lead: FlaskClient, other_lead: FlaskClient
) -> None:
    data = table(
        {"code": "CRF-ONE-1", "title": "<script>alert(1)</script>"},
        {"code": "CRF-TWO-1", "hours_total": "many"},
        {"code": "CRF-WIL-1"},
    )
    looked = sent(lead, data, "table.csv")
    page = looked.get_data(as_text=True)
    assert looked.status_code == 200
    assert "<script>alert" not in page and "&lt;script&gt;" in page
    assert "new draft" in page and "same as version 1.0.0" in page and "“many” is not a number" in page
    assert "Make 1 draft" in page
    with database.reading() as session:
        assert len(list(session.query(DefinitionVersion))) == 2
    address = looked.request.path
    assert other_lead.get(address).status_code == 404
    place = f"{imported.organisation.id}:{imported.let.id}"
    done = lead.post(address, data={"place": place})
    assert done.status_code == 302 and "/edit" in done.headers["Location"]
    with database.reading() as session:
        assert len(list(session.query(DefinitionVersion))) == 3
    assert lead.post(address, data={"place": "999:999"}).status_code == 404
    assert lead.post(address, data={"place": "x"}).status_code == 404


@pytest.mark.parametrize("data", [b"", b"{", b"\x00\xff", b"a,b\r\n1,2\r\n", b"[" * 5000])
def test_a_broken_file_is_answered_with_what_is_wrong(lead: FlaskClient, data: bytes) -> None:
    answer = sent(lead, data)
    assert answer.status_code == 422
    assert "complaints" in answer.get_data(as_text=True)


def test_an_achievement_is_looked_at_with_what_has_no_place(lead: FlaskClient) -> None:
    strange = {"@context": [], **copy.deepcopy(OURS), "humanCode": "NEW-ONE-1", "ext:colour": "<b>blue</b>"}
    page = sent(lead, as_bytes(strange)).get_data(as_text=True)
    assert "parts of the file have no place here" in page
    assert "ext:colour: &lt;b&gt;blue" in page
    assert "Make 1 draft" in page


def test_a_pathway_is_brought_in_over_the_same_page(
    database: Any, imported: School, lead: FlaskClient, visitor: FlaskClient
) -> None:
    address = "/pathways/future-craft-maker/1.0.0/export"
    told = visitor.get(address).get_json()
    told["pathway"]["code"], told["pathway"]["title"] = "PATH-NEW", "A new one"
    looked = sent(lead, as_bytes(told))
    assert "A new pathway is drafted" in looked.get_data(as_text=True)
    place = f"{imported.organisation.id}:{imported.let.id}"
    assert lead.post(looked.request.path, data={"place": place}).status_code == 302
    assert visitor.get("/pathways/a-new-one/1.0.0/export").status_code == 404
    assert lead.get("/pathways/a-new-one/1.0.0/export").get_json() == told
    with database.reading() as session:
        assert session.query(PathwayVersion).filter_by(code="PATH-NEW").one().state == "draft"


def test_only_a_lead_brings_definitions_in(app: Flask) -> None:
    assert client_of(app, "teacher").get("/definitions/import").status_code == 403


def test_an_incomplete_draft_says_why_it_is_no_achievement(database: Any, imported: School) -> None:
    draft(database, imported)
    with database.reading() as session:
        version = actions.open_draft_of(session, imported.lead, "test-basket", "1.0.0")
        assert definition_faults(version.content)
        with pytest.raises(ConflictError):
            exporting.export_version(version, "open-badges", PUBLIC_URL)
