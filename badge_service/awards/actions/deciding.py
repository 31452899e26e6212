"""The one place where a badge is decided: gives it, and settles the pathways that it completes, in one transaction."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from badge_service.awards.actions.giving import Decision, Given, Occasion, give
from badge_service.awards.actions.stacking.settling import settle
from badge_service.settings import Settings


def decide(
    session: Session, settings: Settings, occasion: Occasion, decisions: Sequence[Decision]
) -> list[Given]:
    """Write down awards and what will be signed for them; every award of this service ends here.

    A constant number of statements for any number of decisions, those for pathways among them. A person always
    decides: `decided_by` is their key. Raises `ConflictError` when the organisation cannot issue, `NotFoundError` when
    the version was never published.
    """
    given = give(session, settings, occasion, decisions)
    settle(session, settings, [decision.person_id for decision in decisions], version=occasion.version)
    return given
