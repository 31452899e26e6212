"""The curriculum studio at work in Friesland: a curriculum, a change that a pilot workshop taught, a translation; hubs elsewhere."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from badge_service.curriculum import actions as curriculum
from badge_service.curriculum.rules.curricula import blank_curriculum
from badge_service.curriculum.rules.findings import FindingKind, Note, SourceKind
from badge_service.curriculum.rules.teams import HubFacts
from badge_service.curriculum.tables import DefinitionVersion, Let
from badge_service.demo import dutch
from badge_service.demo.rules import MAIN_ENTRY, PLACES
from badge_service.demo.world import Stage, pilot, viewer_of
from badge_service.people import actions as people
from badge_service.people.rules import Viewer
from badge_service.settings import Settings
from badge_service.storage.session import now

CHANGED_ENTRY = "coach-of-students-in-the-lead"


def show_studio(stage: Stage) -> None:
    """What the LET leads do at their desks, after the first pilot workshop and before the next one."""
    session, settings = stage.session, stage.settings
    lead = viewer_of(session, "let-lead")
    let = curriculum.find_let(session, PLACES[0].slug)
    for key, slug, facts in HUBS:
        curriculum.open_hub(session, viewer_of(session, key), curriculum.find_let(session, slug), facts)
    _write_curriculum(session, lead, let)
    _learn_from_pilot(session, lead, settings)
    _translate(session, lead, settings)
    for key, slug in PATHWAYS:
        curriculum.publish_badge_of(
            session, viewer_of(session, key), slug, "1.0.0", public_url=settings.public_url
        )


PATHWAYS = (
    ("let-lead", "student-in-the-lead"),
    ("let-lead-es", "circular-fashion-starter"),
    ("let-lead-bg", "digital-craft-innovator"),
)
"""The last of the four, which the second school's traveller fulfils, gets its badge there."""

HUBS = (
    (
        "let-lead-es",
        "valencia",
        HubFacts(
            name="Taller de hilo y patrón Demo",
            place="Taller Circular Demo Valencia, nave 2",
            about="Mesas de corte y telares junto a un archivo de retales: aquí se prueba un patrón antes de cortar tela nueva.",
            machines=("Mesa de corte de 4 m", "Tres máquinas de coser", "Telar de ocho lizos"),
            partners=("Taller Circular Demo Valencia",),
            opening="De lunes a jueves, de 10 a 18 h.",
            accessibility="Acceso sin escalones. Aseo adaptado. Los lunes por la mañana las máquinas están paradas y hay silencio.",
            language="es",
            spoken=("es", "ca"),
        ),
    ),
    (
        "let-lead-bg",
        "central-bulgaria",
        HubFacts(
            name="Демо работилница за глина и багри",
            place="Демо музей на занаятите Габрово, двор 1",
            about="Грънчарска пещ, казани за растителни багри и малка стая с 3D принтер за калъпи.",
            machines=("Пещ за керамика", "Два казана за боядисване", "3D принтер"),
            partners=("Демо музей на занаятите Габрово",),
            opening="От вторник до събота, от 10 до 17 ч.",
            accessibility="Вход без стъпала. Има асансьор. При работа на пещта е топло.",
            language="bg",
            spoken=("bg", "en"),
        ),
    ),
)


def _write_curriculum(session: Session, lead: Viewer, let: Let) -> None:
    school = people.organisation_by_slug(session, PLACES[0].school_slug)
    draft = curriculum.create_curriculum(
        session, lead, organisation_id=school.id, let_id=let.id, title=CURRICULUM, language="en"
    )
    today = now(session).date()
    topics = [
        {
            "id": f"T{number}",
            "iteration": iteration,
            "title": title,
            "starts": (today + timedelta(days=starts)).isoformat(),
            "ends": (today + timedelta(days=ends)).isoformat(),
        }
        for number, (iteration, title, starts, ends) in enumerate(TOPICS, start=1)
    ]
    content = blank_curriculum(CURRICULUM, "en") | {"description": ABOUT, "units": UNITS, "topics": topics}
    curriculum.save_curriculum(session, lead, draft.id, content, draft.revision)
    curriculum.publish_curriculum(session, lead, draft.id)


