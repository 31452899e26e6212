"""Pilot workshops: what they teach, who teaches, and who is enrolled."""

from badge_service.workshops.tables.workshops import Enrolment, Workshop, WorkshopTrainer, WorkshopVersion

__all__ = ["Enrolment", "Workshop", "WorkshopTrainer", "WorkshopVersion"]
