"""Who teaches a workshop, and what its plan needs."""

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _

from badge_service.alliance.rules import may_plan
from badge_service.errors import Fault
from badge_service.people.rules import Role, Viewer
from badge_service.web.texts import text_faults
from badge_service.workshops.rules.dates import Meeting, date_faults

MOST_PLACES = 1000
MOST_ITERATIONS = 99
LONGEST_NOTE = 1000


@dataclass(frozen=True)
class TeachingPlan:
    """The teaching side of a workshop: ids of definition versions and of trainers, the how-manieth time, the places.

    `curriculum_version_id` and `hub_id` are what it was planned from and where, if that is known; without `meetings` it
    meets on the first and the last day of its activity. The notes are for everybody to read.
    """

    version_ids: tuple[int, ...]
    trainer_ids: tuple[int, ...]
    iteration: int = 1
    capacity: int | None = None
    curriculum_version_id: int | None = None
    hub_id: int | None = None
    meetings: tuple[Meeting, ...] = ()
    material_notes: str = ""
    accessibility_notes: str = ""


def teaches(viewer: Viewer, organisation_id: int, trainers: Collection[int]) -> bool:
    """Whether somebody assesses and awards: a teacher of the organisation, or a trainer who plans for it still."""
    if viewer.has_role(Role.TEACHER, organisation_id):
        return True
    return viewer.person_id in trainers and may_plan(viewer, organisation_id)


def plan_faults(plan: TeachingPlan) -> list[Fault]:
    """Everything wrong with a plan in itself."""
    faults = []
    if not plan.version_ids:
        faults.append(
            Fault("versions", _("Choose at least one micro-credential that is taught."), "required")
        )
    if not plan.trainer_ids:
        faults.append(Fault("trainers", _("Choose at least one trainer: they assess and award."), "required"))
    if not 1 <= plan.iteration <= MOST_ITERATIONS:
        message = _("Write 1 for the first time this workshop is held, 2 for the second, up to 99.")
        faults.append(Fault("iteration", message, "range"))
    if plan.capacity is not None and not 1 <= plan.capacity <= MOST_PLACES:
        faults.append(Fault("capacity", _("Write a number from 1 to 1000, or leave it empty."), "range"))
    for where in ("material_notes", "accessibility_notes"):
        faults += text_faults(where, getattr(plan, where), LONGEST_NOTE, lines=True, needed=False)
    return faults + date_faults(plan.meetings)
