"""Reads the fields of a matrix as a page sends them: what is typed, and beside it what the page had shown."""

from collections.abc import Mapping

from badge_service.awards.actions import Typed
from badge_service.web.forms import small_number


def changed_fields(typed: Mapping[str, str], numbers: Mapping[int, int]) -> dict[tuple[int, str], Typed]:
    """Fields are called `<number>:<criterion>` (a level id or nothing), `<number>:reason`, `<number>:comment…`.

    Beside each stands `was:…`; `numbers` leads from the numbers of the learners to their person ids.
    """
    sheet: dict[tuple[int, str], Typed] = {}
    for name, value in typed.items():
        digits, colon, criterion = name.partition(":")
        number = small_number(digits)
        if not colon or number is None or number not in numbers:
            continue
        was = typed.get(f"was:{name}")
        sheet[numbers[number], criterion] = Typed(_plain(value), None if was is None else _plain(was))
    return sheet


def _plain(value: str) -> str:
    """A browser shows and counts a line break as one letter but sends two."""
    return value.replace("\r\n", "\n").strip()
