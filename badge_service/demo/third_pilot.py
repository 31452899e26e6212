"""The third pilot workshop in Friesland begins today: planned from a curriculum at a hub; learners join, wait and check in."""

from datetime import date, time, timedelta

from sqlalchemy.orm import Session

from badge_service.alliance import actions as alliance
from badge_service.alliance.rules import ActivityFacts, Kind
from badge_service.curriculum import actions as curriculum
from badge_service.demo.rules import MAIN_ENTRY, PLACES
from badge_service.demo.world import Stage, add_missing_actors, viewer_of
from badge_service.people import actions as people
from badge_service.people.rules import NOBODY
from badge_service.storage.session import now
from badge_service.workshops import actions as workshops
from badge_service.workshops.rules import JoinRequest, Meeting, Said, TeachingPlan
from badge_service.workshops.tables import Workshop

ITERATION = 3
PLACE = PLACES[0]
JOIN = ("Aukje", "Bas", "Christa", "Durk", "Eelke", "Fardau", "Gurbe", "Hanna", "Idske", "Jorn")
"""Two more than there are places: the last ones wait in line."""

AT_THE_DOOR = (Said("Aukje Demo"), Said("Bas Demo"), Said("", 3), Said("Kristien Demo"))
"""Who says “I am here” by the printed code; the last one is on no list, so somebody has to look."""


def begin_third_pilot(stage: Stage) -> None:
    """Everything that happens before and on the first of its two days."""
    session = stage.session
    add_missing_actors(session)
    teacher = viewer_of(session, "teacher")
    workshop = _plan(session, now(session).date())
    workshops.open_joining(session, teacher, workshop, workshop.activity.ends_on)
    for number, name in enumerate(JOIN, start=1):
        email = f"joins{number:02d}@demo.example" if number % 2 else ""
        asked = JoinRequest(f"{name} Demo", email, key=f"demo-{number}")
        workshops.join(session, NOBODY, workshop, asked, PLACE.language)
    door = workshops.find_door(session, workshops.open_door(session, teacher, workshop).token)
    for said in AT_THE_DOOR:
        workshops.ask(session, NOBODY, door, said, number_typed=str(said.number or ""))


def _plan(session: Session, today: date) -> Workshop:
    teacher, colleague = viewer_of(session, "teacher"), viewer_of(session, "teacher-2")
    last = today + timedelta(days=7)
    facts = ActivityFacts(
        Kind.WORKSHOP.value,
        "Pilot workshop 3: a basket with a printed handle",
        "Learners weave a basket and print a handle that fits the hand of somebody they know.",
        PLACE.partner,
        "en",
        today,
        last,
        (PLACE.partner,),
    )
    plan = TeachingPlan(
        (curriculum.newest_version(session, MAIN_ENTRY).id,),
        (teacher.person_id or 0, colleague.person_id or 0),
        iteration=ITERATION,
        capacity=len(JOIN) - 2,
        curriculum_version_id=curriculum.published_curricula(session).rows[0].id,
        hub_id=curriculum.hubs_of(session, curriculum.find_let(session, PLACE.slug))[0].id,
        meetings=(Meeting(today, time(10), time(16)), Meeting(last, time(10), time(13))),
        material_notes="Bring a pocket knife if you have one. Rods and filament are there.",
        accessibility_notes="Step-free. The printing room is loud; ear protectors are at the door.",
    )
    joined = alliance.find_alliance(session, PLACE.slug)
    school = people.organisation_by_slug(session, PLACE.school_slug)
    return workshops.plan_workshop(session, teacher, joined, school, facts, plan)
