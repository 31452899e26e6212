"""Finds and takes alignments: by words, by the outcome's own text, by an item of our own where no framework has it."""

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _

from badge_service.curriculum import words
from badge_service.curriculum.actions import frameworks
from badge_service.curriculum.actions.frameworks import add_own_item
from badge_service.curriculum.pages.desk import lead
from badge_service.curriculum.pages.editor.places import Done
from badge_service.curriculum.pages.showing import public_url
from badge_service.curriculum.rules.addresses import normalised
from badge_service.curriculum.rules.content import all_alignments
from badge_service.curriculum.tables import FrameworkItem
from badge_service.curriculum.words import frameworks as framework_words
from badge_service.errors import InvalidError
from badge_service.web.unit_of_work import current_session

_LIST = r"(alignments|learning_outcomes\[(\d{1,3})\]\.alignments)"
_DEED = re.compile(rf"(find|suggest|own):{_LIST}|(take):{_LIST}:(\S{{1,500}})")
_PLACE = re.compile(_LIST)
SHOWN = 10
FIND = "find:"


@dataclass(frozen=True)
class Row:
    """One item that could be added: its label with the label's language, where it is from, how sure that is, where it stands already."""

    label: str
    language: str
    framework: str
    kind: str
    confidence: str
    address: str
    uri: str
    already: str


@dataclass(frozen=True)
class Picked:
    """What the picker shows at one list: the words asked for (none: suggestions) and what was found."""

    place: str
    text: str
    rows: list[Row]
    total: int


def alignment_deed(deed: str, typed: Mapping[str, Any], saved: Mapping[str, Any]) -> Done | None:
    """Finding and suggesting only lead to a place of the next page; taking adds a row, once per address."""
    if deed == "stay":
        deed = _entered() or deed
    found = _DEED.fullmatch(deed)
    if found is None:
        return None
    verb, place, outer = found[1] or found[4], found[2] or found[5], found[3] or found[6]
    asked = _asked(place, verb)
    if verb in ("find", "suggest"):
        return Done(typed, place, asked)
    whole = {**saved, **typed}
    if outer is not None and int(outer) >= len(whole["learning_outcomes"]):
        return None
    language = str(whole.get("language") or "en")
    try:
        item = _own_item(place, whole, language) if verb == "own" else _item(found[7])
    except InvalidError as error:
        return Done(typed, place, asked, " ".join(one.message for one in error.faults))
    if item is None:
        return Done(typed, place, asked, _("There is no such entry any more. Find another one."))
    return _taken(typed, whole, place, outer, frameworks.alignment_of(item, language), asked)


def picked(content: Mapping[str, Any]) -> Picked | None:
    """What the address of this page asks the picker to show, if anything."""
    place = request.args.get("at", "")
    found = _PLACE.fullmatch(place)
    if found is None or ("find" not in request.args and "suggest" not in request.args):
        return None
    session, text = current_session(), request.args.get("find", "")[:200].strip()
    taken = dict(_standing(content))
    language = str(content.get("language") or "en")
    if text:
        answer = frameworks.search_frameworks(session, text, limit=SHOWN)
        items, total = list(answer.items), answer.total
    else:
        items = _suggested(content, found[2])
        total = len(items)
    return Picked(place, text, [_row(item, language, taken) for item in items], total)


def _entered() -> str | None:
    """The Enter key in a field “find” sends no button: the first such field with words in it is meant."""
    for name, text in request.form.items():
        if name.startswith(FIND) and text.strip() and _PLACE.fullmatch(name.removeprefix(FIND)):
            return name
    return None


def _asked(place: str, verb: str) -> dict[str, str]:
    text = request.form.get(FIND + place, "").strip()[:200]
    return {"at": place, "find": text} if text and verb != "suggest" else {"at": place, "suggest": "1"}


def _item(uri: str) -> FrameworkItem | None:
    return frameworks.item_by_uri(current_session(), uri)


def _own_item(place: str, content: Mapping[str, Any], language: str) -> FrameworkItem:
    name, about = request.form.get(FIND + place, ""), _outcome(content, place)
    return add_own_item(current_session(), lead(), name, about, language, public_url=public_url())


def _outcome(content: Mapping[str, Any], place: str) -> str:
    found = _PLACE.fullmatch(place)
    rows = content.get("learning_outcomes") or []
    if found is None or found[2] is None or int(found[2]) >= len(rows):
        return str(content.get("title") or "")
    return str(rows[int(found[2])].get("text") or "")


def _taken(
    typed: Mapping[str, Any],
    whole: Mapping[str, Any],
    place: str,
    outer: str | None,
    alignment: dict[str, str],
    asked: dict[str, str],
) -> Done:
    already = dict(_standing(whole)).get(normalised(alignment["targetUrl"]))
    if already:
        words_ = _("“%(name)s” is already there at: %(place)s.", name=alignment["targetName"], place=already)
        return Done(typed, place, asked, words_)
    changed = copy.deepcopy(dict(typed))
    holder = changed["learning_outcomes"][int(outer)] if outer is not None else changed
    holder["alignments"].append({name: value for name, value in alignment.items() if value})
    return Done(changed, place, asked)


def _standing(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for where, one in all_alignments(content):
        yield normalised(str(one.get("targetUrl") or "")), words.field_label(where)


def _suggested(content: Mapping[str, Any], outer: str | None) -> list[FrameworkItem]:
    around = [content.get("title"), content.get("description"), " ".join(content.get("tags") or [])]
    if outer is None:
        text = " ".join(str(one.get("text") or "") for one in content.get("learning_outcomes") or [])
    else:
        text = _outcome(content, f"learning_outcomes[{outer}].alignments")
    context = " ".join(str(one) for one in around if one)
    found = frameworks.suggest_alignments(current_session(), text or context, context=context, limit=SHOWN)
    return [one.item for one in found]


def _row(item: FrameworkItem, language: str, taken: Mapping[str, str]) -> Row:
    label = frameworks.label_in(item, language)
    return Row(
        label.text,
        label.language,
        f"{item.framework.name} {item.framework.version}".strip(),
        framework_words.item_kind(item.kind),
        _confidence(item),
        item.page_url or item.target_url,
        item.target_url,
        taken.get(normalised(item.target_url), ""),
    )


def _confidence(item: FrameworkItem) -> str:
    unsure = framework_words.CONFIDENCE["low"]
    name = framework_words.CONFIDENCE.get(item.confidence_label, unsure)
    address = framework_words.CONFIDENCE.get(item.confidence_uri, unsure)
    return str(_("name: %(name)s, address: %(address)s", name=name, address=address))
