"""Pilot workshops: what they teach and when, who teaches, who is enrolled or waits, and what learners agree to."""

from badge_service.workshops.tables.check_in import Attendance, CheckInDoor, CheckInPiece, CheckInRequest
from badge_service.workshops.tables.dates import WorkshopDate
from badge_service.workshops.tables.joining import WaitingPlace, WorkshopConsentText
from badge_service.workshops.tables.workshops import Enrolment, Workshop, WorkshopTrainer, WorkshopVersion

__all__ = [
    "Attendance",
    "CheckInDoor",
    "CheckInPiece",
    "CheckInRequest",
    "Enrolment",
    "WaitingPlace",
    "Workshop",
    "WorkshopConsentText",
    "WorkshopDate",
    "WorkshopTrainer",
    "WorkshopVersion",
]
