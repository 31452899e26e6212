"""Reads the catalogue: a folder of definitions and pathways as data, one folder each, and names every fault of every file."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from badge_service.curriculum.checking import definition_faults, pathway_faults
from badge_service.curriculum.picture import badge_svg
from badge_service.curriculum.rules.faults import unknown_references
from badge_service.curriculum.rules.findings import MOST_TEXT
from badge_service.curriculum.rules.look import look_of
from badge_service.curriculum.rules.pathways import codes_in
from badge_service.errors import Fault, InvalidError

DEFINITION, PATHWAY, PICTURE, FURTHER = "definition.json", "pathway.json", "picture.svg", "further.md"
CHANGES = "changes.md"
_KNOWN = {DEFINITION, PATHWAY, PICTURE, FURTHER, CHANGES}
MISSING_PICTURE = "picture.missing"
_PICTURE_LIMIT = 200_000


@dataclass(frozen=True)
class Entry:
    """One folder of the catalogue; `slug` is its name, `kind` is `definition.json` or `pathway.json`.

    `changes` says in a sentence or two why a later version differs from the one before.
    """

    slug: str
    kind: str
    content: dict[str, Any]
    further_text: str
    picture_svg: str
    changes: str = ""


def read_catalogue(folder: Path) -> list[Entry]:
    """All entries, sorted by slug; raises `InvalidError` naming every fault of every file."""
    entries, faults = _read(folder)
    if faults:
        raise InvalidError("The catalogue has faults.", code="catalogue", faults=faults)
    return entries


def check_catalogue(folder: Path) -> list[Fault]:
    """Every fault of every file; `where` is `file: place`."""
    return _read(folder)[1]


def draw_pictures(folder: Path, *, again: bool = False) -> list[Path]:
    """Draw `picture.svg` for each definition and pathway without one (with `again`, for all); returns what was drawn."""
    drawn = []
    for entry in read_entries(folder):
        path = folder / entry.slug / PICTURE
        if again or not path.exists():
            path.write_text(drawn_picture(entry.content), "utf-8")
            drawn.append(path)
    return drawn


def drawn_picture(content: dict[str, Any]) -> str:
    """The generated SVG of a definition's or pathway's content."""
    return badge_svg(
        content["title"],
        content.get("category", "pathway"),
        content["code"],
        content.get("eqf_level"),
        tags=content.get("tags", []),
        look=look_of(content),
    )


def read_entries(folder: Path) -> list[Entry]:
    """The entries whose content has no fault; the picture may still be missing."""
    read = map(_entry, _folders(folder))
    return [entry for entry, faults in read if entry and all(one.code == MISSING_PICTURE for one in faults)]


def _read(folder: Path) -> tuple[list[Entry], list[Fault]]:
    if not folder.is_dir():
        words = _("There is no such folder. Give the folder that holds the catalogue.")
        return [], [Fault(str(folder), words, "catalogue.folder")]
    read = [_entry(path) for path in _folders(folder)]
    entries = [entry for entry, _faults in read if entry]
    faults = [fault for _entry_, found in read for fault in found]
    if not read:
        faults.append(Fault(str(folder), _("The folder holds no definition."), "catalogue.empty"))
    return entries, faults + list(_faults_between(entries))


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def _entry(folder: Path) -> tuple[Entry | None, list[Fault]]:
    kinds = [name for name in (DEFINITION, PATHWAY) if (folder / name).is_file()]
    strays = [path for path in sorted(folder.iterdir()) if path.name not in _KNOWN]
    faults = [
        Fault(f"{folder.name}/{path.name}", _("This file has no place here. Remove it."), "catalogue.stray")
        for path in strays
    ]
    if len(kinds) != 1:
        words = _("A folder holds either definition.json or pathway.json.")
        return None, [*faults, Fault(folder.name, words, "catalogue.kind")]
    kind = kinds[0]
    content, unreadable = _json(folder / kind)
    if content is None:
        return None, [*faults, *unreadable]
    found = definition_faults(content) if kind == DEFINITION else pathway_faults(content)
    faults += [Fault(f"{folder.name}/{kind}: {one.where or 'file'}", one.message, one.code) for one in found]
    picture, picture_faults = _picture(folder)
    if not isinstance(content, dict):
        return None, faults + picture_faults
    further, text_faults = _text(folder / FURTHER)
    changes, change_faults = _text(folder / CHANGES)
    if len(changes) > MOST_TEXT:
        words = _(
            "This has %(count)s characters; at most %(wanted)s fit.", count=len(changes), wanted=MOST_TEXT
        )
        change_faults.append(Fault(f"{folder.name}/{CHANGES}", words, "maxLength"))
    found_faults = faults + picture_faults + text_faults + change_faults
    return Entry(folder.name, kind, content, further, picture, changes), found_faults


def _json(path: Path) -> tuple[Any, list[Fault]]:
    where = f"{path.parent.name}/{path.name}"
    try:
        return json.loads(path.read_text("utf-8"), object_pairs_hook=_no_doubles), []
    except json.JSONDecodeError as error:
        words = _("This is not JSON: %(why)s. Correct the file here.", why=error.msg)
        return None, [Fault(f"{where}: line {error.lineno}, column {error.colno}", words, "json")]
    except UnicodeDecodeError:
        return None, [Fault(where, _("This is not UTF-8 text. Save it as UTF-8."), "utf-8")]
    except _DoubleNameError as error:
        words = _("The field “%(name)s” stands here twice. Keep one.", name=str(error))
        return None, [Fault(where, words, "json.double")]


class _DoubleNameError(ValueError):
    """A JSON object has the same member twice."""


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    for name, count in Counter(name for name, _value in pairs).items():
        if count > 1:
            raise _DoubleNameError(name)
    return dict(pairs)


def _text(path: Path) -> tuple[str, list[Fault]]:
    if not path.is_file():
        return "", []
    try:
        return path.read_text("utf-8").strip(), []
    except UnicodeDecodeError:
        where = f"{path.parent.name}/{path.name}"
        return "", [Fault(where, _("This is not UTF-8 text. Save it as UTF-8."), "utf-8")]


def _picture(folder: Path) -> tuple[str, list[Fault]]:
    where, path = f"{folder.name}/{PICTURE}", folder / PICTURE
    svg, faults = _text(path)
    if faults:
        return "", faults
    if not svg:
        words = _("The picture is missing. Draw it with “badge-service catalogue draw”.")
        return "", [Fault(where, words, MISSING_PICTURE)]
    return svg, [Fault(where, words, "picture") for words in _picture_words(svg)]


def _picture_words(svg: str) -> Iterator[str]:
    if not svg.lstrip().startswith(("<svg", "<?xml")):
        yield _("This is not an SVG picture.")
    if len(svg) > _PICTURE_LIMIT:
        yield _("The picture is larger than 200 kB. Simplify it.")
    lowered = svg.casefold()
    for forbidden in ("<text", "<script", "style=", "<style", "href=", "<foreignobject", " on"):
        hit = (
            forbidden in lowered
            if forbidden != " on"
            else any(f" on{e}=" in lowered for e in ("load", "click", "error"))
        )
        if hit:
            yield _(
                "The picture holds “%(what)s”. Use shapes with outlines and attributes only.",
                what=forbidden.strip(),
            )


def _faults_between(entries: list[Entry]) -> Iterator[Fault]:
    yield from _double_codes(entries)
    pathways = {entry.slug: entry for entry in entries if entry.kind == PATHWAY}
    codes = {str(entry.content.get("code")) for entry in entries if entry.kind == DEFINITION}
    for entry in entries:
        where = f"{entry.slug}/{entry.kind}"
        if entry.kind == PATHWAY and not pathway_faults(entry.content):
            for fault in unknown_references(entry.content, codes):
                yield Fault(f"{where}: {fault.where}", fault.message, fault.code)
        if entry.kind == DEFINITION:
            yield from _stackability_faults(entry, pathways)


def _double_codes(entries: list[Entry]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for entry in entries:
        code = str(entry.content.get("code"))
        if code in first:
            words = _(
                "The code “%(code)s” is already that of %(other)s. Choose another.",
                code=code,
                other=first[code],
            )
            yield Fault(f"{entry.slug}/{entry.kind}: code", words, "code.double")
        first.setdefault(code, entry.slug)


def _stackability_faults(entry: Entry, pathways: dict[str, Entry]) -> Iterator[Fault]:
    stackability = entry.content.get("stackability")
    named = stackability.get("pathways") if isinstance(stackability, dict) else None
    for index, slug in enumerate(named if isinstance(named, list) else []):
        where = f"{entry.slug}/{DEFINITION}: stackability.pathways[{index}]"
        if not isinstance(slug, str) or slug not in pathways:
            words = _(
                "There is no pathway folder “%(slug)s”. Correct the name or add the pathway.",
                slug=str(slug)[:60],
            )
            yield Fault(where, words, "stackability.unknown")
        elif not pathway_faults(pathways[slug].content) and entry.content.get("code") not in set(
            codes_in(pathways[slug].content["rule"])
        ):
            words = _(
                "The pathway “%(slug)s” does not name this definition. Add it there or leave it out here.",
                slug=slug,
            )
            yield Fault(where, words, "stackability.unnamed")
