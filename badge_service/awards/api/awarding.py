"""The API for giving badges: award those who are ready in a teacher's name, and ask how far a batch is."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _

from badge_service.awards import actions
from badge_service.awards.actions import LearnerRow
from badge_service.awards.api.blueprint import TAUGHT, TEACHER, asked_for, blueprint
from badge_service.awards.mails import send_name_used_mail
from badge_service.awards.rules import ANSWERS, IdentityCheck
from badge_service.awards.signing import sign_after_commit
from badge_service.awards.tables import AwardBatch
from badge_service.errors import ConflictError, Fault, InvalidError
from badge_service.programs import actions as programs
from badge_service.programs.operations import ONCE_HEADER, Call, Operation, note, operation
from badge_service.programs.rules import Scope
from badge_service.programs.rules.shapes import named, shape, text, whole
from badge_service.storage.session import hashed
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session

_COUNT = {"type": "integer"}
BATCH = named(
    "AwardBatch",
    shape(
        {
            "batch": text(60),
            "workshop": text(60),
            **TAUGHT,
            "state": {
                "enum": ["waiting_for_signature", "waiting_for_second_person", "done"],
                "description": "done also when some could not be awarded or signed: see the counts",
            },
            "total": _COUNT,
            "signed": _COUNT,
            "waiting": {**_COUNT, "description": "recorded, and not yet awarded or signed"},
            "to_confirm": {
                **_COUNT,
                "description": "more than one person may give a day: a second one confirms",
            },
            "failed": _COUNT,
        }
    ),
)
NEW_AWARDS = shape(
    {
        **TAUGHT,
        "decided_by": TEACHER,
        "identity_check": {"enum": [answer.value for answer in ANSWERS]},
        "learners": {
            "type": "array",
            "items": whole(1, 9999),
            "minItems": 1,
            "maxItems": 500,
            "uniqueItems": True,
            "description": "numbers; left out: everybody who is ready",
        },
        "saw_each": {
            "type": "boolean",
            "description": "the teacher says to have seen each learner do what was set for the whole group",
        },
        "saw_evidence": {
            "type": "boolean",
            "description": "the teacher saw the evidence that is not attached",
        },
    },
    optional=("learners", "saw_each", "saw_evidence"),
)


@operation(
    blueprint,
    "/api/v1/workshops/<token>/awards",
    Operation(
        "POST",
        "Award learners who are ready, in a teacher's name",
        Scope.AWARDS_WRITE,
        BATCH,
        status=202,
        body=NEW_AWARDS,
        once=True,
        refusals=(409,),
    ),
)
def award(call: Call, token: str) -> dict[str, Any]:
    """What is answered is recorded; signatures follow, and are made up for if the key is away."""
    session, body = current_session(), call.body
    teacher = programs.named_teacher(session, call.caller, body["decided_by"])
    workshop, version = asked_for(teacher, token, body)
    chosen = _chosen(actions.readiness_of(session, workshop, version, decider=teacher), body.get("learners"))
    batch = actions.award_ready(
        session,
        teacher,
        current_settings(),
        token,
        version,
        idempotency_key=f"api:{call.caller.key_token}:{hashed(request.headers[ONCE_HEADER])}",
        identity_check=IdentityCheck(body["identity_check"]),
        sent_by=call.caller.viewer.acting_key(),
        confirmed=[row.learner.person_id for row in chosen],
        saw_each=bool(body.get("saw_each")),
        saw_evidence=bool(body.get("saw_evidence")),
    )
    send_name_used_mail(session, current_settings(), teacher, batch, sender=call.caller.viewer.name)
    note(call, "award", f"batch:{batch.token}", teacher=teacher.acting_key(), learners=len(chosen))
    sign_after_commit(actions.sign_tokens(session, batch))
    return _told(batch)


@operation(
    blueprint,
    "/api/v1/award-batches/<token>",
    Operation("GET", "How far a batch of awards is", Scope.AWARDS_READ, BATCH),
)
def award_batch(call: Call, token: str) -> dict[str, Any]:
    """Counts, read from what is written."""
    return _told(actions.find_taught_batch(current_session(), call.caller.reader, token))


def _chosen(rows: Sequence[LearnerRow], numbers: Collection[int] | None) -> list[LearnerRow]:
    """Everybody ready, or exactly those who were named; whoever cannot be awarded is named with the reason's code."""
    if numbers is None:
        ready = [row for row in rows if row.ready]
        if not ready:
            raise ConflictError(
                _("Nobody in this workshop is ready and without this badge."), code="nobody_ready"
            )
        return ready
    by_number = {row.learner.number: row for row in rows}
    twice = [number for number in numbers if _has_it(by_number.get(number))]
    if twice:
        faults = [
            Fault(
                "learners", _("Learner %(number)s has this badge already.", number=number), "duplicate_award"
            )
            for number in twice
        ]
        raise ConflictError(_("Nobody was awarded."), code="duplicate_award", faults=faults[:50])
    faults = [fault for number in numbers for fault in _not_ready(number, by_number)]
    if faults:
        raise InvalidError(_("Nobody was awarded."), code="not_ready", faults=faults[:50])
    return [by_number[number] for number in numbers]


def _has_it(row: LearnerRow | None) -> bool:
    return row is not None and row.award is not None and row.award.standing


def _not_ready(number: int, rows: Mapping[int, LearnerRow]) -> list[Fault]:
    row = rows.get(number)
    if row is None:
        return [Fault("learners", _("No learner of this workshop has this number."), "no_learner")]
    message = _("Learner %(number)s is not ready.", number=number)
    return [Fault("learners", message, f"not_ready.{code}") for code in row.why[:1]]


def _told(batch: AwardBatch) -> dict[str, Any]:
    found = actions.batch_progress(current_session(), current_settings(), batch, size=1)
    waiting = found.waiting + found.in_line
    state = (
        "waiting_for_signature" if waiting else "waiting_for_second_person" if found.to_confirm else "done"
    )
    return {
        "batch": batch.token,
        "workshop": batch.activity.token,
        "definition": batch.version.definition.slug,
        "version": batch.version.version,
        "state": state,
        "total": found.total,
        "signed": found.signed,
        "waiting": waiting,
        "to_confirm": found.to_confirm,
        "failed": found.failed + found.lost + found.refused,
    }
