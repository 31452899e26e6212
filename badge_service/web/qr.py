"""QR codes of share links: level M, a quiet border of four modules, as crisp SVG and PNG, with words below when wanted."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import qrcode
from markupsafe import Markup, escape
from PIL import Image, ImageDraw, ImageFont
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.pil import PilImage

from badge_service.web.lettering import (
    CAP_HEIGHT,
    FONT_FILE,
    LINE_HEIGHT,
    Face,
    centred_line,
    drawable,
    text_width,
)

BORDER = 4
_FACE = Face()
_LARGEST = 2.6
_FINE = 50  # outlines are written in tenths, which is too coarse where a module is 1


@dataclass(frozen=True)
class _Caption:
    """Lines below a code, with their size, their baselines and the height of the whole picture, in modules."""

    lines: tuple[str, ...]
    size: float
    baselines: tuple[float, ...]
    height: int


def _caption(lines: Sequence[str], modules: int) -> _Caption:
    """The words, as large as fits below a code of so many modules; the code's own border stays free."""
    kept = tuple(line for line in map(drawable, lines) if line)
    if not kept:
        return _Caption((), 0, (), modules)
    size = min(_LARGEST, (modules - 2) / max(text_width(line, 1, _FACE) for line in kept))
    baselines = tuple(modules + size * (CAP_HEIGHT + LINE_HEIGHT * row) for row in range(len(kept)))
    return _Caption(kept, size, baselines, math.ceil(baselines[-1] + 1.5))


def _outlines(caption: _Caption, modules: int) -> Markup:
    paths = "".join(
        centred_line(line, modules / 2 * _FINE, y * _FINE, caption.size * _FINE, _FACE).path
        for line, y in zip(caption.lines, caption.baselines, strict=True)
    )
    drawn = Markup('<path fill="#000000" shape-rendering="auto" transform="scale({})" d="{}"/>')
    return drawn.format(1 / _FINE, paths) if paths else Markup("")


def _modules(text: str) -> list[list[bool]]:
    """The dark and light modules of the code, border included."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=BORDER)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def _runs(rows: list[list[bool]]) -> str:
    """One path of horizontal bars: fewer shapes than modules, and no hairlines between them."""
    bars: list[str] = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            length = next((n for n, dark in enumerate(row[x:]) if not dark), len(row) - x)
            if length:
                bars.append(f"M{x} {y}h{length}v1h-{length}z")
            x += max(1, length)
    return "".join(bars)


def qr_svg(
    text: str,
    *,
    title: str = "",
    description: str = "",
    element_id: str = "qr",
    caption: Sequence[str] = (),
) -> Markup:
    """An SVG element of the code: dark on white in every colour scheme, drawn by attributes alone.

    `title` and `description` are read to those who cannot see it; `element_id` must be unique on the page.
    The lines of `caption` stand below the code as outlines, for pictures that travel without a page around them.
    """
    rows = _modules(text)
    size = len(rows)
    words = _caption(caption, size)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {size} {height}" role="img" '
        'shape-rendering="crispEdges" aria-labelledby="{id}-title {id}-desc">'
        '<title id="{id}-title">{title}</title><desc id="{id}-desc">{description}</desc>'
        '<rect width="{size}" height="{height}" fill="#ffffff"/><path fill="#000000" d="{path}"/>{words}</svg>'
    ).format(
        size=size,
        height=words.height,
        words=_outlines(words, size),
        id=element_id,
        title=title or "QR code",
        description=description or " · ".join((text, *words.lines)),
        path=escape(_runs(rows)),
    )


def qr_png(text: str, *, pixels_per_module: int = 12, caption: Sequence[str] = ()) -> bytes:
    """A PNG of the code, black on white, with the lines of `caption` below it."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=BORDER, box_size=pixels_per_module)
    code.add_data(text)
    code.make(fit=True)
    image = code.make_image(image_factory=PilImage).get_image()
    if caption:
        image = _captioned(image, caption, pixels_per_module)
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()


def _captioned(code: Image.Image, lines: Sequence[str], pixels_per_module: int) -> Image.Image:
    caption = _caption(lines, code.width // pixels_per_module)
    sheet = Image.new("L", (code.width, caption.height * pixels_per_module), 255)
    sheet.paste(code.convert("L"), (0, 0))
    draw, font = ImageDraw.Draw(sheet), ImageFont.truetype(FONT_FILE, caption.size * pixels_per_module)
    for line, y in zip(caption.lines, caption.baselines, strict=True):
        draw.text((code.width / 2, y * pixels_per_module), line, fill=0, font=font, anchor="ms")
    return sheet
