"""The forms of workshops, one file a noun."""

from badge_service.workshops.forms.learners import LearnersForm
from badge_service.workshops.forms.planning import Offer, WorkshopFields, WorkshopForm

__all__ = ["LearnersForm", "Offer", "WorkshopFields", "WorkshopForm"]
