"""The words of micro-credentials in the reader's language."""

from badge_service.curriculum.words.elements import (
    EXPLANATIONS,
    Explanation,
)
from badge_service.curriculum.words.facts import (
    box_value,
    workload,
)
from badge_service.curriculum.words.fields import (
    FIELDS,
    field_label,
)
from badge_service.curriculum.words.readiness import (
    not_ready_words,
)
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
    "ASSESSMENTS",
    "CATEGORIES",
    "EU_ELEMENTS",
    "EXPLANATIONS",
    "FIELDS",
    "KINDS",
    "LEARNING_MODES",
    "OUTCOME_KINDS",
    "PARTICIPATION",
    "QUALITY_ASSURANCE_TYPES",
    "SOURCES",
    "STACKABILITY",
    "STATES",
    "SUPERVISION",
    "TOPICS",
    "WORKLOAD_PARTS",
    "Explanation",
    "box_value",
    "field_label",
    "not_ready_words",
    "word",
    "workload",
]
