"""What teachers do with a workshop: plan it, enrol learners, mark who was there, find it again."""

from badge_service.workshops.actions.dates import date_of, meetings_of
from badge_service.workshops.actions.enrolments import (
    JOINING,
    enrol,
    learner_counts,
    learners_of,
    preview_enrolment,
    remove,
)
from badge_service.workshops.actions.finding import (
    find_workshop,
    may_manage,
    may_teach,
    next_workshops,
    taught_in,
    taught_in_alliance,
    workshop_of,
    workshops_of,
)
from badge_service.workshops.actions.offering import (
    curriculum_choices,
    hub_choices,
    next_iterations,
    partner_choices,
    taught_by,
    trainer_choices,
    version_choices,
)
from badge_service.workshops.actions.planning import edit, plan_workshop
from badge_service.workshops.actions.presence import (
    days_missed,
    days_of,
    days_to_mark,
    mark_presence,
    mark_present,
    marks_on,
    needed_days,
    presence_page,
    recount_presence,
)

__all__ = [
    "JOINING",
    "curriculum_choices",
    "date_of",
    "days_missed",
    "days_of",
    "days_to_mark",
    "edit",
    "enrol",
    "find_workshop",
    "hub_choices",
    "learner_counts",
    "learners_of",
    "mark_presence",
    "mark_present",
    "marks_on",
    "may_manage",
    "may_teach",
    "meetings_of",
    "needed_days",
    "next_iterations",
    "next_workshops",
    "partner_choices",
    "plan_workshop",
    "presence_page",
    "preview_enrolment",
    "recount_presence",
    "remove",
    "taught_by",
    "taught_in",
    "taught_in_alliance",
    "trainer_choices",
    "version_choices",
    "workshop_of",
    "workshops_of",
]
