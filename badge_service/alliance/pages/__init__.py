"""The pages about alliances, what they do, plan, and need."""

from badge_service.alliance.pages import activities, alliances
from badge_service.alliance.pages.blueprint import blueprint

__all__ = ["activities", "alliances", "blueprint"]
