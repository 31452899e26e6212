"""The forms of workshops, one file a noun."""

from badge_service.workshops.forms.check_in import CheckInForm, CheckInRulesForm, LateClaimForm
from badge_service.workshops.forms.learners import LearnersForm
from badge_service.workshops.forms.planning import Offer, WorkshopFields, WorkshopForm

__all__ = ["CheckInForm", "CheckInRulesForm", "LateClaimForm", "LearnersForm", "Offer", "WorkshopFields", "WorkshopForm"]
