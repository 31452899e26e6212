"""Takes what learners say at the door of a workshop, and lets its teachers approve or refuse it by hand."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badge_service.errors import ConflictError, Fault, InvalidError, NotFoundError
from badge_service.people.actions import person_by_id
from badge_service.people.rules import Viewer
from badge_service.storage import audit, outbox
from badge_service.storage.session import now, token
from badge_service.web.paging import Listing, page_of
from badge_service.web.pictures import Kept, keep_evidence
from badge_service.web.texts import text_faults
from badge_service.workshops.actions.check_in_doors import Door
from badge_service.workshops.actions.enrolments import enrol
from badge_service.workshops.actions.finding import require_managed
from badge_service.workshops.actions.presence import mark_presence
from badge_service.workshops.rules import (
    LONGEST_REASON,
    MOST_PIECES,
    MOST_WAITING,
    CheckIn,
    Decision,
    LearnerRow,
    Listed,
    Phase,
    Said,
    check_in_faults,
    claim_faults,
    who_it_is,
)
from badge_service.workshops.tables import CheckInPiece, CheckInRequest, Enrolment, WaitingPlace, Workshop

A_PAGE = 50
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
        _refuse(check_in_faults(said, number_typed))
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
    files: Sequence[bytes] = (),
    folder: Path,
) -> CheckInRequest:
    """Say afterwards “I was there, and did this”, with pictures or PDFs, which are cleaned and kept under `folder`.

    It awards nothing, and counts only once a teacher approved it. Raises InvalidError with every fault, ConflictError when
    it is too late.
    """
    if not door.is_open or not door.claimable:
        raise ConflictError(_("It is too late for this here. Ask your teacher."), code="check_in.closed")
    own = Said(viewer.name, None, said.account) if viewer.person_id is not None else said
    faults = claim_faults(own, number_typed if viewer.person_id is None else "", len(files))
    if day not in door.claimable:
        faults.append(Fault("day", _("Choose the day on which you were there."), "day"))
    pieces, file_faults = _cleaned(files[:MOST_PIECES])
    _refuse(faults + file_faults)
    request = _add(session, viewer, door, own, CheckIn.LATE, day or door.claimable[0])
    for kept in pieces:
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
    query = (
        select(CheckInRequest.kind == CheckIn.LATE.value, func.count())
        .where(CheckInRequest.workshop_id == workshop.id, CheckInRequest.state == Decision.WAITING.value)
        .group_by(CheckInRequest.kind == CheckIn.LATE.value)
    )
    counts = {bool(late): count for late, count in session.execute(query)}
    return counts.get(False, 0), counts.get(True, 0)


def decided_requests(session: Session, viewer: Viewer, workshop: Workshop) -> Sequence[CheckInRequest]:
    """The newest decisions, late claims and others."""
    require_managed(viewer, workshop)
    decided = select(CheckInRequest).where(
        CheckInRequest.workshop_id == workshop.id, CheckInRequest.decided_at.is_not(None)
    )
    return session.scalars(decided.order_by(CheckInRequest.decided_at.desc()).limit(20)).all()


def likely_learners(
    session: Session, workshop: Workshop, requests: Collection[CheckInRequest]
) -> dict[int, Listed]:
    """Whom of the class list each request most likely is of, by the id of the request, where only one can be meant."""
    listed = _listed(session, workshop) if requests else []
    found = {one.id: who_it_is(Said(one.name, one.number), one.person_id, listed) for one in requests}
    return {number: match for number, match in found.items() if match}


def approve(
    session: Session, viewer: Viewer, workshop: Workshop, chosen: Mapping[int, int | None]
) -> list[CheckInRequest]:
    """Write down as present those of these requests that still wait: each as the learner with this number, or (None) as new.

    Nobody is asked of a request decided meanwhile. Raises InvalidError naming every number that nobody has (and then
    approves nothing), ConflictError for a cancelled workshop, NotFoundError for a foreign one.
    """
    waiting = _waiting(session, viewer, workshop, chosen)
    by_number = {one.number: one for one in _listed(session, workshop)}
    faults = [
        Fault(f"number:{one.id}", _("Nobody on the class list has this number."), "number")
        for one in waiting
        if chosen[one.id] is not None and chosen[one.id] not in by_number
    ]
    _refuse(faults)
    marks: dict[tuple[date, str], dict[int, bool]] = defaultdict(dict)
    for one in waiting:
        number = chosen[one.id]
        entry = _enrolled(session, viewer, workshop, one) if number is None else None
        one.enrolment_id = entry.id if entry else by_number[number or 0].enrolment_id
        marks[one.day, one.kind][entry.number if entry else number or 0] = True
        _decide(session, viewer, workshop, one, Decision.APPROVED)
    session.flush()
    for (day, kind), present in marks.items():
        mark_presence(session, viewer, workshop, day, present, kind)
    return waiting


def approve_certain(session: Session, viewer: Viewer, workshop: Workshop) -> list[CheckInRequest]:
    """Approve at once everybody who says that they are here and of whom it is clear who they are; late claims wait."""
    require_managed(viewer, workshop)
    waiting = session.scalars(
        select(CheckInRequest).where(
            CheckInRequest.workshop_id == workshop.id,
            CheckInRequest.state == Decision.WAITING.value,
            CheckInRequest.kind != CheckIn.LATE.value,
        )
    ).all()
    certain = likely_learners(session, workshop, waiting)
    return approve(session, viewer, workshop, {number: one.number for number, one in certain.items()})


def refuse(
    session: Session, viewer: Viewer, workshop: Workshop, ids: Collection[int], reason: str
) -> list[CheckInRequest]:
    """Refuse those of these requests that still wait; the reason stands on the page of who asked.

    Raises InvalidError without a usable reason, NotFoundError for a foreign workshop.
    """
    waiting = _waiting(session, viewer, workshop, ids)
    _refuse(text_faults("reason", reason, LONGEST_REASON, lines=True))
    for one in waiting:
        one.reason = reason.strip()
        _decide(session, viewer, workshop, one, Decision.REFUSED)
        due = now(session) + REFUSED_ARE_KEPT
        outbox.promise(session, FORGET, {"request": one.id}, due_at=due)
    return waiting


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
    waiting = sum(waiting_requests(session, door.workshop))
    if waiting >= MOST_WAITING:
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


def _cleaned(files: Sequence[bytes]) -> tuple[list[Kept], list[Fault]]:
    """The files as they are kept, and what is wrong with the others."""
    kept, faults = [], []
    for content in files:
        try:
            kept.append(keep_evidence(content, where="files"))
        except InvalidError as error:
            faults += error.faults
    return kept, faults


def _keep_piece(session: Session, request: CheckInRequest, kept: Kept, folder: Path) -> None:
    piece = CheckInPiece(
        token=token(session), request_id=request.id, media_type=kept.media_type, digest=kept.digest
    )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / piece.token).write_bytes(kept.content)
    session.add(piece)


def _waiting(
    session: Session, viewer: Viewer, workshop: Workshop, ids: Collection[int]
) -> list[CheckInRequest]:
    """Those that still wait, locked, so that two teachers at once decide each of them only once."""
    require_managed(viewer, workshop)
    query = select(CheckInRequest).where(
        CheckInRequest.workshop_id == workshop.id,
        CheckInRequest.id.in_(list(ids)),
        CheckInRequest.state == Decision.WAITING.value,
    )
    return list(session.scalars(query.order_by(CheckInRequest.id).with_for_update()))


def _decide(
    session: Session, viewer: Viewer, workshop: Workshop, request: CheckInRequest, decision: Decision
) -> None:
    request.state, request.decided_at = decision.value, now(session)
    request.decided_by = viewer.acting_key()
    subject = f"activity:{workshop.activity.token}"
    audit.record(session, viewer.key, f"check_in.{decision.value}", subject, request=request.id)


def _listed(session: Session, workshop: Workshop) -> list[Listed]:
    query = select(Enrolment.id, Enrolment.person_id, Enrolment.number, Enrolment.name)
    rows = session.execute(query.where(Enrolment.workshop_id == workshop.id, Enrolment.removed_at.is_(None)))
    return [Listed(*row) for row in rows]


def _enrolled(session: Session, viewer: Viewer, workshop: Workshop, request: CheckInRequest) -> Enrolment:
    """Put somebody on the class list who was not on it; a signed-in person as themself."""
    if request.person_id is not None:
        return _enrolled_person(session, workshop, request)
    row = LearnerRow(1, request.name or f"№ {request.number}", None, request.number)
    changed = enrol(session, viewer, workshop, [row])
    if changed:
        return changed[0]
    said = who_it_is(Said(row.name), None, _listed(session, workshop))
    if said is None:
        message = _("Several on the class list have this name. Write the number of the one who is meant.")
        raise InvalidError(message, faults=[Fault(f"number:{request.id}", message, "number")])
    return session.get_one(Enrolment, said.enrolment_id)


def _enrolled_person(session: Session, workshop: Workshop, request: CheckInRequest) -> Enrolment:
    session.execute(select(Workshop.id).where(Workshop.id == workshop.id).with_for_update(of=Workshop))
    mine = (Enrolment.workshop_id == workshop.id, Enrolment.person_id == request.person_id)
    entry = session.scalar(select(Enrolment).where(*mine))
    if entry is None:
        last = session.scalar(select(func.max(Enrolment.number)).where(Enrolment.workshop_id == workshop.id))
        person = person_by_id(session, request.person_id or 0)
        entry = Enrolment(
            workshop_id=workshop.id,
            person_id=person.id,
            number=(last or 0) + 1,
            name=person.name,
            present=True,
            enrolled_at=now(session),
        )
        session.add(entry)
    entry.removed_at = None
    waits = (WaitingPlace.workshop_id == workshop.id, WaitingPlace.person_id == request.person_id)
    for place in session.scalars(select(WaitingPlace).where(*waits)):
        session.delete(place)
    session.flush()
    return entry


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise InvalidError(_("Something needs correcting."), faults=faults)
