"""Slugs: how definitions, curricula, pathways and hubs are called in addresses, made from their titles, each used once."""

import re
import unicodedata
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session


def unused_slug(session: Session, title: str, otherwise: str, *columns: InstrumentedAttribute[Any]) -> str:
    """A slug made from the title, or from `otherwise` where it has no Latin letters, that stands in none of `columns`."""
    stem = _words_for_address(title) or otherwise
    taken: set[str] = set()
    for column in columns:
        taken.update(session.scalars(select(column).where(column.startswith(stem, autoescape=True))))
    names = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _words_for_address(title: str) -> str:
    """The Latin letters and figures of a title with hyphens, at most 50 characters; empty when it has none."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:50].strip("-")
