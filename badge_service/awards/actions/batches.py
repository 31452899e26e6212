"""Awards everybody who is ready with one press of a button."""

from collections.abc import Collection, Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.alliance.rules import State
from badge_service.awards.actions.deciding import decide
from badge_service.awards.actions.decisions import DecisionWriter
from badge_service.awards.actions.drawing import look_again
from badge_service.awards.actions.evidence import evidence_lacking
from badge_service.awards.actions.giving import Occasion
from badge_service.awards.actions.grounds import take_turns
from badge_service.awards.actions.items import promise_items, write_items
from badge_service.awards.actions.limits import require_allowance
from badge_service.awards.actions.mailing import promise_mails
from badge_service.awards.actions.notices import SECOND_MAIL
from badge_service.awards.actions.readiness import AWARDED, IN_BATCH, OWN, LearnerRow, readiness_of
from badge_service.awards.actions.stacking.upkeep import stacks_of_batch
from badge_service.awards.actions.teaching import find_taught
from badge_service.awards.rules import (
    AWARDED_IN_THE_REQUEST,
    MOST_LEARNERS_AT_ONCE,
    IdentityCheck,
    ItemState,
)
from badge_service.awards.tables import Award, AwardBatch
from badge_service.curriculum.rules import VersionState
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import ConflictError, Fault, InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.settings import Settings
from badge_service.storage import audit, outbox
from badge_service.storage.session import now, token
from badge_service.workshops.tables import Workshop


def award_ready(
    session: Session,
    viewer: Viewer,
    settings: Settings,
    activity_token: str,
    version: DefinitionVersion,
    *,
    idempotency_key: str,
    identity_check: IdentityCheck,
    sent_by: str | None = None,
    confirmed: Collection[int],
    saw_each: bool = False,
    saw_evidence: bool = False,
) -> AwardBatch:
    """Give the badge to everybody among `confirmed` (person ids) who is ready; the door signs after its commit.

    A class at once, a larger group by the worker; whoever is beyond what one person may give a day waits for a second
    person. The same key twice is the same batch, and who has the badge already is skipped. `saw_each` and `saw_evidence`
    are the assessor's word that they saw each of them do what was set for the whole group, and what is not attached.
    `sent_by` is the key of the person whose program sends it in the viewer's name: the limits hold for that person too.

    Raises `NotFoundError` for a foreign workshop, `InvalidError` or `ConflictError` when the list no longer fits what
    stands in the matrix, `QuotaError` when it is more than the hour allows.
    """
    actor, workshop = viewer.acting_key(), find_taught(session, viewer, activity_token)
    _refuse_unheld(session, workshop, version)
    take_turns(session, workshop)  # two presses of the button wait for each other here
    earlier = _same_request(session, actor, idempotency_key, workshop, version)
    if earlier is not None:
        return earlier
    rows = readiness_of(session, workshop, version, decider=viewer)
    chosen = _chosen(rows, confirmed)
    seen = _refuse_unseen(session, workshop, version, chosen, saw_each=saw_each, saw_evidence=saw_evidence)
    allowed = require_allowance(session, workshop.activity.organisation_id, actor, len(chosen), sent_by)
    at_once = allowed.at_once(len(chosen))
    batch = _batch(session, actor, workshop, version, idempotency_key, identity_check, len(chosen), at_once)
    batch.sent_by = sent_by
    _carry_out(session, settings, batch, workshop, [row.learner.name for row in rows], chosen)
    _record(session, batch, seen)
    return batch


def _carry_out(
    session: Session,
    settings: Settings,
    batch: AwardBatch,
    workshop: Workshop,
    names: Sequence[str],
    chosen: Sequence[LearnerRow],
) -> None:
    """Award the first of them now or by the worker, and let the others wait for a second person."""
    at_once = batch.total - batch.held_back
    if at_once <= AWARDED_IN_THE_REQUEST:
        _award_now(session, settings, batch, workshop, names, chosen[:at_once])
    else:
        write_items(session, batch, _decided(chosen[:at_once]), ItemState.WAITING)
        promise_items(session, batch)
    if batch.held_back:
        write_items(session, batch, _decided(chosen[at_once:]), ItemState.SECOND, after=at_once)
        outbox.promise(session, SECOND_MAIL, {"batch": batch.token})


def _record(session: Session, batch: AwardBatch, seen: Mapping[str, int]) -> None:
    """The decision, and what only its person's word stands for."""
    subject, held = f"batch:{batch.token}", batch.held_back
    counts = {"awards": batch.total - held} | ({"held_back": held} if held else {})
    audit.record(session, batch.requested_by, "award.batch", subject, **counts)
    for action, learners in seen.items():
        audit.record(session, batch.requested_by, action, subject, learners=learners)


def _decided(rows: Sequence[LearnerRow]) -> list[tuple[int, Mapping[str, str]]]:
    return [(row.learner.person_id, row.levels) for row in rows]


def _award_now(
    session: Session,
    settings: Settings,
    batch: AwardBatch,
    workshop: Workshop,
    names: Sequence[str],
    chosen: Sequence[LearnerRow],
) -> None:
    """A class at once, in the request itself."""
    if not chosen:
        return
    occasion = Occasion(
        workshop.activity,
        batch.version,
        batch.requested_by,
        IdentityCheck(batch.identity_check),
        learner_names=names,
        batch_id=batch.id,
    )
    writer = DecisionWriter(session, workshop, batch.version)
    decisions = [writer.decision(person_id, levels) for person_id, levels in _decided(chosen)]
    awards = decide(session, settings, occasion, decisions)
    look_again(session, batch, awards)
    promise_mails(
        session, settings, batch, awards, {row.learner.person_id for row in chosen if row.learner.email}
    )


