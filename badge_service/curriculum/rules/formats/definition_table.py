"""A table of definitions as CSV: one row a definition, every field a column; what a row holds several times is a line of its cell."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from badge_service.curriculum.rules.content import Content
from badge_service.curriculum.rules.formats.cells import guarded, lines_of, rows_of, unguarded
from badge_service.curriculum.rules.formats.incoming import Incoming, completed
from badge_service.curriculum.rules.kinds import achievement_type
from badge_service.errors import N_, Fault
from badge_service.web.csv_files import CsvTable, read_csv, write_csv

MOST_BYTES = 1_000_000
MOST_ROWS = 200
_HOURS = ("total", "guided", "practice", "self_study", "assessment")
_ALIGNMENT = ("targetName", "targetUrl", "targetCode", "targetFramework", "targetType")
_OWN = "-"


class CellError(ValueError):
    """A cell that cannot be read; its text says why and how to write it."""


@dataclass(frozen=True)
class Column:
    """One column: what it holds in words, how it is written from a content and read back into one.

    `read` puts the value into the content; the other columns of the row were not read yet.
    """

    name: str
    holds: str
    write: Callable[[Content], str]
    read: Callable[[dict[str, Any], str], None]


def table_of(definitions: Iterable[tuple[Content, str]]) -> str:
    """The CSV text of contents with their further texts; cells are harmless in a spreadsheet."""
    rows = [
        [guarded(column.write({**content, _FURTHER: further})) for column in COLUMNS]
        for content, further in definitions
    ]
    return write_csv([column.name for column in COLUMNS], rows, safe=False)


def read_table(data: bytes) -> tuple[list[Incoming], list[Fault]]:
    """Every row as one definition, each with all its faults; and what is wrong with the file as a whole."""
    table = read_csv(data, most_bytes=MOST_BYTES, most_rows=MOST_ROWS)
    if not table.records:
        faults = [fault.as_fault() for fault in table.faults]
        words = _("There is no table in this file: no commas, semicolons or tabs separate its columns.")
        return [], faults or [Fault("file", words, "no_columns")]
    columns, faults = _headings(table)
    faults += [fault.as_fault() for fault in table.faults]
    if any(fault.code == "column" for fault in faults):
        return [], faults
    rows = [_row(number, columns, cells) for number, cells in table.records[1:]]
    return _doubles_named(rows), faults


def _headings(table: CsvTable) -> tuple[list[Column], list[Fault]]:
    number, cells = table.records[0]
    known = {column.name: column for column in COLUMNS}
    names = [re.sub(r"[\s_-]+", "_", unguarded(cell).strip().casefold()) for cell in cells]
    faults = []
    for name, count in Counter(name for name in names if name).items():
        where = _("row %(row)s", row=number)
        if name not in known:
            words = _("There is no column “%(name)s”. Correct its name or take it out.", name=name[:60])
            faults.append(Fault(where, words, "column"))
        elif count > 1:
            words = _("The column “%(name)s” stands here twice. Keep one.", name=name)
            faults.append(Fault(where, words, "column"))
    for name in ("code", "title"):
        if name not in names:
            words = _("The column “%(name)s” is missing. Add it.", name=name)
            faults.append(Fault(_("row %(row)s", row=number), words, "column"))
    return [known.get(name, _NOTHING) for name in names], faults


def _row(number: int, columns: Sequence[Column], cells: Sequence[str]) -> Incoming:
    content: dict[str, Any] = completed({})
    # A table says everything itself: what it has no line for is not there, and no rows are made up.
    content |= {"learning_outcomes": [], "rubric": {**content["rubric"], "criteria": []}, _FURTHER: ""}
    faults = []
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        faults.append(Fault("row", _("This row has more cells than the table has columns."), "cells"))
    read = sorted(zip(columns, cells, strict=False), key=lambda pair: _ORDER.get(pair[0].name, 0))
    for column, cell in read:
        try:
            column.read(content, unguarded(cell))
        except CellError as error:
            faults.append(Fault(column.name, str(error), "cell"))
    further = content.pop(_FURTHER)
    content["achievement_type"] = achievement_type(content).value
    return Incoming(content, row=number, further_text=further, faults=tuple(faults))


def _doubles_named(rows: Sequence[Incoming]) -> list[Incoming]:
    first: dict[str, int] = {}
    found = []
    for one in rows:
        code = str(one.content["code"])
        if code and code in first:
            words = _(
                "The code %(code)s stands in row %(row)s too. Keep one.", code=code[:60], row=first[code]
            )
            one = Incoming(
                one.content,
                row=one.row,
                further_text=one.further_text,
                faults=(*one.faults, Fault("code", words, "code.double")),
            )
        first.setdefault(code, one.row)
        found.append(one)
    return found


_FURTHER = "further_text"


def _text(name: str, holds: str, *path: str, empty: Any = "") -> Column:
    *before, last = path or (name,)

    def write(content: Content) -> str:
        value: Any = content
        for step in (*before, last):
            value = value.get(step) if isinstance(value, Mapping) else None
        return "" if value is None else str(value)

    def read(content: dict[str, Any], cell: str) -> None:
        holder = content
        for step in before:
            holder = holder[step]
        if cell or empty is not _ABSENT:
            holder[last] = cell or empty

    return Column(name, holds, write, read)


_ABSENT = object()


def _number(name: str, holds: str, *path: str, empty: Any = None) -> Column:
    plain = _text(name, holds, *path)
    *before, last = path or (name,)

    def read(content: dict[str, Any], cell: str) -> None:
        holder = content
        for step in before:
            holder = holder[step]
        holder[last] = _number_in(cell) if cell.strip() else empty

    return Column(name, holds, plain.write, read)


def _number_in(cell: str) -> float:
    found = re.fullmatch(r"\s*(-?\d{1,6})([.,]\d{1,17})?\s*", cell)
    if found is None:
        raise CellError(_("“%(value)s” is not a number, such as 12 or 1.5.", value=cell[:60]))
    return float(f"{found[1]}{found[2].replace(',', '.')}") if found[2] else int(found[1])


def _list(name: str, holds: str, *path: str) -> Column:
    *before, last = path or (name,)

    def write(content: Content) -> str:
        value: Any = content
        for step in (*before, last):
            value = value.get(step) or {}
        return lines_of([[str(one)] for one in value or []])

    def read(content: dict[str, Any], cell: str) -> None:
        holder = content
        for step in before:
            holder = holder[step]
        holder[last] = [" | ".join(row) for row in rows_of(cell)]

    return Column(name, holds, write, read)


def _yes_or_no(name: str, holds: str) -> Column:
    def read(content: dict[str, Any], cell: str) -> None:
        content[name] = _choice(cell, {"yes": True, "no": False, "": False})

    return Column(name, holds, lambda content: "yes" if content.get(name) else "no", read)


def _choice(cell: str, words: Mapping[str, Any]) -> Any:
    said = cell.strip().casefold()
    if said not in words:
        listed = ", ".join(word for word in words if word)
        raise CellError(
            _("“%(value)s” is not possible here. Write one of: %(words)s.", value=cell[:60], words=listed)
        )
    return words[said]


def _rows(cell: str, least: int, form: str, most: int | None = None) -> list[list[str]]:
    """The rows of a cell, each filled up to `most` parts; `form` shows how a line is written."""
    most = most or least
    found = []
    for number, parts in enumerate(rows_of(cell), 1):
        if not least <= len(parts) <= most:
            raise CellError(_("Line %(line)s is not written as “%(form)s”.", line=number, form=form))
        found.append(parts + [""] * (most - len(parts)))
    return found


def _write_outcomes(content: Content) -> str:
    return lines_of([one["id"], one["kind"], one["text"]] for one in content["learning_outcomes"])


def _read_outcomes(content: dict[str, Any], cell: str) -> None:
    rows = _rows(cell, 3, "LO1 | skill | Weaves a base")
    content["learning_outcomes"] = [
        {"id": id_, "kind": kind, "text": text, "alignments": []} for id_, kind, text in rows
    ]


def _write_alignments(content: Content) -> str:
    own = [(_OWN, one) for one in content["alignments"]]
    of_outcomes = [
        (outcome["id"], one) for outcome in content["learning_outcomes"] for one in outcome["alignments"]
    ]
    return lines_of(
        [place, *(one.get(name, "") for name in _ALIGNMENT)] for place, one in [*own, *of_outcomes]
    )


def _read_alignments(content: dict[str, Any], cell: str) -> None:
    outcomes = {outcome["id"]: outcome["alignments"] for outcome in content["learning_outcomes"]}
    for number, row in enumerate(_rows(cell, 3, "LO1 | name | https://… | code | framework | type", 6), 1):
        place, *values = row
        if place != _OWN and place not in outcomes:
            raise CellError(_("Line %(line)s: there is no outcome %(name)s. Write - for the whole definition.", line=number, name=place[:20]))  # fmt: skip
        one = {
            name: value
            for name, value in zip(_ALIGNMENT, values, strict=True)
            if value or name in _ALIGNMENT[:2]
        }
        (content["alignments"] if place == _OWN else outcomes[place]).append(one)


def _write_levels(content: Content) -> str:
    return lines_of([one["id"], one["name"], str(one["points"])] for one in content["rubric"]["levels"])


def _read_levels(content: dict[str, Any], cell: str) -> None:
    if not cell.strip():
        return  # the usual four levels
    rows = _rows(cell, 3, "proficient | Proficient | 3")
    content["rubric"]["levels"] = [
        {"id": id_, "name": name, "points": _number_in(points)} for id_, name, points in rows
    ]


def _write_criteria(content: Content) -> str:
    return lines_of(
        [one["id"], one["name"], ", ".join(one["outcomes"]), str(one["weight"])]
        for one in content["rubric"]["criteria"]
    )


def _read_criteria(content: dict[str, Any], cell: str) -> None:
    content["rubric"]["criteria"] = [
        {
            "id": id_,
            "name": name,
            "outcomes": [one.strip() for one in outcomes.split(",") if one.strip()],
            "weight": _number_in(weight) if weight else 1,
            "descriptors": {},
        }
        for id_, name, outcomes, weight in _rows(cell, 3, "C1 | Even border | LO1, LO2 | 1", 4)
    ]


def _write_descriptors(content: Content) -> str:
    criteria = content["rubric"]["criteria"]
    return lines_of(
        [one["id"], level, text] for one in criteria for level, text in one["descriptors"].items()
    )


def _read_descriptors(content: dict[str, Any], cell: str) -> None:
    criteria = {one["id"]: one["descriptors"] for one in content["rubric"]["criteria"]}
    for number, (criterion, level, text) in enumerate(
        _rows(cell, 3, "C1 | proficient | The border lies flat."), 1
    ):
        if criterion not in criteria:
            raise CellError(
                _("Line %(line)s: there is no criterion %(name)s.", line=number, name=criterion[:20])
            )
        criteria[criterion][level] = text


def _write_evidence(content: Content) -> str:
    return lines_of(
        [
            one["genre"],
            one["description"],
            str(one["min_count"]),
            "public" if one["in_credential"] else "private",
        ]
        for one in content["evidence_required"]
    )


def _read_evidence(content: dict[str, Any], cell: str) -> None:
    content["evidence_required"] = [
        {
            "genre": genre,
            "description": description,
            "min_count": _number_in(count),
            "in_credential": _choice(shown, {"public": True, "private": False}),
        }
        for genre, description, count, shown in _rows(cell, 4, "photo | The finished basket | 2 | private")
    ]


COLUMNS: tuple[Column, ...] = (
    _text("code", N_("Short code such as CRF-WIL-1; one that your organisation has already makes a new version")),
    _text("version", empty=_ABSENT, holds=N_("Version such as 1.0.0")),
    _text("language", empty=_ABSENT, holds=N_("Language of the texts: en, nl, es, bg, da, fi or ro")),
    _text("title", N_("Title")),
    _text("description", N_("What somebody with this badge can do, in one or two sentences")),
    _text("category", N_("Category, such as craft_technique")),
    _text("alliance_topic", N_("Topic, such as traditional_crafts")),
    _text("target_group", N_("For whom it is")),
    _number("eqf_level", N_("EQF level, 1 to 8; empty when none applies")),
    _text("level_not_applicable", N_("Why no level applies"), empty=_ABSENT),
    _text("isced_f", N_("Field of study: four figures of ISCED-F 2013")),
    *(_number(f"hours_{part}", N_("Hours of work"), "workload_hours", part, empty=None if part == "total" else 0) for part in _HOURS),
    _number("ects_awarded", N_("ECTS that really are awarded, else empty")),
    _text("participation", N_("Form of participation, such as onsite or blended")),
    _text("learning_mode", N_("Way of learning, such as Presential")),
    _list("assessment_types", N_("Types of assessment, one a line")),
    _text("supervision", N_("Planned supervision")),
    _yes_or_no("identity_verified", N_("Whether identity is verified: yes or no")),
    _text("quality_name", N_("Name of the quality assurance"), "quality_assurance", "name"),
    _text("quality_type", N_("internal or external"), "quality_assurance", "type"),
    _text("quality_description", N_("How quality is assured"), "quality_assurance", "description"),
    _text("quality_url", N_("Web address of the quality assurance, or empty"), "quality_assurance", "url", empty=None),
    _text("prerequisites", N_("What somebody needs before; None when nothing")),
    _text("stackability", N_("stand-alone, stackable or integrated"), "stackability", "kind"),
    _list("pathways", N_("Names of the pathways it counts towards, one a line"), "stackability", "pathways"),
    _number("validity_months", N_("Valid for how many months; empty: no end")),
    Column("outcomes", N_("Learning outcomes, one a line: LO1 | skill | text"), _write_outcomes, _read_outcomes),
    Column("alignments", N_("Alignments, one a line: LO1 or - | name | address | code | framework | type"), _write_alignments, _read_alignments),
    Column("rubric_levels", N_("Rubric levels, one a line: id | name | points"), _write_levels, _read_levels),
    _text("pass_level", N_("Id of the level that passes"), "rubric", "pass_level", empty=_ABSENT),
    Column("criteria", N_("Criteria, one a line: C1 | name | LO1, LO2 | weight; none makes it a certificate of completion"), _write_criteria, _read_criteria),
    Column("descriptors", N_("What a level looks like, one a line: C1 | level | text"), _write_descriptors, _read_descriptors),
    Column("evidence", N_("Evidence, one a line: kind | description | how many | public or private"), _write_evidence, _read_evidence),
    _list("activity_types", N_("Kinds of activity, one a line")),
    _text("awarded_by", N_("Who awards it")),
    _list("endorsers", N_("Who may endorse it, one a line")),
    _list("tags", N_("Tags, one a line")),
    _text(_FURTHER, N_("Further text of the public page (Markdown)")),
)  # fmt: skip
# Alignments name outcomes and descriptors name criteria, wherever their columns stand.
_ORDER = {column.name: place for place, column in enumerate(COLUMNS)}
_NOTHING = Column("", "", lambda _content: "", lambda _content, _cell: None)
