"""Whether a name or a domain looks like one that we know without being it: other letters, other alphabets, hidden signs.

A small map of letters that people confuse, after Unicode's folding (UTS 39 calls the result a skeleton). What it finds is a
warning and never a verdict, so a resemblance too many does no harm.
"""

import contextlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal["name", "domain", "achievement"]

_ALIKE = {
    "a": "аАαΑɑ@", "b": "ВвΒЬьβ", "c": "сСϲ", "d": "ԁđ", "e": "еЕεΕёѐ", "g": "ԍɡ", "h": "һНнΗ", "i": "іІιΙı1|!",
    "j": "јЈ", "k": "кКκΚ", "l": "ӏłΙ", "m": "мМΜ", "n": "ηΝ", "o": "оОοΟՕօөø0", "p": "рРρΡ", "q": "ԛ", "r": "г",
    "s": "ѕЅ$5", "t": "тТτΤ", "u": "υ", "v": "ѵνѴ", "w": "ѡԝωШ", "x": "хХχΧ", "y": "уУүΥ", "z": "Ζ",
}  # fmt: skip
"""Letters of the Latin alphabet, and what is taken for them: Cyrillic, Greek, digits, strokes."""
_LOOKS_LIKE = {ord(other): letter for letter, others in _ALIKE.items() for other in others}


@dataclass(frozen=True)
class Party:
    """An issuer that a register lists; `domain` is empty when it has none."""

    issuer_id: str
    name: str
    domain: str


@dataclass(frozen=True)
class Likeness:
    """What looks like something that we know: the name or domain of `known`, or an achievement that is theirs."""

    kind: Kind
    known: Party


@lru_cache(maxsize=20_000)
def skeleton(text: str) -> str:
    """What a hasty reader sees in `text`: no accents, no hidden signs, no capitals, letters of one shape made one."""
    plain = unicodedata.normalize("NFKD", text[:300]).translate(_LOOKS_LIKE)
    plain = unicodedata.normalize("NFKD", plain.casefold()).translate(_LOOKS_LIKE)
    seen = "".join(sign for sign in plain if sign.isalnum() or sign.isspace() or sign in ".-")
    words = " ".join(seen.split()).replace("i", "l")
    return words.replace("rn", "m").replace("vv", "w")


@lru_cache(maxsize=20_000)
def domain_skeleton(domain: str) -> str:
    """The same for a domain, in the letters that a browser may show for punycode; ports do not count."""
    host = domain.partition(":")[0].lower().rstrip(".")
    with contextlib.suppress(UnicodeError):  # else shown as it is
        host = host.encode("ascii").decode("idna")
    return skeleton(host)


def find(
    parties: Iterable[Party], *, issuer_id: str, name: str, domain: str, achievement_domain: str
) -> Likeness | None:
    """The first of `parties` that an issuer in no register resembles; None when it resembles nobody."""
    named, hosted = skeleton(name), domain_skeleton(domain)
    found: Likeness | None = None
    for party in parties:
        if party.issuer_id == issuer_id:
            continue
        if named and skeleton(party.name) == named:
            return Likeness("name", party)
        if party.domain and domain and _is_taken_for(domain, hosted, party.domain):
            found = found or Likeness("domain", party)
        elif party.domain and achievement_domain == party.domain != domain:
            found = found or Likeness("achievement", party)
    return found


def _is_taken_for(domain: str, hosted: str, known: str) -> bool:
    """Another domain that looks the same, or one of somebody else's that begins with it."""
    if domain == known or domain.endswith(f".{known}"):
        return False
    return hosted == domain_skeleton(known) or domain.startswith((f"{known}.", f"{known}-"))
