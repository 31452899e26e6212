"""The pages about alliances, what they do, plan, and need."""

from badge_service.alliance.pages import activities, alliances, co_creation, needs, plans
from badge_service.alliance.pages.blueprint import blueprint

__all__ = ["activities", "alliances", "blueprint", "co_creation", "needs", "plans"]
