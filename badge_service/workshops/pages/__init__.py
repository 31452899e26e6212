"""The pages of workshops, one file a noun; importing them puts their routes on the blueprint."""

from badge_service.workshops.pages import enrolling, own, planning, presence
from badge_service.workshops.pages.blueprint import blueprint

__all__ = ["blueprint", "enrolling", "own", "planning", "presence"]
