"""The pages of this room: keys of programs for administrators, and the description of the API."""

from badge_service.programs.pages import description, keys
from badge_service.programs.pages.blueprint import blueprint

__all__ = ["blueprint", "description", "keys"]
