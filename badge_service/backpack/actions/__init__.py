"""What learners do with their badges, and what strangers may see of them."""

from badge_service.backpack.actions.evidence import (
    OpenEvidence,
    OwnPiece,
    Wish,
    evidence_now,
    open_evidence,
    own_pieces,
    set_piece,
)
from badge_service.backpack.actions.materials import (
    BadgeMaterial,
    open_material,
    own_material,
    signed_jwt,
    signed_text,
)
from badge_service.backpack.actions.naming import set_name
from badge_service.backpack.actions.open_badges import (
    OpenBadge,
    find_by_share_code,
    listed_badges,
    open_badge,
    require_open,
    was_erased,
)
from badge_service.backpack.actions.own_badges import (
    PAGE_SIZE,
    OwnBadge,
    Shelf,
    ShelfEntry,
    badges_of,
    find_own,
    waiting_count,
)
from badge_service.backpack.actions.sharing import answer_age, refusal_words, set_sharing

__all__ = [
    "PAGE_SIZE",
    "BadgeMaterial",
    "OpenBadge",
    "OpenEvidence",
    "OwnBadge",
    "OwnPiece",
    "Shelf",
    "ShelfEntry",
    "Wish",
    "answer_age",
    "badges_of",
    "evidence_now",
    "find_by_share_code",
    "find_own",
    "listed_badges",
    "open_badge",
    "open_evidence",
    "open_material",
    "own_material",
    "own_pieces",
    "refusal_words",
    "require_open",
    "set_name",
    "set_piece",
    "set_sharing",
    "signed_jwt",
    "signed_text",
    "waiting_count",
    "was_erased",
]
