"""Presence for programs: who was there on one day, read and written down."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from badge_service.errors import Fault
from badge_service.programs.operations import Call, Operation, note, operation
from badge_service.programs.paging import after, bad_cursor, page
from badge_service.programs.rules import Scope
from badge_service.programs.rules.shapes import PAGED, listing, named, shape
from badge_service.web.forms import small_number
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions
from badge_service.workshops.actions.dates import day_named
from badge_service.workshops.actions.listing import learners_from
from badge_service.workshops.actions.presence import BY_HAND
from badge_service.workshops.api.blueprint import DAY, NUMBER, blueprint, refuse, workshop_of
from badge_service.workshops.rules import CheckIn
from badge_service.workshops.tables import Attendance, Enrolment

_PATH = "/api/v1/workshops/<token>/presence/<day>"
PRESENCE = named(
    "Presence",
    shape(
        {
            "number": {"type": "integer"},
            "name": {"type": "string"},
            "present": {"type": "boolean", "description": "on this day; nobody marked counts as present"},
            "how": {
                "enum": [BY_HAND, *(kind.value for kind in CheckIn), None],
                "description": "how it became known; null where nothing was written down",
            },
        }
    ),
)
NEW_MARKS = shape(
    {
        "marks": {
            "type": "array",
            "minItems": 1,
            "maxItems": 500,
            "items": shape({"number": NUMBER, "present": {"type": "boolean"}}),
        }
    }
)


@operation(
    blueprint,
    _PATH,
    Operation(
        "GET",
        "Who was there on one day of a workshop, by number",
        Scope.ENROLMENTS_READ,
        listing(PRESENCE),
        query=PAGED,
        path={"day": DAY},
    ),
)
def presence(call: Call, token: str, day: str) -> dict[str, Any]:
    """One page of everybody enrolled."""
    session, found = current_session(), workshop_of(call, token)
    wanted = day_named(found, day)
    number = small_number(after(call.query["cursor"]) or "0")
    if number is None:
        raise bad_cursor()
    limit = call.query["limit"]
    learners = learners_from(session, call.caller.viewer, found, number, limit + 1)
    marks = actions.marks_on(session, found, wanted)
    return page(learners, limit, lambda one: str(one.number), lambda one: _told(one, marks.get(one.id)))


@operation(
    blueprint,
    _PATH,
    Operation(
        "PUT",
        "Say who was there on one day; who is not named stays as they are",
        Scope.ENROLMENTS_WRITE,
        shape({"changed": {"type": "integer"}}),
        body=NEW_MARKS,
        path={"day": DAY},
    ),
)
def mark(call: Call, token: str, day: str) -> dict[str, Any]:
    """All of it, or nothing and every fault."""
    session, found = current_session(), workshop_of(call, token)
    wanted, asked = day_named(found, day), call.body["marks"]
    enrolled = {one.number for one in actions.learners_of(session, call.caller.viewer, found)}
    times = Counter(one["number"] for one in asked)
    refuse(_("These marks cannot be written down."), _faults(asked, enrolled, times))
    marks = {one["number"]: one["present"] for one in asked}
    changed = actions.mark_presence(session, call.caller.viewer, found, wanted, marks)
    note(call, "workshop.presence", f"activity:{token}", day=day, marks=changed)
    return {"changed": changed}


def _faults(asked: list[Mapping[str, Any]], enrolled: set[int], times: Counter[int]) -> list[Fault]:
    unknown = _("No learner of this workshop has this number.")
    places = [f"marks[{place}].number" for place in range(len(asked))]
    faults = [
        Fault(place, unknown, "no_learner")
        for place, one in zip(places, asked, strict=True)
        if one["number"] not in enrolled
    ]
    twice = _("This number is there twice. Say it once.")
    return faults + [
        Fault(place, twice, "twice")
        for place, one in zip(places, asked, strict=True)
        if times[one["number"]] > 1
    ]


def _told(one: Enrolment, mark: Attendance | None) -> dict[str, Any]:
    present, how = (mark.present, mark.how) if mark else (True, None)
    return {"number": one.number, "name": one.name, "present": present, "how": how}
