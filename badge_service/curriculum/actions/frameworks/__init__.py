"""What people come to do with competence frameworks: bring them in, look items up, search them, ask for suggestions."""

from badge_service.curriculum.actions.frameworks.browsing import (
    children_of,
    items_above,
    shipped_confidences,
)
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
from badge_service.curriculum.actions.frameworks.gaps import OWN, add_own_item, gaps, map_own_item
from badge_service.curriculum.actions.frameworks.importing import (
    ImportPlan,
    facts_with,
    import_framework,
    keep_upload,
    open_upload,
    plan_import,
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
    "OWN",
    "Changes",
    "Found",
    "FoundItem",
    "ImportPlan",
    "Label",
    "Use",
    "add_framework",
    "add_own_item",
    "alignment_of",
    "all_frameworks",
    "begin_framework",
    "children_of",
    "compare_items",
    "definitions_using",
    "facts_with",
    "find_framework",
    "find_item",
    "gaps",
    "import_framework",
    "item_by_uri",
    "items_above",
    "items_by_uris",
    "items_of",
    "keep_upload",
    "label_in",
    "load_shipped_frameworks",
    "map_own_item",
    "may_import",
    "open_upload",
    "plan_import",
    "search_frameworks",
    "shipped_confidences",
    "store_items",
    "suggest_alignments",
    "update_framework",
]
