"""The API for workshops and their class lists: read, plan, enrol."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from badge_service.alliance import actions as alliance
from badge_service.alliance.rules import ActivityFacts, Kind
from badge_service.curriculum import actions as curriculum
from badge_service.errors import Fault, InvalidError, NotFoundError
from badge_service.people import actions as people
from badge_service.programs import actions as programs
from badge_service.programs.operations import Call, Operation, note, operation
from badge_service.programs.paging import after, bad_cursor, page
from badge_service.programs.rules import Scope
from badge_service.programs.rules.shapes import PAGED, listing, named, shape, text, whole
from badge_service.web.forms import small_number
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions
from badge_service.workshops.actions.listing import learners_from, workshops_from
from badge_service.workshops.rules import LearnerRow, RowFault, TeachingPlan
from badge_service.workshops.rules.learners import Collection
from badge_service.workshops.tables import Enrolment, Workshop

blueprint = Blueprint("workshops_api", __name__)

MOST_AT_ONCE = 500
_DAY = {"type": "string", "format": "date"}
_TAUGHT = shape({"slug": text(80, minLength=1), "version": text(40, minLength=1)})
WORKSHOP = named(
    "Workshop",
    shape(
        {
            "token": text(60),
            "title": text(200),
            "summary": text(4000),
            "place": text(200),
            "language": text(10),
            "starts_on": _DAY,
            "ends_on": _DAY,
            "state": {"enum": ["planned", "held", "cancelled"]},
            "iteration": {"type": "integer"},
            "capacity": {"type": ["integer", "null"]},
            "alliance": text(80),
            "definitions": {"type": "array", "items": _TAUGHT},
            "url": text(2000),
        }
    ),
)
NEW_WORKSHOP = shape(
    {
        "alliance": text(80, minLength=1, description="short name of the alliance in which it is held"),
        "title": text(120, minLength=1),
        "summary": text(2000, minLength=1),
        "place": text(120, minLength=1),
        "language": text(3, description="ISO 639"),
        "starts_on": _DAY,
        "ends_on": _DAY,
        "definitions": {"type": "array", "items": _TAUGHT, "minItems": 1, "maxItems": 20},
        "trainers": {
            "type": "array",
            "items": text(254),
            "minItems": 1,
            "maxItems": 20,
            "description": "e-mail addresses of teachers of your organisation",
        },
        "iteration": whole(1, 99, default=1),
        "capacity": {"type": ["integer", "null"], "minimum": 1, "maximum": 1000},
        "partners": {"type": "array", "items": text(120, minLength=1), "maxItems": 20},
    },
    optional=("iteration", "capacity", "partners"),
)
ENROLMENT = named(
    "Enrolment",
    shape(
        {
            "number": {"type": "integer", "description": "names the learner in this workshop"},
            "name": text(200),
            "email": {"type": ["string", "null"]},
            "present": {"type": "boolean"},
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
                    "number": {"type": ["integer", "null"], "minimum": 1, "maximum": 9999},
                },
                optional=("email", "number"),
            ),
        }
    }
)


@operation(
    blueprint,
    "/api/v1/workshops",
    Operation(
        "GET",
        "The workshops of your organisation, in the order in which they were planned",
        Scope.WORKSHOPS_READ,
        listing(WORKSHOP),
        query=PAGED,
    ),
)
def workshops(call: Call) -> dict[str, Any]:
    """One page."""
    limit, last = call.query["limit"], after(call.query["cursor"])
    found = workshops_from(current_session(), call.caller.organisation_id, last, limit + 1)
    if found is None:
        raise bad_cursor()
    return page(found, limit, lambda one: one.activity.token, _told)


@operation(
    blueprint,
    "/api/v1/workshops/<token>",
    Operation("GET", "One workshop", Scope.WORKSHOPS_READ, WORKSHOP),
)
def workshop(call: Call, token: str) -> dict[str, Any]:
    """What its public page says, and what it teaches."""
    return _told(_find(call, token))


@operation(
    blueprint,
    "/api/v1/workshops",
    Operation(
        "POST",
        "Plan a workshop",
        Scope.WORKSHOPS_WRITE,
        WORKSHOP,
        status=201,
        body=NEW_WORKSHOP,
        once=True,
        refusals=(404, 409),
    ),
)
def plan_workshop(call: Call) -> dict[str, Any]:
    """As an administrator plans one: the teachers who are named as trainers assess and award."""
    session, body = current_session(), call.body
    home = alliance.find_alliance(session, body["alliance"])
    school = people.organisation_by_id(session, call.caller.organisation_id)
    facts = ActivityFacts(
        kind=Kind.WORKSHOP.value,
        title=body["title"].strip(),
        summary=body["summary"].strip(),
        place=body["place"].strip(),
        language=body["language"],
        starts_on=date.fromisoformat(body["starts_on"]),
        ends_on=date.fromisoformat(body["ends_on"]),
        partners=tuple(body.get("partners", ())),
    )
    plan = TeachingPlan(
        version_ids=_versions(session, body["definitions"]),
        trainer_ids=_trainers(session, call, body["trainers"]),
        iteration=body.get("iteration", 1),
        capacity=body.get("capacity"),
    )
    made = actions.plan_workshop(session, call.caller.viewer, home, school, facts, plan)
    note(call, "workshop.plan", f"activity:{made.activity.token}")
    return _told(made)


@operation(
    blueprint,
    "/api/v1/workshops/<token>/enrolments",
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
    found = learners_from(session, call.caller.viewer, _find(call, token), number, limit + 1)
    return page(found, limit, lambda one: str(one.number), _told_learner)


@operation(
    blueprint,
    "/api/v1/workshops/<token>/enrolments",
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
    found = _find(call, token)
    rows = _rows(call.body["learners"])
    session, viewer = current_session(), call.caller.viewer
    if faults := actions.preview_enrolment(session, viewer, found, rows).faults:
        raise InvalidError(_("Some rows need correcting."), faults=[_at_its_place(one) for one in faults])
    changed = actions.enrol(session, viewer, found, rows)
    note(call, "workshop.enrol", f"activity:{token}", numbers=[one.number for one in changed])
    return {"enrolled": [_told_learner(one) for one in changed]}


def _find(call: Call, token: str) -> Workshop:
    return actions.find_workshop(current_session(), call.caller.viewer, token)


def _versions(session: Session, asked: Sequence[Mapping[str, str]]) -> tuple[int, ...]:
    ids, faults = [], []
    for place, one in enumerate(asked):
        try:
            ids.append(curriculum.find_version(session, one["slug"], one["version"]).id)
        except NotFoundError as error:
            faults.append(Fault(f"definitions[{place}]", error.message, "version"))
    if faults:
        raise InvalidError(_("Something needs correcting."), faults=faults)
    return tuple(ids)


def _trainers(session: Session, call: Call, emails: Sequence[str]) -> tuple[int, ...]:
    ids: list[int] = []
    faults: list[Fault] = []
    for place, email in enumerate(emails):
        try:
            named_one = programs.named_teacher(session, call.caller, email, f"trainers[{place}]")
            ids.append(named_one.person_id or 0)
        except InvalidError as error:
            faults += error.faults
    if faults:
        raise InvalidError(_("Something needs correcting."), faults=faults)
    return tuple(ids)


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


def _told(one: Workshop) -> dict[str, Any]:
    activity = one.activity
    return {
        "token": activity.token,
        "title": activity.title,
        "summary": activity.summary,
        "place": activity.place,
        "language": activity.language,
        "starts_on": activity.starts_on.isoformat(),
        "ends_on": activity.ends_on.isoformat(),
        "state": activity.state,
        "iteration": one.iteration,
        "capacity": one.capacity,
        "alliance": activity.alliance.slug,
        "definitions": [
            {"slug": entry.version.definition.slug, "version": entry.version.version}
            for entry in one.versions
        ],
        "url": f"{current_settings().address}/activities/{activity.token}",
    }


def _told_learner(one: Enrolment) -> dict[str, Any]:
    return {"number": one.number, "name": one.name, "email": one.email, "present": one.present}
