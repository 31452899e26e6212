"""What a badge rests on, piece by piece as it stands now: handed in for its learner or the group, withdrawn or not."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from badge_service.awards.actions.evidence import close_piece, facts_of
from badge_service.awards.actions.grounds import Ground
from badge_service.awards.rules import AwardState
from badge_service.awards.rules.content import own_evidence
from badge_service.awards.tables import Award, Evidence
from badge_service.errors import NotFoundError
from badge_service.people.rules import Viewer
from badge_service.storage import audit
from badge_service.storage.session import now


def pieces_of(session: Session, award: Award) -> Sequence[Evidence]:
    """What was handed in for this award's learner or their whole group, withdrawn pieces among it; oldest first."""
    if award.person_id is None or (award.activity_id is None and award.case_id is None):
        return ()
    found = (
        select(Evidence)
        .where(_ground(award).of(Evidence), Evidence.version_id == award.version_id)
        .where(or_(Evidence.person_id.is_(None), Evidence.person_id == award.person_id))
    )
    return session.scalars(found.order_by(Evidence.id)).all()


def pieces_in(content: Mapping[str, Any], pieces: Sequence[Evidence]) -> list[Evidence | None]:
    """For each evidence of a signed badge, in its order, the piece that says the same, rather one that still stands.

    None for what is no piece of this service: the activity, the parts of a stacked badge, what came from elsewhere.
    """
    said = [(one, own_evidence(facts_of(one))) for one in sorted(pieces, key=_withdrawn_last)]
    signed = content.get("evidence", ())
    return [next((one for one, words in said if words == entry), None) for entry in signed]


def is_own(award: Award, piece: Evidence, signed: Sequence[Evidence | None]) -> bool:
    """Whether its learner decides who sees a piece: handed in by them, or about them alone and in their badge."""
    return piece.person_id is not None and piece.person_id == award.person_id and (
        piece.by_learner or piece in signed
    )  # fmt: skip


def open_piece(session: Session, viewer: Viewer, piece: Evidence) -> None:
    """Let everybody with its link see a piece; that its learner may do so was made sure of."""
    if piece.withdrawn_at is not None:
        raise NotFoundError(_("There is no such evidence."), code="evidence.missing")
    if piece.opened_at is None:
        piece.opened_at = now(session)
        audit.record(session, viewer.acting_key(), "evidence.open", f"evidence:{piece.token}")


def hide_piece(session: Session, viewer: Viewer, piece: Evidence) -> None:
    """Let nobody but learner and teachers see it any more, at once."""
    if piece.opened_at is not None:
        piece.opened_at = None
        audit.record(session, viewer.acting_key(), "evidence.hide", f"evidence:{piece.token}")


def withdraw_own_piece(session: Session, viewer: Viewer, award: Award, piece: Evidence) -> None:
    """Take back what the learner handed in; raises `NotFoundError` for what is not theirs to take back.

    What was signed keeps its words and digest. The door deletes the file after its commit.
    """
    if not piece.by_learner or piece.withdrawn_at is not None:
        raise NotFoundError(_("There is no such evidence."), code="evidence.missing")
    close_piece(session, viewer, _ground(award).subject, piece)


def opened_piece(session: Session, token: str) -> Evidence | None:
    """The piece that its learner, who has accepted a badge that rests on it, lets everybody with this link see."""
    owned = exists().where(
        Award.person_id == Evidence.person_id,
        Award.version_id == Evidence.version_id,
        or_(Award.activity_id == Evidence.activity_id, Award.case_id == Evidence.case_id),
        Award.accepted_at.is_not(None),
        Award.state != AwardState.DECLINED.value,
    )
    opened = (Evidence.opened_at.is_not(None), Evidence.withdrawn_at.is_(None))
    return session.scalar(select(Evidence).where(Evidence.token == token, *opened, owned))


def _ground(award: Award) -> Ground:
    return Ground(award.activity_id, award.case_id, f"award:{award.token}")


def _withdrawn_last(piece: Evidence) -> tuple[bool, int]:
    return piece.withdrawn_at is not None, piece.id
