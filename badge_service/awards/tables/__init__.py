"""Assessment, evidence, cases, and the decision to award with its batch, the codes that claim it, and fulfilled pathways."""

from badge_service.awards.tables.assessments import (
    Assessment,
    AssessmentComment,
    AssessmentReason,
    Evidence,
)
from badge_service.awards.tables.awards import Award, AwardBatch
from badge_service.awards.tables.cases import RecognitionCase
from badge_service.awards.tables.batches import AwardLimits, BatchItem, Undoing
from badge_service.awards.tables.codes import ClaimCode
from badge_service.awards.tables.stacking import FulfilmentPart, PathwayFulfilment, StandingDecision

__all__ = [
    "Assessment",
    "AssessmentComment",
    "AssessmentReason",
    "Award",
    "AwardBatch",
    "AwardLimits",
    "BatchItem",
    "ClaimCode",
    "Evidence",
    "FulfilmentPart",
    "PathwayFulfilment",
    "RecognitionCase",
    "StandingDecision",
    "Undoing",
]
