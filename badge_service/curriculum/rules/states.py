"""The three states of a version."""

from enum import StrEnum


class VersionState(StrEnum):
    """A draft may change, a published version never does, a withdrawn one stays readable but is awarded no more."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
