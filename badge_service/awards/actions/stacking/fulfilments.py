"""Fulfilled pathways on the desk of those who decide: proposals, postponed ones, and badges of which a part has ended."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from badge_service.awards.actions.ending import end_award
from badge_service.awards.actions.locking import lock_award
from badge_service.awards.actions.stacking.held import HeldBadge, held_by, lock_people
from badge_service.awards.actions.stacking.settling import give_stacks, settle
from badge_service.awards.actions.stacking.telling import promise_stack_mails
from badge_service.awards.actions.stacking.upkeep import end_fulfilment, standing_stack
from badge_service.awards.rules import AwardState
from badge_service.awards.rules.stacks import OPEN, FulfilmentState
from badge_service.awards.tables import Award, FulfilmentPart, PathwayFulfilment
from badge_service.curriculum.rules import VersionState
from badge_service.curriculum.tables import DefinitionVersion, PathwayVersion
from badge_service.errors import ConflictError, NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Person
from badge_service.register import actions as register
from badge_service.register.rules import RevocationReason
from badge_service.settings import Settings
from badge_service.storage import audit
from badge_service.storage.session import now
from badge_service.web.paging import Listing, page_of

WAITING = (FulfilmentState.PROPOSED, FulfilmentState.FLAGGED)


@dataclass(frozen=True)
class PartLine:
    """One part of a fulfilment: its badge, its state, and the name of who decided it ("" when nobody known did)."""

    award: Award
    decider: str


@dataclass(frozen=True)
class FulfilmentView:
    """A fulfilment with its parts; `stack` is the badge that was given for it, while it stands.

    `earlier` are the other versions of the pathway whose badge the same learner holds, the oldest first.
    """

    fulfilment: PathwayFulfilment
    parts: Sequence[PartLine]
    stack: Award | None
    earlier: Sequence[str]

    @property
    def not_accepted(self) -> int:
        """How many parts still wait for their learner's answer."""
        return sum(part.award.state == AwardState.HELD for part in self.parts)

    @property
    def unnamed(self) -> bool:
        """Whether a part was decided by nobody whom this service knows by name."""
        return any(not part.decider for part in self.parts)


def fulfilments_to_decide(
    session: Session, viewer: Viewer, states: Sequence[FulfilmentState] = WAITING, page: int = 1
) -> Listing[PathwayFulfilment]:
    """What waits for a person of the viewer's organisations, flagged badges first, then the oldest."""
    found = select(PathwayFulfilment).where(_mine(viewer), PathwayFulfilment.ended_at.is_(None))
    found = found.where(PathwayFulfilment.state.in_([state.value for state in states]))
    return page_of(session, found.order_by(PathwayFulfilment.state, PathwayFulfilment.id), page)


def count_to_decide(session: Session, viewer: Viewer) -> int:
    """How many fulfilments wait for a person of the viewer's organisations."""
    waiting = select(func.count()).select_from(PathwayFulfilment).where(_mine(viewer))
    open_ones = waiting.where(PathwayFulfilment.state.in_([state.value for state in WAITING]))
    return session.scalar(open_ones.where(PathwayFulfilment.ended_at.is_(None))) or 0


def look_at_fulfilment(session: Session, viewer: Viewer, token: str) -> FulfilmentView:
    """One fulfilment with its parts; raises `NotFoundError` for foreign ones."""
    fulfilment = _find(session, viewer, token)
    rows = session.execute(
        select(Award, Person.name)
        .join(FulfilmentPart, FulfilmentPart.award_id == Award.id)
        .outerjoin(Person, Person.key == Award.decided_by)
        .where(FulfilmentPart.fulfilment_id == fulfilment.id)
        .order_by(Award.id)
    ).all()
    parts = [PartLine(award, name or "") for award, name in rows]
    earlier = held_versions(session, [fulfilment]).get(fulfilment.id, ())
    return FulfilmentView(fulfilment, parts, standing_stack(session, fulfilment), earlier)


def held_versions(session: Session, fulfilments: Sequence[PathwayFulfilment]) -> dict[int, list[str]]:
    """For each of these the other versions of its pathway whose badge its learner holds; one statement."""
    other, theirs, mine = aliased(PathwayFulfilment), aliased(PathwayVersion), aliased(PathwayVersion)
    rows = session.execute(
        select(PathwayFulfilment.id, theirs.version)
        .join(mine, mine.id == PathwayFulfilment.pathway_version_id)
        .join(theirs, and_(theirs.pathway_id == mine.pathway_id, theirs.id != mine.id))
        .join(
            other,
            and_(other.pathway_version_id == theirs.id, other.person_id == PathwayFulfilment.person_id),
        )
        .join(Award, and_(Award.fulfilment_id == other.id, Award.ended_at.is_(None)))
        .where(PathwayFulfilment.id.in_([one.id for one in fulfilments]))
        .order_by(theirs.sort_key)
    )
    held: dict[int, list[str]] = {}
    for fulfilment_id, version in rows:
        held.setdefault(fulfilment_id, []).append(version)
    return held


