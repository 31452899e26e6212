"""Gives every item an address that badges can name, and every framework the name by which our own addresses call it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from badge_service.curriculum.rules.frameworks import ItemFacts


def addressed(items: Sequence[ItemFacts], document_uri: str, own_address: str) -> list[ItemFacts]:
    """The items with an address each: their own, else the document's with the code behind it, else our own page.

    `own_address` is that of the framework's page here, without a slash at its end. One document address for several items
    would merge them for whoever reads a badge; with a fragment it still opens the document.
    """
    base = f"{document_uri.partition('#')[0]}#" if document_uri else f"{own_address}/"
    kind = "document+own-fragment" if document_uri else "own-page"
    return [
        item if item.uri else replace(item, uri=base + quote(item.code, safe="."), uri_kind=kind)
        for item in items
    ]


def framework_key(name: str, version: str) -> str:
    """A key proposed from name and version, so that another version gets another key; empty without Latin letters."""
    words = [
        _plain(name.partition(":")[0])[:40].strip("-."),
        _plain(version.partition("(")[0])[:20].strip("-."),
    ]
    return "-".join(filter(None, words))


def _plain(text: str) -> str:
    latin = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9.]+", "-", latin).strip("-.")