CURRICULUM = "From willow rod to a maker's network"
ABOUT = "Learners make one thing well, invite those who live from making it, and try with them what could come next."
TOPICS = (
    (1, "Willow: the basket of the region", -60, -9),
    (2, "Willow and printed handles", -8, 60),
)


def _unit(number: int, title: str, hours: int, told: str, *slugs: str, **tags: list[str]) -> dict[str, Any]:
    return {
        "id": f"U{number}",
        "title": title,
        "description": told,
        "hours": hours,
        "approaches": tags["approaches"],
        "impacts": tags["impacts"],
        "definitions": [{"slug": slug, "version": ""} for slug in slugs],
    }


UNITS = [
    _unit(
        1, "Who makes here?", 20,
        "Learners map makers, growers and shops around the school and make the first call themselves.",
        "network-scout", approaches=["collaborative_work"], impacts=["social"],
    ),
    _unit(
        2, "One basket, done well", 30,
        "Two long sessions beside a basket maker; what breaks is talked about and mended.",
        MAIN_ENTRY, approaches=["problem_solving"], impacts=["environmental", "cultural"],
    ),
    _unit(
        3, "A guest at the bench", 15,
        "Learners invite a maker, lead the talk and write down what they will do with it.",
        "guest-speaker-host", approaches=["collaborative_work"], impacts=["social", "cultural"],
    ),
    _unit(
        4, "A handle for every hand", 24,
        "With people who cannot close their hand: ask, sketch, try, and try again.",
        "alliance-meeting-facilitator", approaches=["design_thinking", "collaborative_work"], impacts=["social"],
    ),
]  # fmt: skip


def _learn_from_pilot(session: Session, lead: Viewer, settings: Settings) -> None:
    """A finding, the change it asks for, the decision, and the version that answers it; another finding still waits."""
    workshop = pilot(session, viewer_of(session, "teacher"))
    page = f"{settings.public_url}/activities/{workshop.activity.token}"
    coach = curriculum.newest_version(session, CHANGED_ENTRY)
    basket = curriculum.newest_version(session, MAIN_ENTRY)
    found, _kept = (
        curriculum.record_finding(
            session, lead, source_kind=SourceKind.WORKSHOP, public_url=page, label="pilot 1 in Friesland",
            n=22, iteration=workshop.iteration, text=text, kind=kind, definition_id=version.definition_id,
        )
        for version, kind, text in ((coach, FindingKind.CHANGE, FOUND), (basket, FindingKind.KEEP, KEPT))
    )  # fmt: skip
    asked = curriculum.ask_for_change(
        session, lead, [found.id], text=ASKED, definition_id=coach.definition_id
    )
    curriculum.decide_change(session, lead, asked.id, accept=True, reason=REASON)
    draft = curriculum.draft_for(session, lead, asked.id)
    if isinstance(draft, DefinitionVersion):
        hours = dict(draft.content["workload_hours"])
        hours["guided"] -= WATCHING_HOURS
        hours["practice"] += WATCHING_HOURS
        content = {**draft.content, "workload_hours": hours}
        curriculum.save_draft(session, lead, draft.id, content, draft.revision)
        notes = [Note(("workload_hours",), request_id=asked.id)]
        curriculum.publish(session, lead, draft.id, public_url=settings.public_url, changes=notes)


FOUND = "9 of 22 learners said that the teacher took the rods out of their hands when the border went wrong."
KEPT = "Two long sessions worked: 19 of 22 learners would not want them shorter."
ASKED = "Two hours of practice in which coaches watch a colleague's group and keep their hands still, for two guided ones."
REASON = "Stepping back is learnt by doing it. Two colleagues tried the two hours and would not miss them."
WATCHING_HOURS = 2


def _translate(session: Session, lead: Viewer, settings: Settings) -> None:
    original = curriculum.newest_version(session, MAIN_ENTRY)
    draft = curriculum.begin_translation(session, lead, original.id, dutch.LANGUAGE, dutch.CODE)
    curriculum.save_translation(session, lead, draft.id, dutch.TEXTS, draft.revision)
    curriculum.publish(session, lead, draft.id, public_url=settings.public_url)
