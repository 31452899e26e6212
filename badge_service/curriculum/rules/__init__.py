"""What is true of micro-credentials, without any I/O: their content, pass rule, achievement, EU facts, versions, pathways."""

from badge_service.curriculum.rules.achievement import Place, achievement, level_id, result_id
from badge_service.curriculum.rules.content import (
    Content,
    Criterion,
    Rubric,
    RubricLevel,
    blank_content,
    rubric_of,
)
from badge_service.curriculum.rules.eu_box import IDENTITY_SENTENCE, BoxRow, eu_box
from badge_service.curriculum.rules.eu_check import ElementCheck, check_eu_elements
from badge_service.curriculum.rules.eu_facts import (
    fact_sheet,
    fact_sheet_bytes,
    related_resource,
)
from badge_service.curriculum.rules.faults import faults_beyond_schema
from badge_service.curriculum.rules.kinds import AchievementType, achievement_type, is_assessed
from badge_service.curriculum.rules.merging import Clash, fingerprints, merged
from badge_service.curriculum.rules.narrative import criteria_narrative, pass_rule
from badge_service.curriculum.rules.pathways import Progress, badge_count, codes_in, progress
from badge_service.curriculum.rules.readiness import NotReady, Readiness, needed_total, readiness
from badge_service.curriculum.rules.states import VersionState
from badge_service.curriculum.rules.versions import FIRST, Step, Version, parse_version

__all__ = [
    "FIRST",
    "IDENTITY_SENTENCE",
    "AchievementType",
    "BoxRow",
    "Clash",
    "Content",
    "Criterion",
    "ElementCheck",
    "NotReady",
    "Place",
    "Progress",
    "Readiness",
    "Rubric",
    "RubricLevel",
    "Step",
    "Version",
    "VersionState",
    "achievement",
    "achievement_type",
    "badge_count",
    "blank_content",
    "check_eu_elements",
    "codes_in",
    "criteria_narrative",
    "eu_box",
    "fact_sheet",
    "fact_sheet_bytes",
    "faults_beyond_schema",
    "fingerprints",
    "is_assessed",
    "level_id",
    "merged",
    "needed_total",
    "parse_version",
    "pass_rule",
    "progress",
    "readiness",
    "related_resource",
    "result_id",
    "rubric_of",
]
