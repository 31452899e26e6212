"""What is true of workshops: who teaches them, what a plan needs, how class lists are read, what enrolling would do."""

from badge_service.web.csv_files import RowFault
from badge_service.workshops.rules.check_in import (
    LATE_DAYS,
    LONGEST_ACCOUNT,
    MOST_CLAIMS_WAITING,
    MOST_LATE_DAYS,
    MOST_PIECES,
    MOST_WAITING,
    CheckIn,
    Decision,
    Listed,
    Phase,
    Said,
    check_in_faults,
    claim_faults,
    days_to_claim,
    phase_of,
    rule_faults,
    who_it_is,
)
from badge_service.workshops.rules.csv_file import as_csv, parse_csv
from badge_service.workshops.rules.dates import Meeting, in_order
from badge_service.workshops.rules.enrolling import Effect, Enrolled, Outcome, Preview, foresee
from badge_service.workshops.rules.joining import Joining, JoinRequest, Place, Places
from badge_service.workshops.rules.kinds import LearnerKind
from badge_service.workshops.rules.learners import LearnerList, LearnerRow, folded
from badge_service.workshops.rules.lines import parse_learners
from badge_service.workshops.rules.plan import TeachingPlan, plan_faults, teaches
from badge_service.workshops.rules.presence import begun, counts_as_present, days_that_count

__all__ = [
    "LATE_DAYS",
    "LONGEST_ACCOUNT",
    "MOST_CLAIMS_WAITING",
    "MOST_LATE_DAYS",
    "MOST_PIECES",
    "MOST_WAITING",
    "CheckIn",
    "Decision",
    "Effect",
    "Enrolled",
    "JoinRequest",
    "Joining",
    "LearnerKind",
    "LearnerList",
    "LearnerRow",
    "Listed",
    "Meeting",
    "Outcome",
    "Phase",
    "Place",
    "Places",
    "Preview",
    "RowFault",
    "Said",
    "TeachingPlan",
    "as_csv",
    "begun",
    "check_in_faults",
    "claim_faults",
    "counts_as_present",
    "days_that_count",
    "days_to_claim",
    "folded",
    "foresee",
    "in_order",
    "parse_csv",
    "parse_learners",
    "phase_of",
    "plan_faults",
    "rule_faults",
    "teaches",
    "who_it_is",
]
