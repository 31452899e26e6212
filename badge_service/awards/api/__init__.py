"""The API for assessments and awards: levels and badges, each decided in the name of a teacher."""

from badge_service.awards.api import assessments, awarding, given
from badge_service.awards.api.blueprint import blueprint

__all__ = ["assessments", "awarding", "blueprint", "given"]
