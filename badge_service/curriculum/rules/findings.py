"""The feedback loop in words of the trade: kinds and sources of findings, states of a change request, and what a finding needs."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from badge_service.errors import Fault
from badge_service.web.texts import language_faults
from badge_service.web.texts import text_faults as written_faults

MOST_TEXT, MOST_LABEL, MOST_ADDRESS, MOST_PEOPLE, MOST_ITERATIONS = 1000, 120, 500, 100_000, 99
_ADDRESS = re.compile(r"https?://[^\s/?#@]+(?:[/?#]\S*)?", re.ASCII)


class FindingKind(StrEnum):
    """What a finding asks for; one to keep asks for no change."""

    KEEP = "keep"
    CHANGE = "change"
    ADD = "add"
    STOP = "stop"


class Severity(StrEnum):
    """How much it matters to those who learn."""

    SMALL = "small"
    MEDIUM = "medium"
    SERIOUS = "serious"


class SourceKind(StrEnum):
    """Where a finding comes from."""

    WORKSHOP = "workshop"
    ASSESSMENT = "assessment"
    EMPLOYER = "employer"
    SURVEY = "survey"
    OTHER = "other"


class RequestState(StrEnum):
    """Open until decided; an accepted one goes into a draft and is answered by the version that is published."""

    OPEN = "open"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    DRAFTED = "drafted"
    ANSWERED = "answered"


READY = (RequestState.ACCEPTED, RequestState.DRAFTED)
"""Decided, and not yet answered: what a change note may name."""


@dataclass(frozen=True)
class Note:
    """Why some fields of a version differ from the version before: a change request, or a sentence of its own.

    `fields` are names as `rules.changed_fields` gives them.
    """

    fields: tuple[str, ...]
    request_id: int | None = None
    editorial: str = ""


def finding_faults(
    *, kind: str, severity: str, source_kind: str, label: str, public_url: str | None, text: str,
    n: int | None, iteration: int | None, language: str,
) -> list[Fault]:  # fmt: skip
    """Everything wrong with a finding at once, by the names of its fields."""
    return [
        *_choice_faults("kind", kind, FindingKind),
        *_choice_faults("severity", severity, Severity),
        *_choice_faults("source_kind", source_kind, SourceKind),
        *text_faults("label", label, MOST_LABEL),
        *text_faults("text", text, MOST_TEXT),
        *_address_faults(public_url),
        *_number_faults("n", n, MOST_PEOPLE),
        *_number_faults("iteration", iteration, MOST_ITERATIONS),
        *language_faults(language),
    ]


def text_faults(where: str, text: str, most: int) -> list[Fault]:
    """What is wrong with a needed text of at most `most` characters, which may have several lines."""
    return written_faults(where, text, most, lines=True)


def note_faults(fields: Iterable[str], notes: Sequence[Note], ready: Iterable[int]) -> Iterator[Fault]:
    """Changed fields without a note, and notes that name no accepted request or give no sentence: by `changes.<field>`."""
    changed, known = list(fields), set(ready)
    covered = {field for note in notes for field in note.fields}
    for field in changed:
        if field not in covered:
            words = _("Say why this changed: choose an accepted change, or “editorial” with a sentence.")
            yield Fault(f"changes.{field}", words, "changes.missing")
    for note in notes:
        where = f"changes.{note.fields[0] if note.fields else ''}"
        if note.request_id is None:
            yield from text_faults(where, note.editorial, MOST_TEXT)
        elif note.request_id not in known:
            yield Fault(where, _("Choose a change that was accepted for this."), "changes.request")
        if not set(note.fields) & set(changed):
            yield Fault(where, _("Nothing differs here. Leave it out."), "changes.unchanged")


def _choice_faults(where: str, value: str, choices: type[StrEnum]) -> list[Fault]:
    return [] if value in set(choices) else [Fault(where, _("Choose one of these."), "choice")]


def _address_faults(address: str | None) -> list[Fault]:
    if address is None or (
        len(address) <= MOST_ADDRESS and address.isprintable() and _ADDRESS.fullmatch(address)
    ):
        return []
    words = _("“%(value)s” is not a full web address. Begin with https://.", value=address[:80])
    return [Fault("public_url", words, "pattern")]


def _number_faults(where: str, number: Any, most: int) -> list[Fault]:
    if number is None or (isinstance(number, int) and 0 < number <= most):
        return []
    return [Fault(where, _("Write a whole number from 1 to %(most)s.", most=most), "number")]
