"""The pages of this room: the matrix, evidence, awarding, batches with their cards, one award, and claiming."""

from badge_service.awards.pages import (
    assessing,
    awarding,
    batches,
    claiming,
    correcting,
    evidence,
    fulfilments,
    one_award,
    second_person,
)
from badge_service.awards.pages.blueprint import blueprint

__all__ = [
    "assessing",
    "awarding",
    "batches",
    "blueprint",
    "claiming",
    "correcting",
    "evidence",
    "fulfilments",
    "one_award",
    "second_person",
]
