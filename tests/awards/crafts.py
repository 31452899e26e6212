"""Four definitions and the pathway whose badge two crafts and one more make, for tests about stacked badges."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from badge_service.awards import actions, jobs
from badge_service.awards.actions import Decision, Occasion
from badge_service.awards.rules import IdentityCheck
from badge_service.curriculum import actions as curriculum
from badge_service.curriculum.rules.findings import Note
from badge_service.curriculum.tables import DefinitionVersion, PathwayVersion
from badge_service.people import actions as people
from badge_service.people.rules import Viewer
from badge_service.settings import data_path
from badge_service.storage import outbox

WILLOW, DYES, CLAY, SCOUT = "willow-basket", "plant-dyes", "hand-built-ceramics", "network-scout"
MAKER = "future-craft-maker"
URL = "http://localhost:8000"


@dataclass
class Craft:
    """The small world of the awards with four definitions and the pathway whose badge two crafts and one more make."""

    world: Any

    def lead(self) -> Viewer:
        return self.world.viewers["lead"]

    def version(self, session: Session, slug: str) -> DefinitionVersion:
        return curriculum.find_version(session, slug, "1.0.0")

    def pathway(self, session: Session) -> PathwayVersion:
        return curriculum.find_pathway(session, MAKER)

    def give(
        self,
        session: Session,
        slug: str,
        *person_ids: int,
        by: str | None = None,
        check: IdentityCheck = IdentityCheck.KNOWN,
    ) -> list[str]:
        workshop, _version = self.world.open(session)
        version = self.version(session, slug)
        decider = by or self.world.viewers["teacher"].acting_key()
        levels = {criterion["id"]: "proficient" for criterion in version.content["rubric"]["criteria"]}
        occasion = Occasion(workshop.activity, version, decider, check, learner_names=())
        decisions = [Decision(person_id, levels, (), 0) for person_id in person_ids]
        return [one.token for one in actions.decide(session, self.world.settings, occasion, decisions)]

    def publish_anew(self, session: Session) -> PathwayVersion:
        """The next version of the pathway, with other words in its description."""
        draft = curriculum.new_pathway_version(session, self.lead(), MAKER, "1.0.0")
        content = {**draft.content, "description": "Makes things by two crafts."}
        curriculum.save_pathway(session, self.lead(), MAKER, draft.version, content, draft.revision)
        why = [Note(("description",), editorial="Plainer words.")]
        return curriculum.publish_pathway(
            session, self.lead(), MAKER, draft.version, public_url=URL, changes=why
        )

    def switch_on(self) -> None:
        with self.world.database.writing() as session:
            actions.switch_on(session, self.lead(), self.pathway(session))

    def run_jobs(self) -> None:
        handlers = jobs.handlers(self.world.settings)
        settling = {kind: handlers[kind] for kind in (actions.SETTLE, curriculum.PATHWAY_PUBLISHED)}
        while outbox.run_due(self.world.database, settling):
            pass


@pytest.fixture
def craft(world: Any, beginnings: Any, tmp_path: Path) -> Craft:
    made = Craft(world)
    beginnings.put("crafts", world.database, tmp_path / "keys", lambda: _publish_all(made))
    return made


def _publish_all(made: Craft) -> None:
    world = made.world
    with world.database.writing() as session:
        school = people.organisation_by_slug(session, "craft-school")
        let = curriculum.find_let(session, "gabrovo")
        curriculum.import_catalogue(
            session,
            world.viewers["operator"],
            data_path("credentials"),
            let=let,
            organisation=school,
            public_url=world.settings.public_url,
            only=[WILLOW, DYES, CLAY, SCOUT, MAKER],
        )
        curriculum.publish_badge_of(
            session, made.lead(), MAKER, "1.0.0", public_url=world.settings.public_url
        )
    made.run_jobs()


@pytest.fixture
def learner(craft: Craft) -> int:
    return craft.world.enrol(("Petya Ivanova", "petya@school.example"))[0]
