"""The words of micro-credentials in the reader's language: vocabulary, EU elements, fields, reasons for not being ready."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from badge_service.curriculum.rules import BoxRow, NotReady, Readiness, Rubric

TOPICS = {
    "traditional_crafts": _l("Traditional crafts"),
    "trends_new_technologies": _l("Trends and new technologies"),
    "circular_economy": _l("Circular economy"),
    "cross_topic": _l("Working together"),
}
CATEGORIES = {
    "craft_technique": _l("Craft technique"),
    "sustainable_fashion": _l("Sustainable fashion"),
    "sustainable_business_model": _l("Sustainable business model"),
    "digital_innovation": _l("Digital innovation"),
    "design_thinking": _l("Design thinking"),
    "student_in_the_lead": _l("Student in the lead"),
    "alliance_participation": _l("Taking part in an alliance"),
    "teacher_facilitation": _l("Teachers as coaches"),
}
PARTICIPATION = {
    "online": _l("online"),
    "onsite or blended": _l("on site or blended"),
    "volunteering": _l("volunteering"),
    "work experience": _l("work experience"),
    "personalized learning activities": _l("personalised learning activities"),
}
SUPERVISION = {
    "unsupervised with no identity verification": _l("unsupervised, identity not verified"),
    "supervised with no identity verification": _l("supervised, identity not verified"),
    "supervised online": _l("supervised online"),
    "onsite with identity verification": _l("supervised on site, identity verified"),
}
ASSESSMENTS = {
    "artefact assessment": _l("assessment of a piece of work"),
    "continuous evaluation": _l("continuous evaluation"),
    "group performance": _l("group performance"),
    "level of attendance": _l("level of attendance"),
    "marked assignment": _l("marked assignment"),
    "oral examination": _l("oral examination"),
    "peer assessment": _l("assessment by fellow learners"),
    "peer review": _l("peer review"),
    "portfolio": _l("portfolio"),
    "practical assessment": _l("practical assessment"),
    "problem based learning": _l("problem-based learning"),
    "project work": _l("project work"),
    "quiz": _l("quiz"),
    "written examination": _l("written examination"),
}
LEARNING_MODES = {
    "Presential": _l("face to face"),
    "Blended": _l("blended"),
    "Online": _l("online"),
    "Workbased": _l("work-based"),
    "Project based": _l("project-based"),
    "Research-Lab based": _l("in a research lab"),
}
QUALITY_ASSURANCE_TYPES = {"internal": _l("internal review"), "external": _l("by an outside body")}
STACKABILITY = {
    "stand-alone": _l("stands alone"),
    "stackable": _l("counts towards a larger credential"),
    "integrated": _l("part of a larger credential"),
}
OUTCOME_KINDS = {
    "knowledge": _l("Knowledge"),
    "skill": _l("Skill"),
    "responsibility": _l("Responsibility and autonomy"),
}
WORKLOAD_PARTS = {
    "guided": _l("Guided"),
    "practice": _l("Practice"),
    "self_study": _l("Self-study"),
    "assessment": _l("Assessment"),
}
ACTIVITY_TYPES = {
    "pilot_workshop": _l("Pilot workshop"),
    "master_class": _l("Master class"),
    "maker_space": _l("Maker space"),
    "co_creation_session": _l("Co-creation session"),
    "project": _l("Project"),
    "guest_lecture": _l("Guest lecture"),
    "stakeholder_outreach": _l("Stakeholder outreach"),
    "alliance_meeting": _l("Alliance meeting"),
    "teacher_training": _l("Teacher training"),
}
EU_ELEMENTS = {
    "M1": _l("Learner"),
    "M2": _l("Title"),
    "M3": _l("Country or region of the issuer"),
    "M4": _l("Awarding body"),
    "M5": _l("Date of issuing"),
    "M6": _l("Learning outcomes"),
    "M7": _l("Workload"),
    "M8": _l("Level"),
    "M9": _l("Type of assessment"),
    "M10": _l("Form of participation"),
    "M11": _l("Quality assurance"),
    "O1": _l("Prerequisites"),
    "O2": _l("Supervision and identity check"),
    "O3": _l("Grade achieved"),
    "O4": _l("Stackability"),
    "O5": _l("Further information"),
}
SOURCES = {
    "fact_sheet": _l("from the definition"),
    "credential": _l("from the badge"),
    "not_recorded": _l("not recorded"),
}
STATES = {"draft": _l("draft"), "published": _l("published"), "withdrawn": _l("withdrawn")}
FIELDS = {
    "title": _l("Title"),
    "code": _l("Code"),
    "description": _l("Description"),
    "category": _l("Category"),
    "alliance_topic": _l("Topic"),
    "achievement_type": _l("Type"),
    "language": _l("Language"),
    "target_group": _l("Target group"),
    "eqf_level": _l("EQF level"),
    "level_not_applicable": _l("Why no level applies"),
    "isced_f": _l("Field of study"),
    "workload_hours": _l("Workload in hours"),
    "total": _l("Total"),
    "guided": _l("Guided"),
    "practice": _l("Practice"),
    "self_study": _l("Self-study"),
    "assessment": _l("Assessment"),
    "ects_awarded": _l("ECTS awarded"),
    "participation": _l("Form of participation"),
    "learning_mode": _l("Way of learning"),
    "assessment_types": _l("Types of assessment"),
    "supervision": _l("Planned supervision"),
    "identity_verified": _l("Identity is verified"),
    "quality_assurance": _l("Quality assurance"),
    "name": _l("Name"),
    "type": _l("Kind"),
    "url": _l("Web address"),
    "prerequisites": _l("Prerequisites"),
    "stackability": _l("Stackability"),
    "kind": _l("Kind"),
    "pathways": _l("Pathways"),
    "validity_months": _l("Valid for months"),
    "learning_outcomes": _l("Learning outcome"),
    "text": _l("What the learner can do"),
    "alignments": _l("Alignment"),
    "targetName": _l("Name in the framework"),
    "targetUrl": _l("Web address in the framework"),
    "targetCode": _l("Code in the framework"),
    "targetFramework": _l("Framework"),
    "targetType": _l("Kind of framework"),
    "rubric": _l("Rubric"),
    "levels": _l("Rubric level"),
    "points": _l("Points"),
    "pass_level": _l("Pass level"),
    "criteria": _l("Criterion"),
    "outcomes": _l("Outcomes it judges"),
    "weight": _l("Weight"),
    "evidence_required": _l("Evidence"),
    "genre": _l("Kind of evidence"),
    "min_count": _l("How many"),
    "in_credential": _l("May be shown in the badge"),
    "activity_types": _l("Kinds of activity"),
    "awarded_by": _l("Who awards it"),
    "endorsers": _l("Who may endorse it"),
    "tags": _l("Tags"),
    "further_text": _l("Further text"),
}

_STEP = re.compile(r"([^.\[\]]+)(?:\[(\d+)\])?")
_DURATION = re.compile(r"PT(\d+)H(?:(\d+)M)?(?:, ([\d.]+) ECTS)?")


def field_label(where: str) -> str:
    """A place such as `rubric.criteria[0].name` in words: “Criterion 1: Name”."""
    steps = _STEP.findall(where)
    if len(steps) > 1:  # "rubric" and "descriptors" only hold what follows them
        steps = [step for step in steps if step[0] not in {"rubric", "descriptors"}] or steps
    named = [f"{FIELDS.get(name, name)}{f' {int(index) + 1}' if index else ''}" for name, index in steps]
    return ": ".join(named)


def word(words: Mapping[str, Any], key: Any) -> str:
    """The words for a key of a vocabulary; the key itself when it is not known."""
    return str(words.get(key, key))


def box_value(row: BoxRow) -> list[str]:
    """The lines of an EU element's value, in the reader's words; none when nothing was recorded."""
    values = row.value if isinstance(row.value, list) else [row.value]
    vocabulary = {"M9": ASSESSMENTS, "M10": PARTICIPATION, "O2": SUPERVISION, "O4": STACKABILITY}.get(
        row.id, {}
    )
    if row.id == "M7":
        values = [workload(str(value)) for value in values if value is not None]
    if row.id == "O1" and str(row.value).casefold() == "none":
        values = [_("none")]
    return [word(vocabulary, value) for value in values if value is not None]


def workload(duration: str) -> str:
    """`PT12H` or `PT30H, 1 ECTS` in words."""
    found = _DURATION.fullmatch(duration)
    if found is None:
        return duration
    hours, minutes, ects = found.groups()
    text = str(ngettext("%(num)s hour", "%(num)s hours", int(hours)))
    if minutes:
        text += " " + _("%(minutes)s minutes", minutes=minutes)
    return f"{text}, {ects} ECTS" if ects else text


def not_ready_words(found: Readiness, rubric: Rubric) -> list[str]:
    """Why somebody is not ready yet, one sentence a reason, naming the criteria."""
    names = {criterion.id: criterion.name for criterion in rubric.criteria}
    return [_not_ready(reason, found, rubric, names) for reason in found.why]


def _not_ready(reason: NotReady, found: Readiness, rubric: Rubric, names: Mapping[str, str]) -> str:
    below = rubric.level_below_pass
    low, missing = _list(names, found.below), _list(names, found.missing)
    sentences = {
        NotReady.NOT_JUDGED: lambda: _("Not judged yet: %(names)s.", names=missing),
        NotReady.TOO_LOW: lambda: _("Too low to pass: %(names)s.", names=low),
        NotReady.SEVERAL_BELOW: lambda: _("Only one criterion may be at “%(level)s”; here: %(names)s.", level=below.name if below else "", names=low),
        NotReady.TOTAL_TOO_LOW: lambda: _("%(names)s is below the pass level, and the others do not make up for it.", names=low),
        NotReady.REASON_MISSING: lambda: _("%(names)s is below the pass level: write why the badge is earned all the same.", names=low),
    }  # fmt: skip
    return str(sentences[reason]())


def _list(names: Mapping[str, str], ids: Sequence[str]) -> str:
    return ", ".join(names[one] for one in ids)
