"""What is true of workshops: who teaches them, what a plan needs, and how class lists are read."""

from badge_service.workshops.rules.csv_file import parse_csv
from badge_service.workshops.rules.learners import (
    LearnerList,
    LearnerRow,
    RowFault,
    as_line,
    first_of_each,
    folded,
)
from badge_service.workshops.rules.lines import parse_learners
from badge_service.workshops.rules.plan import manages, plan_faults, teaches

__all__ = [
    "LearnerList",
    "LearnerRow",
    "RowFault",
    "as_line",
    "first_of_each",
    "folded",
    "manages",
    "parse_csv",
    "parse_learners",
    "plan_faults",
    "teaches",
]
