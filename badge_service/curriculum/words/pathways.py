"""What a pathway asks for, in one sentence."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from badge_service.curriculum.rules.pathways import ANY_OTHER, least


def rule_words(rule: Any, titles: Mapping[str, str]) -> str:
    """A rule's badges by title and code, groups inside groups in brackets; the rule must be sound."""
    if isinstance(rule, str):
        return f"{titles[rule]} ({rule})" if rule in titles else rule
    if rule.get("of") == ANY_OTHER:
        need = least(rule)
        return str(ngettext("one more badge of your choice", "%(num)s more badges of your choice", need))
    members = rule.get("all_of", rule.get("of", ()))
    listed = "; ".join(_inner(part, titles) for part in members)
    if "all_of" in rule:
        return str(_("all of these: %(badges)s", badges=listed))
    return str(
        ngettext(
            "at least one of these: %(badges)s",
            "at least %(num)s of these: %(badges)s",
            least(rule),
            badges=listed,
        )
    )


def _inner(rule: Any, titles: Mapping[str, str]) -> str:
    told = rule_words(rule, titles)
    return told if isinstance(rule, str) or rule.get("of") == ANY_OTHER else f"({told})"
