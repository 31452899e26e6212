"""Reads the text out of a PDF as typst writes it, enough for tests: fonts with ToUnicode maps, text in TJ arrays."""

import re
import zlib

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def pages_of(pdf: bytes) -> list[str]:
    """The text of every page, in the order it was written."""
    objects = dict(re.findall(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", pdf, re.S))
    pages = [
        body for _, body in sorted(objects.items(), key=lambda item: int(item[0])) if b"/Type/Page/" in body
    ]
    return [_page(body, objects) for body in pages]


def _page(body: bytes, objects: dict[bytes, bytes]) -> str:
    resources = objects[re.search(rb"/Resources (\d+)", body)[1]]  # type: ignore[index]
    fonts = {
        name: _letters(objects[re.search(rb"/ToUnicode (\d+)", objects[number])[1]])  # type: ignore[index]
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources)
    }
    content = _stream(objects[re.search(rb"/Contents (\d+)", body)[1]])  # type: ignore[index]
    said = []
    for block in re.findall(rb"BT(?:\s.*?)ET\s", content, re.S):
        font = fonts[re.search(rb"/(f\d+) ", block)[1]]  # type: ignore[index]
        for shown in _strings(block):
            codes = _unescaped(shown.decode("latin-1"))
            said.append("".join(font.get(codes[i : i + 2], "") for i in range(0, len(codes), 2)))
    return "".join(said)


def _strings(block: bytes) -> list[bytes]:
    """The literal strings of a content stream; brackets inside them may stand unescaped in pairs."""
    found, depth, start, i = [], 0, 0, 0
    while i < len(block):
        char = block[i : i + 1]
        if char == b"\\":
            i += 1
        elif char == b"(":
            start = i + 1 if depth == 0 else start
            depth += 1
        elif char == b")":
            depth -= 1
            if depth == 0:
                found.append(block[start:i])
        i += 1
    return found


def _stream(body: bytes) -> bytes:
    return zlib.decompress(body.split(b"stream\n", 1)[1].rsplit(b"\nendstream", 1)[0])


def _unescaped(text: str) -> bytes:
    def one(match: re.Match[str]) -> str:
        escape = match[1]
        return chr(int(escape, 8)) if escape[0] in "01234567" else _ESCAPES.get(escape, escape)

    return re.sub(r"\\([0-7]{1,3}|.)", one, text, flags=re.S).encode("latin-1")


def _letters(body: bytes) -> dict[bytes, str]:
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", _stream(body))
    return {bytes.fromhex(a.decode()): bytes.fromhex(b.decode()).decode("utf-16-be") for a, b in pairs}
