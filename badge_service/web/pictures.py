"""Takes in files that people hand over: pictures and PDFs are made anew without what cameras and programs wrote into them, all else refused."""

import io
import struct
import zlib
from typing import NamedTuple

from flask_babel import gettext as _
from PIL import Image, ImageOps

from badge_service.errors import Fault, InvalidError
from badge_service.openbadges.digests import digest_sri
from badge_service.web.pdf_pages import MOST_PAGES, UnreadablePdfError, redrawn

MOST_PICTURE_BYTES = 12_000_000
MOST_PDF_BYTES = 10_000_000
MOST_PIXELS = 25_000_000
MOST_PIXELS_JPEG = 50_000_000  # phones take 48 megapixels; a JPEG is decoded at a smaller size
LONGEST_SIDE = 2400
JPEG_QUALITY = 86
FORMATS = ("PNG", "JPEG", "WEBP")
HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")
# what Pillow raises for files that lie about themselves
UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
)


class Kept(NamedTuple):
    """A file as it will be stored: its bytes, media type, and digest (Subresource Integrity, sha256)."""

    content: bytes
    media_type: str
    digest: str


def keep_picture(data: bytes, *, where: str = "picture") -> Kept:
    """The PNG, JPEG or WebP picture in `data`, upright, at most 2400 pixels long, without EXIF, place or other words.

    Photographs come back as JPEG, pictures that were PNG or have clear parts as PNG. Raises InvalidError with one
    fault at `where`: `file_empty`, `file_too_large`, `file_kind`, `picture_too_large`, `picture_moving`, `picture_unreadable`.
    """
    _refuse_size(data, MOST_PICTURE_BYTES, where)
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
        raise _refused(
            where,
            _(
                "This is a HEIC picture. Send it as JPEG: on an iPhone, Settings, Camera, Formats, Most Compatible."
            ),
            "file_kind",
        )
    if _sniffed(data) is None:
        raise _refused(where, _("Choose a picture: PNG, JPEG or WebP."), "file_kind")
    image, was_png = _decoded(data, where)
    return _encoded(image, was_png)


def keep_square(data: bytes, *, where: str = "picture", side: int, least: int, most_bytes: int) -> Kept:
    """The picture in `data` as a PNG, square and at most `side` pixels wide, what is missing of the square left clear.

    Nothing is cut off. Raises InvalidError as `keep_picture`, and `picture_small` below `least` pixels in width or height,
    `picture_narrow` when one side is more than twice the other.
    """
    _refuse_size(data, most_bytes, where)
    kept = keep_picture(data, where=where)
    with Image.open(io.BytesIO(kept.content), formats=FORMATS) as image:
        short, long = sorted(image.size)
        if short < least:
            words = _("The picture is smaller than %(least)s × %(least)s pixels.", least=least)
            raise _refused(where, words, "picture_small")
        if long > 2 * short:
            words = _("The picture is more than twice as long as it is wide. Send one that is nearly square.")
            raise _refused(where, words, "picture_narrow")
        whole = image.convert("RGBA")
        whole.thumbnail((side, side), Image.Resampling.LANCZOS)
    edge = max(whole.size)
    square = Image.new("RGBA", (edge, edge), (0, 0, 0, 0))
    square.paste(whole, ((edge - whole.width) // 2, (edge - whole.height) // 2))
    return _encoded(square, was_png=True)


def keep_evidence(data: bytes, *, where: str = "evidence") -> Kept:
    """A picture as `keep_picture`, or a PDF made anew from its pages: author, place, links and attachments stay behind.

    PDFs must be served as attachments only. Raises InvalidError as `keep_picture`, and `pdf_cut_off`, `pdf_unreadable`,
    `pdf_pages`, `pdf_busy`.
    """
    if not data.startswith(b"%PDF-"):
        if data and _sniffed(data) is None and data[4:8] != b"ftyp":
            raise _refused(where, _("Choose a picture (PNG, JPEG or WebP) or a PDF."), "file_kind")
        return keep_picture(data, where=where)
    _refuse_size(data, MOST_PDF_BYTES, where)
    if b"%%EOF" not in data[-2048:]:
        raise _refused(
            where, _("This PDF ends too early. Save it again and send the new file."), "pdf_cut_off"
        )
    try:
        return _kept(redrawn(data), "application/pdf")
    except UnreadablePdfError as error:
        raise _refused(where, _pdf_words(error.code), error.code) from error


def _pdf_words(code: str) -> str:
    words: dict[str, str] = {
        "pdf_pages": _("This PDF has more than %(most)s pages. Send those that matter.", most=MOST_PAGES),
        "pdf_busy": _("Many PDFs arrive just now. Send it again in a minute."),
    }
    unreadable: str = _(
        "This PDF cannot be read: it is damaged or locked. Print it into a new PDF, and send that one."
    )
    return words.get(code, unreadable)


def _refused(where: str, message: str, code: str) -> InvalidError:
    return InvalidError(_("This file cannot be taken."), faults=[Fault(where, message, code)])


def _refuse_size(data: bytes, most: int, where: str) -> None:
    if not data:
        raise _refused(where, _("The file is empty."), "file_empty")
    if len(data) > most:
        raise _refused(
            where,
            _("The file is larger than %(size)s MB. Send a smaller one.", size=most // 1_000_000),
            "file_too_large",
        )


def _sniffed(data: bytes) -> str | None:
    """The format that the first bytes announce; names and types that a browser sends are not believed."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    return "WEBP" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def _decoded(data: bytes, where: str) -> tuple[Image.Image, bool]:
    """The upright picture in its final size, and whether it was a PNG."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            most = MOST_PIXELS_JPEG if image.format in ("JPEG", "MPO") else MOST_PIXELS
            if image.width * image.height > most:
                message = _(
                    "The picture has more than %(count)s million pixels. Send a smaller one.",
                    count=most // 1_000_000,
                )
                raise _refused(where, message, "picture_too_large")
            was_png = image.format == "PNG"
            if image.format in ("PNG", "WEBP") and getattr(image, "is_animated", False):
                raise _refused(
                    where, _("Moving pictures are not taken. Send one still picture."), "picture_moving"
                )
            return _plain(_sized(image)), was_png
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _refused(
            where, _("The picture has too many pixels. Send a smaller one."), "picture_too_large"
        ) from error
    except UNREADABLE as error:
        raise _refused(
            where, _("The picture cannot be read: the file is damaged. Send it again."), "picture_unreadable"
        ) from error


def _sized(image: Image.Image) -> Image.Image:
    """The picture upright and small enough; made small before it is turned, and a JPEG while it is decoded, to save memory."""
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    if image.mode.startswith("I"):  # 16 bits of grey, of which Pillow would keep the lowest eight
        image = image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    whole = image.convert("RGBA") if image.mode in ("1", "P", "PA") else image  # palettes cannot be blended
    whole.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return ImageOps.exif_transpose(whole)


def _plain(image: Image.Image) -> Image.Image:
    """The pixels alone: a new picture carries no EXIF, no comments, no colour profile."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    pixels = image.convert(mode)
    bare = Image.new(mode, pixels.size)
    bare.paste(pixels)
    return bare


def _encoded(image: Image.Image, was_png: bool) -> Kept:
    buffer = io.BytesIO()
    if was_png or image.mode == "RGBA":
        image.save(buffer, format="PNG", optimize=True)
        return _kept(buffer.getvalue(), "image/png")
    image.save(buffer, format="JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    return _kept(buffer.getvalue(), "image/jpeg")


def _kept(content: bytes, media_type: str) -> Kept:
    digest = digest_sri(content)
    return Kept(content, media_type, digest)
