"""What is said of a competence framework and its items when they are stored, and everything that can be wrong with it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from badge_service.errors import Fault

LONGEST_LABEL = 200
LONGEST_CODE = 80
LONGEST_ADDRESS = 300
LONGEST_TEXT = 4_000
MOST_ITEMS = 50_000
_KEY = re.compile(r"[a-z0-9][a-z0-9.-]{0,62}")
_ADDRESS = re.compile(r"https?://[^\s]+")
_TARGET_TYPE = re.compile(
    r"ext:[A-Za-z0-9]+|ceasn:Competency|ceterms:Credential|CFItem|CFRubric|CFRubricCriterion|CFRubricCriterionLevel|CTDL"
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class Origin(StrEnum):
    """Where a framework comes from."""

    SHIPPED = "shipped"
    IMPORTED = "imported"
    OWN = "own"


@dataclass(frozen=True)
class FrameworkFacts:
    """A framework in one edition. `alignment_name` is what alignments call it (`name` if empty), `language` that of labels."""

    key: str
    name: str
    version: str
    publisher: str
    licence: str
    document_uri: str = ""
    source: str = ""
    notes: str = ""
    retrieved: str = ""
    language: str = "en"
    alignment_name: str = ""
    target_type: str = "CFItem"


@dataclass(frozen=True)
class ItemFacts:
    """One item. Empty `language`, `target_type` are the framework's; empty `target_url` is `uri`.

    `labels` are {language, text, origin} for other languages; `confidence_…` high, medium or low; `facts` whatever else the
    source says (not searched).
    """

    code: str
    label: str
    uri: str
    kind: str = "competence"
    parent_code: str = ""
    language: str = ""
    labels: tuple[Mapping[str, str], ...] = ()
    summary: str = ""
    everyday_words: str = ""
    theme: str = ""
    uri_kind: str = "concept"
    target_url: str = ""
    target_type: str = ""
    page_url: str = ""
    confidence_label: str = ""
    confidence_uri: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def is_plain(text: str) -> bool:
    """Whether a text from outside can be looked up in any database: no control characters, no half of a letter."""
    return not _NOT_TEXT.search(text)


def framework_faults(facts: FrameworkFacts) -> list[Fault]:
    """What hinders storing the framework itself, by field."""
    faults = []
    if not _KEY.fullmatch(facts.key):
        words = _("Use small letters a-z, figures, hyphens and dots only, such as esco-1.2.")
        faults.append(Fault("key", words, "framework.key"))
    for name in ("name", "version", "publisher", "licence"):
        if not getattr(facts, name).strip():
            faults.append(Fault(name, _("Say it here."), "missing"))
    for name in vars(facts):
        faults += _text_faults(name, getattr(facts, name), 200 if name == "name" else LONGEST_TEXT)
    faults += _form_faults(facts.language, facts.target_type, facts.document_uri, "document_uri", "")
    return faults


def items_faults(items: Sequence[ItemFacts]) -> list[Fault]:
    """What hinders storing the items, by place (`items[3].code`); no more than a hundred are told."""
    if len(items) > MOST_ITEMS:
        words = _("A framework has at most %(count)s items here.", count=MOST_ITEMS)
        return [Fault("items", words, "framework.size")]
    faults: list[Fault] = []
    first: dict[str, int] = {}
    for place, item in enumerate(items):
        where = f"items[{place}]."
        if item.code in first:
            words = _("The code %(code)s stands twice.", code=item.code[:LONGEST_CODE])
            faults.append(Fault(f"{where}code", words, "framework.double"))
        first.setdefault(item.code, place)
        faults += _item_faults(item, where)
        if len(faults) >= 100:
            break
    return faults[:100]


def _item_faults(item: ItemFacts, where: str) -> Iterator[Fault]:
    if not item.code.strip():
        yield Fault(f"{where}code", _("Give it a code."), "missing")
    if not item.label.strip():
        yield Fault(f"{where}label", _("Give it a label."), "missing")
    for name, limit in (("code", LONGEST_CODE), ("parent_code", LONGEST_CODE), ("label", LONGEST_LABEL)):
        yield from _text_faults(f"{where}{name}", getattr(item, name), limit)
    for name in ("summary", "everyday_words", "theme", "kind", "uri_kind", "page_url"):
        yield from _text_faults(f"{where}{name}", getattr(item, name), LONGEST_TEXT)
    if not item.uri:
        yield Fault(f"{where}uri", _("Give it an address."), "missing")
    yield from _form_faults(item.language, item.target_type, item.uri, "uri", where)
    yield from _form_faults("", "", item.target_url, "target_url", where)


def _text_faults(where: str, text: str, limit: int) -> Iterator[Fault]:
    if len(text) > limit:
        yield Fault(where, _("At most %(count)s characters.", count=limit), "too_long")
    if _NOT_TEXT.search(text):
        yield Fault(where, _("It holds characters that are no text."), "characters")


def _form_faults(language: str, target_type: str, address: str, name: str, where: str) -> Iterator[Fault]:
    if language and not _LANGUAGE.fullmatch(language):
        yield Fault(f"{where}language", _("Write the language as a code, such as en or bg."), "language")
    if target_type and not _TARGET_TYPE.fullmatch(target_type):
        yield Fault(f"{where}target_type", _("Open Badges knows no such kind of target."), "target_type")
    if address and (len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address)):
        yield Fault(f"{where}{name}", _("Write a whole address that begins with https://."), "address")
