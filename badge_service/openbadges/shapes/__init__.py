"""Compiled shapes: documents that differ in their values alone are canonicalized without expanding each of them anew.

All badges of one definition have one *shape*: the same members, types and contexts in the same order. Expansion by
JSON-LD takes over nine tenths of the time that signing takes, and gives the same quads for all of them but for the
values. So a shape is expanded once, with a sentinel in place of every value (`compiling`); afterwards a document is
taken apart into its shape and its values (`outlines`), or recognized as another one with a few texts changed (`likeness`,
`definitions`), and the values are put into the quads (`bound`, with `lexicon` and `lines`). `cache` decides what is kept,
and compares with full expansion now and then. `docs/decisions/0010-compiled-shapes.md` says why this is sound.
"""

from badge_service.openbadges.shapes.bound import Canonical
from badge_service.openbadges.shapes.cache import CHECKED_ONE_IN, Shapes
from badge_service.openbadges.shapes.compiling import compile_shape
from badge_service.openbadges.shapes.likeness import Likeness
from badge_service.openbadges.shapes.outlines import Outline, Words, outline
from badge_service.openbadges.shapes.shape import Shape
from badge_service.openbadges.shapes.terms import Unsuitable

__all__ = [
    "CHECKED_ONE_IN",
    "Canonical",
    "Likeness",
    "Outline",
    "Shape",
    "Shapes",
    "Unsuitable",
    "Words",
    "compile_shape",
    "outline",
]
