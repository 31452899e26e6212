"""What each column of a file from elsewhere holds: guessed from its heading in four languages or from its cells, and checked."""

import unicodedata
from collections.abc import Sequence

from flask_babel import gettext as _

from badge_service.awards.rules.imports.days import looks_like_day
from badge_service.curriculum.rules import Rubric
from badge_service.errors import Fault
from badge_service.workshops.rules.headings import heading_kind
from badge_service.workshops.rules.learners import looks_like_email

NAME_PARTS = ("name", "first", "middle", "last", "last2")
KINDS = (*NAME_PARTS, "email", "date", "evidence")
LEVEL = "level:"
MOST_COLUMNS = 60
_LOOKED_AT = 30
_OWN_WORDS = {
    "date": "date day awarded awardedon awarddate dateawarded issued issuedon issuedate dateissued datum dag "
    "uitgereiktop datumuitreiking uitreikdatum behaaldop fecha fechadeconcesion fechadeexpedicion fechadeemision "
    "дата датанаиздаване датанаприсъждане издаденна присъденна",
    "evidence": "evidence evidenceurl evidencelink link url website proof portfolio bewijs bewijslink bewijsmateriaal "
    "evidencia enlace prueba portafolio доказателство доказателства връзка линк портфолио",
}
_KIND = {word: kind for kind, words in _OWN_WORDS.items() for word in words.split()}


def level_kind(criterion_id: str) -> str:
    """The kind of a column with the level reached on one criterion."""
    return f"{LEVEL}{criterion_id}"


def are_headings(rows: Sequence[Sequence[str]], rubric: Rubric) -> bool:
    """Whether the first row holds headings: it names something known, or alone holds no address, day or link."""
    first = [cell.strip() for cell in rows[0] if cell.strip()]
    if any(_is_data(cell) for cell in first):
        return False
    if any(_kind_of(cell, rubric) for cell in first):
        return True
    others = rows[1:_LOOKED_AT]
    return 2 * sum(any(map(_is_data, cells)) for cells in others) > len(others)


def guess_by_headings(rows: Sequence[Sequence[str]], rubric: Rubric) -> list[str]:
    """The kind of each column, "" for what is not known; no kind twice. Without a known name the cells are looked at."""
    kinds: list[str] = []
    for cell in rows[0]:
        kind = _kind_of(cell, rubric)
        kinds.append(kind if kind not in kinds else "")
    if set(NAME_PARTS) & set(kinds):
        return _name_parts(kinds)
    guessed = guess_by_cells([[*cells, *[""] * (len(kinds) - len(cells))] for cells in rows[1:]])
    return [
        kind or (other if other not in kinds else "") for kind, other in zip(kinds, guessed, strict=False)
    ] or kinds


def guess_by_cells(rows: Sequence[Sequence[str]]) -> list[str]:
    """The same without headings: addresses, days and links are known by their look, the first texts are the name."""
    width = max((len(cells) for cells in rows[:_LOOKED_AT]), default=0)
    kinds = [
        _looks_like([cells[at] for cells in rows[:_LOOKED_AT] if at < len(cells)]) for at in range(width)
    ]
    for kind in ("email", "date", "evidence"):
        kinds = _once(kinds, kind)
    texts = [at for at, kind in enumerate(kinds) if kind == "text"]
    parts = ("first", "last") if len(texts) == 2 else ("name",)
    named = dict(zip(texts, parts, strict=False))
    return [named.get(at, "") if kind == "text" else kind for at, kind in enumerate(kinds)]


def column_faults(kinds: Sequence[str], rubric: Rubric) -> list[Fault]:
    """What is wrong with what somebody says the columns hold; `where` is `column-<place>` or nothing."""
    faults = []
    known = {*KINDS, *(level_kind(one.id) for one in rubric.criteria)}
    for place, kind in enumerate(kinds):
        if kind and kind not in known:
            faults.append(Fault(f"column-{place}", _("Choose from the list."), "column"))
        elif kind and kind in kinds[:place]:
            faults.append(
                Fault(f"column-{place}", _("Another column is said to hold this too."), "column_twice")
            )
    if not set(NAME_PARTS) & set(kinds):
        faults.append(Fault("", _("Say which column holds the names."), "no_name_column"))
    if "name" in kinds and {"first", "last"} <= set(kinds):
        faults.append(Fault("", _("Choose the whole name, or its parts, not both."), "name_and_parts"))
    missing = [one.name for one in rubric.criteria if level_kind(one.id) not in kinds]
    if any(kind.startswith(LEVEL) for kind in kinds) and missing:
        message = _(
            "Give a column of levels for every criterion, or for none. Missing: %(names)s",
            names=", ".join(missing),
        )
        faults.append(Fault("", message, "levels_missing"))
    return faults


def _kind_of(cell: str, rubric: Rubric) -> str:
    plain = _plain(cell)
    if not plain or len(plain) > 100:
        return ""
    for criterion in rubric.criteria:
        if plain in (_plain(criterion.id), _plain(criterion.name)):
            return level_kind(criterion.id)
    if own := _KIND.get(plain) or _KIND.get(_plain(unicodedata.normalize("NFKD", cell))):
        return own
    kind = heading_kind(cell) or ""
    return {"full": "name", "number": ""}.get(kind, kind)


def _name_parts(kinds: list[str]) -> list[str]:
    """A column “name” beside the other half of a name is the missing half."""
    parts = set(kinds)
    if "name" in parts and ("last" in parts) != ("first" in parts):
        half = "first" if "last" in parts else "last"
        return [half if kind == "name" else kind for kind in kinds]
    if "name" in parts:  # a whole name: its parts need not be put together
        return ["" if kind in NAME_PARTS[1:] else kind for kind in kinds]
    return kinds


def _looks_like(cells: Sequence[str]) -> str:
    filled = [cell.strip() for cell in cells if cell.strip()]
    tests = (("email", looks_like_email), ("date", looks_like_day), ("evidence", _is_link))
    for kind, fits in tests:
        if 2 * sum(map(fits, filled)) > len(filled):
            return kind
    return "text" if any(character.isalpha() for cell in filled for character in cell) else ""


def _once(kinds: list[str], kind: str) -> list[str]:
    first = kinds.index(kind) if kind in kinds else -1
    return ["" if one == kind and at != first else one for at, one in enumerate(kinds)]


def _is_data(cell: str) -> bool:
    return looks_like_email(cell) or looks_like_day(cell) or _is_link(cell)


def _is_link(cell: str) -> bool:
    return cell.casefold().startswith(("https://", "http://"))


def _plain(cell: str) -> str:
    return "".join(
        character for character in unicodedata.normalize("NFC", cell).casefold() if character.isalnum()
    )
