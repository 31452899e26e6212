"""The API for levels: read who has reached what and who is ready, and set levels in a teacher's name."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from badge_service.awards import actions
from badge_service.awards.actions import LearnerRow
from badge_service.awards.api.blueprint import TAUGHT, TEACHER, asked_for, blueprint
from badge_service.errors import Fault, InvalidError
from badge_service.programs import actions as programs
from badge_service.programs.operations import Call, Operation, note, operation
from badge_service.programs.paging import after, bad_cursor, page
from badge_service.programs.rules import Scope
from badge_service.programs.rules.shapes import PAGED, listing, named, shape, text, whole
from badge_service.web.forms import small_number
from badge_service.web.unit_of_work import current_session

_PATH = "/api/v1/workshops/<token>/assessments"
_LEVELS = {
    "type": "object",
    "maxProperties": 60,
    "propertyNames": {"maxLength": 60},
    "additionalProperties": {"type": ["string", "null"], "maxLength": 60},
    "description": "by the id of the criterion the id of the level; null takes a level back",
}
ASSESSMENT = named(
    "Assessment",
    shape(
        {
            "number": {"type": "integer"},
            "levels": {"type": "object", "additionalProperties": {"type": "string"}},
            "set_for_group": {"type": "array", "items": {"type": "string"}},
            "ready": {"type": "boolean"},
            "why_not": {"type": "array", "items": {"type": "string"}},
            "award": {"type": ["string", "null"]},
        }
    ),
)
NEW_LEVELS = shape(
    {
        **TAUGHT,
        "assessor": TEACHER,
        "learners": {
            "type": "array",
            "minItems": 1,
            "maxItems": 500,
            "items": shape(
                {"number": whole(1, 9999), "levels": _LEVELS, "reason": text(1000)},
                optional=("levels", "reason"),
            ),
        },
    }
)


@operation(
    blueprint,
    _PATH,
    Operation(
        "GET",
        "Levels, readiness and awards of a workshop's learners for one micro-credential, by number",
        Scope.ASSESSMENTS_READ,
        listing(ASSESSMENT),
        query={
            "definition": TAUGHT["definition"] | {"default": ""},
            "version": TAUGHT["version"] | {"default": ""},
            **PAGED,
        },
    ),
)
def assessments(call: Call, token: str) -> dict[str, Any]:
    """One page; `why_not` holds codes."""
    workshop, version = asked_for(call.caller.reader, token, call.query)
    limit, last = call.query["limit"], small_number(after(call.query["cursor"]) or "0")
    if last is None:
        raise bad_cursor()
    rows = [
        row for row in actions.readiness_of(current_session(), workshop, version) if row.learner.number > last
    ]
    return page(rows[: limit + 1], limit, lambda row: str(row.learner.number), _told)


@operation(
    blueprint,
    _PATH,
    Operation(
        "PUT",
        "Set levels in a teacher's name; what is not named stays",
        Scope.ASSESSMENTS_WRITE,
        shape({"changed": {"type": "integer"}}),
        body=NEW_LEVELS,
    ),
)
def assess(call: Call, token: str) -> dict[str, Any]:
    """All of it, or nothing and every fault; a reason goes with one criterion below the pass level."""
    session, body = current_session(), call.body
    teacher = programs.named_teacher(session, call.caller, body["assessor"], "assessor")
    workshop, version = asked_for(teacher, token, body)
    persons = {one.number: one.person_id for one in actions.learners_in(session, workshop)}
    _refuse_strangers(persons, body["learners"])
    cells = {
        (persons[one["number"]], criterion): level
        for one in body["learners"]
        for criterion, level in one.get("levels", {}).items()
    }
    changed = actions.set_levels(session, teacher, workshop, version, cells)
    for one in body["learners"]:
        if "reason" in one:
            actions.give_reason(session, teacher, workshop, version, persons[one["number"]], one["reason"])
    note(call, "assess", f"activity:{token}", teacher=teacher.acting_key(), cells=changed)
    return {"changed": changed}


def _refuse_strangers(persons: Mapping[int, int], learners: Sequence[Mapping[str, Any]]) -> None:
    faults = [
        Fault(f"learners[{place}].number", _("No learner of this workshop has this number."), "no_learner")
        for place, one in enumerate(learners)
        if one["number"] not in persons
    ]
    if faults:
        raise InvalidError(_("These levels cannot be saved."), faults=faults[:50])


def _told(row: LearnerRow) -> dict[str, Any]:
    return {
        "number": row.learner.number,
        "levels": dict(row.levels),
        "set_for_group": sorted(row.set_for_group),
        "ready": row.ready,
        "why_not": list(row.why),
        "award": row.award.token if row.award else None,
    }
