"""The words of micro-credentials in the reader's language."""

from badge_service.curriculum.words.elements import (
    EXPLANATIONS,
    Explanation,
    told_element,
)
from badge_service.curriculum.words.facts import (
    box_value,
    workload,
)
from badge_service.curriculum.words.feedback import (
    APPROACHES,
    FINDING_KINDS,
    IMPACTS,
    REQUEST_STATES,
    SEVERITIES,
    SOURCE_KINDS,
    STEPS,
    source_facts,
)
from badge_service.curriculum.words.fields import (
    FIELDS,
    field_label,
)
from badge_service.curriculum.words.look import COLOURS, HEADINGS, LOOKS
from badge_service.curriculum.words.readiness import (
    not_ready_words,
    pass_rule_words,
    ready_words,
)
from badge_service.curriculum.words.steps import STEPS as EDITOR_STEPS
from badge_service.curriculum.words.verbs import verbs, weak_start
from badge_service.curriculum.words.vocabulary import (
    ACTIVITY_TYPES,
    ASSESSMENTS,
    CATEGORIES,
    EU_ELEMENTS,
    KINDS,
    LEARNING_MODES,
    OUTCOME_KINDS,
    PARTICIPATION,
    QUALITY_ASSURANCE_TYPES,
    SOURCES,
    STACKABILITY,
    STATES,
    SUPERVISION,
    TOPICS,
    WORKLOAD_PARTS,
    word,
)

__all__ = [
    "ACTIVITY_TYPES",
    "APPROACHES",
    "ASSESSMENTS",
    "CATEGORIES",
    "COLOURS",
    "EDITOR_STEPS",
    "EU_ELEMENTS",
    "EXPLANATIONS",
    "FIELDS",
    "FINDING_KINDS",
    "HEADINGS",
    "IMPACTS",
    "KINDS",
    "LEARNING_MODES",
    "LOOKS",
    "OUTCOME_KINDS",
    "PARTICIPATION",
    "QUALITY_ASSURANCE_TYPES",
    "REQUEST_STATES",
    "SEVERITIES",
    "SOURCES",
    "SOURCE_KINDS",
    "STACKABILITY",
    "STATES",
    "STEPS",
    "SUPERVISION",
    "TOPICS",
    "WORKLOAD_PARTS",
    "Explanation",
    "box_value",
    "field_label",
    "not_ready_words",
    "pass_rule_words",
    "ready_words",
    "source_facts",
    "told_element",
    "verbs",
    "weak_start",
    "word",
    "workload",
]
