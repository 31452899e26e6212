"""Which words of a text came and which went, for pages that show both."""

import re
from difflib import SequenceMatcher
from enum import StrEnum

_MOST_WORDS = 2000  # comparing takes the square of it in the worst case


class Mark(StrEnum):
    """What happened to a run of words."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


def marked(before: str, after: str) -> list[tuple[Mark, str]]:
    """`before` and `after` in one run: words that stayed, went and came; together they are both texts, letter for letter."""
    old, new = (re.findall(r"\w+|\s+|[^\w\s]", text) for text in (before, after))
    if len(old) > _MOST_WORDS or len(new) > _MOST_WORDS:
        return [(mark, text) for mark, text in ((Mark.GONE, before), (Mark.NEW, after)) if text]
    runs: list[tuple[Mark, str]] = []
    for _tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[i1:i2]), "".join(new[j1:j2])
        if gone == come:
            runs.append((Mark.SAME, gone))
        else:
            runs += [(mark, text) for mark, text in ((Mark.GONE, gone), (Mark.NEW, come)) if text]
    return runs
