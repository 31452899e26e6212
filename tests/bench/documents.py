"""The badge that the bench signs and verifies: 4.5 kB, over a hundred quads; all of one definition, as in one award."""

import functools
from datetime import UTC, datetime
from typing import Any

from badge_service.openbadges import achievement as parts
from badge_service.openbadges import credential

BASE = "https://badges.example.org"
SCHOOL = "did:web:badges.example.org:issuers:friese-vakschool"
METHOD = f"{SCHOOL}#2026"
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
LIST = f"{BASE}/issuers/friese-vakschool/status/1.json"
_HOME = f"{BASE}/achievements/data-engineering/2.1.0"


def badge(index: int) -> dict[str, Any]:
    """An unsigned badge of learner number `index`: address, holder, name, evidence, levels and status are theirs."""
    results = [
        credential.result(f"{_HOME}#C{number}", achieved_level=f"{_HOME}#C{number}-{(index + number) % 3}")
        for number in (1, 2)
    ]
    return credential.compose(
        id=f"{BASE}/credentials/{index:022d}",
        name="Data engineering",
        description="Awarded for 3 ECTS of work on data pipelines, storage & “SQL”.",
        issuer=_issuer(),
        valid_from=AT,
        awarded_date=AT,
        subject=credential.subject(
            f"urn:uuid:00000000-0000-4000-8000-{index:012d}",
            _achievement(),
            identifiers=[credential.named_holder(f"Learner “{index}” Ивайлова-Ðóttir")],
            results=results,
            credits_earned=3,
        ),
        evidence=[
            credential.evidence(id=f"{BASE}/evidence/{index:022d}-{name}", name=name, narrative="20 minutes", genre="Report")
            for name in ("report", "defence")
        ],
        status=credential.status_entry(LIST, 94_567 + index),
    )  # fmt: skip


@functools.cache
def _issuer() -> dict[str, Any]:
    return parts.profile(SCHOOL, "Friese Vakschool", url=f"{BASE}/issuers/friese-vakschool")


@functools.cache
def _achievement() -> dict[str, Any]:
    return parts.achievement(
        _HOME,
        "Data engineering",
        "Design, build and operate data pipelines.",
        parts.criteria(id=f"{_HOME}/criteria", narrative="The learner\n\n* designs a **pipeline**\n* operates it for a week"),
        achievement_type="MicroCredential",
        version="2.1.0",
        in_language="en",
        tags=["data", "etl", "sql"],
        alignments=[
            parts.alignment(f"Skill {code}", f"http://data.europa.eu/esco/skill/{code}", target_code=f"S5.2.{code}")
            for code in range(3)
        ],
        result_descriptions=[
            parts.result_description(
                f"{_HOME}#C{number}", f"Criterion {number}", "RubricCriterionLevel", required_level=f"{_HOME}#C{number}-2",
                rubric_levels=[
                    parts.rubric_level(f"{_HOME}#C{number}-{level}", f"Level {level}", level=f"{level}", points=f"{level}")
                    for level in range(3)
                ],
            )
            for number in (1, 2)
        ],
    )  # fmt: skip
