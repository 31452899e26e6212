"""A careless change, as a text of the code and what would stand in its place, with the test that must notice."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Breakage:
    """What a careless change would do, and the test that must notice; `good` stands in the file exactly once."""

    name: str
    file: str
    good: str
    bad: str
    test: str
