"""The form of a pathway's draft: read field by field into its content, and shown again with everything that was typed."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from badge_service.curriculum.rules.builder import (
    ALL,
    KEPT,
    KINDS,
    MOST_CODES,
    MOST_REQUIREMENTS,
    Built,
    Requirement,
    as_form,
    as_rule,
    kept_rule,
)
from badge_service.curriculum.rules.pathways import Progress, progress
from badge_service.curriculum.rules.stacking import EDITABLE
from badge_service.errors import Fault
from badge_service.web.forms import small_number
from badge_service.web.texts import hidden_character, plain

_LONGEST = {"title": 120, "description": 600, "language": 10, "further_text": 10_000}
_LONGEST_BADGE = 400
_QUALITY = ("name", "type", "description", "url")


def pathway_from(form: MultiDict[str, str], before: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """The content as typed, complete or not, with the faults of what cannot even be kept as a draft."""
    texts = {name: plain(form.get(name, "")) for name in _LONGEST}
    badge = _badge(form)
    built = _built(form)
    content = {**before, **texts, "badge": badge, "rule": as_rule(built)}
    return content, _faults(texts, badge, built)


def shown_form(content: Mapping[str, Any], faults: Sequence[Fault], *, spare: bool) -> dict[str, Any]:
    """The template's variables: the rows with free places in them, and the errors by field."""
    built = as_form(content.get("rule"))
    rows = [*built.requirements]
    if spare or not rows:
        rows.append(Requirement())
    errors: dict[str, list[str]] = {}
    for fault in faults:
        errors.setdefault(fault.where.split("[")[0].split(".at_least")[0], []).append(fault.message)
    return {
        "content": content,
        "rows": rows[:MOST_REQUIREMENTS],
        "needed": built.needed,
        "errors": errors,
        "kept_kind": KEPT,
        "kept": [_kept(row) for row in rows],
        "badge": content.get("badge") or {},
    }


def _kept(row: Requirement) -> Progress | None:
    """What a row that the form cannot take apart asks for, to be shown as a list and as a tree."""
    rule = kept_rule(row)
    return progress(rule, frozenset()) if rule is not None else None


def _built(form: MultiDict[str, str]) -> Built:
    count = min(small_number(form.get("rows", "")) or 0, MOST_REQUIREMENTS)
    rows = tuple(row for place in range(count) if (row := _row(form, f"row-{place}")) is not None)
    needed = plain(form.get("needed", ""))[:20] if form.get("together") == "some" else ""
    if form.get("together") == "some" and not needed:
        needed = "?"  # complained about by the rule's own check, and shown again
    return Built(rows, needed)


def _row(form: MultiDict[str, str], name: str) -> Requirement | None:
    if form.get(f"{name}-away"):
        return None
    kept = form.get(f"{name}-kept", "")
    if kept:
        return Requirement(KEPT, "", (), kept)
    kind = form.get(f"{name}-kind", ALL)
    typed = [code for text in form.getlist(f"{name}-code")[: MOST_CODES * 2] for code in _codes(text)]
    codes = tuple(dict.fromkeys(typed))[:MOST_CODES]
    number = plain(form.get(f"{name}-number", ""))[:20]
    return Requirement(kind if kind in KINDS else ALL, number, codes)


def _codes(text: str) -> list[str]:
    """Codes as typed or chosen: capital letters, several in one field where somebody wrote them so."""
    return [part.upper()[:60] for part in text.replace(",", " ").replace(";", " ").split()][:MOST_CODES]


def _badge(form: MultiDict[str, str]) -> dict[str, Any]:
    badge: dict[str, Any] = {}
    for name in EDITABLE:
        value = plain(form.get(f"badge.{name}", ""))
        if name == "tags":
            badge[name] = [one for part in value.split(",") if (one := part.strip())][:12]
        elif name == "identity_verified":
            badge[name] = {"yes": True, "no": False}.get(value)
        elif name != "quality_assurance" and value:
            badge[name] = value
    quality = {part: plain(form.get(f"badge.quality_assurance.{part}", "")) for part in _QUALITY}
    if quality["name"] or quality["description"]:
        kind = quality["type"] if quality["type"] in {"internal", "external"} else "internal"
        badge["quality_assurance"] = {**quality, "type": kind, "url": quality["url"] or None}
    return badge


def _faults(texts: Mapping[str, str], badge: Mapping[str, Any], built: Built) -> list[Fault]:
    """What a database or a schema would choke on: hidden characters and texts beyond all limits."""
    found = []
    typed: dict[str, tuple[str, int]] = {name: (text, _LONGEST[name]) for name, text in texts.items()}
    for name, value in badge.items():
        told = ", ".join(value) if isinstance(value, list) else value
        if isinstance(value, dict):
            told = "\n".join(str(one) for one in value.values() if one)
            typed[f"badge.{name}"] = (told, 4 * _LONGEST_BADGE)
        elif isinstance(told, str):
            typed[f"badge.{name}"] = (told, _LONGEST_BADGE)
    codes = [" ".join((*one.codes, one.number)) for one in built.requirements]
    typed["rule"] = (" ".join((*codes, built.needed)), 100_000)
    for where, (text, most) in typed.items():
        if hidden_character(text, lines=True):
            words = _(
                "There is an invisible control character in it. Type this text anew instead of pasting it."
            )
            found.append(Fault(where, words, "control_character"))
        if len(text) > most:
            words = _(
                "This is %(length)s characters long; %(longest)s is the most.", length=len(text), longest=most
            )
            found.append(Fault(where, words, "too_long"))
    return found
