"""The learner's pages (`learner_pages`), the files and codes of open badges (`public_pages`), and fragments for slots."""

from badge_service.backpack.pages.answers import no_open_badge, withdrawn_badge
from badge_service.backpack.pages.fragments import home_badges, listed_at_definition
from badge_service.backpack.pages.learner import learner_pages
from badge_service.backpack.pages.public import public_pages

__all__ = [
    "home_badges",
    "learner_pages",
    "listed_at_definition",
    "no_open_badge",
    "public_pages",
    "withdrawn_badge",
]
