"""An Open Badges 3.0 achievement becomes a draft: native fields are taken over, everything else is named, nothing is dropped in silence."""

from collections.abc import Mapping

from flask_babel import gettext as _

from badge_service.curriculum.rules.formats.definition_file import read_json
from badge_service.curriculum.rules.formats.incoming import Incoming, completed
from badge_service.curriculum.rules.formats.open_badges.reading import Reading
from badge_service.curriculum.rules.formats.open_badges.values import Json
from badge_service.errors import Fault, InvalidError

__all__ = ["from_achievement", "read_achievement"]


def read_achievement(data: bytes) -> Incoming:
    """The achievement in a file: an Achievement, or the one in a credential. Raises `InvalidError` for anything else."""
    return from_achievement(_achievement_in(read_json(data)))


def from_achievement(achievement: Json) -> Incoming:
    """The draft that an Achievement (OB 3.0, section 6) makes; `left_out` names every part of it that has no place."""
    reading = Reading(achievement)
    reading.texts()
    reading.criteria()
    reading.rubric()
    reading.alignments()
    reading.kind()
    return Incoming(
        completed(reading.content),
        further_text=reading.further,
        left_out=(*reading.left_out, *reading.unread()),
    )


def _achievement_in(value: Json) -> Json:
    subject = value.get("credentialSubject")
    inner = subject[0] if isinstance(subject, list) and subject else subject
    found = inner.get("achievement") if isinstance(inner, Mapping) else value
    kinds = found.get("type") if isinstance(found, Mapping) else None
    named = kinds if isinstance(kinds, list) else [kinds]
    if not isinstance(found, Mapping) or "Achievement" not in named:
        words = _("There is no Open Badges 3.0 achievement in this file.")
        raise InvalidError(words, code="no_achievement", faults=[Fault("file", words, "no_achievement")])
    return found
