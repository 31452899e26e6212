"""What learners do with the evidence of their badges: open a piece by link, close it at once, take it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.actions.pieces import (
    hide_piece,
    is_own,
    open_piece,
    opened_piece,
    pieces_in,
    pieces_of,
    withdraw_own_piece,
)
from badge_service.awards.tables import Award, Evidence
from badge_service.backpack.actions.own_badges import hold_own_award, own_award
from badge_service.backpack.actions.sharing import require_openable
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import Fault, InvalidError, NotFoundError
from badge_service.people.actions import give_consent, standing_consents, withdraw_consent
from badge_service.people.rules import Viewer
from badge_service.register.actions import current_edition

CONSENT_KIND = "evidence.link"
CONSENT_TEXT = "evidence-1"


class Wish(StrEnum):
    """What the learner wants to become of a piece."""

    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class OwnPiece:
    """One piece as its learner's page shows it; `is_signed` when its words or digest stand in the badge."""

    piece: Evidence
    is_signed: bool
    may_open: bool
    may_withdraw: bool


@dataclass(frozen=True)
class OpenEvidence:
    """A piece that its learner has opened, and for which micro-credential it was handed in."""

    piece: Evidence
    version: DefinitionVersion


def own_pieces(session: Session, viewer: Viewer, token: str) -> list[OwnPiece]:
    """The pieces of the viewer's badge whose openness is theirs to decide, and those taken back that stand in it."""
    award = own_award(session, viewer, token)
    signed = signed_pieces(session, award)
    return [
        OwnPiece(
            piece,
            is_signed=piece in signed,
            may_open=piece.withdrawn_at is None,
            may_withdraw=piece.by_learner and piece.withdrawn_at is None,
        )
        for piece in pieces_of(session, award)
        if is_own(award, piece, signed) and (piece.withdrawn_at is None or piece in signed)
    ]


def set_piece(session: Session, viewer: Viewer, token: str, piece_token: str, wish: str) -> Wish:
    """Open, close or take back one piece of the viewer's badge; closing always works.

    Raises `InvalidError` for another word, `NotFoundError` for what is not theirs to decide, `ConflictError` and
    `NotAllowedError` as opening the badge's page does.
    """
    award = hold_own_award(session, viewer, token)
    piece, wanted = _find(session, award, piece_token), _wish(wish)
    if wanted is Wish.OPEN:
        require_openable(award)
        open_piece(session, viewer, piece)
    elif wanted is Wish.CLOSED:
        hide_piece(session, viewer, piece)
    else:
        withdraw_own_piece(session, viewer, award, piece)
    _record_consent(session, viewer, piece)
    session.flush()
    return wanted


def open_evidence(session: Session, piece_token: str) -> OpenEvidence:
    """What everybody with the link may see; raises `NotFoundError` alike for unknown, closed and withdrawn pieces."""
    piece = opened_piece(session, piece_token)
    if piece is None:
        raise NotFoundError(_("There is no open evidence at this address."), code="evidence.not_open")
    return OpenEvidence(piece, session.get_one(DefinitionVersion, piece.version_id))


def signed_pieces(session: Session, award: Award) -> Sequence[Evidence | None]:
    """For each evidence of the badge as it is signed now, in its order, the piece of this service that it is."""
    edition = current_edition(session, award.token)
    return pieces_in(edition.content, pieces_of(session, award)) if edition is not None else ()


def evidence_now(session: Session, token: str) -> Sequence[Evidence | None]:
    """The same for the badge at this address, for the page that strangers see."""
    award = session.scalar(select(Award).where(Award.token == token))
    return signed_pieces(session, award) if award is not None else ()


def _wish(word: str) -> Wish:
    try:
        return Wish(word)
    except ValueError as error:
        message = _("Choose what shall happen with this evidence.")
        raise InvalidError(message, faults=[Fault("evidence", message, "evidence")]) from error


def _find(session: Session, award: Award, piece_token: str) -> Evidence:
    signed = signed_pieces(session, award)
    for piece in pieces_of(session, award):
        if piece.token == piece_token and is_own(award, piece, signed):
            return piece
    raise NotFoundError(_("There is no such evidence."), code="evidence.missing")


def _record_consent(session: Session, viewer: Viewer, piece: Evidence) -> None:
    subject = f"evidence:{piece.token}"
    stands = any(one.subject == subject for one in standing_consents(session, viewer, CONSENT_KIND))
    if piece.opened_at is not None and not stands:
        give_consent(
            session,
            viewer,
            kind=CONSENT_KIND,
            subject=subject,
            text_version=CONSENT_TEXT,
            how="badge page",
        )
    elif piece.opened_at is None and stands:
        withdraw_consent(session, viewer, kind=CONSENT_KIND, subject=subject)
