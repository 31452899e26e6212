"""A file of any kind that we take in: what it is follows from what stands in it, so that nobody has to say it."""

from dataclasses import dataclass

from badge_service.curriculum.rules.formats.definition_file import read_definition_file, read_json
from badge_service.curriculum.rules.formats.definition_table import read_table
from badge_service.curriculum.rules.formats.incoming import Incoming
from badge_service.curriculum.rules.formats.open_badges import read_achievement
from badge_service.curriculum.rules.formats.pathway_file import IncomingPathway, read_pathway_file
from badge_service.errors import Fault, InvalidError

DEFINITION, TABLE, OPEN_BADGES, PATHWAY = "definition", "table", "open_badges", "pathway"
_JSON_STARTS = (b"{", b"[")


@dataclass(frozen=True)
class ReadFile:
    """What a file holds: its `kind`, definitions or one pathway, and what is wrong with it as a whole."""

    kind: str
    definitions: tuple[Incoming, ...] = ()
    pathway: IncomingPathway | None = None
    faults: tuple[Fault, ...] = ()


def read_file(data: bytes) -> ReadFile:
    """Read our JSON of a definition or a pathway, an Open Badges 3.0 achievement or credential, or a CSV table."""
    if not data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_JSON_STARTS):
        rows, faults = read_table(data)
        return ReadFile(TABLE, tuple(rows), faults=tuple(faults))
    try:
        kind = _kind(data)
        if kind == PATHWAY:
            return ReadFile(kind, pathway=read_pathway_file(data))
        one = read_achievement(data) if kind == OPEN_BADGES else read_definition_file(data)
        return ReadFile(kind, (one,))
    except InvalidError as error:
        return ReadFile(DEFINITION, faults=tuple(error.faults))


def _kind(data: bytes) -> str:
    value = read_json(data)
    if ("pathway" in value and "format" in value) or "rule" in value:
        return PATHWAY
    if "credentialSubject" in value or "@context" in value or "achievementType" in value or "type" in value:
        return OPEN_BADGES
    return DEFINITION
