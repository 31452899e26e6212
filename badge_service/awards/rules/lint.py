"""Finds what must never be signed into a badge: addresses, phone numbers, names of learners, words about health."""

import re
import unicodedata
from collections.abc import Iterable

from flask_babel import gettext as _

from badge_service.errors import Fault

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}")
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


def lint(where: str, text: str, learner_names: Iterable[str] = ()) -> list[Fault]:
    """Everything in `text` that must not be signed, one fault each; `learner_names` are the group's full names.

    A part of a name counts from three letters on, as a whole word, whatever its case.
    """
    faults = []
    if _EMAIL.search(text):
        faults.append(Fault(where, _("There is an e-mail address in it. Take it out."), "lint.email"))
    if _PHONE.search(_DATE.sub(" ", text)):
        faults.append(Fault(where, _("There is a phone number in it. Take it out."), "lint.phone"))
    words = {_plain(word) for word in _WORD.findall(text)}
    for name in sorted(words & _name_parts(learner_names)):
        message = _("It names a learner (“%(name)s”). Say “the learner” instead.", name=name)
        faults.append(Fault(where, message, "lint.name"))
    if words & _HEALTH:
        faults.append(
            Fault(
                where, _("It says something about health. That is never signed into a badge."), "lint.health"
            )
        )
    return faults


def _name_parts(names: Iterable[str]) -> frozenset[str]:
    parts = (_plain(part) for name in names for part in name.split())
    return frozenset(part for part in parts if len(part) >= 3)


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold().strip(".,;:()'’\"")
