"""What is true of programs: what a key may be for, what is wrong with a body, how webhooks are addressed and signed."""

from badge_service.programs.rules.keys import (
    KEY_START,
    LONGEST_KEY_NAME,
    Scope,
    key_faults,
    key_in,
    looks_like_key,
)

__all__ = [
    "KEY_START",
    "LONGEST_KEY_NAME",
    "Scope",
    "key_faults",
    "key_in",
    "looks_like_key",
]
