"""The pages of workshops."""

from badge_service.workshops.pages import planning
from badge_service.workshops.pages.blueprint import blueprint

__all__ = ["blueprint", "planning"]
