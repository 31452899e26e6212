"""What a framework file says: its good items, everything wrong with the others, and what was guessed about the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from badge_service.curriculum.rules.frameworks import ItemFacts
from badge_service.web.csv_files import RowFault


class FileFormat(StrEnum):
    """How a framework file is written."""

    UNKNOWN = ""
    CSV = "csv"
    ESCO_CSV = "esco_csv"
    ESCO_JSON = "esco_json"
    CASE = "case"
    OWN_JSON = "own_json"


@dataclass(frozen=True)
class Guess:
    """What a file says of its framework, or what is known of files of its kind; empty where nobody knows."""

    name: str = ""
    version: str = ""
    publisher: str = ""
    licence: str = ""
    document_uri: str = ""
    language: str = ""
    alignment_name: str = ""
    target_type: str = ""


@dataclass(frozen=True)
class FrameworkFile:
    """Good items in the order of the file (without an address where the file gives none), and what stands in the way.

    `encoding` and `separator` are what a CSV file was taken for; `loose` counts items whose parent the file does not have
    (they stand at the top), `shortened` statements too long for a name (they stand whole in the summary).
    """

    format: FileFormat
    items: tuple[ItemFacts, ...] = ()
    faults: tuple[RowFault, ...] = ()
    guess: Guess = Guess()
    encoding: str = ""
    separator: str = ""
    ignored_columns: tuple[str, ...] = ()
    loose: int = 0
    shortened: int = 0


@dataclass(frozen=True)
class RawItem:
    """One row or object as the file has it. `parent` is a code, an address or (CASE) an identifier, which `identifiers` gives."""

    row: int
    code: str = ""
    label: str = ""
    uri: str = ""
    kind: str = ""
    parent: str = ""
    language: str = ""
    summary: str = ""
    alternatives: str = ""
    labels: tuple[Mapping[str, str], ...] = ()
    target_type: str = ""
    page_url: str = ""
    identifiers: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def unusable(message: str, code: str, file_format: FileFormat = FileFormat.UNKNOWN) -> FrameworkFile:
    """A file of which nothing can be used."""
    return FrameworkFile(file_format, faults=(RowFault(0, "", "", message, code),))


def too_many(most: int, file_format: FileFormat) -> FrameworkFile:
    """A file with more items than one import takes."""
    message = _("There are more than %(most)s rows. Send them in parts.", most=most)
    return unusable(message, "too_many_rows", file_format)
