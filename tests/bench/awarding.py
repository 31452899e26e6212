"""The bulk of the bench: the real award action, from the press of the button to signed rows, empty and with a million stored."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import event

from badge_service.awards import actions as awards
from badge_service.awards.rules import IdentityCheck
from badge_service.curriculum.rules import rubric_of
from badge_service.demo import world
from badge_service.demo.play import pilot
from badge_service.keyring.files import KeyFolder
from badge_service.register import actions as register
from badge_service.settings import Settings, for_demo
from badge_service.storage.schema import upgrade
from badge_service.storage.session import Database
from badge_service.workshops import actions as workshops
from badge_service.workshops.rules import LearnerRow

AT_ONCE = 500


@dataclass(frozen=True)
class Place:
    """A service with the demo's world and one workshop of many learners who are all ready."""

    settings: Settings
    database: Database
    keyring: KeyFolder


def make_place(folder: Path, database_url: str = "", *, learners: int = 1_000) -> Place:
    """Everything up to the moment before the button is pressed; also where the crash tests begin."""
    settings = for_demo(folder)
    if database_url:
        settings = replace(settings, database_url=database_url)
    place = Place(settings, Database(settings.database_url), KeyFolder(settings.keys_folder))
    upgrade(place.database)
    for step in (world.build_world, world.load_catalogue, world.plan_activities):
        with place.database.writing() as session:
            step(world.Stage(session, settings, place.keyring))
    enrol_and_assess(place, learners)
    return place


def enrol_and_assess(place: Place, learners: int) -> None:
    """More learners in the pilot's workshop, all of them ready."""
    with place.database.writing() as session:
        _enrol(world.Stage(session, place.settings, place.keyring), learners)
    with place.database.writing() as session:
        _assess(world.Stage(session, place.settings, place.keyring))


def _enrol(stage: world.Stage, learners: int) -> None:
    teacher = world.viewer_of(stage.session, "teacher")
    taught = pilot(stage.session, teacher)
    taught.capacity = None
    rows = [
        LearnerRow(row, f"Learner Demo {row}", f"learner{row}@demo.example") for row in range(1, learners + 1)
    ]
    workshops.enrol(stage.session, teacher, taught, rows)


def _assess(stage: world.Stage) -> None:
    session, teacher = stage.session, world.viewer_of(stage.session, "teacher")
    taught = pilot(session, teacher)
    version = taught.versions[0].version
    criteria = [criterion.id for criterion in rubric_of(version.content).criteria]
    learners = workshops.learners_of(session, teacher, taught)
    cells: dict[tuple[int, str], str | None] = {
        (learner.person_id, criterion): "proficient" for learner in learners for criterion in criteria
    }
    awards.set_levels(session, teacher, taught, version, cells)


@dataclass(frozen=True)
class Bulk:
    """What one bulk took: seconds an award of wall time and of this process's work, and statements for 500 awards."""

    seconds_each: float
    cpu_seconds_each: float
    statements_per_500: float


def award_bulk(place: Place, count: int, *, key: str = "bench") -> Bulk:
    """Award `count` learners by the real action and sign them: committed, with status indexes and claim links."""
    with place.database.reading() as session:
        teacher = world.viewer_of(session, "teacher")
        taught = pilot(session, teacher)
        waiting = [
            row.learner.person_id
            for row in awards.readiness_of(session, taught, taught.versions[0].version)
            if row.ready
        ][:count]
    with _counted(place.database) as sent:
        began, cpu = time.perf_counter(), time.process_time()
        _press(place, waiting, key)
        signed = register.sign_intended(place.database, place.keyring)
        taken, worked = time.perf_counter() - began, time.process_time() - cpu
    if signed != count:
        raise RuntimeError(f"{signed} of {count} were signed")
    return Bulk(taken / count, worked / count, len(sent) * AT_ONCE / count)


def _press(place: Place, confirmed: list[int], key: str) -> None:
    with place.database.writing() as session:
        teacher = world.viewer_of(session, "teacher")
        taught = pilot(session, teacher)
        awards.award_ready(
            session,
            teacher,
            place.settings,
            taught.activity.token,
            taught.versions[0].version,
            idempotency_key=key,
            identity_check=IdentityCheck.KNOWN,
            confirmed=confirmed,
        )


@contextmanager
def _counted(database: Database) -> Iterator[list[str]]:
    """Collects every statement that either engine of `database` is sent."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    engines = (database.engine, database.open(writing=False).get_bind())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield sent
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
