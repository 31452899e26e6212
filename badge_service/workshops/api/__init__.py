"""The API for workshops: read and plan them, keep their class lists, say who was there."""

from badge_service.workshops.api import enrolments, planning, presence
from badge_service.workshops.api.blueprint import blueprint

__all__ = ["blueprint", "enrolments", "planning", "presence"]
