"""What kind of file a badge came in: a JSON document, a picture, a signed token, or the older Open Badges 2.0.

Follows: Open Badges 3.0, section 5.3 (Baked Badges) and 8.2 (JSON Web Token Proof Format).
"""

import re
from dataclasses import dataclass
from typing import Literal

from badge_service.errors import InvalidError
from badge_service.openbadges import baking

Kind = Literal["json", "png", "svg", "jws", "ob2"]

_JWS = re.compile(r"[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\Z")
_SVG_START = re.compile(r"\ufeff?\s*<")


@dataclass(frozen=True)
class Carried:
    """A badge out of its file: `kind` is the file's, `text` the JSON document or the compact JWS inside.

    For `ob2` (an Open Badges 2.0 picture) the text is empty.
    """

    kind: Kind
    text: str


def is_jws(text: str) -> bool:
    """Whether `text` is a compact JWS and not JSON."""
    return text[:1] != "{" and _JWS.match(text) is not None


def read(data: bytes) -> Carried:
    """The badge in `data`, told by its content and never by a file name.

    Raises InvalidError with `carrier_unknown` for other kinds of files, and the codes of `baking`.
    """
    if data.startswith(baking.PNG_SIGNATURE):
        return _carried("png", baking.unbake_png(data))
    if data[:1] in (b"{", b"["):
        return Carried("json", _text(data, "json_invalid_utf8"))
    text = _text(data).strip()
    if _SVG_START.match(text):
        return _carried("svg", baking.unbake_svg(data))
    if is_jws(text):
        return Carried("jws", text)
    if text[:1] in ("{", "["):
        return Carried("json", text)
    raise InvalidError("There is no badge in this file.", code="carrier_unknown")


def _carried(kind: Kind, baked: baking.Baked) -> Carried:
    return Carried("ob2", "") if baked.generation == "2.0" else Carried(kind, baked.text.strip())


def _text(data: bytes, code: str = "carrier_unknown") -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidError("There is no badge in this file.", code=code) from error
