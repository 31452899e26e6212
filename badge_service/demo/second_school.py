"""A second school, in Gabrovo, teaches a learner from Friesland: badges of both regions fulfil one pathway, which is proposed."""

from datetime import timedelta

from sqlalchemy.orm import Session

from badge_service.alliance import actions as alliance
from badge_service.alliance.rules import ActivityFacts, Kind
from badge_service.awards import actions as awards
from badge_service.awards.rules import IdentityCheck
from badge_service.curriculum import actions as curriculum
from badge_service.curriculum.rules import rubric_of
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.demo.rules import PLACES, TRAVELLER, learner_email, learner_name
from badge_service.demo.world import Stage, viewer_of
from badge_service.people import actions as people
from badge_service.people.rules import Viewer
from badge_service.storage.session import now
from badge_service.workshops import actions as workshops
from badge_service.workshops.rules import LearnerRow, TeachingPlan
from badge_service.workshops.tables import Workshop

PLACE = PLACES[2]
PATHWAY, VERSION = "future-craft-maker", "1.0.0"
TAUGHT = ("plant-dyes", "product-story-qr-code")


def teach_a_traveller(stage: Stage) -> None:
    """The pathway gets its badge; then a small workshop gives the traveller the two that were missing."""
    session = stage.session
    lead, teacher = viewer_of(session, "let-lead-bg"), viewer_of(session, "teacher-bg")
    curriculum.publish_badge_of(session, lead, PATHWAY, VERSION, public_url=stage.settings.public_url)
    versions = [curriculum.newest_version(session, slug) for slug in TAUGHT]
    workshop = _hold(session, teacher, versions)
    row = LearnerRow(1, learner_name(TRAVELLER), learner_email(TRAVELLER))
    (learner,) = workshops.enrol(session, teacher, workshop, [row])
    for version, piece in zip(versions, EVIDENCE, strict=True):
        _assess(stage, teacher, workshop, version, piece, learner.person_id)


def _hold(session: Session, teacher: Viewer, versions: list[DefinitionVersion]) -> Workshop:
    day = now(session).date() - timedelta(days=4)
    facts = ActivityFacts(
        Kind.WORKSHOP.value,
        "Багри от двора и история с QR код",
        "Участниците боядисват вълна и лен с три местни растения и разказват за изделието на страница с QR код.",
        PLACE.partner,
        PLACE.language,
        day,
        day + timedelta(days=2),
        (PLACE.partner,),
    )
    plan = TeachingPlan(tuple(one.id for one in versions), (teacher.person_id or 0,), capacity=12)
    joined = alliance.find_alliance(session, PLACE.slug)
    school = people.organisation_by_slug(session, PLACE.school_slug)
    workshop = workshops.plan_workshop(session, teacher, joined, school, facts, plan)
    alliance.mark_held(session, teacher, workshop.activity)
    return workshop


EVIDENCE = (
    awards.HandedIn(
        "Девет проби с рецепти",
        genre="product",
        text="Проби от вълна и лен с три растения; всяка рецепта може да се повтори.",
        in_credential=True,
    ),
    awards.HandedIn(
        "Страница на изделието",
        genre="website",
        text="Кодът беше прочетен с два телефона; фактите на страницата имат посочен източник.",
        in_credential=True,
    ),
)


def _assess(
    stage: Stage,
    teacher: Viewer,
    workshop: Workshop,
    version: DefinitionVersion,
    piece: awards.HandedIn,
    person: int,
) -> None:
    session, settings = stage.session, stage.settings
    levels: dict[tuple[int, str], str | None] = {
        (person, criterion.id): "proficient" for criterion in rubric_of(version.content).criteria
    }
    awards.set_levels(session, teacher, workshop, version, levels)
    awards.add_evidence(session, teacher, workshop, version, piece, settings.evidence_folder)
    awards.award_ready(
        session,
        teacher,
        settings,
        workshop.activity.token,
        version,
        idempotency_key=f"demo-{version.definition.slug}",
        identity_check=IdentityCheck.KNOWN,
        confirmed=[person],
        saw_evidence=True,
    )
