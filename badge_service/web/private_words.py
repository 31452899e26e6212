"""Finds in a text what says who somebody is, or how their health is: addresses, phone numbers, given names, words about health."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}\.[^\s@]{2,}")  # bounded for long texts without spaces
_PHONE = re.compile(r"(?<![\w-])\+?\(?\d(?:[\s().\-/]{0,2}\d){7,14}(?![\w-])")
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}")
_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
_HEALTH = frozenset(
    [
        "autism",
        "autistic",
        "adhd",
        "dyslexia",
        "dyslexic",
        "asthma",
        "diabetes",
        "epilepsy",
        "disability",
        "disabled",
        "illness",
        "diagnosis",
        "pregnant",
        "autisme",
        "dyslexie",
        "astma",
        "suikerziekte",
        "epilepsie",
        "handicap",
        "ziekte",
        "zwanger",
        "autismo",
        "dislexia",
        "asma",
        "epilepsia",
        "discapacidad",
        "enfermedad",
        "embarazada",
        "аутизъм",
        "дислексия",
        "астма",
        "диабет",
        "епилепсия",
        "увреждане",
        "заболяване",
        "диагноза",
        "бременна",
    ]
)


@dataclass(frozen=True)
class PrivateWords:
    """What was found in one text; `names` are the found words, folded and sorted."""

    email: bool
    phone: bool
    names: tuple[str, ...]
    health: bool


def private_words(text: str, names: Iterable[str] = ()) -> PrivateWords:
    """What in `text` is private; `names` are the full names of a group.

    A part of a name counts from three letters on, as a whole word, whatever its case.
    """
    words = {_plain(word) for word in _WORD.findall(text)}
    return PrivateWords(
        email=bool(_EMAIL.search(text)),
        phone=bool(_PHONE.search(_DATE.sub(" ", text))),
        names=tuple(sorted(words & _name_parts(names))),
        health=bool(words & _HEALTH),
    )


def without_private_words(text: str, names: Iterable[str] = ()) -> str:
    """The text with an ellipsis in place of each address, phone number, name and word about health."""
    hidden = _name_parts(names) | _HEALTH
    text = _PHONE.sub(_unless_date, _EMAIL.sub("[…]", text))
    return _WORD.sub(lambda found: "[…]" if _plain(found[0]) in hidden else found[0], text)


def _unless_date(found: re.Match[str]) -> str:
    return found[0] if _DATE.fullmatch(found[0]) else "[…]"


def _name_parts(names: Iterable[str]) -> frozenset[str]:
    parts = (_plain(part) for name in names for part in name.split())
    return frozenset(part for part in parts if len(part) >= 3)


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold().strip(".,;:()'’\"")
