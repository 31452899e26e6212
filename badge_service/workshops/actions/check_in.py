"""Takes what learners say at the door of a workshop, lists it for its teachers, and forgets it in time."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badge_service.errors import ConflictError, Fault, InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.storage import outbox
from badge_service.storage.files import keep_file
from badge_service.storage.session import now, token
from badge_service.web.paging import Listing, page_of
from badge_service.web.pictures import Kept
from badge_service.web.uploads import Cleaned
from badge_service.workshops.actions.check_in_doors import Door
from badge_service.workshops.actions.finding import require_managed
from badge_service.workshops.rules import (
    MOST_CLAIMS_WAITING,
    MOST_WAITING,
    CheckIn,
    Decision,
    Phase,
    Said,
    check_in_faults,
    claim_faults,
)
from badge_service.workshops.tables import CheckInPiece, CheckInRequest, Workshop

A_PAGE = 50
NO_FILES = Cleaned()
FORGET = "check_in.forget"
REFUSED_ARE_KEPT, ALL_ARE_KEPT = timedelta(days=30), timedelta(days=365)


def ask(
    session: Session,
    viewer: Viewer,
    door: Door,
    said: Said,
    *,
    number_typed: str = "",
    on_screen: bool = False,
) -> CheckInRequest:
    """Say “I am here” on a day of the workshop; the class list is not looked at, so the answer is the same for all.

    Whoever is signed in says it as themself and needs to type nothing. Raises InvalidError with every fault, ConflictError
    when nothing is taken today.
    """
    if not door.is_open or door.phase is not Phase.HERE:
        raise ConflictError(_("Nobody can check in here today."), code="check_in.closed")
    if viewer.person_id is None:
        refuse_faults(check_in_faults(said, number_typed))
    kind = CheckIn.SCREEN if on_screen else CheckIn.CODE
    return _add(session, viewer, door, said, kind, door.today)


def claim(
    session: Session,
    viewer: Viewer,
    door: Door,
    said: Said,
    day: date | None,
    *,
    number_typed: str = "",
    files: Cleaned = NO_FILES,
    folder: Path,
) -> CheckInRequest:
    """Say afterwards “I was there, and did this”, with pictures or PDFs, which are kept under `folder`.

    It awards nothing, and counts only once a teacher approved it. Raises InvalidError with every fault, ConflictError when
    it is too late.
    """
    if not door.is_open or not door.claimable:
        raise ConflictError(_("It is too late for this here. Ask your teacher."), code="check_in.closed")
    own = Said(viewer.name, None, said.account) if viewer.person_id is not None else said
    faults = claim_faults(own, number_typed if viewer.person_id is None else "", files.count)
    if day not in door.claimable:
        faults.append(Fault("day", _("Choose the day on which you were there."), "day"))
    refuse_faults([*faults, *files.faults])
    request = _add(session, viewer, door, own, CheckIn.LATE, day or door.claimable[0])
    for kept in files.kept:
        _keep_piece(session, request, kept, folder)
    session.flush()
    session.refresh(request, ["pieces"])
    return request


def asked_at(session: Session, door: Door, request_token: str) -> CheckInRequest:
    """What somebody asked at this door, for whoever has the address they were sent to; raises NotFoundError."""
    query = select(CheckInRequest).where(CheckInRequest.token == request_token)
    found = session.scalar(query.where(CheckInRequest.workshop_id == door.workshop.id))
    if found is None:
        raise NotFoundError(_("Nothing was asked at this address."))
    return found


def requests_of(
    session: Session, viewer: Viewer, workshop: Workshop, *, late: bool = False, page: int = 1
) -> Listing[CheckInRequest]:
    """One page of what waits for a decision, the oldest first: those who say they are here, or late claims."""
    require_managed(viewer, workshop)
    waiting = select(CheckInRequest).where(
        CheckInRequest.workshop_id == workshop.id, CheckInRequest.state == Decision.WAITING.value
    )
    kind = CheckInRequest.kind == CheckIn.LATE.value
    return page_of(session, waiting.where(kind if late else ~kind).order_by(CheckInRequest.id), page, A_PAGE)


def waiting_requests(session: Session, workshop: Workshop) -> tuple[int, int]:
    """How many say that they are here, and how many that they were, and wait for a decision."""
    waiting = (CheckInRequest.workshop_id == workshop.id, CheckInRequest.state == Decision.WAITING.value)
    query = select(CheckInRequest.kind, func.count()).where(*waiting).group_by(CheckInRequest.kind)
    counts = dict(session.execute(query).all())
    late = counts.pop(CheckIn.LATE.value, 0)
    return sum(counts.values()), late


def decided_requests(session: Session, viewer: Viewer, workshop: Workshop) -> Sequence[CheckInRequest]:
    """The newest decisions, late claims and others."""
    require_managed(viewer, workshop)
    decided = select(CheckInRequest).where(
        CheckInRequest.workshop_id == workshop.id, CheckInRequest.decided_at.is_not(None)
    )
    return session.scalars(decided.order_by(CheckInRequest.decided_at.desc()).limit(20)).all()


def find_piece(session: Session, viewer: Viewer, workshop: Workshop, piece_token: str) -> CheckInPiece:
    """A file of a late claim, for the teachers of its workshop; raises NotFoundError."""
    require_managed(viewer, workshop)
    query = select(CheckInPiece).join(CheckInRequest, CheckInRequest.id == CheckInPiece.request_id)
    found = session.scalar(
        query.where(CheckInPiece.token == piece_token, CheckInRequest.workshop_id == workshop.id)
    )
    if found is None:
        raise NotFoundError(_("There is no such file."))
    return found


def forget_request(session: Session, request_id: int, folder: Path) -> None:
    """Empty what somebody typed and delete their files; who counts as present stays as it is. Safe to repeat."""
    request = session.get(CheckInRequest, request_id)
    if request is None:
        return
    for piece in list(request.pieces):
        (folder / piece.token).unlink(missing_ok=True)
        session.delete(piece)
    request.name, request.number, request.account, request.person_id = "", None, "", None
    if request.state == Decision.WAITING.value:
        request.state, request.decided_at = Decision.REFUSED.value, now(session)


def _add(
    session: Session, viewer: Viewer, door: Door, said: Said, kind: CheckIn, day: date
) -> CheckInRequest:
    here, late = waiting_requests(session, door.workshop)
    if kind is CheckIn.LATE and late >= MOST_CLAIMS_WAITING:
        message = _("Too many wait for your teacher's yes. Tell your teacher that you were there.")
        raise ConflictError(message, code="check_in.full")
    if here + late >= MOST_WAITING:
        raise ConflictError(_("The list is full. Tell your teacher that you are here."), code="check_in.full")
    request = CheckInRequest(
        token=token(session),
        workshop_id=door.workshop.id,
        day=day,
        kind=kind.value,
        name=said.name.strip() or viewer.name,
        number=said.number,
        person_id=viewer.person_id,
        account=said.account.strip(),
        state=Decision.WAITING.value,
        asked_at=now(session),
    )
    session.add(request)
    session.flush()
    outbox.promise(session, FORGET, {"request": request.id}, due_at=now(session) + ALL_ARE_KEPT)
    return request


def _keep_piece(session: Session, request: CheckInRequest, kept: Kept, folder: Path) -> None:
    piece = CheckInPiece(
        token=token(session), request_id=request.id, media_type=kept.media_type, digest=kept.digest
    )
    keep_file(session, folder, piece.token, kept.content)
    session.add(piece)


def refuse_faults(faults: list[Fault]) -> None:
    """Raise InvalidError with these faults, if there are any."""
    if faults:
        raise InvalidError(_("Something needs correcting."), faults=faults)
