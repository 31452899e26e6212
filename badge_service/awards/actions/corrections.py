"""Corrects a badge by a new edition at the same address: levels, identity check, evidence, or the name as it was written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.actions.addresses import listed_as
from badge_service.awards.actions.claimants import school_name
from badge_service.awards.actions.editions import intend_next, latest_content
from badge_service.awards.actions.evidence import evidence_of, facts_of
from badge_service.awards.actions.grounds import Ground
from badge_service.awards.actions.teaching import hold_teachers_award
from badge_service.awards.rules import IdentityCheck
from badge_service.awards.rules.corrections import (
    Change,
    SignedEvidence,
    levels_in,
    with_evidence,
    with_identity,
    with_levels,
)
from badge_service.awards.tables import Assessment, Award, AwardCorrection, Evidence
from badge_service.curriculum.rules import readiness
from badge_service.errors import ConflictError, Fault, InvalidError, NotAllowedError
from badge_service.people import actions as people
from badge_service.people.rules import Viewer
from badge_service.storage import audit, outbox
from badge_service.storage.session import now
from badge_service.web.texts import LONGEST_REASON, text_faults
from badge_service.workshops.rules.learners import name_faults
from badge_service.workshops.tables import Workshop

CORRECTION_MAIL = "correction_mail"
"""The outbox job that tells the learner of a correction."""


@dataclass(frozen=True)
class _Wanted:
    """What a correction asks for; None leaves a thing as it is."""

    levels: Mapping[str, str] | None
    identity_check: IdentityCheck | None
    evidence: Sequence[Evidence] | None
    name: str | None


def correct_award(
    session: Session,
    viewer: Viewer,
    award_token: str,
    *,
    reason: str,
    levels: Mapping[str, str] | None = None,
    identity_check: IdentityCheck | None = None,
    evidence: Sequence[Evidence] | None = None,
    name: str | None = None,
) -> AwardCorrection:
    """Intend a corrected edition of a standing badge: same address, the older one replaced once the door has signed it.

    `levels` (criterion id → level id) may leave out what stays; `evidence` is all that shall count now; `name` is how
    the learner is written, which changes the badge only if it carries a name. The learner is told by mail, with
    `reason` (at most 1,000 letters). Raises `NotFoundError` for a foreign award, `NotAllowedError` for one's own,
    `ConflictError` for one that has ended or that the levels would not pass, `InvalidError` with every fault.
    """
    actor = viewer.acting_key()
    award = hold_teachers_award(session, viewer, award_token)
    _refuse_impossible(viewer, award)
    before = latest_content(session, award)
    wanted = _only_new(session, award, before, _Wanted(levels, identity_check, evidence, name))
    if faults := [*_reason_faults(reason), *_faults(award, before, wanted)]:
        raise InvalidError(_("This correction cannot be made yet."), code="correction", faults=faults)
    _refuse_failing(award, before, wanted, reason)
    after, changes = _corrected(award, before, wanted)
    changes += _write_down(session, actor, award, wanted)
    if not changes:
        raise InvalidError(_("Nothing differs from what is in the badge."), code="correction.nothing")
    name_on_badge = wanted.name if wanted.name and award.name_on_badge else award.name_on_badge
    if after != before or name_on_badge != award.name_on_badge:
        award.name_on_badge = name_on_badge
        intend_next(session, award, after, name=name_on_badge)
    return _record(session, actor, award, changes, reason)


def corrections_of(session: Session, award: Award) -> Sequence[AwardCorrection]:
    """What was corrected in a badge, the newest first; for its school and its learner."""
    mine = select(AwardCorrection).where(AwardCorrection.award_id == award.id)
    return session.scalars(mine.order_by(AwardCorrection.id.desc())).all()


def evidence_now(session: Session, award: Award) -> Sequence[Evidence] | None:
    """What has been handed in for this award and not withdrawn, as a correction can take it in; None for other badges."""
    place = award.case or session.scalar(select(Workshop).where(Workshop.activity_id == award.activity_id))
    if place is None or award.person_id is None:
        return None
    return evidence_of(session, place, award.version, award.person_id)


def _refuse_impossible(viewer: Viewer, award: Award) -> None:
    if viewer.person_id is not None and viewer.person_id == award.person_id:
        raise NotAllowedError(_("Nobody corrects their own badge."), code="correction.own")
    if award.ended_at is not None:
        raise ConflictError(_("This badge has ended already."), code="award.ended")


def _only_new(session: Session, award: Award, content: Mapping[str, Any], wanted: _Wanted) -> _Wanted:
    """The same without what is in the badge already."""
    written = wanted.name.strip() if wanted.name is not None else None
    standing = levels_in(content)
    differing = {
        criterion: level
        for criterion, level in (wanted.levels or {}).items()
        if standing.get(criterion) != level
    }
    return _Wanted(
        differing or None,
        wanted.identity_check if wanted.identity_check != award.identity_check else None,
        wanted.evidence,
        written if written != school_name(session, award) else None,
    )


def _reason_faults(reason: str) -> list[Fault]:
    if not reason.strip():
        return [Fault("reason", _("Write why it is corrected. The learner reads it."), "required")]
    return text_faults("reason", reason, LONGEST_REASON, lines=True)


def _faults(award: Award, content: Mapping[str, Any], wanted: _Wanted) -> list[Fault]:
    named = name_faults(0, wanted.name.strip()) if wanted.name is not None else []
    faults = [Fault("name", fault.message, fault.code) for fault in named]
    known = levels_in(content)
    ladder = {level["id"] for level in award.version.content.get("rubric", {}).get("levels", ())}
    for criterion, level in (wanted.levels or {}).items():
        where = f"level:{criterion}"
        if criterion not in known:
            faults.append(Fault(where, _("There is no such criterion in this rubric."), "criterion"))
        elif level not in ladder:
            faults.append(Fault(where, _("There is no such level in this rubric."), "level"))
    if wanted.evidence is not None and award.fulfilment_id is not None:
        message = _("The evidence of this badge is the badges of its parts.")
        faults.append(Fault("evidence", message, "evidence"))
    return faults


def _refuse_failing(award: Award, content: Mapping[str, Any], wanted: _Wanted, reason: str) -> None:
    """With levels that do not pass there would be no badge: a person withdraws it, nothing does so by itself."""
    if wanted.levels is None:
        return
    if not readiness(award.version.content, levels_in(content) | dict(wanted.levels), reason).ready:
        raise ConflictError(
            _("With these levels the badge would not have been given."),
            code="correction.fails",
            hint=_("Withdraw the badge instead, with the reason “given by mistake”."),
        )


def _corrected(
    award: Award, content: Mapping[str, Any], wanted: _Wanted
) -> tuple[Mapping[str, Any], list[Change]]:
    changes = []
    if wanted.levels is not None:
        content = with_levels(content, levels_in(content) | dict(wanted.levels))
        changes.append(Change.LEVELS)
    if wanted.identity_check is not None:
        content = with_identity(content, IdentityCheck(award.identity_check), wanted.identity_check)
        changes.append(Change.IDENTITY)
    if wanted.evidence is not None:
        corrected = with_evidence(content, _signed(wanted.evidence))
        changes += [Change.EVIDENCE] if corrected != content else []
        content = corrected
    return content, changes


def _signed(pieces: Sequence[Evidence]) -> SignedEvidence:
    return SignedEvidence([facts_of(one) for one in pieces if one.in_credential], len(pieces))


def _write_down(session: Session, actor: str, award: Award, wanted: _Wanted) -> list[Change]:
    """Let class list, matrix and award say the same as the badge; returns what changes besides the badge's content."""
    if wanted.identity_check is not None:
        award.identity_check = wanted.identity_check.value
    if wanted.levels is not None:
        _into_matrix(session, actor, award, wanted.levels)
    if wanted.name is None:
        return []
    _rename(session, award, wanted.name)
    return [Change.NAME]


