"""The lists of the studio and the catalogue through the application itself: with ten thousand definitions, and with a hundred.

The definitions are copies of a published one of the catalogue, of real size, with titles of their own: the same rows that
publication leaves, written straight into the tables. One in twenty begins a pathway,
beside a page full of pathways in both, so that the same number of cards is drawn.
"""

import gc
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from badge_service.app import create_app
from badge_service.curriculum.actions.catalogue import PAGE_SIZE
from badge_service.curriculum.rules.frameworks.folding import words_of
from badge_service.curriculum.tables import (
    LISTED_WORDS,
    Definition,
    DefinitionVersion,
    ListedVersion,
    PathwayVersion,
)
from badge_service.people.tables import Region
from badge_service.storage import word_index
from badge_service.storage.bulk import insert_rows

sys.path.insert(0, str(Path(__file__).parent))
import awarding

FEW, MANY = 100, 10_000
ROUNDS = 15
CRAFTS = ("Willow", "Ceramics", "Дърворезба")  # each search finds more than a page, with a hundred too
DEEDS = ("for beginners", "by hand", "of the region", "and repair", "with a master", "for a museum")
PAGES = {
    "catalogue": "/catalogue",
    "a topic": "/catalogue?topic=traditional_crafts",
    "topic and level": "/catalogue?topic=traditional_crafts&level=3",
    "a region": "/catalogue?region=friesland",
    "words": "/catalogue?text=cpy+ceram",
    "Cyrillic words": "/catalogue?text=%D0%B4%D1%8A%D1%80%D0%B2",
    "the third page": "/catalogue?page=3",
    "own definitions": "/definitions",
    "own definitions by word": "/definitions?text=willow",
    "begin": "/definitions/new",
    "pathways": "/pathways",
    "own pathways": "/studio/pathways",
    "frameworks": "/frameworks",
    "curricula": "/curricula",
    "own curricula": "/studio/curricula",
}


Tell = Callable[[str, float, str, str], None]
Say = Callable[[str], None]


def measure(folder: Path, tell: Tell, say: Say) -> None:
    """Prints how many times as long the slowest list page takes with a hundred times as many definitions."""
    few, many = (_client(folder / str(count), count) for count in (FEW, MANY))
    found = {name: times_as_long(few, many, address, address) for name, address in PAGES.items()}
    for name, (ratio, seconds) in found.items():
        say(
            f"list of {name}: {seconds * 1e3:.1f} ms with {MANY} definitions, {ratio:.2f} times as long as with {FEW}"
        )
    tell("definition_list_x_hundredth", max(ratio for ratio, _seconds in found.values()), "x", "<=1.5")


def _client(folder: Path, count: int) -> FlaskClient:
    """A LET lead's browser before a service with so many definitions."""
    place = awarding.make_place(folder, learners=1)
    with place.database.writing() as session:
        fill(session, count)
    return client_of(place, "let-lead")


def client_of(place: awarding.Place, person: str) -> FlaskClient:
    """The browser of somebody of the demo before a service."""
    app = create_app(place.settings, place.database, place.keyring)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    entered = client.post(f"/demo/sign-in/{person}", base_url=place.settings.address)
    if entered.status_code != 302:
        raise RuntimeError(f"{person} cannot enter: {entered.status}")
    client.environ_base["HTTP_HOST"] = place.settings.address.partition("//")[2]
    return client


def fill(session: Session, count: int) -> None:
    """Add definitions until there are `count`, and pathways that some of them begin."""
    like = session.scalars(
        select(DefinitionVersion)
        .join(ListedVersion, ListedVersion.id == DefinitionVersion.id)
        .where(ListedVersion.in_catalogue, ListedVersion.topic == "traditional_crafts")
        .options(undefer(DefinitionVersion.picture_svg), undefer(DefinitionVersion.picture_png))
        .limit(1)
    ).one()
    more = count - (session.scalar(select(func.count(Definition.id))) or 0)
    titles = [f"{CRAFTS[n % len(CRAFTS)]} {DEEDS[n // len(CRAFTS) % len(DEEDS)]} {n}" for n in range(more)]
    names = [f"copy-{n}" for n in range(more)]
    definitions = _copies(session, like.definition, slug=names, code=[f"CPY-{n}" for n in range(more)])
    versions = _copies(session, like, definition_id=definitions, title=titles)
    row = session.get_one(ListedVersion, like.id)
    folded = [" ".join(words_of(title)) for title in titles]
    codes = [" ".join(words_of(f"CPY-{n}")) for n in range(more)]
    regions = session.scalars(select(Region.id)).all()
    _copies(
        session,
        row,
        id=versions,
        definition_id=definitions,
        sort_title=folded,
        words=[f"{title} {code}" for title, code in zip(folded, codes, strict=True)],
        level=[2 + n % 5 for n in range(more)],
        region_id=[regions[n % len(regions)] for n in range(more)],
    )
    word_index.refresh(session, LISTED_WORDS, versions)
    beginning = [n for n in range(more) if n < PAGE_SIZE or n % 20 == 0]
    _fill_pathways(session, [names[n] for n in beginning], [titles[n] for n in beginning])


def _fill_pathways(session: Session, names: list[str], titles: list[str]) -> None:
    like = session.scalars(
        select(PathwayVersion).where(PathwayVersion.published_at.is_not(None)).limit(1)
    ).one()
    codes = [f"CPY-PATH-{n}" for n in range(len(names))]
    nothing = [None] * len(names)
    pathways = _copies(session, like.pathway, slug=names, code=codes, definition_id=nothing)
    _copies(session, like, pathway_id=pathways, slug=names, code=codes, title=titles)


def _copies(session: Session, like: Any, **varying: list[Any]) -> list[int]:
    """Rows like this one but for what varies; their numbers."""
    table = type(like)
    count = len(next(iter(varying.values())))
    if "id" not in varying:
        before = session.scalar(select(func.max(table.id))) or 0
        varying["id"] = list(range(before + 1, before + 1 + count))
    same = {
        column.name: getattr(like, column.name) for column in table.__table__.c if column.name not in varying
    }
    insert_rows(session, table, same=same, varying=varying)
    return varying["id"]


def times_as_long(few: FlaskClient, many: FlaskClient, short: str, long: str) -> tuple[float, float]:
    """How many times as long `many` takes for its page as `few`, and its seconds: medians of rounds in which they take turns."""
    for client, address in ((few, short), (many, long)):
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status}")
    gc.collect()
    pairs = [(_seconds(few, short), _seconds(many, long)) for _ in range(ROUNDS)]
    ratio = statistics.median(slow / quick for quick, slow in pairs)
    return ratio, statistics.median(slow for _quick, slow in pairs)


def _seconds(client: FlaskClient, address: str) -> float:
    began = time.thread_time()
    client.get(address)
    return time.thread_time() - began