def sign_tokens(session: Session, batch: AwardBatch) -> list[str]:
    """The addresses of a batch's documents, for `register.sign_intended`, after the commit and to resume.

    Those of the stacked badges that it completed are among them.
    """
    mine = session.execute(select(Award.id, Award.token).where(Award.batch_id == batch.id)).all()
    stacks = stacks_of_batch(session, [id_ for id_, _token in mine])
    return [*(token for _id, token in mine), *(stack.token for stack in stacks)]


def batches_of(session: Session, workshop: Workshop, version: DefinitionVersion) -> Sequence[AwardBatch]:
    """The earlier batches of a workshop and version, newest first."""
    return session.scalars(
        select(AwardBatch)
        .where(AwardBatch.activity_id == workshop.activity_id, AwardBatch.version_id == version.id)
        .order_by(AwardBatch.id.desc())
    ).all()


def _refuse_unheld(session: Session, workshop: Workshop, version: DefinitionVersion) -> None:
    """Nobody is awarded for what has not begun or was called off, nor a version that was withdrawn."""
    activity = workshop.activity
    if activity.state == State.CANCELLED or activity.starts_on > now(session).date():
        raise ConflictError(
            _("This workshop has not taken place, so nothing can be awarded for it."),
            code="activity.not_held",
            hint=_("If its date is wrong, correct it first."),
        )
    if version.state != VersionState.PUBLISHED:
        raise ConflictError(_("This micro-credential is not awarded any more."), code="version.withdrawn")


def _same_request(
    session: Session, actor: str, key: str, workshop: Workshop, version: DefinitionVersion
) -> AwardBatch | None:
    batch = session.scalar(select(AwardBatch).where(AwardBatch.idempotency_key == key))
    if batch is None:
        return None
    same = (workshop.activity_id, version.id, actor)
    if (batch.activity_id, batch.version_id, batch.requested_by) != same:
        raise ConflictError(_("This button was pressed for something else before."), code="batch.key")
    return batch


def _chosen(rows: Sequence[LearnerRow], confirmed: Collection[int]) -> list[LearnerRow]:
    known = {row.learner.person_id for row in rows}
    if not known.issuperset(confirmed):
        raise NotFoundError(_("A learner on this list is not in this workshop."), code="learner.missing")
    wanted = set(confirmed)
    listed = [
        row for row in rows if row.learner.person_id in wanted and row.why not in ((AWARDED,), (IN_BATCH,))
    ]
    faults = [
        Fault("learners", _("%(name)s is not ready any more.", name=row.learner.name), "not_ready")
        for row in listed
        if not row.ready and OWN not in row.why
    ]
    if any(OWN in row.why for row in listed):
        faults.append(Fault("learners", _("Nobody awards a badge to themselves."), OWN))
    if faults:
        message = _("The levels have changed since you saw the list. Look at it again.")
        raise InvalidError(message, code="batch.stale", faults=faults)
    if not listed:
        raise ConflictError(
            _("Nobody on this list is waiting for this badge."),
            code="batch.empty",
            hint=_("Everybody who is ready has it already, or waits for it."),
        )
    if len(listed) > MOST_LEARNERS_AT_ONCE:
        message = _("Award at most %(most)s badges at once.", most=MOST_LEARNERS_AT_ONCE)
        raise InvalidError(message, faults=[Fault("learners", message, "too_many")])
    return listed


def _refuse_unseen(
    session: Session,
    workshop: Workshop,
    version: DefinitionVersion,
    chosen: Sequence[LearnerRow],
    *,
    saw_each: bool,
    saw_evidence: bool,
) -> dict[str, int]:
    """What only the assessor's word stands for, as an action of the audit log with its number of learners."""
    for_group = sum(bool(row.set_for_group) for row in chosen)
    lacking = len(evidence_lacking(session, workshop, version, [row.learner for row in chosen]))
    faults = []
    if for_group and not saw_each:
        message = _(
            "You set levels for the whole group at once. Tick that you saw each of these learners do it."
        )
        faults.append(Fault("saw_each", message, "saw_each"))
    if lacking and not saw_evidence:
        message = _("Evidence is missing. Attach it, or tick that you saw it.")
        faults.append(Fault("saw_evidence", message, "evidence"))
    if faults:
        raise InvalidError(_("Nobody has been awarded yet."), code="batch.unseen", faults=faults)
    said = {"award.saw_each": for_group, "award.evidence_seen": lacking}
    return {action: learners for action, learners in said.items() if learners}


def _batch(
    session: Session,
    actor: str,
    workshop: Workshop,
    version: DefinitionVersion,
    key: str,
    identity_check: IdentityCheck,
    total: int,
    at_once: int,
) -> AwardBatch:
    batch = AwardBatch(
        token=token(session),
        idempotency_key=key,
        organisation_id=workshop.activity.organisation_id,
        activity_id=workshop.activity_id,
        version_id=version.id,
        identity_check=identity_check.value,
        requested_by=actor,
        requested_at=now(session),
        total=total,
        held_back=total - at_once,
        to_confirm=total - at_once,
    )
    batch.activity, batch.version = workshop.activity, version
    session.add(batch)
    session.flush()
    return batch
