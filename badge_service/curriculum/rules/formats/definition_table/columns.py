"""All columns of the definitions' table in their order, each with what it holds in words."""

from badge_service.curriculum.rules.formats.definition_table.column import (
    ABSENT,
    Column,
    lines,
    number,
    text,
    yes_or_no,
)
from badge_service.curriculum.rules.formats.definition_table.parts import (
    read_alignments,
    read_criteria,
    read_descriptors,
    read_evidence,
    read_levels,
    read_outcomes,
    write_alignments,
    write_criteria,
    write_descriptors,
    write_evidence,
    write_levels,
    write_outcomes,
)
from badge_service.errors import N_

_HOURS = ("total", "guided", "practice", "self_study", "assessment")
FURTHER = "further_text"
COLUMNS: tuple[Column, ...] = (
    text("code", N_("Short code such as CRF-WIL-1; one that your organisation has already makes a new version")),
    text("version", empty=ABSENT, holds=N_("Version such as 1.0.0")),
    text("language", empty=ABSENT, holds=N_("Language of the texts: en, nl, es, bg, da, fi or ro")),
    text("title", N_("Title")),
    text("description", N_("What somebody with this badge can do, in one or two sentences")),
    text("category", N_("Category, such as craft_technique")),
    text("alliance_topic", N_("Topic, such as traditional_crafts")),
    text("target_group", N_("For whom it is")),
    number("eqf_level", N_("EQF level, 1 to 8; empty when none applies")),
    text("level_not_applicable", N_("Why no level applies"), empty=ABSENT),
    text("isced_f", N_("Field of study: four figures of ISCED-F 2013")),
    *(number(f"hours_{part}", N_("Hours of work"), "workload_hours", part, empty=None if part == "total" else 0) for part in _HOURS),
    number("ects_awarded", N_("ECTS that really are awarded, else empty")),
    text("participation", N_("Form of participation, such as onsite or blended")),
    text("learning_mode", N_("Way of learning, such as Presential")),
    lines("assessment_types", N_("Types of assessment, one a line")),
    text("supervision", N_("Planned supervision")),
    yes_or_no("identity_verified", N_("Whether identity is verified: yes or no")),
    text("quality_name", N_("Name of the quality assurance"), "quality_assurance", "name"),
    text("quality_type", N_("internal or external"), "quality_assurance", "type"),
    text("quality_description", N_("How quality is assured"), "quality_assurance", "description"),
    text("quality_url", N_("Web address of the quality assurance, or empty"), "quality_assurance", "url", empty=None),
    text("prerequisites", N_("What somebody needs before; None when nothing")),
    text("stackability", N_("stand-alone, stackable or integrated"), "stackability", "kind"),
    lines("pathways", N_("Names of the pathways it counts towards, one a line"), "stackability", "pathways"),
    number("validity_months", N_("Valid for how many months; empty: no end")),
    Column("outcomes", N_("Learning outcomes, one a line: LO1 | skill | text"), write_outcomes, read_outcomes),
    Column("alignments", N_("Alignments, one a line: LO1 or - | name | address | code | framework | type"), write_alignments, read_alignments),
    Column("rubric_levels", N_("Rubric levels, one a line: id | name | points"), write_levels, read_levels),
    text("pass_level", N_("Id of the level that passes"), "rubric", "pass_level", empty=ABSENT),
    Column("criteria", N_("Criteria, one a line: C1 | name | LO1, LO2 | weight; none makes it a certificate of completion"), write_criteria, read_criteria),
    Column("descriptors", N_("What a level looks like, one a line: C1 | level | text"), write_descriptors, read_descriptors),
    Column("evidence", N_("Evidence, one a line: kind | description | how many | public or private"), write_evidence, read_evidence),
    lines("activity_types", N_("Kinds of activity, one a line")),
    text("awarded_by", N_("Who awards it")),
    lines("endorsers", N_("Who may endorse it, one a line")),
    lines("tags", N_("Tags, one a line")),
    text(FURTHER, N_("Further text of the public page (Markdown)")),
)  # fmt: skip
# Alignments name outcomes and descriptors name criteria, wherever their columns stand.
ORDER = {column.name: place for place, column in enumerate(COLUMNS)}
NOTHING = Column("", "", lambda _content: "", lambda _content, _cell: None)
