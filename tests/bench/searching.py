"""Searches all frameworks with 20,000 further items of made-up labels in them."""

import random
import statistics
import time
from pathlib import Path

from measuring import Tell
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.frameworks import (
    add_framework,
    load_shipped_frameworks,
    search_frameworks,
)
from badge_service.curriculum.rules.frameworks import FrameworkFacts, ItemFacts
from badge_service.people.rules import Grant, Role, Viewer
from badge_service.storage.schema import upgrade
from badge_service.storage.session import Database

ITEMS = 20_000
VERBS = (
    "manage",
    "operate",
    "design",
    "repair",
    "prepare",
    "assess",
    "teach",
    "weave",
    "carve",
    "glaze",
    "dye",
    "sew",
)
THINGS = (
    "willow",
    "clay",
    "wool",
    "linen",
    "leather",
    "timber",
    "glass",
    "paper",
    "yarn",
    "pattern",
    "kiln",
    "loom",
)
ENDS = (
    "by hand",
    "in a team",
    "for customers",
    "with digital tools",
    "safely",
    "of the region",
    "in a workshop",
)
QUERIES = (
    "weave",
    "wea",
    "willow",
    "manage",
    "glaze clay safely",
    "digital tools",
    "x-0417",
    "in a workshop",
    "zzz wool",
)


def measure(folder: Path, tell: Tell) -> None:
    """Print the median of several searches: common and rare words, beginnings, codes, words that nothing has together."""
    database = Database(f"sqlite:///{folder / 'frameworks.sqlite'}")
    upgrade(database)
    lead = Viewer(key="bench", person_id=1, grants=frozenset({Grant(Role.OPERATOR, None)}))
    facts = FrameworkFacts("made-up", "Made-up skills", "1", "The bench", "none")
    with database.writing() as session:
        load_shipped_frameworks(session)
        add_framework(session, lead, facts, made_up_items(ITEMS))
    with database.reading() as session:
        taken = [_milliseconds(session, text) for _ in range(5) for text in QUERIES]
    database.close()
    tell("framework_search_median_ms", statistics.median(taken), "ms", "<=50")


def made_up_items(count: int) -> list[ItemFacts]:
    """Always the same items: labels of three to five words, some with a summary."""
    chance = random.Random(4)
    items = []
    for number in range(count):
        label = (
            f"{chance.choice(VERBS)} {chance.choice(THINGS)} {chance.choice(THINGS)} {chance.choice(ENDS)}"
        )
        summary = f"Can {chance.choice(VERBS)} {chance.choice(THINGS)} {number}." if number % 2 else ""
        items.append(ItemFacts(f"X-{number:04d}", label, f"https://skills.example/{number}", summary=summary))
    return items


def _milliseconds(session: Session, text: str) -> float:
    began = time.perf_counter()
    search_frameworks(session, text)
    return (time.perf_counter() - began) * 1_000
