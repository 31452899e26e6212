"""What is true of a pathway's stacked badge when it is awarded: its states, its identity check, and what is signed of its parts."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from badge_service.awards.rules.identity import IdentityCheck, signed_sentence
from badge_service.curriculum.rules.stack_words import stack_words

_STRONGEST = (
    IdentityCheck.DOCUMENT,
    IdentityCheck.KNOWN,
    IdentityCheck.NOT_CHECKED,
    IdentityCheck.NOT_RECORDED,
)
_DECIDED = {
    "en": (
        "A named assessor looked at the parts and decided.",
        "A named member of the Learning Ecosystem Team decided by a standing decision made beforehand.",
    ),
    "nl": (
        "Een met naam bekende beoordelaar bekeek de delen en besloot.",
        "Een met naam bekend lid van het Learning Ecosystem Team besloot door een vooraf genomen vast besluit.",
    ),
    "es": (
        "Una persona evaluadora identificada por su nombre examinó las partes y decidió.",
        "Un miembro del Learning Ecosystem Team identificado por su nombre decidió mediante una decisión permanente previa.",
    ),
    "bg": (
        "Оценител, известен по име, разгледа частите и реши.",
        "Член на екипа Learning Ecosystem Team, известен по име, реши с предварително взето постоянно решение.",
    ),
}


class FulfilmentState(StrEnum):
    """What has become of a fulfilled pathway; the last three need nobody any more."""

    PROPOSED = "proposed"
    POSTPONED = "postponed"
    FLAGGED = "flagged"
    AWARDED = "awarded"
    REVOKED = "revoked"
    ENDED = "ended"


OPEN = (FulfilmentState.PROPOSED, FulfilmentState.POSTPONED)
"""Waits for a person; may be taken back without anybody losing a badge."""


def weakest(checks: Iterable[IdentityCheck]) -> IdentityCheck:
    """How identity is known for all parts together: as in the part where least is known."""
    return max(checks, key=_STRONGEST.index, default=IdentityCheck.NOT_RECORDED)


def parts_sentence(language: str, count: int, check: IdentityCheck, *, automatic: bool) -> str:
    """What stands before the parts in the evidence: how many, who decided, how identity was checked."""
    decided = _DECIDED.get(language, _DECIDED["en"])[automatic]
    told = stack_words(language).summary.format(number=count, decided=decided)
    return f"{told} {signed_sentence(check, language)}"


def part_sentence(code: str, version: str, awarded: datetime) -> str:
    """One part in the evidence: its code, version and day, in no language."""
    return f"{code} · {version} · {awarded.date().isoformat()}"
