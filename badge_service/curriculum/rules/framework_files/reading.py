"""Tells which kind of framework file this is and reads it; never raises, whatever bytes it is given."""

from typing import Any

from flask_babel import gettext as _

from badge_service.curriculum.rules.framework_files.case import package_in, read_package
from badge_service.curriculum.rules.framework_files.esco import looks_like_concepts, read_concepts
from badge_service.curriculum.rules.framework_files.found import FrameworkFile, unusable
from badge_service.curriculum.rules.framework_files.own_json import is_own, read_own
from badge_service.curriculum.rules.framework_files.tables import read_table
from badge_service.errors import InvalidError
from badge_service.openbadges import strict_json
from badge_service.web.csv_files import decode
from badge_service.web.sentences import translated

MOST_BYTES = 11_000_000
MOST_ROWS = 20_000
_MOST_MEMBERS = 1_000_000


def read_framework_file(data: bytes) -> FrameworkFile:
    """Read a framework from CSV (also ESCO's), a CASE package, ESCO's JSON or JSON-LD, or our own JSON.

    At most 20,000 items and 11 MB. What makes the whole file unusable is one fault with row 0. Rows are counted as a
    spreadsheet shows them, items of JSON from 1.
    """
    if len(data) > MOST_BYTES:
        message = _("This file is larger than %(most)s MB. Send it in parts.", most=MOST_BYTES // 1_000_000)
        return unusable(message, "too_large")
    decoded = decode(data[:4_000] if len(data) % 2 == 0 else data[:4_001])
    start = decoded[0].lstrip("\ufeff \t\r\n") if decoded else ""
    if start.startswith(("{", "[")):
        return _read_json(data)
    return read_table(data, most_bytes=MOST_BYTES, most_rows=MOST_ROWS)


def _read_json(data: bytes) -> FrameworkFile:
    decoded = decode(data)
    if decoded is None:
        return unusable(_("We cannot read the letters of this file. Save it as UTF-8."), "encoding")
    try:
        document = strict_json.loads(
            decoded[0].removeprefix("\ufeff"), max_bytes=MOST_BYTES, max_members=_MOST_MEMBERS
        )
    except InvalidError as error:
        return unusable(translated(error.message), error.code)
    return _read_document(document)


def _read_document(document: Any) -> FrameworkFile:
    package = package_in(document)
    if package is not None:
        return read_package(package, MOST_ROWS)
    if is_own(document):
        return read_own(document, MOST_ROWS)
    if looks_like_concepts(document):
        return read_concepts(document, MOST_ROWS)
    message = _(
        "This JSON is none of those we know: a CASE package (CFItems), ESCO concepts (preferredLabel), or the form in "
        "which this service keeps frameworks (framework and items)."
    )
    return unusable(message, "unknown_json")
