"""What the rooms below the web say in English, in the reader's language."""

from dataclasses import replace

from flask_babel import gettext

from badge_service.errors import Fault, Sentence


def translated(message: str) -> str:
    """An English message marked by `errors.N_` in the reader's language; any other text comes back as it is."""
    if isinstance(message, Sentence):
        return str(gettext(message.pattern, **message.params))
    return str(gettext(message)) if message else ""


def translated_fault(fault: Fault) -> Fault:
    """The fault with its message in the reader's language; its place and code stay."""
    return replace(fault, message=translated(fault.message))
