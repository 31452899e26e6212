"""Takes many awards back at once, in a constant number of statements: a whole batch, or all that a person awarded."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from badge_service.awards.actions.codes import end_codes
from badge_service.awards.actions.mailing import cancel_mails_of
from badge_service.awards.actions.stacking.upkeep import parts_ended, stack_ended
from badge_service.awards.rules import AwardState
from badge_service.awards.tables import Award
from badge_service.programs.actions import webhooks
from badge_service.programs.rules.webhooks import Event
from badge_service.register import actions as register
from badge_service.register.rules import RevocationReason
from badge_service.storage.bulk import one_of
from badge_service.storage.session import now

AT_ONCE = 500


def take_back(
    session: Session, awards: Sequence[tuple[int, str]], reason: RevocationReason, *, actor: str | None
) -> None:
    """Revoke these (id, token), which the caller holds; mails that have not left and codes end, pathways are looked at.

    The door re-signs the lists after its commit.
    """
    for start in range(0, len(awards), AT_ONCE):
        _take_back(session, awards[start : start + AT_ONCE], reason, actor)


def _take_back(
    session: Session, awards: Sequence[tuple[int, str]], reason: RevocationReason, actor: str | None
) -> None:
    ids, tokens = [id_ for id_, _token in awards], [token for _id, token in awards]
    register.revoke_many(session, tokens, reason, actor=actor)
    session.execute(
        update(Award)
        .where(one_of(session, Award.id, ids), Award.ended_at.is_(None))
        .values(state=AwardState.REVOKED.value, ended_at=now(session))
    )
    cancel_mails_of(session, tokens)
    end_codes(session, ids)
    stacked = select(Award).where(one_of(session, Award.id, ids), Award.fulfilment_id.is_not(None))
    for award in session.scalars(stacked.execution_options(populate_existing=True)).all():
        stack_ended(session, award)
    parts_ended(session, ids)
    _tell(session, ids)
    session.flush()


def _tell(session: Session, ids: Sequence[int]) -> None:
    """Webhooks of the awards' organisations are told."""
    owned = (
        select(Award.organisation_id, Award.token).where(one_of(session, Award.id, ids)).order_by(Award.id)
    )
    tokens: dict[int, list[str]] = {}
    for organisation_id, token in session.execute(owned):
        tokens.setdefault(organisation_id, []).append(token)
    for organisation_id, theirs in tokens.items():
        webhooks.tell(session, organisation_id, Event.REVOKED, theirs)
