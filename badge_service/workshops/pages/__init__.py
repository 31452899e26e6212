"""The pages of workshops, one file a noun; importing them puts their routes on the blueprint."""

from badge_service.workshops.pages import (
    calendar,
    check_in,
    check_in_screen,
    enrolling,
    feedback,
    joining,
    opening,
    own,
    planning,
    presence,
    teaching,
)
from badge_service.workshops.pages.blueprint import blueprint
from badge_service.workshops.pages.check_in_door import door_blueprint

__all__ = [
    "blueprint",
    "calendar",
    "check_in",
    "check_in_screen",
    "door_blueprint",
    "enrolling",
    "feedback",
    "joining",
    "opening",
    "own",
    "planning",
    "presence",
    "teaching",
]
