"""The capacity log of a team: what it did to become more able. It only grows; a mistake is corrected by a new entry."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from badge_service.curriculum.actions.teams import find_own_let, members_of_let
from badge_service.curriculum.rules.teams import CapacityFacts, capacity_faults
from badge_service.curriculum.tables import CapacityEntry, CapacityPresence, Let, LetMember
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.storage import audit
from badge_service.storage.session import now, token
from badge_service.web.paging import Listing, page_of


@dataclass(frozen=True)
class CapacitySum:
    """What a log adds up to, corrected entries left out: how many entries, minutes, and minutes times people."""

    entries: int
    minutes: int
    person_minutes: int


def log_capacity(
    session: Session,
    viewer: Viewer,
    let: Let,
    facts: CapacityFacts,
    corrects: CapacityEntry | None = None,
) -> CapacityEntry:
    """Add an entry; with `corrects`, one that takes that one's place. Raises InvalidError with every fault,
    NotFoundError for a foreign team, ConflictError when that entry was corrected already.
    """
    actor = viewer.acting_key()
    own = find_own_let(session, viewer, let.slug, lock=True)
    faults = capacity_faults(facts, now(session).date())
    members = {one.token: one for one in members_of_let(session, own)}
    if faults or not set(facts.members) <= set(members):
        raise InvalidError(_("Something needs correcting."), faults=faults)
    if corrects is not None:
        _require_last(session, own, corrects)
    entry = CapacityEntry(
        token=token(session),
        let_id=own.id,
        held_on=facts.held_on,
        what=facts.what.strip(),
        topic=facts.topic.strip(),
        minutes=facts.minutes,
        headcount=facts.headcount,
        corrects_id=corrects.id if corrects else None,
        recorded_by=actor,
        recorded_at=now(session),
    )
    session.add(entry)
    session.flush()
    session.add_all(
        CapacityPresence(entry_id=entry.id, member_id=members[one].id) for one in set(facts.members)
    )
    session.flush()
    audit.record(session, actor, "let.log_capacity", f"let:{own.slug}", entry=entry.token)
    return entry


def find_capacity_entry(session: Session, viewer: Viewer, let: Let, entry_token: str) -> CapacityEntry:
    """An entry of the log of a team that the viewer leads; raises NotFoundError."""
    own = find_own_let(session, viewer, let.slug)
    query = select(CapacityEntry).where(CapacityEntry.let_id == own.id, CapacityEntry.token == entry_token)
    entry = session.scalar(query)
    if entry is None:
        raise NotFoundError(_("There is no such entry in this log."), code="capacity.unknown")
    return entry


def capacity_log(session: Session, let: Let, page: int = 1) -> Listing[CapacityEntry]:
    """One page of a team's log, the newest day first, corrected entries among them."""
    query = select(CapacityEntry).where(CapacityEntry.let_id == let.id)
    return page_of(session, query.order_by(CapacityEntry.held_on.desc(), CapacityEntry.id.desc()), page)


def capacity_sum(session: Session, let: Let) -> CapacitySum:
    """What the log of a team adds up to."""
    people = CapacityEntry.minutes * CapacityEntry.headcount
    query = select(func.count(), func.sum(CapacityEntry.minutes), func.sum(people))
    entries, minutes, person_minutes = session.execute(
        query.where(CapacityEntry.let_id == let.id, ~_is_corrected())
    ).one()
    return CapacitySum(entries, int(minutes or 0), int(person_minutes or 0))


def corrected_among(session: Session, entries: Sequence[CapacityEntry]) -> frozenset[int]:
    """The ids of those of these entries that a later entry corrects."""
    ids = [entry.id for entry in entries]
    return frozenset(
        session.scalars(select(CapacityEntry.corrects_id).where(CapacityEntry.corrects_id.in_(ids)))
    )


def present_at(session: Session, entries: Sequence[CapacityEntry]) -> dict[int, list[LetMember]]:
    """Which members took part in each of these entries."""
    query = (
        select(CapacityPresence.entry_id, LetMember)
        .join(LetMember, LetMember.id == CapacityPresence.member_id)
        .where(CapacityPresence.entry_id.in_([entry.id for entry in entries]))
        .order_by(LetMember.since, LetMember.id)
    )
    found: dict[int, list[LetMember]] = {}
    for entry_id, member in session.execute(query):
        found.setdefault(entry_id, []).append(member)
    return found


def _require_last(session: Session, let: Let, entry: CapacityEntry) -> None:
    if entry.let_id != let.id:
        raise NotFoundError(_("There is no such entry in this log."), code="capacity.unknown")
    later = session.scalar(select(CapacityEntry.id).where(CapacityEntry.corrects_id == entry.id))
    if later is not None:
        raise ConflictError(
            _("This entry was corrected already. Correct the newer one."), code="capacity.corrected"
        )


def _is_corrected() -> ColumnElement[bool]:
    later = aliased(CapacityEntry)
    return select(later.id).where(later.corrects_id == CapacityEntry.id).exists()
