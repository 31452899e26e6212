"""Builds the demo world through the same actions people use: regions, schools with keys, people, catalogue, activities."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.alliance import actions as alliance
from badge_service.alliance.rules import ActivityFacts, AllianceFacts, Kind
from badge_service.alliance.tables import Activity
from badge_service.curriculum import actions as curriculum
from badge_service.curriculum.actions.frameworks import load_shipped_frameworks
from badge_service.demo.rules import ACTORS, MAIN_ENTRY, PLACES, Actor, Place
from badge_service.demo.teams import tell_of_teams
from badge_service.errors import UnavailableError
from badge_service.keyring.rules import Keyring
from badge_service.people import actions as people
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Organisation, Person
from badge_service.settings import Settings, data_path
from badge_service.storage.session import now
from badge_service.workshops import actions as workshops
from badge_service.workshops.rules import TeachingPlan
from badge_service.workshops.tables import Workshop


@dataclass(frozen=True)
class Stage:
    """What every step of the demo needs."""

    session: Session
    settings: Settings
    keyring: Keyring


def viewer_of(session: Session, key: str) -> Viewer:
    """The viewer that an actor of the demo is."""
    actor = next(actor for actor in ACTORS if actor.key == key)
    person = people.person_to_write_to(session, actor.email)
    if person is None:
        raise LookupError(key)
    return people.load_viewer(session, person.id)


def build_world(stage: Stage) -> None:
    """Regions, organisations with their keys, alliances, LETs and everybody with a role."""
    session = stage.session
    load_shipped_frameworks(session)
    operator = next(actor for actor in ACTORS if Role.OPERATOR in actor.roles)
    person = people.add_first_operator(session, operator.name, operator.email, operator.language)
    viewer = people.load_viewer(session, person.id)
    for place in PLACES:
        _build_place(stage, viewer, place)
    for actor in ACTORS:
        if actor is not operator:
            _add_actor(session, viewer, actor)
    for place in PLACES:
        _join_alliance(session, viewer, place)


def add_missing_actors(session: Session) -> None:
    """Everybody whom an earlier version of the demo did not know yet, so that its data goes on to be played."""
    operator = viewer_of(session, "operator")
    for actor in ACTORS:
        if people.person_to_write_to(session, actor.email) is None:
            _add_actor(session, operator, actor)


def _build_place(stage: Stage, viewer: Viewer, place: Place) -> None:
    session = stage.session
    region = people.add_region(session, viewer, slug=place.slug, name=place.region, country=place.country)
    for slug, name, kind in (
        (place.school_slug, place.school, "school"),
        (place.partner_slug, place.partner, place.partner_kind),
    ):
        profile = people.OrganisationProfile(
            name=name,
            kind=kind,
            region_slug=place.slug,
            may_award_ects=kind == "school",
            quality_statement=QUALITY if kind == "school" else "",
        )
        organisation = people.add_organisation(session, viewer, slug, profile)
        if kind == "school":
            people.open_as_issuer(session, viewer, stage.keyring, organisation, stage.settings)
    alliance.open_alliance(
        session,
        viewer,
        AllianceFacts(place.slug, f"Demo Regional Alliance {place.region}", AIMS, region.id),
    )
    curriculum.open_let(
        session,
        viewer,
        slug=place.slug,
        name=f"Demo Learning Ecosystem Team {place.region}",
        description=LET_DESCRIPTION,
        region_id=region.id,
    )


QUALITY = (
    "Every definition is reviewed by the Learning Ecosystem Team and two members of the alliance. "
    "One in five awards is looked at again by a second assessor within 14 days."
)
AIMS = (
    "Schools, craft makers, museums and companies of the region open their workshops to learners, "
    "so that crafts are learnt where they are practised and what was learnt can be seen."
)
LET_DESCRIPTION = "Teachers, makers and partners who define what is taught here and how it is judged."


def _add_actor(session: Session, viewer: Viewer, actor: Actor) -> None:
    place = next(place for place in PLACES if place.slug == actor.place)
    slug = place.partner_slug if actor.partner else place.school_slug
    organisation = people.organisation_by_slug(session, slug)
    person = people.add_person(session, viewer, actor.name, actor.email, actor.language)
    for role in actor.roles:
        people.grant_role(session, viewer, person, role, organisation)


def _join_alliance(session: Session, viewer: Viewer, place: Place) -> None:
    joined = alliance.find_alliance(session, place.slug)
    for slug in (place.school_slug, place.partner_slug):
        alliance.add_member(session, viewer, joined, people.organisation_by_slug(session, slug))


def load_catalogue(stage: Stage) -> None:
    """Every LET publishes its definitions and pathways out of `credentials/`."""
    session = stage.session
    for place in PLACES:
        curriculum.import_catalogue(
            session,
            viewer_of(session, "operator"),
            data_path("credentials"),
            let=curriculum.find_let(session, place.slug),
            organisation=people.organisation_by_slug(session, place.school_slug),
            public_url=stage.settings.public_url,
            only=place.entries,
        )


def plan_activities(stage: Stage) -> None:
    """What was held and what ends today: a meeting, a guest lecture, two iterations of the pilot workshop; what a team does."""
    session = stage.session
    today = now(session).date()
    teacher = viewer_of(session, "teacher")
    school = people.organisation_by_slug(session, PLACES[0].school_slug)
    joined = alliance.find_alliance(session, PLACES[0].slug)
    for kind, title, summary, days in PAST_ACTIVITIES:
        day = today - timedelta(days=days)
        facts = ActivityFacts(
            kind, title, summary, "Demo Open-Air Museum Friesland", "en", day, day, (PLACES[0].partner,),
            topics=("craft_technique",),
        )  # fmt: skip
        held = alliance.create_activity(session, teacher, joined, school, facts)
        alliance.mark_held(session, teacher, held)
    pilot = _plan_workshop(stage, teacher, school, iteration=1, first_day_ago=9)
    alliance.mark_held(session, teacher, pilot.activity)
    _plan_workshop(stage, teacher, school, iteration=2, first_day_ago=1)
    lead, member = viewer_of(session, "let-lead"), viewer_of(session, "member")
    tell_of_teams(session, lead, member, stage.settings.public_url)


PAST_ACTIVITIES = (
    (
        Kind.MEETING.value,
        "Alliance meeting: willow on the menu",
        "Museum, growers and the school agreed who opens which workshop to learners this season.",
        40,
    ),
    (
        Kind.GUEST_LECTURE.value,
        "Guest lecture: from rod to basket",
        "A basket maker, invited by the students, showed how rods are sorted and soaked, and answered their questions.",
        21,
    ),
)


def _plan_workshop(
    stage: Stage, teacher: Viewer, school: Organisation, *, iteration: int, first_day_ago: int
) -> Workshop:
    session = stage.session
    first_day = now(session).date() - timedelta(days=first_day_ago)
    version = curriculum.newest_version(session, MAIN_ENTRY)
    facts = ActivityFacts(
        Kind.WORKSHOP.value,
        f"Pilot workshop {iteration}: a willow basket in two days",
        "Learners weave one round basket from prepared willow, from the base to the border, beside a basket maker.",
        "Demo Open-Air Museum Friesland",
        "en",
        first_day,
        first_day + timedelta(days=1),
        (PLACES[0].partner,),
        qualities=("interactive", "iterative", "collaborative"),
        group_size=4,
    )
    plan = TeachingPlan((version.id,), (teacher.person_id or 0,), iteration=iteration, capacity=24)
    return workshops.plan_workshop(
        session, teacher, alliance.find_alliance(session, PLACES[0].slug), school, facts, plan
    )


def pilot(session: Session, teacher: Viewer, iteration: int = 1) -> Workshop:
    """The pilot workshop of this iteration in Friesland."""
    found = session.scalars(
        select(Activity.token)
        .join(Workshop, Workshop.activity_id == Activity.id)
        .where(Workshop.iteration == iteration)
        .order_by(Workshop.id)
    ).first()
    if found is None:
        raise UnavailableError(
            "The demo has no workshop yet.", code="demo.unplayed", hint="Run: make demo-reset"
        )
    return workshops.find_workshop(session, teacher, found)


def person_of(session: Session, email: str) -> Person:
    """The person the demo writes to at this address."""
    person = people.person_to_write_to(session, email)
    if person is None:
        raise LookupError(email)
    return person
