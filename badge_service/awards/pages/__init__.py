"""The pages of this room: the matrix, evidence, awarding, batches with their cards, one award, and claiming."""

from badge_service.awards.pages import (
    assessing,
    awarding,
    batches,
    cases,
    claiming,
    correcting,
    evidence,
    fulfilments,
    handing_in,
    import_results,
    imports,
    limits,
    one_award,
    recognition,
    second_looks,
    second_person,
    unclaimed,
)
from badge_service.awards.pages.blueprint import blueprint

__all__ = [
    "assessing",
    "awarding",
    "batches",
    "blueprint",
    "cases",
    "claiming",
    "correcting",
    "evidence",
    "fulfilments",
    "handing_in",
    "import_results",
    "imports",
    "limits",
    "one_award",
    "recognition",
    "second_looks",
    "second_person",
    "unclaimed",
]
