"""The words that documents of the test suites may use: our own pinned contexts, and the examples context of W3C."""

from typing import Any

from badge_service.openbadges import canonical, contexts
from badge_service.openbadges.canonical import Examined
from badge_service.openbadges.profiles import GENERIC

EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
_EXAMPLES_DOCUMENT = {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}
"""Gives every undefined word an address under the examples vocabulary; it says nothing else."""


def load(url: str) -> dict[str, Any]:
    """The context document at `url`; raises UnknownContext for what we do not carry. Nothing is ever fetched."""
    return _EXAMPLES_DOCUMENT if url == EXAMPLES else contexts.load(url)


def examine(document: Any, *, hash: str = "sha256") -> Examined:
    """As `canonical.examine`, by the generic profile: inline contexts are allowed, undefined words are not."""
    return canonical.examine(document, load, profile=GENERIC, hash=hash)
