"""The pages in which a definition is written, step by step."""

from badge_service.curriculum.pages.editor import preview, steps  # noqa: F401  (they add their routes)
