"""A second assessor looks at an award: agrees, or disagrees with levels and words of their own.

Where their levels pass, the badge is corrected; where they do not, a person decides whether it stands.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from badge_service.awards.actions.corrections import correct_award, evidence_now
from badge_service.awards.actions.editions import latest_content
from badge_service.awards.actions.ending import revoke_award
from badge_service.awards.actions.grounds import Ground
from badge_service.awards.actions.locking import lock_award
from badge_service.awards.rules import levels_in
from badge_service.awards.rules.second_looks import WAITING, LookState, words_faults
from badge_service.awards.tables import (
    Assessment,
    AssessmentReason,
    Award,
    Evidence,
    RecognitionCase,
    SecondLook,
)
from badge_service.curriculum.rules import readiness, rubric_of
from badge_service.errors import ConflictError, Fault, InvalidError, NotAllowedError, NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.register.rules import RevocationReason
from badge_service.storage import audit
from badge_service.storage.session import now
from badge_service.web.paging import PAGE_SIZE, Listing
from badge_service.workshops.tables import Enrolment, Workshop


@dataclass(frozen=True)
class LookLine:
    """One second look in a list, with the learner as the class list has them."""

    look: SecondLook
    name: str


@dataclass(frozen=True)
class LooksWaiting:
    """What waits in the viewer's organisations: looks that are theirs or anybody's, all overdue, badges to decide about."""

    mine: int
    overdue: int
    disputed: int


@dataclass(frozen=True)
class LookView:
    """One second look with what it is about: the levels in the badge, the evidence, the reason of who awarded it."""

    look: SecondLook
    levels: Mapping[str, str]
    evidence: Sequence[Evidence]
    reason: str
    may_look: bool
    may_decide: bool
    may_uphold: bool
    is_over: bool


def looks_of(
    session: Session, viewer: Viewer, states: Collection[LookState], page: int = 1
) -> Listing[LookLine]:
    """One page of the second looks of the viewer's organisations; the viewer's own first, then the longest waiting."""
    total = session.scalar(_seen(viewer, states, func.count())) or 0
    number = min(max(page, 1), max(1, -(-total // PAGE_SIZE)))
    listed = (Enrolment.workshop_id == Workshop.id) & (Enrolment.person_id == Award.person_id)
    named = (
        _seen(viewer, states, SecondLook, func.coalesce(Enrolment.name, RecognitionCase.name, ""))
        .outerjoin(Workshop, Workshop.activity_id == Award.activity_id)
        .outerjoin(Enrolment, listed)
        .outerjoin(RecognitionCase, RecognitionCase.id == Award.case_id)
        .order_by(SecondLook.assessor_id.is_distinct_from(viewer.person_id or 0))
        .order_by(SecondLook.due_at, SecondLook.id)
    )
    rows = session.execute(named.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).unique()
    return Listing(tuple(LookLine(look, name) for look, name in rows), number, total, PAGE_SIZE)


def count_looks(session: Session, viewer: Viewer) -> LooksWaiting:
    """What waits for the viewer and in their organisations, in one statement."""
    is_open = SecondLook.state == LookState.OPEN.value
    is_anybodys = SecondLook.assessor_id.is_(None) & (Award.decided_by != viewer.key)
    for_me = (SecondLook.assessor_id == (viewer.person_id or 0)) | is_anybodys
    mine = func.count().filter(is_open, for_me)
    overdue = func.count().filter(is_open, SecondLook.due_at < now(session))
    disputed = func.count().filter(SecondLook.state == LookState.DISPUTED.value)
    return LooksWaiting(*session.execute(_seen(viewer, WAITING, mine, overdue, disputed)).one())


def look_at(session: Session, viewer: Viewer, token: str) -> LookView:
    """One second look of the viewer's organisations; raises `NotFoundError`."""
    look = _find(session, viewer, token)
    award = look.award
    ground = Ground(award.activity_id, award.case_id, f"award:{award.token}")
    reason = select(AssessmentReason.text).where(
        ground.of(AssessmentReason),
        AssessmentReason.version_id == award.version_id,
        AssessmentReason.person_id == award.person_id,
    )
    stands = award.ended_at is None and award.person_id is not None
    disputed = stands and look.state == LookState.DISPUTED
    return LookView(
        look,
        levels_in(latest_content(session, award)),
        evidence_now(session, award) or (),
        session.scalar(reason) or "",
        may_look=stands and look.state == LookState.OPEN and _had_no_part(session, viewer, look),
        may_decide=disputed,
        may_uphold=disputed and viewer.key != award.decided_by,
        is_over=not stands and look.state in WAITING,
    )


def agree(session: Session, viewer: Viewer, token: str) -> SecondLook:
    """Say that the second assessor would have judged the same.

    Raises `NotFoundError`, `NotAllowedError` for who had a part in it, `ConflictError` once it is over.
    """
    look = _mine(session, viewer, token)
    _close(session, viewer, look, LookState.AGREED)
    return look


def disagree(
    session: Session, viewer: Viewer, token: str, levels: Mapping[str, str], words: str
) -> SecondLook:
    """Judge otherwise: levels (criterion id → level id) that pass correct the badge at once, others leave it to a person.

    The door signs after its commit. Raises `InvalidError` with every fault, and as `agree`.
    """
    look = _mine(session, viewer, token)
    award = look.award
    standing = levels_in(latest_content(session, award))
    if faults := [*_level_faults(award, standing, levels), *words_faults(words)]:
        raise InvalidError(_("This cannot be sent yet."), code="second_look", faults=faults)
    look.levels, look.words = dict(levels), words.strip()
    if readiness(award.version.content, levels, words).ready:
        correct_award(session, viewer, award.token, levels=levels, reason=look.words)
        _close(session, viewer, look, LookState.CORRECTED)
    else:
        _close(session, viewer, look, LookState.DISPUTED)
    return look


