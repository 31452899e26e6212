"""The parts of a stacked badge as facts, and the members of a rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from badge_service.curriculum.rules.content import Content
from badge_service.curriculum.rules.pathways import Rule


@dataclass(frozen=True)
class PartFacts:
    """One published definition that a rule names: its content and its achievement's address."""

    content: Content
    address: str

    @property
    def title(self) -> str:
        """The title of the part."""
        return str(self.content["title"])


def members(rule: Mapping[str, Any]) -> Sequence[Rule]:
    """What a choice or a whole is made of."""
    return list(rule.get("all_of", rule.get("of", ())))
