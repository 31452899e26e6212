"""Reads the QR code in a photo or a screenshot, within limits of size that a hostile picture cannot pass."""

import io
import warnings

import zxingcpp
from PIL import Image

from badge_service.errors import InvalidError

_MOST_PIXELS = 16_000_000
_MOST_PIXELS_COSTLY = 6_000_000
"""Of WEBP, which is held several times over, and of printers' colours, in which no camera takes photos."""
_MOST_PIXELS_IN_ROWS = 64_000_000
"""Of a JPEG that is read row by row at a fraction of its size, so that a phone's camera may be a good one."""
_SIDE = 2_000
_KINDS = ("PNG", "JPEG", "WEBP", "GIF")
_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF", b"GIF8")


def is_picture(data: bytes) -> bool:
    """Whether `data` begins as a photo or screenshot does."""
    return data.startswith(_STARTS)


def read_qr(data: bytes) -> str:
    """The text of the one QR code in a picture.

    Raises InvalidError: `picture_too_large`, `picture_unreadable`, `qr_none`, `qr_several`.
    """
    barcodes = zxingcpp.read_barcodes(_small(data), zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]))
    found = {barcode.text for barcode in barcodes}
    texts = {text for text in found if text.strip()}
    if not texts:
        raise InvalidError("There is no QR code in this picture.", code="qr_none")
    if len(texts) > 1:
        raise InvalidError("There is more than one QR code in this picture.", code="qr_several")
    return texts.pop()


def _small(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture = Image.open(io.BytesIO(data), formats=_KINDS)
            if picture.width * picture.height > _most_pixels(picture, data):
                raise InvalidError("This picture is too large.", code="picture_too_large")
            picture.draft("L", (_SIDE, _SIDE))
            grey = picture.convert("L")
            grey.thumbnail((_SIDE, _SIDE))
            return grey
    except InvalidError:
        raise
    except Image.DecompressionBombWarning as error:
        raise InvalidError("This picture is too large.", code="picture_too_large") from error
    except Exception as error:  # Pillow's decoders raise anything for what strangers send
        raise InvalidError("This picture is damaged.", code="picture_unreadable") from error


def _most_pixels(picture: Image.Image, data: bytes) -> int:
    """How many pixels a picture may have, by what its header says of the work to open it."""
    if picture.format == "WEBP" or picture.mode == "CMYK":
        return _MOST_PIXELS_COSTLY
    return _MOST_PIXELS_IN_ROWS if picture.format == "JPEG" and _is_in_rows(data) else _MOST_PIXELS


def _is_in_rows(jpeg: bytes) -> bool:
    """Whether a JPEG holds all colours of a row together; otherwise (progressive) all of it is in memory at once."""
    place, colours = 2, 0
    while jpeg[place : place + 1] == b"\xff" and place + 10 <= len(jpeg):
        kind, length = jpeg[place + 1], int.from_bytes(jpeg[place + 2 : place + 4])
        if kind in (0xC0, 0xC1):
            colours = jpeg[place + 9]
        if kind == 0xDA:
            return 0 < colours == jpeg[place + 4]
        place += 2 + length
    return False
