"""What the demo's team of Friesland is and does: members, skills, a log, a hub, a plan, a co-creation session, needs."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.alliance import actions as alliance
from badge_service.alliance.rules import ActionFacts, ActivityFacts, CoCreationFacts, Kind, NeedFacts, Track
from badge_service.curriculum import actions as curriculum
from badge_service.curriculum.actions.frameworks import add_own_item, search_frameworks
from badge_service.curriculum.rules.teams import CapacityFacts, HubFacts, MemberFacts
from badge_service.curriculum.tables import Let, LetMember, VersionAlignment
from badge_service.demo.rules import MAIN_ENTRY, PLACES
from badge_service.people import actions as people
from badge_service.people.rules import Viewer
from badge_service.storage.session import now

PLACE = PLACES[0]
PARTNERS = (
    ("Sjoerd Demo", "Demo willow growers", "business", "craft", True),
    ("Berit Demo", "Demo province, department of culture", "public_authority", "public", False),
    ("Griet Demo", "Demo guild of basket makers", "civil_society", "craft", True),
)
SKILLS = (
    ("Weaving willow", (4, 2, 1, 4)),
    ("3D modelling", (2, 3, 1, 1)),
    ("Writing a business plan", (2, 3, 4, 1)),
)
NEEDS = (
    ("People who can mend baskets and chairs", "Two workshops look for hands that repair woven seats.", 2),
    (
        "Makers who sort and grade willow",
        "Growers want to sell graded rods and find nobody who grades them.",
        3,
    ),
)
UNANSWERED = (
    "Somebody who repairs looms",
    "The museum's four looms stand still for want of a repairer.",
)
IN_NO_FRAMEWORK = (
    "Repair looms",
    "Finds what is worn in a hand loom, mends or replaces it, and sets the loom up again.",
)


def tell_of_teams(session: Session, lead: Viewer, member: Viewer, public_url: str) -> None:
    """Give the team of Friesland, led by `lead`, all that its pages can show; `member` sits for the museum."""
    let = curriculum.find_let(session, PLACE.slug)
    members = _take_in(session, lead, let)
    _learn(session, lead, let, members)
    curriculum.open_hub(session, lead, let, HUB)
    _plan(session, lead, let, members[1])
    _create_together(session, lead, let)
    _need(session, lead, member, public_url)


HUB = HubFacts(
    name="Willow and print lab Friesland",
    place="Demo Open-Air Museum, Weavers' yard 4",
    about="A yard with soaking basins beside a small room with printers: baskets in the morning, handles in the afternoon.",
    machines=("Soaking basins, 2 m", "Splitting bench", "Resin 3D printer"),
    partners=(PLACE.partner, "Demo willow growers"),
    opening="Tuesday to Friday, 9 to 17. Saturday with appointment.",
    accessibility="Step-free from the bus stop. Toilet with wide door. The printing room is loud.",
    language="en",
    spoken=("nl", "fy", "en"),
)


def _take_in(session: Session, lead: Viewer, let: Let) -> list[LetMember]:
    since = now(session).date() - timedelta(days=200)
    keys = {one.name: one.key for one in curriculum.staff_to_add(session, lead, let)}
    teacher = MemberFacts("", "Demo craft school", "education", "education", since, listed=True)
    members = [curriculum.add_member(session, lead, let, teacher, keys["Tjitske Demo"])]
    for name, organisation, helix, sector, listed in PARTNERS:
        facts = MemberFacts(name, organisation, helix, sector, since, listed=listed)
        members.append(curriculum.add_member(session, lead, let, facts))
    return members


def _learn(session: Session, lead: Viewer, let: Let, members: list[LetMember]) -> None:
    for name, levels in SKILLS:
        skill = curriculum.add_skill(session, lead, let, name)
        cells = {(one.token, skill.id): level for one, level in zip(members, levels, strict=True)}
        curriculum.set_levels(session, lead, let, cells)
    day = now(session).date() - timedelta(days=30)
    there = (members[0].token, members[3].token)
    printed = CapacityFacts(
        day, "A day with a print workshop: handles for baskets", "3D printing", 360, 9, there
    )
    judged = CapacityFacts(
        day + timedelta(days=18), "Judging the same three baskets, then comparing", "Assessment", 120, 4
    )
    for facts in (printed, judged):
        curriculum.log_capacity(session, lead, let, facts)


def _plan(session: Session, lead: Viewer, let: Let, owner: LetMember) -> None:
    today = now(session).date()
    repair = ActionFacts(
        Track.BUSINESS_MODEL.value,
        "Try a repair service for woven chairs",
        "Ten chairs repaired and paid for.",
        today + timedelta(days=90),
        owner=owner.token,
        alliance=PLACE.slug,
    )
    printing = ActionFacts(
        Track.EMERGING_TECHNOLOGY.value,
        "Print basket handles for people with little grip",
        "Three handles tried by five people.",
        today + timedelta(days=45),
        owner_organisation=PLACE.partner,
    )
    alliance.plan_action(session, lead, let, repair)
    started = alliance.plan_action(session, lead, let, printing)
    alliance.move_action(session, lead, started, "doing")


def _create_together(session: Session, lead: Viewer, let: Let) -> None:
    day: date = now(session).date() - timedelta(days=25)
    joined = alliance.find_alliance(session, PLACE.slug)
    school = people.organisation_by_slug(session, PLACE.school_slug)
    activity = ActivityFacts(
        Kind.CO_CREATION.value,
        "Co-creation: a handle that fits every hand",
        "Growers, makers and learners sketched and tried handles for an afternoon.",
        HUB.place,
        "en",
        day,
        day,
        ("Demo willow growers",),
    )
    facts = CoCreationFacts(
        "Our baskets are bought by older people who cannot close their hand. What handle would help them?",
        (
            "Growers: bring rods and the question",
            "Makers: sketch three handles",
            "Learners: print and try them",
        ),
        "Two printed handles and a page of sketches.",
        ("craft", "digital"),
    )
    found = alliance.plan_co_creation(session, lead, let, joined, school, activity, facts)
    alliance.mark_held(session, lead, found.activity)
    words = (
        "Everybody may make and show the handles. The growers may sell them and name the school when they do."
    )
    agreement = alliance.write_agreement(session, lead, found, words)
    alliance.record_assent(session, lead, found, agreement.version, "Demo willow growers", day)


def _need(session: Session, lead: Viewer, member: Viewer, public_url: str) -> None:
    joined = alliance.find_alliance(session, PLACE.slug)
    school = people.organisation_by_slug(session, PLACE.school_slug)
    museum = people.organisation_by_slug(session, PLACE.partner_slug)
    version = curriculum.newest_version(session, MAIN_ENTRY)
    taught = session.scalars(
        select(VersionAlignment.target_url)
        .where(VersionAlignment.version_id == version.id, VersionAlignment.generated.is_(False))
        .order_by(VersionAlignment.target_url)
    ).all()
    for title, text, count in NEEDS:
        need = alliance.log_need(
            session, lead, joined, school, NeedFacts(title, text, "en", for_company=True)
        )
        for target in _known(session, taught)[:count]:
            alliance.add_need_item(session, lead, need, target)
    need = alliance.log_need(session, member, joined, museum, NeedFacts(*UNANSWERED, "en"))
    skill = add_own_item(session, lead, *IN_NO_FRAMEWORK, "en", public_url=public_url)
    alliance.add_need_item(session, member, need, skill.target_url)


def _known(session: Session, targets: Sequence[str]) -> list[str]:
    return [one for one in targets if search_frameworks(session, one).total]