def decide_fulfilment(session: Session, viewer: Viewer, settings: Settings, token: str) -> Award:
    """Give the stacked badge, in the viewer's name; the door signs after its commit.

    Raises `NotFoundError` for a foreign one, `ConflictError` when it was decided before, its parts hold no more, or it
    is the viewer's own.
    """
    lock_people(session, [_find(session, viewer, token).person_id])
    fulfilment = _find(session, viewer, token, lock=True)
    _refuse_own(fulfilment, viewer)
    _refuse_unless(fulfilment, OPEN)
    badge = fulfilment.pathway_version.badge_version
    if badge is None or badge.state != VersionState.PUBLISHED or fulfilment.person_id is None:
        raise ConflictError(_("This badge is not awarded any more."), code="version.withdrawn")
    parts = _standing_parts(session, fulfilment)
    fulfilment.state = FulfilmentState.AWARDED.value
    fulfilment.decided_by, fulfilment.decided_at = viewer.acting_key(), now(session)
    session.flush()
    given = _give(session, settings, fulfilment, badge, parts, viewer)
    settle(session, settings, [fulfilment.person_id], version=badge)
    audit.record(session, viewer.acting_key(), "pathway.decided", f"fulfilment:{fulfilment.token}")
    return given


def postpone(session: Session, viewer: Viewer, token: str) -> PathwayFulfilment:
    """Not now: it leaves the list of what waits, and can be decided at any later time."""
    fulfilment = _find(session, viewer, token, lock=True)
    _refuse_unless(fulfilment, (FulfilmentState.PROPOSED,))
    fulfilment.state = FulfilmentState.POSTPONED.value
    audit.record(session, viewer.acting_key(), "pathway.postponed", f"fulfilment:{fulfilment.token}")
    session.flush()
    return fulfilment


def keep_stack(session: Session, viewer: Viewer, token: str) -> PathwayFulfilment:
    """The badge stays although a part of it has ended; the decision stands in the log with its decider."""
    fulfilment = _find(session, viewer, token, lock=True)
    _refuse_own(fulfilment, viewer)
    _refuse_unless(fulfilment, (FulfilmentState.FLAGGED,))
    fulfilment.state = FulfilmentState.AWARDED.value
    audit.record(session, viewer.acting_key(), "pathway.kept", f"fulfilment:{fulfilment.token}")
    session.flush()
    return fulfilment


def revoke_stack(session: Session, viewer: Viewer, token: str) -> str | None:
    """Withdraw the badge because a part of it has ended; returns its address for the signing of the status list.

    Fulfilled anew, the pathway is settled anew.
    """
    stack = standing_stack(session, _find(session, viewer, token))
    if stack is not None:
        lock_award(session, stack.token)
    fulfilment = _find(session, viewer, token, lock=True)
    _refuse_unless(fulfilment, (FulfilmentState.FLAGGED,))
    if stack is not None and stack.ended_at is None:
        register.revoke(session, stack.token, RevocationReason.WITHDRAWN, actor=viewer.acting_key())
        end_award(session, stack, AwardState.REVOKED)
    end_fulfilment(session, fulfilment)
    audit.record(session, viewer.acting_key(), "pathway.revoked", f"fulfilment:{fulfilment.token}")
    return stack.token if stack is not None else None


def may_decide(viewer: Viewer, organisation_id: int) -> bool:
    """Whether the viewer decides about fulfilled pathways of an organisation: as its teacher or its LET lead."""
    return organisation_id in viewer.organisations_as(Role.TEACHER, Role.LET_LEAD)


def _give(
    session: Session,
    settings: Settings,
    fulfilment: PathwayFulfilment,
    badge: DefinitionVersion,
    parts: Sequence[HeldBadge],
    viewer: Viewer,
) -> Award:
    person_id = fulfilment.person_id or 0
    fulfilled = [(fulfilment.id, person_id, parts)]
    tokens = give_stacks(session, settings, badge, fulfilled, decided_by=viewer.acting_key(), automatic=False)
    promise_stack_mails(session, settings, tokens)
    return session.scalars(select(Award).where(Award.token == tokens[0])).one()


def _standing_parts(session: Session, fulfilment: PathwayFulfilment) -> list[HeldBadge]:
    wanted = select(FulfilmentPart.award_id).where(FulfilmentPart.fulfilment_id == fulfilment.id)
    ids = set(session.scalars(wanted))
    held = held_by(session, [fulfilment.person_id or 0]).get(fulfilment.person_id or 0, [])
    parts = [one for one in held if one.award_id in ids]
    if len(parts) < len(ids):
        raise ConflictError(
            _("A part of this has ended meanwhile, so nothing was awarded."), code="pathway.part"
        )
    return parts


def _find(session: Session, viewer: Viewer, token: str, *, lock: bool = False) -> PathwayFulfilment:
    found = select(PathwayFulfilment).where(
        PathwayFulfilment.token == token, _mine(viewer), PathwayFulfilment.ended_at.is_(None)
    )
    if lock:
        found = found.with_for_update(of=PathwayFulfilment).execution_options(populate_existing=True)
    fulfilment = session.scalar(found)
    if fulfilment is None:
        raise NotFoundError(_("There is no such proposal."), code="pathway.proposal")
    return fulfilment


def _mine(viewer: Viewer) -> ColumnElement[bool]:
    return PathwayFulfilment.organisation_id.in_(viewer.organisations_as(Role.TEACHER, Role.LET_LEAD))


def _refuse_own(fulfilment: PathwayFulfilment, viewer: Viewer) -> None:
    if fulfilment.person_id is not None and fulfilment.person_id == viewer.person_id:
        raise ConflictError(
            _("Nobody decides about their own badge. Ask a colleague."), code="pathway.own_badge"
        )


def _refuse_unless(fulfilment: PathwayFulfilment, states: Sequence[FulfilmentState]) -> None:
    if fulfilment.state not in states:
        raise ConflictError(_("Somebody has decided this already."), code="pathway.decided")
