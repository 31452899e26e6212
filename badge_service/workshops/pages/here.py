"""What the pages of workshops ask of a request: today's day, which page of a list, and who plans at all."""

from datetime import date

from badge_service.storage.session import now
from badge_service.web.unit_of_work import current_session

PLANNERS = ("teacher", "let_lead", "organisation_admin")


def today() -> date:
    """The day of this request, in UTC."""
    return now(current_session()).date()
