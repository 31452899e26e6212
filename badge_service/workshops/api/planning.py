"""Workshops for programs: read them, and plan one as an administrator of the organisation does."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from typing import Any, TypeVar

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from badge_service.alliance import actions as alliance
from badge_service.alliance.rules import PLANNERS, ActivityFacts, Kind
from badge_service.curriculum import actions as curriculum
from badge_service.errors import BadgeServiceError, Fault, InvalidError, NotFoundError
from badge_service.people import actions as people
from badge_service.programs import actions as programs
from badge_service.programs.operations import Call, Operation, note, operation
from badge_service.programs.paging import after, bad_cursor, page
from badge_service.programs.rules import Scope
from badge_service.programs.rules.shapes import PAGED, listing
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions
from badge_service.workshops.actions.listing import workshops_from
from badge_service.workshops.api.blueprint import blueprint, refuse, workshop_of
from badge_service.workshops.api.shapes import NEW_WORKSHOP, WORKSHOP, told
from badge_service.workshops.rules import Meeting, TeachingPlan
from badge_service.workshops.tables import Workshop

Found = TypeVar("Found")
_AS_ASKED = {"versions": "definitions", "more": "days"}
"""How the fields of the form in which people plan are called here."""


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
    return _told(workshop_of(call, token))


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
    """As an administrator plans one: who is named as a trainer assesses and awards."""
    session, body = current_session(), call.body
    home = alliance.find_alliance(session, body["alliance"])
    school = people.organisation_by_id(session, call.caller.organisation_id)
    facts, plan = _facts(body), _plan(session, call)
    _refuse_other_days(facts, plan.meetings)
    try:
        made = actions.plan_workshop(session, call.caller.viewer, home, school, facts, plan)
    except InvalidError as error:
        faults = [Fault(_AS_ASKED.get(one.where, one.where), one.message, one.code) for one in error.faults]
        raise InvalidError(error.message, code=error.code, faults=faults) from error
    note(call, "workshop.plan", f"activity:{made.activity.token}")
    return _told(made)


def _facts(body: Mapping[str, Any]) -> ActivityFacts:
    return ActivityFacts(
        kind=Kind.WORKSHOP.value,
        title=body["title"].strip(),
        summary=body["summary"].strip(),
        place=body["place"].strip(),
        language=body["language"],
        starts_on=date.fromisoformat(body["starts_on"]),
        ends_on=date.fromisoformat(body["ends_on"]),
        partners=tuple(body.get("partners", ())),
        qualities=tuple(body.get("qualities", ())),
        group_size=body.get("group_size"),
    )


def _plan(session: Session, call: Call) -> TeachingPlan:
    """What is named in the request, found; raises `InvalidError` with everything that is not there."""
    body = call.body
    faults: list[Fault] = []
    plan = TeachingPlan(
        version_ids=_found(
            faults,
            "definitions",
            body["definitions"],
            lambda one: curriculum.find_version(session, one["slug"], one["version"]).id,
        ),
        trainer_ids=_found(
            faults,
            "trainers",
            body["trainers"],
            lambda one: programs.named_trainer(session, call.caller, one, PLANNERS),
        ),
        iteration=body.get("iteration", 1),
        capacity=body.get("capacity"),
        curriculum_version_id=_one(
            faults,
            "curriculum",
            body.get("curriculum"),
            lambda one: curriculum.find_curriculum(session, one["slug"], one["version"]).id,
        ),
        hub_id=_one(faults, "hub", body.get("hub"), lambda one: curriculum.find_hub(session, one).id),
        meetings=tuple(sorted(map(_meeting, body.get("days", ())), key=lambda meeting: meeting.day)),
        material_notes=body.get("material_notes", "").strip(),
        accessibility_notes=body.get("accessibility_notes", "").strip(),
    )
    refuse(_("Something needs correcting."), faults)
    return plan


def _found(
    faults: list[Fault], where: str, asked: Sequence[Any], find: Callable[[Any], Found]
) -> tuple[Found, ...]:
    """Each of what is asked for; what is not there becomes a fault at its place."""
    found = []
    for place, one in enumerate(asked):
        try:
            found.append(find(one))
        except (NotFoundError, InvalidError) as error:
            faults.append(Fault(f"{where}[{place}]", error.message, _code(error)))
    return tuple(found)


def _one(faults: list[Fault], where: str, asked: Any, find: Callable[[Any], Found]) -> Found | None:
    if asked is None:
        return None
    several: list[Fault] = []
    found = _found(several, where, [asked], find)
    faults += [Fault(where, one.message, one.code) for one in several]
    return found[0] if found else None


def _code(error: BadgeServiceError) -> str:
    return error.faults[0].code if error.faults else "missing"


def _meeting(asked: Mapping[str, str]) -> Meeting:
    hours = (time.fromisoformat(asked[part]) if part in asked else None for part in ("begins", "ends"))
    return Meeting(date.fromisoformat(asked["day"]), *hours)


def _refuse_other_days(facts: ActivityFacts, meetings: Sequence[Meeting]) -> None:
    """What is said twice must be the same; the days alone would win without a word."""
    if meetings and (meetings[0].day, meetings[-1].day) != (facts.starts_on, facts.ends_on):
        message = _("The first and the last of these days are not those of “starts_on” and “ends_on”.")
        raise InvalidError(message, faults=[Fault("days", message, "span")])


def _told(one: Workshop) -> dict[str, Any]:
    return told(one, actions.meetings_of(one), current_settings().address)
