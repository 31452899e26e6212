"""What people come to do with competence frameworks: bring them in, look items up, search them, ask for suggestions."""

from badge_service.curriculum.actions.frameworks.finding import (
    Found,
    Label,
    Use,
    alignment_of,
    all_frameworks,
    definitions_using,
    find_framework,
    find_item,
    item_by_uri,
    items_by_uris,
    items_of,
    label_in,
)
from badge_service.curriculum.actions.frameworks.searching import search_frameworks
from badge_service.curriculum.actions.frameworks.shipped import load_shipped_frameworks
from badge_service.curriculum.actions.frameworks.storing import (
    Changes,
    add_framework,
    begin_framework,
    compare_items,
    may_import,
    store_items,
    update_framework,
)
from badge_service.curriculum.actions.frameworks.suggesting import FoundItem, suggest_alignments

__all__ = [
    "Changes",
    "Found",
    "FoundItem",
    "Label",
    "Use",
    "add_framework",
    "alignment_of",
    "all_frameworks",
    "begin_framework",
    "compare_items",
    "definitions_using",
    "find_framework",
    "find_item",
    "item_by_uri",
    "items_by_uris",
    "items_of",
    "label_in",
    "load_shipped_frameworks",
    "may_import",
    "search_frameworks",
    "store_items",
    "suggest_alignments",
    "update_framework",
]
