"""What one definition looks like that came in from a file, before anything is written."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from badge_service.curriculum.rules.content import blank_content
from badge_service.errors import Fault
from badge_service.web.texts import hidden_character

LONGEST_FURTHER_TEXT = 20_000


@dataclass(frozen=True)
class Incoming:
    """One definition of a file: `row` of a table (0: the file holds one), its content, and what has no place here.

    `left_out` names each part that is not taken over; `faults` says why it cannot be read at all.
    """

    content: dict[str, Any]
    row: int = 0
    further_text: str = ""
    picture_png: bytes | None = None
    left_out: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


def completed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with every field that a draft needs; what the file did not say is empty."""
    return {**blank_content(), **content}


def text_faults_in(content: Any, further_text: str = "") -> list[Fault]:
    """Texts with characters that cannot be seen, wherever they stand, and a further text that is too long."""
    found = [
        Fault(
            where,
            _("There is an invisible control character in it. Type this text anew."),
            "control_character",
        )
        for where, text in [*_texts(content, ""), ("further_text", further_text)]
        if _is_hiding(text, where)
    ]
    if len(further_text) > LONGEST_FURTHER_TEXT:
        words = _(
            "The further text has more than %(most)s characters. Shorten it.", most=LONGEST_FURTHER_TEXT
        )
        found.append(Fault("further_text", words, "too_long"))
    return found


_ONE_LINE = re.compile(r"(^|\.)(title|name|genre|awarded_by|target[A-Z][a-z]+|tags\[\d+\]|endorsers\[\d+\])$")
_EMPTY_SIGNS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_JOINER = "\u200d"


def _is_hiding(text: str, where: str) -> bool:
    """Whether a text holds what nobody sees; a joiner within a picture made of several signs is seen."""
    if text.isprintable() and not _EMPTY_SIGNS & set(text):
        return False
    if hidden_character(text, lines=not _ONE_LINE.search(where)):
        return True
    return any(
        sign in _EMPTY_SIGNS
        or unicodedata.category(sign) == "Co"
        or (unicodedata.category(sign) == "Cf" and not (sign == _JOINER and _is_picture(before)))
        for before, sign in zip(" " + text, text, strict=False)
    )


def _is_picture(sign: str) -> bool:
    return sign == "\ufe0f" or unicodedata.category(sign) in ("So", "Sk")


def _texts(value: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield where, str(name)
            yield from _texts(one, f"{where}.{name}".lstrip("."))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _texts(one, f"{where}[{index}]")
