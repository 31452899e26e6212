"""Pathways: found by their public names, drafted from published parts, published with the badge that they stack to."""

from badge_service.curriculum.actions.pathways.adding import Spot, add_to_pathway, spots_of
from badge_service.curriculum.actions.pathways.badge import badge_faults, stacked_badge
from badge_service.curriculum.actions.pathways.changing import (
    PathwayComparison,
    compared_pathway,
)
from badge_service.curriculum.actions.pathways.drafting import (
    add_pathway_version,
    create_pathway,
    new_pathway_version,
    open_pathway,
    save_pathway,
)
from badge_service.curriculum.actions.pathways.publishing import (
    PATHWAY_PUBLISHED,
    pathway_faults_of,
    publish_badge_of,
    publish_pathway,
    withdraw_pathway,
)
from badge_service.curriculum.actions.pathways.reading import (
    all_pathways,
    drafts_to_extend,
    find_own_pathway,
    find_pathway,
    find_pathway_version,
    let_of,
    own_pathways,
    pathway_of_badge,
    pathways_by_slug,
    pathways_naming,
    pathways_with,
    published_pathways,
    stackable_codes,
)

__all__ = [
    "PATHWAY_PUBLISHED",
    "PathwayComparison",
    "Spot",
    "add_pathway_version",
    "add_to_pathway",
    "all_pathways",
    "badge_faults",
    "compared_pathway",
    "create_pathway",
    "drafts_to_extend",
    "find_own_pathway",
    "find_pathway",
    "find_pathway_version",
    "let_of",
    "new_pathway_version",
    "open_pathway",
    "own_pathways",
    "pathway_faults_of",
    "pathway_of_badge",
    "pathways_by_slug",
    "pathways_naming",
    "pathways_with",
    "publish_badge_of",
    "publish_pathway",
    "published_pathways",
    "save_pathway",
    "spots_of",
    "stackable_codes",
    "stacked_badge",
    "withdraw_pathway",
]
