"""Folds text of any European language to plain words, the same for both databases: no capitals, no accents, no word endings."""

import re
import unicodedata
from functools import lru_cache

LONGEST_WORD = 60
_WORD = re.compile(r"\d+(?:\.\d+)+|[^\W_]+")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ё": "е"})
_SHORT_I = "и\u0306"
# Endings with what stands in their place and how many letters must be left before them: the longest that fits is taken.
_ENDINGS: tuple[tuple[str, str, int], ...] = (
    ("abilities", "", 3),
    ("ability", "", 3),
    ("ibility", "", 4),
    ("ications", "y", 3),
    ("ication", "y", 3),
    ("fulness", "", 3),
    ("iveness", "", 3),
    ("ations", "", 3),
    ("ation", "", 3),
    ("ators", "", 3),
    ("ator", "", 3),
    ("ating", "", 3),
    ("ated", "", 3),
    ("ates", "", 3),
    ("ative", "", 3),
    ("ities", "", 4),
    ("ivity", "", 3),
    ("able", "", 4),
    ("ible", "", 5),
    ("ness", "", 4),
    ("ions", "", 4),
    ("ingly", "", 3),
    ("ings", "", 3),
    ("ate", "", 4),
    ("ity", "", 4),
    ("ive", "", 4),
    ("ion", "", 4),
    ("ies", "y", 2),
    ("ing", "", 2),
    ("ers", "", 3),
    ("ors", "", 4),
    ("ful", "", 3),
    ("eed", "eed", 0),
    ("ed", "", 2),
    ("er", "", 3),
    ("or", "", 4),
    ("ly", "", 3),
    ("sses", "ss", 1),
    ("xes", "x", 2),
    ("ches", "ch", 2),
    ("shes", "sh", 2),
    ("ss", "ss", 0),
    ("us", "us", 0),
    ("is", "is", 0),
    ("s", "", 3),
)
_VOWEL = re.compile("[aeiouy]")


def fold(text: str) -> str:
    """`text` without capitals and accents; the Cyrillic й stays a letter of its own, ё is е. Folding twice changes nothing."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    folded = folded.replace(_SHORT_I, "й").translate(_LETTERS)
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def words_of(text: str, most: int | None = None) -> list[str]:
    """The folded words of a text in their order; numbers with dots stay whole (1.1). With `most`, only the first."""
    found = _WORD.findall(_POSSESSIVE.sub("", fold(text)))
    return [word[:LONGEST_WORD] for word in found[:most]]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """An English word without its ending, roughly (dyes, dyed, dyeing: dy); words with other letters or figures as they are."""
    if not word.isascii() or not word.isalpha() or len(word) < 3:
        return word
    for ending, instead, least in _ENDINGS:
        rest = word[: -len(ending)] if word.endswith(ending) else ""
        if len(rest) >= max(least, 1) and _VOWEL.search(rest):
            word = rest + instead
            break
    return _without_last_letter(word)


def _without_last_letter(word: str) -> str:
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeioulsz":
        return word[:-1]
    if len(word) > 2 and word.endswith("e"):
        return word[:-1]
    if len(word) > 3 and word.endswith("y"):
        return f"{word[:-1]}i"
    return word
