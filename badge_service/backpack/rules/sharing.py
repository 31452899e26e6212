"""Who may see a badge's page (decisions 16), and why a badge may not be opened to others."""

from enum import StrEnum

from badge_service.awards.rules import AgeBand, AwardState, Sharing


class Refusal(StrEnum):
    """Why the page of a badge cannot be opened."""

    NOT_ACCEPTED = "badge.not_accepted"
    WITHDRAWN = "badge.withdrawn"
    TOO_YOUNG = "badge.age"
    AGE_UNKNOWN = "badge.age_unknown"


def refusal_to_open(state: str, age_band: str | None) -> Refusal | None:
    """What keeps a badge of this award state and this learner's age band from being opened, or `None`."""
    if state == AwardState.REVOKED:
        return Refusal.WITHDRAWN
    if state != AwardState.ACCEPTED:
        return Refusal.NOT_ACCEPTED
    if age_band is None:
        return Refusal.AGE_UNKNOWN
    return Refusal.TOO_YOUNG if age_band == AgeBand.UNDER_LIMIT else None


def is_open(state: str, sharing: str, *, was_accepted: bool) -> bool:
    """Whether strangers may see the page: a badge revoked while open stays open, so that its page can say so."""
    alive = state in (AwardState.ACCEPTED, AwardState.REVOKED)
    return was_accepted and alive and sharing != Sharing.PRIVATE
