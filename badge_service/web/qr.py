"""QR codes of share links: level M, a quiet border of four modules, as crisp SVG and PNG."""

import io

import qrcode
from markupsafe import Markup, escape
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.pil import PilImage

BORDER = 4


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


def qr_svg(text: str, *, title: str = "", description: str = "", element_id: str = "qr") -> Markup:
    """An SVG element of the code: dark on white in every colour scheme, drawn by attributes alone.

    `title` and `description` are read to those who cannot see it; `element_id` must be unique on the page.
    """
    rows = _modules(text)
    size = len(rows)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {size} {size}" role="img" '
        'shape-rendering="crispEdges" aria-labelledby="{id}-title {id}-desc">'
        '<title id="{id}-title">{title}</title><desc id="{id}-desc">{description}</desc>'
        '<rect width="{size}" height="{size}" fill="#ffffff"/><path fill="#000000" d="{path}"/></svg>'
    ).format(
        size=size,
        id=element_id,
        title=title or "QR code",
        description=description or text,
        path=escape(_runs(rows)),
    )


def qr_png(text: str, *, pixels_per_module: int = 12) -> bytes:
    """A PNG of the code, black on white."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=BORDER, box_size=pixels_per_module)
    code.add_data(text)
    code.make(fit=True)
    image = code.make_image(image_factory=PilImage)
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()
