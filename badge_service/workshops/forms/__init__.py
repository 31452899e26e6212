"""The forms of workshops, one file a noun."""

from badge_service.workshops.forms.check_in import CheckInForm, CheckInRulesForm, LateClaimForm
from badge_service.workshops.forms.joining import ConsentTextForm, JoinForm, OpeningForm
from badge_service.workshops.forms.learners import LearnersForm
from badge_service.workshops.forms.planning import Offer, WorkshopFields, WorkshopForm
from badge_service.workshops.forms.teaching import TeachingForm

__all__ = [
    "CheckInForm",
    "CheckInRulesForm",
    "ConsentTextForm",
    "JoinForm",
    "LateClaimForm",
    "LearnersForm",
    "Offer",
    "OpeningForm",
    "TeachingForm",
    "WorkshopFields",
    "WorkshopForm",
]
