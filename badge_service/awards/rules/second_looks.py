"""Which badges a second assessor looks at after the award, and who: drawn by a seed, so that anybody can draw them again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

from flask_babel import gettext as _

from badge_service.errors import Fault

LOOK_WITHIN = timedelta(days=14)
LONGEST_WORDS = 1_000


class LookState(StrEnum):
    """What has become of a second look; a disputed one waits for a person's decision about the badge."""

    OPEN = "open"
    AGREED = "agreed"
    CORRECTED = "corrected"
    DISPUTED = "disputed"
    UPHELD = "upheld"
    REVOKED = "revoked"


WAITING = (LookState.OPEN, LookState.DISPUTED)


def draw(seed: str, tokens: Mapping[str, bool], share: int) -> list[str]:
    """A share (per cent, rounded up) of these awards; those with group-set levels (True) come first, then chance."""
    most = -(-len(tokens) * share // 100)
    return sorted(tokens, key=lambda token: (not tokens[token], _chance(seed, token)))[:most]


def assign(
    seed: str,
    tokens: Sequence[str],
    colleagues: Sequence[int],
    excluded: Mapping[str, Collection[int | None]],
) -> dict[str, int | None]:
    """Who of the colleagues (person ids) looks at each award, in turn; None where nobody can who had no part in it."""
    turns = sorted(colleagues, key=lambda one: _chance(seed, str(one)))
    found: dict[str, int | None] = {}
    for place, token in enumerate(tokens):
        barred = excluded.get(token, ())
        order = [*turns[place % len(turns) :], *turns[: place % len(turns)]] if turns else []
        found[token] = next((one for one in order if one not in barred), None)
    return found


def words_faults(words: str) -> list[Fault]:
    """What is wrong with the words of somebody who disagrees."""
    if not words.strip():
        return [Fault("words", _("Write why. The school reads it, and so does the learner."), "required")]
    if len(words) > LONGEST_WORDS:
        message = _("Write at most %(most)s letters.", most=LONGEST_WORDS)
        return [Fault("words", message, "too_long")]
    return []


def _chance(seed: str, what: str) -> str:
    return sha256(f"{seed}:{what}".encode()).hexdigest()
