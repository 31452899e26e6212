"""`make bench`: prints `name value unit aim` for each measured ratio; everything else goes to standard error.

Only ratios taken in one run count. The floor is what no implementation can do without: two SHA-256 digests and one
Ed25519 operation on the same document.
"""

import hashlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import event, select

from badge_service.awards import actions as awards
from badge_service.awards.rules import IdentityCheck
from badge_service.curriculum.rules import rubric_of
from badge_service.demo import world
from badge_service.demo.play import pilot
from badge_service.keyring.files import FileSigner, KeyFolder
from badge_service.openbadges.credential import prepare
from badge_service.openbadges.proofs import eddsa_rdfc_2022
from badge_service.register import actions as register
from badge_service.register.tables import Edition, IssuerKey
from badge_service.settings import Settings, for_demo
from badge_service.storage.schema import upgrade
from badge_service.storage.session import Database
from badge_service.workshops import actions as workshops
from badge_service.workshops.rules import LearnerRow

BULK = 1_000
SLICE = 500


@dataclass(frozen=True)
class Place:
    """A service with the demo's world and one workshop of `BULK` learners who are all ready."""

    settings: Settings
    database: Database
    keyring: KeyFolder


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = make_place(Path(folder))
        _say(f"{BULK} learners are ready: awarding and signing them")
        statements, per_award = _bulk(place)
        floor, one = _sign_one(place)
        _tell("sign_one_x_floor", one / floor, "x", "<=5")
        _tell("award_bulk_sqlite_share_of_floor", floor / per_award, f"share,{BULK}-awards", ">=0.20")
        _tell("award_sql_statements_per_500", statements, "statements", "<=15")
        _say(
            f"floor {floor * 1e3:.3f} ms, sign one {one * 1e3:.2f} ms, award and sign {per_award * 1e3:.2f} ms each"
        )
        place.database.close()


def make_place(folder: Path, database_url: str = "") -> Place:
    """Everything up to the moment before the button is pressed; also where the crash tests begin."""
    settings = for_demo(folder)
    if database_url:
        settings = replace(settings, database_url=database_url)
    place = Place(settings, Database(settings.database_url), KeyFolder(settings.keys_folder))
    upgrade(place.database)
    for step in (world.build_world, world.load_catalogue, world.plan_activities, _enrol, _assess):
        with place.database.writing() as session:
            step(world.Stage(session, settings, place.keyring))
    return place


def _enrol(stage: world.Stage) -> None:
    teacher = world.viewer_of(stage.session, "teacher")
    taught = pilot(stage.session, teacher)
    taught.capacity = None
    rows = [
        LearnerRow(row, f"Learner Demo {row}", f"learner{row}@demo.example") for row in range(1, BULK + 1)
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


def _award(place: Place, *, first: int, count: int) -> None:
    """The real action, to committed rows with their status indexes and the mails that bring the claim links."""
    with place.database.writing() as session:
        teacher = world.viewer_of(session, "teacher")
        taught = pilot(session, teacher)
        learners = workshops.learners_of(session, teacher, taught)[first : first + count]
        awards.award_ready(
            session,
            teacher,
            place.settings,
            taught.activity.token,
            taught.versions[0].version,
            idempotency_key=f"bench-{first}",
            identity_check=IdentityCheck.KNOWN,
            confirmed=[learner.person_id for learner in learners],
        )


def _bulk(place: Place) -> tuple[int, float]:
    """Statements of the last slice, and seconds an award from the button to the signed and published document."""
    sent: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(place.database.engine, "before_cursor_execute", count)
    began = time.perf_counter()
    for first in range(0, BULK, SLICE):
        sent.clear()
        _award(place, first=first, count=SLICE)
    event.remove(place.database.engine, "before_cursor_execute", count)
    signed = register.sign_intended(place.database, place.keyring)
    taken = time.perf_counter() - began
    if signed != BULK:
        raise RuntimeError(f"{signed} of {BULK} were signed")
    return len(sent), taken / signed


def _sign_one(place: Place) -> tuple[float, float]:
    """Seconds of the floor and of one signature through the real gate, on the same document."""
    with place.database.reading() as session:
        edition = session.scalars(select(Edition).order_by(Edition.id.desc())).first()
        assert edition is not None
        key = session.get_one(IssuerKey, edition.key_id)
        document, method = dict(edition.content), key.verification_method
    private = Ed25519PrivateKey.generate()
    signer, created = FileSigner("bench", private), datetime.now(UTC)
    text = json.dumps(document).encode()

    def floor() -> None:
        private.sign(hashlib.sha256(text).digest() + hashlib.sha256(text).digest())

    def one() -> None:
        eddsa_rdfc_2022.sign(prepare(document), signer=signer, verification_method=method, created=created)

    one()
    return _median(floor, 2_000), _median(one, 60)


def _median(work: Callable[[], None], times: int) -> float:
    """Seconds of processor time, so that what else runs on the machine counts for neither side of a ratio."""
    taken = []
    for _ in range(times):
        began = time.process_time_ns()
        work()
        taken.append(time.process_time_ns() - began)
    return statistics.median(taken) / 1e9


def _tell(name: str, value: float, unit: str, aim: str) -> None:
    sys.stdout.write(f"{name} {value:.4g} {unit} {aim}\n")
    sys.stdout.flush()


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    main()
