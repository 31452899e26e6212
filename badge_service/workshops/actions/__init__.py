"""What teachers do with a workshop: plan it, enrol learners, mark who was there, find it again."""

from badge_service.workshops.actions.enrolments import (
    JOINING,
    enrol,
    learner_counts,
    learners_of,
    mark_present,
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
from badge_service.workshops.actions.planning import (
    edit,
    plan_workshop,
    trainer_choices,
    version_choices,
)

__all__ = [
    "JOINING",
    "edit",
    "enrol",
    "find_workshop",
    "learner_counts",
    "learners_of",
    "mark_present",
    "may_manage",
    "may_teach",
    "next_workshops",
    "plan_workshop",
    "preview_enrolment",
    "remove",
    "taught_in",
    "taught_in_alliance",
    "trainer_choices",
    "version_choices",
    "workshop_of",
    "workshops_of",
]
