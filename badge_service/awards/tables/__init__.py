"""Assessment, evidence, cases, second looks, and the decision to award with its batch, the codes that claim it, and fulfilled pathways."""

from badge_service.awards.tables.assessments import (
    Assessment,
    AssessmentComment,
    AssessmentReason,
    Evidence,
)
from badge_service.awards.tables.awards import Award, AwardBatch
from badge_service.awards.tables.batches import AwardLimits, BatchItem, Undoing
from badge_service.awards.tables.cases import RecognitionCase
from badge_service.awards.tables.codes import ClaimCode
from badge_service.awards.tables.imports import AwardImport, ImportRow
from badge_service.awards.tables.second_looks import LookDraw, SecondLook
from badge_service.awards.tables.sending import AwardCorrection, ClaimReminder
from badge_service.awards.tables.stacking import FulfilmentPart, PathwayFulfilment, StandingDecision

__all__ = [
    "Assessment",
    "AssessmentComment",
    "AssessmentReason",
    "Award",
    "AwardBatch",
    "AwardCorrection",
    "AwardImport",
    "AwardLimits",
    "BatchItem",
    "ClaimCode",
    "ClaimReminder",
    "Evidence",
    "FulfilmentPart",
    "ImportRow",
    "LookDraw",
    "PathwayFulfilment",
    "RecognitionCase",
    "SecondLook",
    "StandingDecision",
    "Undoing",
]
