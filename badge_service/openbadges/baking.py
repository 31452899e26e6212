"""Badges inside pictures: putting a signed document into a PNG or SVG file and taking it out, without redrawing anything.

Follows: Open Badges 3.0, section 5.3 (Baked Badges); PNG third edition, sections 5.3 (chunk layout) and 11.3.3 (iTXt).
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from xml.parsers import expat

from defusedxml import DefusedXmlException, DTDForbidden, EntitiesForbidden

from badge_service.errors import InvalidError

PNG_KEYWORD = b"openbadgecredential"
SVG_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

MAX_PICTURE_BYTES = 10 * 1024 * 1024
MAX_CREDENTIAL_BYTES = 512 * 1024
MAX_CHUNKS = 20_000
MAX_SVG_BYTES = 2 * 1024 * 1024
MAX_SVG_ELEMENTS = 50_000
MAX_SVG_ATTRIBUTES = 200
"""Of one element."""
MAX_SVG_NAME = 1_000
"""Letters in the name of an element, an attribute or a namespace."""

_OB2_KEYWORD = b"openbadges"
_OB2_NAMESPACE = "http://openbadges.org"
_ROOT_TAG = re.compile(
    r"""\A(?:\s|<\?.*?\?>|<!--.*?-->)*<((?:[\w.-]+:)?svg)\b((?:[^>"']|"[^"]*"|'[^']*')*)>""", re.DOTALL
)
_XML_UNFIT = re.compile("[\x7f-\x9f\ufffe\uffff]")

Generation = Literal["3.0", "2.0"]


@dataclass(frozen=True)
class Baked:
    """What was inside a picture: the text (JSON or a compact JWS) and the generation of Open Badges."""

    text: str
    generation: Generation = "3.0"


def bake_png(picture: bytes, credential: str) -> bytes:
    """`picture` with `credential` in an uncompressed iTXt chunk behind its header; all else stays byte for byte.

    Raises InvalidError for what is no PNG and for a picture that holds a badge already.
    """
    header_end = 0
    for kind, body, end in _chunks(picture):
        if kind == b"IHDR":
            header_end = end
        if _keyword(kind, body) == PNG_KEYWORD:
            raise InvalidError("This picture holds a badge already.", code="already_baked")
    text = PNG_KEYWORD + b"\0" + b"\0\0" + b"\0" + b"\0" + credential.encode("utf-8")
    return picture[:header_end] + _chunk(b"iTXt", text) + picture[header_end:]


def unbake_png(picture: bytes) -> Baked:
    """The badge inside a PNG; raises InvalidError: `png_malformed`, `baked_not_found`, `baked_multiple`,
    `baked_compressed`, `too_large`."""
    found: list[Baked] = []
    for kind, body, _ in _chunks(picture):
        keyword = _keyword(kind, body)
        if keyword == PNG_KEYWORD and kind == b"iTXt":
            found.append(Baked(_international_text(body)))
        elif keyword == _OB2_KEYWORD:
            found.append(Baked("", "2.0"))
    return _only(found)


def bake_svg(picture: str, credential: str) -> str:
    """`picture` with `credential` (JSON) as the first element inside `<svg>`; all else stays as it is.

    Raises InvalidError for what is no SVG and for a picture that holds a badge already.
    """
    found = _svg_badges(picture.encode("utf-8"))
    tag = _ROOT_TAG.match(picture.removeprefix("\ufeff"))
    if tag is None or "xmlns:openbadges" in tag[2]:
        raise InvalidError("A badge cannot be put into this SVG picture.", code="svg_rejected")
    if found is not None:
        raise InvalidError("This picture holds a badge already.", code="already_baked")
    text = _XML_UNFIT.sub(lambda match: f"\\u{ord(match[0]):04x}", credential).replace("]]>", "]]\\u003e")
    element = f"<openbadges:credential><![CDATA[{text}]]></openbadges:credential>"
    attributes = tag[2].rstrip()
    closed = attributes.endswith("/")
    start = f'{picture[: tag.end(1)]}{attributes.rstrip("/")} xmlns:openbadges="{SVG_NAMESPACE}">{element}'
    return start + (f"</{tag[1]}>" if closed else "") + picture[tag.end() :]


def unbake_svg(picture: bytes) -> Baked:
    """The badge inside an SVG; raises InvalidError: `svg_rejected`, `xml_dtd_forbidden`, `xml_encoding`,
    `baked_not_found`, `baked_multiple`, `too_large`."""
    return _only(_svg_badges(picture) or [])


def _only(found: list[Baked]) -> Baked:
    if not found:
        raise InvalidError("There is no badge inside this picture.", code="baked_not_found")
    if len(found) > 1:
        raise InvalidError("There is more than one badge inside this picture.", code="baked_multiple")
    if len(found[0].text.encode("utf-8")) > MAX_CREDENTIAL_BYTES:
        raise InvalidError("The badge inside this picture is too large.", code="too_large")
    return found[0]


def _malformed() -> InvalidError:
    return InvalidError("This PNG picture is damaged.", code="png_malformed")


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """The chunks of a PNG as (kind, body, where it ends); raises InvalidError for any damage."""
    if len(picture) > MAX_PICTURE_BYTES:
        raise InvalidError("This picture is too large.", code="too_large")
    if not picture.startswith(PNG_SIGNATURE):
        raise _malformed()
    place, kind = len(PNG_SIGNATURE), b""
    for number in range(MAX_CHUNKS):
        length = int.from_bytes(picture[place : place + 4], "big")
        kind, end = picture[place + 4 : place + 8], place + 12 + length
        if end > len(picture) or (number == 0) != (kind == b"IHDR"):
            raise _malformed()
        body = picture[place + 8 : end - 4]
        if zlib.crc32(kind + body) != int.from_bytes(picture[end - 4 : end], "big"):
            raise _malformed()
        yield kind, body, end
        if kind == b"IEND":
            return
        place = end
    raise _malformed()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def _keyword(kind: bytes, body: bytes) -> bytes:
    return body[:80].partition(b"\0")[0] if kind in (b"iTXt", b"tEXt", b"zTXt") else b""


def _international_text(body: bytes) -> str:
    _, _, rest = body.partition(b"\0")
    if rest[:2] != b"\0\0":
        raise InvalidError(
            "The badge inside this picture is compressed; the standard forbids it.", code="baked_compressed"
        )
    parts = rest[2:].split(b"\0", 2)
    try:
        return parts[2].decode("utf-8")
    except (IndexError, UnicodeDecodeError) as error:
        raise _malformed() from error


def _svg_badges(picture: bytes) -> list[Baked] | None:
    """What the badges in an SVG hold; None when it has no place for a badge. Raises InvalidError as `unbake_svg`."""
    if len(picture) > MAX_SVG_BYTES:
        raise InvalidError("This picture is too large.", code="too_large")
    try:
        text = picture.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidError("An SVG picture is written in UTF-8.", code="xml_encoding") from error
    declared = re.match(r"\ufeff?<\?xml[^>]{0,200}encoding\s*=\s*[\"']([^\"']+)", text)
    if declared and declared[1].lower() not in ("utf-8", "us-ascii"):
        raise InvalidError("An SVG picture is written in UTF-8.", code="xml_encoding")
    if text.count("<") > 2 * MAX_SVG_ELEMENTS:
        raise _too_many_parts()
    reader = _SvgReader()
    try:
        reader.read(picture)
    except DefusedXmlException as error:
        raise InvalidError(
            "This picture holds instructions that we do not follow.", code="xml_dtd_forbidden"
        ) from error
    except (expat.ExpatError, ValueError) as error:
        raise InvalidError("This SVG picture is damaged.", code="svg_rejected") from error
    return reader.found if reader.has_place else None


def _too_many_parts() -> InvalidError:
    return InvalidError("This picture has too many parts.", code="svg_rejected")


class _SvgReader:
    """Goes through an SVG once and keeps nothing but what badges hold, so that no picture costs much more than its length.

    Namespaces are looked up here, as expat writes the whole of a namespace into every name.
    """

    def __init__(self) -> None:
        self.found: list[Baked] = []
        self.has_place = False
        self._bound: dict[str, list[str]] = {}
        self._open: list[tuple[list[str], list[str] | None]] = []
        self._reading: list[str] | None = None
        self._elements = 0

    def read(self, picture: bytes) -> None:
        """Raises ExpatError, DefusedXmlException and InvalidError."""
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(picture, True)

    def _doctype(self, name: str, system: str | None, public: str | None, has_internal: object) -> None:
        raise DTDForbidden(name, system, public)

    def _entity(self, name: str, *rest: object) -> None:
        raise EntitiesForbidden(name, None, None, None, None, None)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MAX_SVG_ELEMENTS or len(attributes) > MAX_SVG_ATTRIBUTES:
            raise _too_many_parts()
        spaces = {key: value for key, value in attributes.items() if key == "xmlns" or key[:6] == "xmlns:"}
        if any(len(text) > MAX_SVG_NAME for text in (name, *attributes, *spaces.values())):
            raise _too_many_parts()
        prefixes = [key[6:] for key in spaces]
        for prefix, space in zip(prefixes, spaces.values(), strict=True):
            self._bound.setdefault(prefix, []).append(space)
        prefix, _, local = name.rpartition(":")
        if not self._open and local != "svg":
            raise InvalidError("This is not an SVG picture.", code="svg_rejected")
        space = (self._bound.get(prefix) or [""])[-1]
        self._reading = [] if space == SVG_NAMESPACE and local == "credential" else None
        self._open.append((prefixes, self._reading))
        self.has_place = self.has_place or self._reading is not None
        if self._reading is not None and attributes.get("verify", "").strip():
            self.found.append(Baked(attributes["verify"].strip()))
        if space.startswith(_OB2_NAMESPACE):
            self.found.append(Baked("", "2.0"))
            self.has_place = True

    def _text(self, text: str) -> None:
        if self._reading is not None:
            self._reading.append(text)

    def _end(self, name: str) -> None:
        prefixes, texts = self._open.pop()
        for prefix in prefixes:
            self._bound[prefix].pop()
        self._reading = None
        text = "".join(texts or ()).strip()
        if text:
            self.found.append(Baked(text))