def _into_matrix(session: Session, actor: str, award: Award, levels: Mapping[str, str]) -> None:
    if award.activity_id is None and award.case_id is None:
        return
    ground = Ground(award.activity_id, award.case_id, f"award:{award.token}")
    mine = (ground.of(Assessment), Assessment.version_id == award.version_id)
    rows = session.scalars(select(Assessment).where(*mine, Assessment.person_id == award.person_id))
    for row in rows:
        if row.criterion in levels:
            row.level, row.set_for_group = levels[row.criterion], False
            row.set_by, row.set_at = actor, now(session)
    session.flush()


def _rename(session: Session, award: Award, name: str) -> None:
    """Write the learner as the school writes them now; people with an account write their own name themselves."""
    listed = listed_as(session, award)
    if listed is not None:
        listed.name = name
    if award.person is not None and people.account_of(session, award.person.id) is None:
        award.person.name = name
    session.flush()


def _record(
    session: Session, actor: str, award: Award, changes: Sequence[Change], reason: str
) -> AwardCorrection:
    row = AwardCorrection(
        award_id=award.id,
        changes=[change.value for change in changes],
        reason=reason.strip(),
        corrected_by=actor,
        corrected_at=now(session),
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, "award.correct", f"award:{award.token}", changes=row.changes)
    outbox.promise(session, CORRECTION_MAIL, {"award": award.token, "correction": row.id})
    return row
