"""What kind of achievement a definition is: this follows from what is assessed and is never chosen against it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from badge_service.curriculum.rules.content import Content


class AchievementType(StrEnum):
    """The standard's words for what this service defines (OB 3.0, AchievementType)."""

    MICRO_CREDENTIAL = "MicroCredential"
    CERTIFICATE = "CertificateOfCompletion"


def achievement_type(content: Content) -> AchievementType:
    """A micro-credential where outcomes are assessed, else a certificate of completion; a draft may lack any field."""
    return AchievementType.MICRO_CREDENTIAL if is_assessed(content) else AchievementType.CERTIFICATE


def is_assessed(content: Content) -> bool:
    """Whether criteria judge what somebody has learnt; only a list of criteria that is there and empty says no."""
    rubric: Any = content.get("rubric")
    criteria: Any = rubric.get("criteria") if isinstance(rubric, Mapping) else None
    return not isinstance(criteria, list) or bool(criteria)
