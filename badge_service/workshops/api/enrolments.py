"""Class lists for programs: read, enrol, take somebody off."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from badge_service.errors import Fault, InvalidError
from badge_service.programs.operations import Call, Operation, note, operation
from badge_service.programs.paging import after, bad_cursor, page
from badge_service.programs.rules import Scope
from badge_service.programs.rules.shapes import PAGED, listing, named, shape, text
from badge_service.web.forms import small_number
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions
from badge_service.workshops.actions.listing import learners_from
from badge_service.workshops.api.blueprint import NUMBER, blueprint, learner_number, workshop_of
from badge_service.workshops.rules import LearnerKind, LearnerRow, RowFault
from badge_service.workshops.rules.learners import Collection
from badge_service.workshops.tables import Enrolment

MOST_AT_ONCE = 500
_PATH = "/api/v1/workshops/<token>/enrolments"
_KIND = {
    "enum": [kind.value for kind in LearnerKind],
    "description": "student: a learner of a school; professional: somebody from work",
}
ENROLMENT = named(
    "Enrolment",
    shape(
        {
            "number": {"type": "integer", "description": "names the learner in this workshop"},
            "name": text(200),
            "email": {"type": ["string", "null"]},
            "present": {"type": "boolean", "description": "there on enough of the days"},
            "kind": _KIND,
        }
    ),
)
NEW_ENROLMENTS = shape(
    {
        "learners": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_AT_ONCE,
            "items": shape(
                {
                    "name": text(200, minLength=1),
                    "email": {"type": ["string", "null"], "maxLength": 1000},
                    "number": {**NUMBER, "type": ["integer", "null"]},
                },
                optional=("email", "number"),
            ),
        },
        "kind": {**_KIND, "default": LearnerKind.STUDENT.value},
    },
    optional=("kind",),
)


@operation(
    blueprint,
    _PATH,
    Operation(
        "GET",
        "Who is enrolled in a workshop, by number",
        Scope.ENROLMENTS_READ,
        listing(ENROLMENT),
        query=PAGED,
    ),
)
def enrolments(call: Call, token: str) -> dict[str, Any]:
    """One page of the class list."""
    session, limit, last = current_session(), call.query["limit"], after(call.query["cursor"])
    number = small_number(last or "0")
    if number is None:
        raise bad_cursor()
    found = learners_from(session, call.caller.viewer, workshop_of(call, token), number, limit + 1)
    return page(found, limit, lambda one: str(one.number), _told)


@operation(
    blueprint,
    _PATH,
    Operation(
        "POST",
        "Enrol learners; who is on the class list already changes nothing",
        Scope.ENROLMENTS_WRITE,
        shape({"enrolled": {"type": "array", "items": ENROLMENT}}),
        body=NEW_ENROLMENTS,
        once=True,
        refusals=(409,),
    ),
)
def enrol(call: Call, token: str) -> dict[str, Any]:
    """All of them, or nobody and every fault; answers with those who are new, came back or got an address."""
    found = workshop_of(call, token)
    rows = _rows(call.body["learners"])
    session, viewer = current_session(), call.caller.viewer
    if faults := actions.preview_enrolment(session, viewer, found, rows).faults:
        raise InvalidError(_("Some rows need correcting."), faults=[_at_its_place(one) for one in faults])
    kind = call.body.get("kind", LearnerKind.STUDENT.value)
    changed = actions.enrol(session, viewer, found, rows, kind=kind)
    note(call, "workshop.enrol", f"activity:{token}", numbers=[one.number for one in changed])
    return {"enrolled": [_told(one) for one in changed]}


@operation(
    blueprint,
    f"{_PATH}/<number>",
    Operation(
        "DELETE",
        "Take a learner off the class list; enrolled anew they get their number back",
        Scope.ENROLMENTS_WRITE,
        shape({"removed": ENROLMENT}),
        path={"number": NUMBER},
    ),
)
def remove(call: Call, token: str, number: str) -> dict[str, Any]:
    """The next in line gets the place. Twice is once; badges that were given stay."""
    found, wanted = workshop_of(call, token), learner_number(number)
    entry = actions.remove(current_session(), call.caller.viewer, found, wanted)
    note(call, "workshop.remove", f"activity:{token}", number=wanted)
    return {"removed": _told(entry)}


def _rows(learners: Sequence[Mapping[str, Any]]) -> Sequence[LearnerRow]:
    gathered = Collection()
    for place, one in enumerate(learners, 1):
        gathered.add(place, one["name"], one.get("email") or "", str(one.get("number") or ""))
    found = gathered.finish()
    if found.faults:
        faults = [_at_its_place(one) for one in found.faults]
        raise InvalidError(_("Some rows need correcting."), faults=faults)
    return found.rows


def _at_its_place(fault: RowFault) -> Fault:
    member = "email" if fault.code.startswith("email") else "name"
    return Fault(f"learners[{fault.row - 1}].{member}", fault.message, fault.code)


def _told(one: Enrolment) -> dict[str, Any]:
    facts = {"number": one.number, "name": one.name, "email": one.email, "present": one.present}
    return {**facts, "kind": one.learner_kind}
