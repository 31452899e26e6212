"""Hostile files, made by hand: what a row about an upload sends as a form."""

import io
import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from badge_service.openbadges import baking
from tests.verifier import stage


def png(*chunks: tuple[bytes, bytes], size: tuple[int, int] = (4, 4)) -> bytes:
    """A PNG by hand: header, the given chunks, pixels, end."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", *size, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes((size[0] + 1) * min(size[1], 16)))
    parts = [(b"IHDR", header), *chunks, (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in parts)


def svg(inside: str, attributes: str = "") -> bytes:
    ob = 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {ob} {attributes}>{inside}</svg>'.encode()


def itxt(
    text: str, keyword: bytes = b"openbadgecredential", *, compressed: bool = False
) -> tuple[bytes, bytes]:
    body = zlib.compress(text.encode()) if compressed else text.encode()
    return b"iTXt", keyword + b"\0" + bytes([compressed, 0]) + b"\0\0" + body


@dataclass(frozen=True)
class Upload:
    """One form sent to the page: a file under a name, and whatever else it carries."""

    data: bytes
    name: str = "badge.png"
    fields: dict[str, Any] = field(default_factory=dict)
    environ: dict[str, Any] = field(default_factory=dict)

    def form(self) -> dict[str, Any]:
        """The fields of the form, as a test client sends them."""
        return {**self.fields, "file": (io.BytesIO(self.data), self.name)}


GOOD, EVIL = '{"a": 1}', '{"a": 2}'
LAUGHS = b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>'
CREDENTIAL = "<openbadges:credential{0}>{1}</openbadges:credential>"
FILE_ENTITY = b'<!DOCTYPE svg [<!ENTITY f SYSTEM "file:///etc/hosts">]><svg xmlns="http://www.w3.org/2000/svg">&f;</svg>'
_TWICE = "".join(f'<g id="g{n}"><use href="#g{n + 1}"/><use href="#g{n + 1}"/></g>' for n in range(17))


def _signed() -> str:
    return json.dumps(stage.valid_ldp())


UPLOADS: dict[str, Callable[[], Upload]] = {
    "up-002": lambda: Upload(png(size=(12_000, 12_000))),
    "up-003": lambda: Upload(png(itxt("a" * 50_000_000, compressed=True))),
    "up-004": lambda: Upload(png(itxt(_signed()), itxt(EVIL))),
    "up-006": lambda: Upload(png()[:8] + b"\xff\xff\xff\xffIHDR" + bytes(100)),
    "up-009": lambda: Upload(png()[:-30]),
    "up-010": lambda: Upload(png(*[(b"teSt", b"")] * 800_000)),
    "up-011": lambda: Upload(png(itxt(_signed(), b"OpenBadgeCredential"))),
    "up-014": lambda: Upload(b"<!doctype html><html><body>badge</body></html>"),
    "up-015": lambda: Upload(png(), "badge.svg"),
    "up-017": lambda: Upload(svg("<script>alert(1)</script>"), "badge.svg"),
    "up-018": lambda: Upload(svg("", 'onload="alert(1)"'), "badge.svg"),
    "up-020": lambda: Upload(
        svg('<a xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="javascript:alert(1)">x</a>'),
        "badge.svg",
    ),
    "up-021": lambda: Upload(svg('<image href="http://169.254.169.254/"/>'), "badge.svg"),
    "up-022": lambda: Upload(svg(_TWICE), "badge.svg"),
    "up-023": lambda: Upload(LAUGHS, "badge.svg"),
    "up-025": lambda: Upload(
        svg('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'), "badge.svg"
    ),
    "up-027": lambda: Upload(svg(CREDENTIAL.format(f" verify='{GOOD}'", EVIL)), "badge.svg"),
    "up-028": lambda: Upload(svg("<g>" * 100_000 + "</g>" * 100_000), "badge.svg"),
    "up-029": lambda: Upload(svg("<g/>" * 12_500_000), "badge.svg"),
    "up-030": lambda: Upload(svg("").decode().encode("utf-16"), "badge.svg"),
    "up-033": lambda: Upload(png(), fields={f"part{n}": "x" for n in range(1_001)}),
    "up-034": lambda: Upload(png(), "../../x.png"),
    "up-037": lambda: Upload(png() + bytes(10_000_000), environ={"CONTENT_LENGTH": "10"}),
    "up-038": lambda: Upload(b"PK\x03\x04" + bytes(1000), "badges.zip"),
    "up-039": lambda: Upload(b"%PDF-1.7\n" + _signed().encode(), "badge.pdf"),
    "up-040": lambda: Upload(b"\xff\xd8\xff\xe0" + bytes(2000), "badge.jpg"),
    "own-html": lambda: Upload(b"<html><title>badge</title></html>"),
    "own-two-badges": lambda: Upload(
        svg(CREDENTIAL.format("", _signed()) + CREDENTIAL.format("", EVIL)), "badge.svg"
    ),
    "own-entities": lambda: Upload(FILE_ENTITY, "badge.svg"),
}


def baked_png(text: str) -> bytes:
    """A picture with a badge inside, as an honest issuer makes it."""
    return baking.bake_png(png(), text)
