"""The pages of this room: keys of programs and webhooks for administrators, and the description of the API."""

from badge_service.programs.pages import description, keys, webhooks
from badge_service.programs.pages.blueprint import blueprint

__all__ = ["blueprint", "description", "keys", "webhooks"]
