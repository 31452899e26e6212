"""Takes the files of a late claim that a teacher said yes to into the evidence, as what their learner handed in."""

from collections.abc import Collection
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.actions.evidence import HandedIn, evidence_of, keep_piece
from badge_service.awards.actions.teaching import require_taught
from badge_service.awards.rules import LONGEST_TEXT
from badge_service.awards.tables import Evidence
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.people.rules import Viewer
from badge_service.web.i18n import long_date
from badge_service.web.pictures import Kept
from badge_service.workshops.rules import CheckIn, Decision
from badge_service.workshops.tables import CheckInPiece, CheckInRequest, Enrolment, Workshop


def take_claims(
    session: Session,
    viewer: Viewer,
    workshop: Workshop,
    version: DefinitionVersion,
    request_ids: Collection[int],
    folder: Path,
) -> list[Evidence]:
    """Keep the files of these claims, where they were approved, as evidence of their learners; twice is once.

    Nobody but the teachers and their learner sees them, and none stands in a badge before somebody lets it in. The files
    lie in `folder` already; each is copied, so that forgetting the claim leaves the evidence. Raises `NotFoundError` for a
    foreign workshop.
    """
    require_taught(viewer, workshop)
    known = {(one.person_id, one.digest) for one in evidence_of(session, workshop, version)}
    query = (
        select(CheckInRequest, CheckInPiece, Enrolment.person_id)
        .join(CheckInPiece, CheckInPiece.request_id == CheckInRequest.id)
        .join(Enrolment, Enrolment.id == CheckInRequest.enrolment_id)
        .where(
            CheckInRequest.workshop_id == workshop.id,
            CheckInRequest.id.in_(list(request_ids)),
            CheckInRequest.kind == CheckIn.LATE.value,
            CheckInRequest.state == Decision.APPROVED.value,
            Enrolment.removed_at.is_(None),
        )
        .order_by(CheckInPiece.id)
    )
    taken = []
    for claim, piece, person_id in session.execute(query).all():
        path = folder / piece.token
        if (person_id, piece.digest) in known or not path.is_file():
            continue
        known.add((person_id, piece.digest))
        handed_in = _handed_in(claim, piece, path.read_bytes(), person_id)
        kept = keep_piece(session, viewer, workshop, version, handed_in, folder, by_learner=True)
        taken.append(kept)
    return taken


def _handed_in(claim: CheckInRequest, piece: CheckInPiece, content: bytes, person_id: int) -> HandedIn:
    return HandedIn(
        title=_("What the learner sent afterwards, %(day)s", day=long_date(claim.day)),
        genre="photo" if piece.media_type.startswith("image/") else "document",
        text=claim.account[:LONGEST_TEXT],
        cleaned=Kept(content, piece.media_type, piece.digest),
        person_id=person_id,
    )
