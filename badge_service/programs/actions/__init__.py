"""What administrators and programs come to do: make and revoke keys, be let in, be answered once."""

from badge_service.programs.actions.keys import (
    Caller,
    NewKey,
    caller_of,
    keys_of,
    make_key,
    named_teacher,
    named_trainer,
    names_of,
    note_use,
    revoke_key,
)
from badge_service.programs.actions.requests import answered_before, forget_old_answers, remember_answer

__all__ = [
    "Caller",
    "NewKey",
    "answered_before",
    "caller_of",
    "forget_old_answers",
    "keys_of",
    "make_key",
    "named_teacher",
    "named_trainer",
    "names_of",
    "note_use",
    "remember_answer",
    "revoke_key",
]
