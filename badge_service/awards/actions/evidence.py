"""Keeps what was handed in: texts and links as rows, files outside the web root under random names."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from badge_service.awards.actions.grounds import Ground, Place, ground_of
from badge_service.awards.actions.notices import EVIDENCE_MAIL
from badge_service.awards.actions.teaching import Learner, learners_in, require_taught
from badge_service.awards.rules import ACTIVITY, EvidenceFacts, EvidenceKind, evidence_faults
from badge_service.awards.tables import Evidence
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import Fault, InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.storage import audit, outbox
from badge_service.storage.files import keep_file
from badge_service.storage.session import now, token
from badge_service.web.pictures import Kept, keep_evidence


@dataclass(frozen=True)
class HandedIn:
    """One piece of evidence as it was sent: a file's bytes, a link, or a text; `person_id` `None` is the whole group.

    `cleaned` is the file of who cleaned it beforehand, as pages do while they hold no session. `own_page` when the link
    is the public page of an activity here.
    """

    title: str
    genre: str = "other"
    text: str = ""
    url: str | None = None
    file: bytes | None = None
    cleaned: Kept | None = None
    person_id: int | None = None
    in_credential: bool = False
    own_page: bool = False

    @property
    def kind(self) -> EvidenceKind:
        """A file if there is one, else a link if there is one, else a text."""
        if self.file is not None or self.cleaned is not None:
            return EvidenceKind.FILE
        return EvidenceKind.LINK if self.url else EvidenceKind.TEXT


def add_evidence(
    session: Session,
    viewer: Viewer,
    place: Place,
    version: DefinitionVersion,
    handed_in: HandedIn,
    folder: Path,
) -> Evidence:
    """Keep one piece of evidence; a file is cleaned, written under `folder` by a random name, and known by its digest.

    Raises `InvalidError` with every fault, the lint's for what is to stand in the badge among them; `NotFoundError` for a
    foreign place.
    """
    require_taught(viewer, place)
    return keep_piece(session, viewer, place, version, handed_in, folder)


def keep_piece(
    session: Session,
    viewer: Viewer,
    place: Place,
    version: DefinitionVersion,
    handed_in: HandedIn,
    folder: Path,
    *,
    by_learner: bool = False,
) -> Evidence:
    """Keep what was handed in by somebody of whom it was made sure that they may; raises `InvalidError` with every fault."""
    actor = viewer.acting_key()
    learners = learners_in(session, place)
    faults = _faults(handed_in, [learner.name for learner in learners])
    if handed_in.person_id is not None and handed_in.person_id not in {one.person_id for one in learners}:
        faults.append(Fault("person_id", _("This learner is not in this group."), "learner"))
    if faults:
        raise InvalidError(_("This evidence cannot be kept yet."), code="evidence", faults=faults)
    ground = ground_of(place)
    kept = handed_in.cleaned
    if handed_in.file is not None:
        kept = keep_evidence(handed_in.file, where="file")
    row = _row(session, ground, actor, version, handed_in, kept)
    row.by_learner = by_learner
    if kept is not None:
        keep_file(session, folder, row.token, kept.content)
    session.add(row)
    session.flush()
    audit.record(session, actor, "evidence.add", ground.subject, evidence=row.token, kind=row.kind)
    return row


def evidence_of(
    session: Session, place: Place, version: DefinitionVersion, person_id: int | None = None
) -> Sequence[Evidence]:
    """What was handed in and not withdrawn: all of it, or the group's and this learner's own; oldest first."""
    found = (
        select(Evidence)
        .where(ground_of(place).of(Evidence), Evidence.version_id == version.id)
        .where(Evidence.withdrawn_at.is_(None))
        .order_by(Evidence.id)
    )
    if person_id is not None:
        found = found.where(or_(Evidence.person_id.is_(None), Evidence.person_id == person_id))
    return session.scalars(found).all()


def pieces_needed(version: DefinitionVersion) -> int:
    """How many pieces of evidence a definition asks for, all kinds together."""
    return sum(int(one.get("min_count") or 1) for one in version.content.get("evidence_required", ()))


def evidence_lacking(
    session: Session, place: Place, version: DefinitionVersion, learners: Sequence[Learner]
) -> dict[int, int]:
    """How many pieces are attached, by person id, for those learners who have fewer than the definition asks for.

    Pieces are counted, the group's among them; that each is the right one is for the assessor to say.
    """
    needed = pieces_needed(version)
    owners = [one.person_id for one in evidence_of(session, place, version)]
    counts = {one.person_id: sum(owner in (None, one.person_id) for owner in owners) for one in learners}
    return {person_id: count for person_id, count in counts.items() if count < needed}


def facts_of(piece: Evidence) -> EvidenceFacts:
    """What a badge says of a piece that stands in it."""
    return EvidenceFacts(piece.title, piece.genre, piece.text, piece.url, piece.digest)


def let_into_badge(
    session: Session, viewer: Viewer, place: Place, evidence_token: str, *, wanted: bool
) -> Evidence:
    """Let a piece stand in badges that are still to be given, or not; raises `NotFoundError`.

    Raises `InvalidError` with what the lint finds: words that name somebody are never signed.
    """
    require_taught(viewer, place)
    row = find_evidence(session, place, evidence_token)
    if wanted:
        names = [learner.name for learner in learners_in(session, place)]
        own_page = row.genre == ACTIVITY
        whole = HandedIn(row.title, row.genre, row.text, row.url, in_credential=True, own_page=own_page)
        if faults := _faults(whole, names, EvidenceKind(row.kind)):
            raise InvalidError(_("This evidence cannot stand in a badge."), code="evidence", faults=faults)
    if row.in_credential != wanted:
        row.in_credential = wanted
        subject = ground_of(place).subject
        audit.record(
            session, viewer.acting_key(), "evidence.in_badge", subject, evidence=row.token, wanted=wanted
        )
        session.flush()
    return row


def withdraw_evidence(session: Session, viewer: Viewer, place: Place, evidence_token: str) -> None:
    """Take a piece of evidence back; what was signed keeps its text and digest, and a learner who handed it in is told.

    Raises `NotFoundError`.

    The door deletes the file by `delete_file` after its commit.
    """
    require_taught(viewer, place)
    row = find_evidence(session, place, evidence_token)
    close_piece(session, viewer, ground_of(place).subject, row)
    if row.by_learner:
        outbox.promise(session, EVIDENCE_MAIL, {"evidence": row.token})


def close_piece(session: Session, viewer: Viewer, subject: str, row: Evidence) -> None:
    """Mark a piece as taken back by this person; `subject` is its ground, as the audit log calls it."""
    row.withdrawn_at, row.withdrawn_by, row.opened_at = now(session), viewer.acting_key(), None
    audit.record(session, viewer.acting_key(), "evidence.withdraw", subject, evidence=row.token)


def find_evidence(session: Session, place: Place, evidence_token: str) -> Evidence:
    """One piece of this place's evidence; raises `NotFoundError`."""
    row = session.scalar(
        select(Evidence).where(
            Evidence.token == evidence_token,
            ground_of(place).of(Evidence),
            Evidence.withdrawn_at.is_(None),
        )
    )
    if row is None:
        raise NotFoundError(_("There is no such evidence."), code="evidence.missing")
    return row


