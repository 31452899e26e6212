"""What is wrong with a text that somebody typed, said the same way by every room: empty, too long, invisible characters."""

import re
import unicodedata
from collections.abc import Sequence

from flask_babel import gettext as _

from badge_service.errors import Fault

LONGEST_REASON = 1_000
"""How long the words may be by which somebody says why, anywhere."""
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_LINE_BREAKS = frozenset("\n\r\t")
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def text_faults(
    where: str, text: str, longest: int, *, lines: bool = False, needed: bool = True
) -> list[Fault]:
    """What is wrong with a text; `lines` allows line breaks, `longest` counts characters, `needed` refuses an empty one."""
    if not text.strip():
        return [Fault(where, _("Please fill this in."), "required")] if needed else []
    faults = []
    if len(text) > longest:
        message = _(
            "This is %(length)s characters long; %(longest)s is the most.", length=len(text), longest=longest
        )
        faults.append(Fault(where, message, "too_long"))
    if hidden_character(text, lines=lines):
        message = _(
            "There is an invisible control character in it. Type this text anew instead of pasting it."
        )
        faults.append(Fault(where, message, "control_character"))
    return faults


def list_faults(where: str, entries: Sequence[str], most: int, longest: int) -> list[Fault]:
    """What is wrong with a text of which each line is an entry: too many, an entry too long or with hidden characters."""
    faults = []
    if len(entries) > most:
        faults.append(
            Fault(where, _("There are too many lines; %(most)s is the most.", most=most), "too_many")
        )
    for entry in entries[:most]:
        faults += text_faults(where, entry, longest)
    return faults[:5]


def hidden_character(text: str, *, lines: bool = False) -> bool:
    """Whether a text holds a control character, half a character, or a mark that turns the writing direction."""
    allowed = _LINE_BREAKS if lines else frozenset()
    return any(
        character in _DIRECTION_MARKS
        or (unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} and character not in allowed)
        for character in text
    )


def plain(text: str | None) -> str:
    """A typed text without spaces around it and with plain line ends."""
    return (text or "").replace("\r\n", "\n").strip()


def one_a_line(text: str | None) -> tuple[str, ...]:
    """The entries of a text in which each line is one."""
    lines = (line.strip() for line in plain(text).splitlines())
    return tuple(line for line in lines if line)


def language_faults(language: str, where: str = "language") -> list[Fault]:
    """What is wrong with an ISO 639 code."""
    if _LANGUAGE.fullmatch(language):
        return []
    return [Fault(where, _("Choose a language."), "language")]
