"""The places of the studio that every page of a LET lead's desk links to."""

from typing import Any

from flask_babel import lazy_gettext as _l

TABS: list[tuple[str, Any]] = [("curriculum.definitions", _l("Definitions"))]
"""Endpoint and words, in the order of work; a later room appends its own where it is wired."""