def read_file(folder: Path, row: Evidence) -> bytes:
    """The bytes of a file that was handed in; raises `NotFoundError` when there is none."""
    path = folder / row.token
    if row.kind != EvidenceKind.FILE or not path.is_file():
        raise NotFoundError(_("There is no such file."), code="evidence.file")
    return path.read_bytes()


def delete_file(folder: Path, evidence_token: str) -> None:
    """Delete the file of a piece of evidence that was withdrawn; safe to repeat, and where there never was a file."""
    (folder / evidence_token).unlink(missing_ok=True)


def _faults(handed_in: HandedIn, names: list[str], kind: EvidenceKind | None = None) -> list[Fault]:
    return evidence_faults(
        kind or handed_in.kind,
        title=handed_in.title,
        text=handed_in.text,
        url=handed_in.url,
        genre=handed_in.genre,
        in_credential=handed_in.in_credential,
        learner_names=names,
        own_page=handed_in.own_page,
    )


def _row(
    session: Session,
    ground: Ground,
    actor: str,
    version: DefinitionVersion,
    handed_in: HandedIn,
    kept: Kept | None,
) -> Evidence:
    return Evidence(
        token=token(session),
        **ground.key,
        version_id=version.id,
        person_id=handed_in.person_id,
        kind=handed_in.kind.value,
        genre=handed_in.genre,
        title=handed_in.title.strip(),
        text=handed_in.text.strip(),
        url=handed_in.url or None,
        media_type=kept.media_type if kept else None,
        digest=kept.digest if kept else None,
        in_credential=handed_in.in_credential,
        added_by=actor,
        added_at=now(session),
    )
