"""The pages of this room: the matrix, evidence, awarding, batches with their cards, one award, and claiming."""

from badge_service.awards.pages import (
    assessing,
    awarding,
    batches,
    claiming,
    evidence,
    fulfilments,
    one_award,
)
from badge_service.awards.pages.blueprint import blueprint

__all__ = [
    "assessing",
    "awarding",
    "batches",
    "blueprint",
    "claiming",
    "evidence",
    "fulfilments",
    "one_award",
]
