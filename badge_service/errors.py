"""The five families of errors, chosen by what the caller can do about them; HTTP numbers live in `web/problems.py`."""

from collections.abc import Sequence
from dataclasses import dataclass


class Sentence(str):
    """An English sentence that still knows its `pattern` and `params`, so that a page can say it in another language."""

    pattern: str
    params: dict[str, object]


def N_(pattern: str, **params: object) -> str:  # noqa: N802 (the name by which translators' tools find texts)
    """Marks text of the rooms below `web` for translation: English now, the reader's language by `web.sentences`."""
    if not params:
        return pattern
    sentence = Sentence(pattern % params)
    sentence.pattern, sentence.params = pattern, params
    return sentence


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: `where` (a field, `row 4, e-mail`, a file), `message` in plain words, a stable `code`."""

    where: str
    message: str
    code: str = "invalid"


class BadgeServiceError(Exception):
    """What the service cannot do for this caller; `code` is stable, `hint` says what to do next."""

    code = "error"

    def __init__(self, message: str, *, code: str = "", hint: str = "", faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.hint = hint
        self.faults: tuple[Fault, ...] = tuple(faults)


class InvalidError(BadgeServiceError):
    """What was sent is wrong; `faults` names everything wrong at once."""

    code = "invalid"


class NotFoundError(BadgeServiceError):
    """There is nothing here that this viewer may know of."""

    code = "not_found"


class NotAllowedError(BadgeServiceError):
    """The thing is known to the viewer, but this act is not theirs."""

    code = "not_allowed"


class ConflictError(BadgeServiceError):
    """Somebody or something was there first; look again and repeat."""

    code = "conflict"


class UnavailableError(BadgeServiceError):
    """A part that is needed does not answer now; try later."""

    code = "unavailable"


class QuotaError(UnavailableError):
    """It would be more than is allowed within this time; later there is room again."""

    code = "quota"
