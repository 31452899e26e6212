"""The topic calendar: what an alliance or one of its organisations does, by topic and by round or month, gaps included."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from badge_service.curriculum.rules.vocabulary import CATEGORIES

MONTHS_SHOWN, ROUNDS_SHOWN = 6, 6
NO_TOPIC, NO_ROUND = "", ""


@dataclass(frozen=True)
class Entry:
    """One activity of the calendar; `topics` are categories of definitions, `iteration` is the round of a workshop."""

    token: str
    title: str
    language: str
    starts_on: date
    state: str
    iteration: int | None
    topics: tuple[str, ...]


@dataclass(frozen=True)
class TopicRow:
    """A topic with its entries, one tuple a column of the calendar."""

    topic: str
    cells: tuple[tuple[Entry, ...], ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing about this topic."""
        return not any(self.cells)


def topic_rows(
    entries: Iterable[Entry], columns: Sequence[str], column_of: Callable[[Entry], str]
) -> tuple[TopicRow, ...]:
    """A row for every topic, empty or not, in the order of the vocabulary; then those of no known topic, if there are any.

    An activity with several topics stands in several rows; one whose column is not among `columns` in none.
    """
    cells: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        known = [topic for topic in entry.topics if topic in CATEGORIES] or [NO_TOPIC]
        for topic in known:
            cells[topic, column_of(entry)].append(entry)
    rows = [
        TopicRow(topic, tuple(tuple(cells.get((topic, column), ())) for column in columns))
        for topic in (*CATEGORIES, NO_TOPIC)
    ]
    return tuple(row for row in rows if row.topic != NO_TOPIC or not row.is_empty)


def round_of(entry: Entry) -> str:
    """The column of an entry by rounds."""
    return str(entry.iteration) if entry.iteration is not None else NO_ROUND


def rounds_in(entries: Sequence[Entry]) -> tuple[str, ...]:
    """The columns by rounds: from the first to the last one, at most the last six; then what has no round, if anything."""
    last = max((one.iteration or 0 for one in entries), default=0)
    numbers = [str(number) for number in range(max(1, last - ROUNDS_SHOWN + 1), last + 1)]
    without = [NO_ROUND] if any(one.iteration is None for one in entries) else []
    return (*numbers, *without)


def month_of(entry: Entry) -> str:
    """The column of an entry by months, `2026-11`."""
    return entry.starts_on.isoformat()[:7]


def months_from(first: date) -> tuple[date, ...]:
    """The first days of the months that are shown together, beginning with that of `first`."""
    return tuple(shifted(first, number) for number in range(MONTHS_SHOWN))


def shifted(day: date, months: int) -> date:
    """The first day of the month so many months later."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def month_asked(text: str, today: date) -> date:
    """The first month to show: `2026-11`, in this century; else the one before today's."""
    try:
        asked = date.fromisoformat(f"{text}-01") if len(text) == len("2026-11") else None
    except ValueError:
        asked = None
    return asked if asked and 2000 <= asked.year <= 2098 else shifted(today, -1)
