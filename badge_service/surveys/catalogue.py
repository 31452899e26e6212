"""The forms of this package: files of items in four languages, one file a version; a file that was used is never changed."""

import json
from functools import cache
from importlib import resources

from badge_service.surveys.rules import Instrument, instrument_of


@cache
def instrument(key: str, version: int) -> Instrument:
    """The form of this name and version; raises `FileNotFoundError` for one that was never shipped."""
    file = resources.files("badge_service.surveys") / "instruments" / f"{key}_{version}.json"
    return instrument_of(json.loads(file.read_text(encoding="utf-8")))