def uphold(session: Session, viewer: Viewer, token: str, words: str) -> SecondLook:
    """Let a disputed badge stand, with a reason for the school.

    Raises `NotFoundError`, `NotAllowedError` for who awarded it, `ConflictError` when there is nothing to decide,
    `InvalidError`.
    """
    look = _disputed(session, viewer, token)
    if viewer.acting_key() == look.award.decided_by:
        raise NotAllowedError(
            _("You gave this badge yourself. Somebody else decides that it stands."), code="four_eyes"
        )
    if faults := words_faults(words):
        raise InvalidError(_("This cannot be sent yet."), code="second_look", faults=faults)
    look.resolution = words.strip()
    _resolve(session, viewer, look, LookState.UPHELD)
    return look


def withdraw_disputed(session: Session, viewer: Viewer, token: str) -> SecondLook:
    """Revoke a disputed badge as given by mistake. The door re-signs the lists. Raises as `uphold`."""
    look = _disputed(session, viewer, token)
    revoke_award(session, viewer, look.award.token, RevocationReason.MISTAKE)
    _resolve(session, viewer, look, LookState.REVOKED)
    return look


def _seen(viewer: Viewer, states: Collection[LookState], *columns: Any) -> Select[Any]:
    """Those of the viewer's organisations but for their own badges; waiting ones only while the award stands."""
    theirs = SecondLook.organisation_id.in_(viewer.organisations_as(Role.TEACHER, Role.ADMIN))
    wanted = SecondLook.state.in_([state.value for state in states])
    stands = and_(Award.ended_at.is_(None), Award.person_id.is_not(None))
    here = wanted & stands if set(states) <= set(WAITING) else or_(wanted, ~stands)
    not_own = Award.person_id.is_distinct_from(viewer.person_id or 0)
    return select(*columns).select_from(SecondLook).join(Award, Award.id == SecondLook.award_id).where(
        theirs, here, not_own
    )  # fmt: skip


def _find(session: Session, viewer: Viewer, token: str) -> SecondLook:
    look = session.scalars(select(SecondLook).where(SecondLook.token == token)).unique().one_or_none()
    if (
        look is None
        or look.organisation_id not in viewer.organisations_as(Role.TEACHER, Role.ADMIN)
        or (viewer.person_id is not None and viewer.person_id == look.award.person_id)
    ):
        raise NotFoundError(_("There is no such second look among yours."), code="second_look.missing")
    return look


def _locked(session: Session, viewer: Viewer, token: str) -> SecondLook:
    """For this transaction alone; two who look at the same wait for each other at the award."""
    look = _find(session, viewer, token)
    lock_award(session, look.award.token)
    session.refresh(look)
    if look.award.ended_at is not None:
        raise ConflictError(_("This badge has ended already."), code="award.ended")
    return look


def _mine(session: Session, viewer: Viewer, token: str) -> SecondLook:
    viewer.acting_key()
    look = _locked(session, viewer, token)
    if not _had_no_part(session, viewer, look):
        raise NotAllowedError(
            _("A second look is for a teacher who had no part in this award."), code="four_eyes"
        )
    if look.state != LookState.OPEN:
        raise ConflictError(_("Somebody has looked at this already."), code="second_look.done")
    return look


def _disputed(session: Session, viewer: Viewer, token: str) -> SecondLook:
    viewer.acting_key()
    look = _locked(session, viewer, token)
    if look.state != LookState.DISPUTED:
        raise ConflictError(_("There is nothing to decide about this badge."), code="second_look.done")
    return look


def _had_no_part(session: Session, viewer: Viewer, look: SecondLook) -> bool:
    """A teacher of the organisation who neither awarded it nor set any of its levels."""
    award = look.award
    if not viewer.has_role(Role.TEACHER, look.organisation_id) or viewer.key == award.decided_by:
        return False
    ground = Ground(award.activity_id, award.case_id, f"award:{award.token}")
    judged = select(Assessment.id).where(
        ground.of(Assessment),
        Assessment.version_id == award.version_id,
        Assessment.person_id == award.person_id,
        Assessment.set_by == viewer.key,
    )
    return session.scalar(judged.limit(1)) is None


def _level_faults(award: Award, standing: Mapping[str, str], levels: Mapping[str, str]) -> list[Fault]:
    rubric = rubric_of(award.version.content)
    known = {level.id for level in rubric.levels}
    faults = [
        Fault(f"level:{criterion}", _("Choose a level."), "level")
        for criterion in standing
        if levels.get(criterion) not in known
    ]
    if set(levels) - set(standing):
        faults.append(Fault("levels", _("There is no such criterion in this rubric."), "criterion"))
    if not faults and dict(levels) == dict(standing):
        message = _("These are the levels in the badge. If you would give the same, agree.")
        faults.append(Fault("levels", message, "same"))
    return faults


def _close(session: Session, viewer: Viewer, look: SecondLook, state: LookState) -> None:
    look.state, look.looked_by, look.looked_at = state.value, viewer.acting_key(), now(session)
    _note(session, viewer, look)


def _resolve(session: Session, viewer: Viewer, look: SecondLook, state: LookState) -> None:
    look.state, look.resolved_by, look.resolved_at = state.value, viewer.acting_key(), now(session)
    _note(session, viewer, look)


def _note(session: Session, viewer: Viewer, look: SecondLook) -> None:
    subject = f"award:{look.award.token}"
    audit.record(session, viewer.acting_key(), "award.second_look", subject, result=look.state)
    session.flush()
