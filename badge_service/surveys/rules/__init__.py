"""What is true of surveys: what a form asks, what an answer is, and how small groups stay protected when answers are counted."""

from badge_service.surveys.rules.answers import MOST_WORDS, Answers, read_answers
from badge_service.surveys.rules.counting import LEAST, LEAST_PAIRED, LOW_RATE, count, rate, suppressed
from badge_service.surveys.rules.instruments import (
    Instrument,
    Item,
    Kind,
    Pair,
    asked,
    drawn,
    instrument_of,
    may_be_asked,
    said,
)

__all__ = [
    "LEAST",
    "LEAST_PAIRED",
    "LOW_RATE",
    "MOST_WORDS",
    "Answers",
    "Instrument",
    "Item",
    "Kind",
    "Pair",
    "asked",
    "count",
    "drawn",
    "instrument_of",
    "may_be_asked",
    "rate",
    "read_answers",
    "said",
    "suppressed",
]
