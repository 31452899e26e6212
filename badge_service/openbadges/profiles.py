"""What a document may bring along: a badge nothing but words that we know, a generic credential definitions of its own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """The ways of writing JSON-LD that are let through before expansion; what a signature would not cover never is."""

    name: str
    inline_contexts: bool
    """Definitions inside the document, anywhere; contexts by address must be known all the same."""
    other_spellings: bool
    """Keywords and full addresses as names of members, and lists in lists: a reader of the JSON may miss them."""
    blank_nodes: bool
    """Names that begin with `_:`."""


BADGE = Profile("badge", inline_contexts=False, other_spellings=False, blank_nodes=False)
"""What the product signs and judges."""
GENERIC = Profile("generic", inline_contexts=True, other_spellings=True, blank_nodes=True)
"""What the public test suites send; for their door alone."""
