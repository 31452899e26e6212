"""Reads ESCO as JSON: what its API answers (one concept, a search, a list) and JSON-LD of any SKOS vocabulary."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from badge_service.curriculum.rules.framework_files.checking import flat
from badge_service.curriculum.rules.framework_files.found import (
    FileFormat,
    FrameworkFile,
    Guess,
    RawItem,
    too_many,
    unusable,
)
from badge_service.curriculum.rules.framework_files.gathering import gather
from badge_service.curriculum.rules.framework_files.json_values import (
    addresses,
    literals,
    local_name,
    members,
    text_of,
)
from badge_service.curriculum.rules.frameworks import LONGEST_LABEL
from badge_service.web.texts import hidden_character

ESCO_GUESS = Guess(
    name="ESCO: European Skills, Competences, Qualifications and Occupations",
    publisher="European Commission, DG EMPL",
    licence="Free reuse with acknowledgement (Decision 2011/833/EU)",
    document_uri="https://esco.ec.europa.eu/",
    alignment_name="ESCO",
    target_type="ext:ESCOSkill",
)
COLUMNS = {
    "label": "prefLabel",
    "uri": "uri",
    "code": "uri",
    "parent": "broader",
    "summary": "description",
    "language": "language",
    "kind": "type",
}
_ESCO = "data.europa.eu/esco/"
_LABELS = ("preferredLabel", "prefLabel", "title")
_BROADER = (
    "broader",
    "broaderConcept",
    "broaderSkill",
    "broaderSkillGroup",
    "broaderOccupation",
    "broaderIscoGroup",
)
_NO_ITEMS = frozenset({"conceptscheme", "label", "ontology", "collection", "taxonomy", "dataset"})
_KINDS = {"knowledgeskillcompetence": "skill", "iscogroup": "group", "skillgroup": "group"}


def esco_kind(told: str, uri: str) -> str:
    """What ESCO's word for the kind of a concept is called here; by its address where the file says nothing."""
    if f"{_ESCO}occupation/" in uri:
        return "occupation"
    if f"{_ESCO}skill/" in uri:
        return "skill"
    return _KINDS.get(told.casefold(), told.casefold())


def esco_target_type(uri: str) -> str:
    """The kind of target that alignments to a concept name; empty for what is no skill or occupation of ESCO."""
    kinds = {f"{_ESCO}skill/": "ext:ESCOSkill", f"{_ESCO}occupation/": "ext:ESCOOccupation"}
    return next((kind for part, kind in kinds.items() if part in uri), "")


def looks_like_concepts(document: Any) -> bool:
    """Whether this is JSON of concepts at all."""
    return next(_concepts(document), None) is not None


def read_concepts(document: Any, most: int) -> FrameworkFile:
    """Every concept with an address, in every language that the file has; the main one is English if it is there."""
    found = [_raw(row, concept) for row, concept in enumerate(_concepts(document), 1)]
    if len(found) > most:
        return too_many(most, FileFormat.ESCO_JSON)
    if not found:
        return unusable(_("There is no concept in this file."), "empty", FileFormat.ESCO_JSON)
    gathered = gather(_once(found), COLUMNS, is_selection=True)
    is_esco = any(_ESCO in raw.uri for raw in found)
    languages = [raw.language for raw in found if raw.language]
    main = max(set(languages), key=languages.count) if languages else ""
    return FrameworkFile(
        FileFormat.ESCO_JSON,
        gathered.items,
        gathered.faults,
        _guess(is_esco, main),
        loose=gathered.loose,
    )


def _guess(is_esco: bool, language: str) -> Guess:
    return Guess(**{**vars(ESCO_GUESS if is_esco else Guess()), "language": language})


def _once(found: list[RawItem]) -> list[RawItem]:
    """A concept that the answer repeats word for word (as skill of two occupations) counts once."""
    seen: dict[tuple[str, str], RawItem] = {}
    return [raw for raw in found if not raw.uri or seen.setdefault((raw.uri, raw.label), raw) is raw]


def _concepts(document: Any) -> Iterator[Mapping[str, Any]]:
    """The objects that are concepts, in the order of the file; without recursion, and not inside another concept."""
    waiting = [document]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict) and _is_concept(one):
            yield one
        elif isinstance(one, dict | list):
            held = one.values() if isinstance(one, dict) else one
            waiting += reversed([value for value in held if isinstance(value, dict | list)])


def _is_concept(one: Mapping[str, Any]) -> bool:
    found = members(one)
    kinds = {kind.casefold() for kind in _types(found)}
    return (
        bool(set(_LABELS) & set(found)) and bool({"uri", "@id", "id"} & set(found)) and not kinds & _NO_ITEMS
    )


def _types(found: Mapping[str, Any]) -> list[str]:
    told = [found.get(name) for name in ("className", "conceptType", "type", "@type")]
    flat = [one for value in told for one in (value if isinstance(value, list) else [value])]
    return [local_name(text_of(one)) for one in flat if text_of(one)]


def _raw(row: int, concept: Mapping[str, Any]) -> RawItem:
    found = members(concept)
    names = _by_language(next((found[name] for name in _LABELS if name in found), None))
    language = "en" if "en" in names else next(iter(names), "")
    uri = next(filter(None, (text_of(found.get(name)) for name in ("uri", "@id", "id"))), "")
    told = _by_language(found.get("description") or found.get("definition"))
    others = [text for name in ("alternativeLabel", "altLabel") for _lang, text in literals(found.get(name))]
    return RawItem(
        row=row,
        label=names.get(language, ""),
        uri=uri,
        kind=esco_kind(next(iter(_types(found)), ""), uri),
        parent=_parent(found),
        language=language,
        summary=told.get(language) or told.get("") or next(iter(told.values()), ""),
        alternatives="; ".join(others),
        labels=tuple(_others(names, language)),
        target_type=esco_target_type(uri),
        facts={"code": text_of(found.get("code"))} if text_of(found.get("code")) else {},
    )


def _others(names: Mapping[str, str], main: str) -> Iterator[dict[str, str]]:
    """The names in other languages that can be shown; a wrong one is no reason to leave the concept out."""
    for language, name in names.items():
        text = flat(name)
        if language not in {main, ""} and text and len(text) <= LONGEST_LABEL and not hidden_character(text):
            yield {"language": language, "text": text}


def _by_language(value: Any) -> dict[str, str]:
    named: dict[str, str] = {}
    for language, text in literals(value):
        if text.strip():
            named.setdefault(language.split("-")[0].lower(), text)
    return named


def _parent(found: Mapping[str, Any]) -> str:
    links = found.get("_links")
    holders = [found, members(links) if isinstance(links, dict) else {}]
    for holder in holders:
        for name in _BROADER:
            above = next(addresses(holder.get(name)), "")
            if above:
                return above
    return ""
