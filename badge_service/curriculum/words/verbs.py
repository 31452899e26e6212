"""Verbs to begin a learning outcome with, by column and level of the EQF, and the beginnings that cannot be seen in anybody."""

import functools
import json
from importlib import resources
from typing import Any, NamedTuple

LEVEL_GROUPS = ("1–2", "3–4", "5–6", "7–8")
_USUAL = "3–4"


class Verbs(NamedTuple):
    """Verbs in a language for a group of levels: column (`knowledge`, `skill`, `responsibility`) → verbs."""

    language: str
    group: str
    columns: dict[str, list[str]]


def verbs(language: str, level: int | None) -> Verbs:
    """The verbs for an EQF level (the usual 3–4 while none is chosen); English where we have none in the language."""
    known = _document()
    found = language if language in known else "en"
    group = LEVEL_GROUPS[(level - 1) // 2] if level in range(1, 9) and level is not None else _USUAL
    columns = {name: groups[group] for name, groups in known[found]["columns"].items()}
    return Verbs(found, group, columns)


def weak_start(text: str, language: str) -> str:
    """The words with which an outcome begins although nobody can see them, such as “understands”; empty if it does not."""
    known = _document().get(language)
    if known is None:
        return ""
    start = " ".join(text.casefold().split()) + " "
    for subject in known["subjects"]:
        start = start.removeprefix(subject.casefold() + " ")
    return next((one for one in known["weak"] if start.startswith((one + " ", one + ","))), "")


@functools.cache
def _document() -> dict[str, Any]:
    text = (resources.files("badge_service.curriculum") / "verbs.json").read_text("utf-8")
    return dict(json.loads(text)["languages"])
