"""What the fields of a definition are called on pages."""

import re

from flask_babel import lazy_gettext as _l

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
    "rule": _l("What it takes"),
    "parts": _l("Parts, in the version that is named"),
    "pathway": _l("Pathway"),
    "units": _l("Unit"),
    "topics": _l("Topic of the calendar"),
    "hours": _l("Hours"),
    "approaches": _l("Approach"),
    "impacts": _l("Impact"),
    "definitions": _l("Micro-credential"),
    "iteration": _l("Iteration"),
    "starts": _l("First day"),
    "ends": _l("Last day"),
    "slug": _l("Micro-credential"),
    "version": _l("Version"),
    "picture": _l("Picture of your own"),
    "look": _l("Picture"),
}

_STEP = re.compile(r"([^.\[\]]+)(?:\[(\d+)\])?")


def field_label(where: str) -> str:
    """A place such as `rubric.criteria[0].name` in words: “Criterion 1: Name”."""
    steps = _STEP.findall(where)
    if len(steps) > 1:  # "rubric" and "descriptors" only hold what follows them
        steps = [step for step in steps if step[0] not in {"rubric", "descriptors"}] or steps
    named = [f"{FIELDS.get(name, name)}{f' {int(index) + 1}' if index else ''}" for name, index in steps]
    return ": ".join(named)
