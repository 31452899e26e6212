"""Version numbers of definitions: three whole numbers that sort as numbers, and the next one after them."""

import re
from dataclasses import dataclass
from enum import IntEnum

from flask_babel import gettext as _

from badge_service.errors import Fault, InvalidError

_FORM = re.compile(r"(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})")


class Step(IntEnum):
    """Which part of the number grows; a larger one says that more has changed."""

    PATCH = 0
    MINOR = 1
    MAJOR = 2


@dataclass(frozen=True, order=True)
class Version:
    """A semantic version; each part is 0 to 999."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    @property
    def sort_key(self) -> int:
        """One number that orders versions in the database."""
        return (self.major * 1000 + self.minor) * 1000 + self.patch

    def next(self, step: Step) -> "Version":
        """The version one step after this one."""
        return {Step.PATCH: self.next_patch, Step.MINOR: self.next_minor, Step.MAJOR: self.next_major}[step]()

    def step_from(self, earlier: "Version") -> Step:
        """The largest part in which this version is beyond an earlier one."""
        if self.major != earlier.major:
            return Step.MAJOR
        return Step.MINOR if self.minor != earlier.minor else Step.PATCH

    def next_patch(self) -> "Version":
        """The version after a change of wording or typing; 999 is followed by the next minor."""
        return Version(self.major, self.minor, self.patch + 1) if self.patch < 999 else self.next_minor()

    def next_minor(self) -> "Version":
        """The version after a change that keeps earlier awards comparable; 999 is followed by the next major."""
        return Version(self.major, self.minor + 1, 0) if self.minor < 999 else self.next_major()

    def next_major(self) -> "Version":
        """The version after a change of what is learnt or how it is judged."""
        return Version(self.major + 1, 0, 0)


FIRST = Version(1, 0, 0)


def is_version(text: str) -> bool:
    """Whether a text is written as `1.0.0`."""
    return _FORM.fullmatch(text) is not None


def parse_version(text: str) -> Version:
    """The version written as `1.0.0`; raises `InvalidError` for anything else."""
    found = _FORM.fullmatch(text)
    if found is None:
        message = _("“%(text)s” is not a version. Write three whole numbers, such as 1.0.0.", text=text)
        raise InvalidError(message, code="version", faults=[Fault("version", message, "version")])
    return Version(*(int(part) for part in found.groups()))
