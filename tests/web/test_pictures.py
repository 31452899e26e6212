"""Files handed over: drawn anew without the camera's words, kept small, and refused when they are not what we take."""

import base64
import hashlib
import io
import random
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from badge_service.errors import InvalidError
from badge_service.web.pictures import LONGEST_SIDE, Kept, keep_evidence, keep_picture
from tests.pdfs import PDF, pdf


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format=form, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def photo(size: tuple[int, int] = (64, 48)) -> Image.Image:
    image = Image.new("RGB", size, "#207040")
    image.paste("#e0c080", (0, 0, size[0] // 2, size[1] // 2))
    return image


def refused(data: bytes, keep: object = keep_picture) -> str:
    with pytest.raises(InvalidError) as caught:
        keep(data, where="photo 3")  # type: ignore[operator]
    (fault,) = caught.value.faults
    assert fault.where == "photo 3"
    return fault.code


def with_camera_words(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Camera of Mira"
    exif.get_ifd(0x8825)[2] = (42.0, 41.0, 30.0)
    return saved(photo(), "JPEG", exif=exif, comment=b"taken at home", quality=95)


def test_words_and_place_of_the_camera_are_gone() -> None:
    data = with_camera_words()
    assert b"Camera of Mira" in data
    assert b"taken at home" in data
    kept = keep_picture(data)
    again = Image.open(io.BytesIO(kept.content))
    assert not again.getexif()
    assert "comment" not in again.info
    assert b"Camera of Mira" not in kept.content
    assert b"Exif" not in kept.content
    assert b"taken at home" not in kept.content


def test_a_photo_taken_sideways_stands_upright() -> None:
    kept = keep_picture(with_camera_words(orientation=6))
    image = Image.open(io.BytesIO(kept.content)).convert("RGB")
    assert image.size == (48, 64)
    assert image.getpixel((40, 8))[0] > 180  # type: ignore[index]


def test_text_chunks_of_a_png_and_anything_after_its_end_are_gone() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Mira Petrova", zip=False)
    kept = keep_picture(saved(photo(), "PNG", pnginfo=words) + b"<script>tail</script>")
    assert kept.media_type == "image/png"
    assert b"Mira" not in kept.content
    assert b"script" not in kept.content


@pytest.mark.parametrize(
    ("form", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/jpeg")]
)
def test_three_forms_are_taken_whatever_their_name(form: str, media_type: str) -> None:
    kept = keep_picture(saved(photo(), form))
    assert kept.media_type == media_type
    assert Image.open(io.BytesIO(kept.content)).size == (64, 48)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_taken(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    kept = keep_picture(saved(Image.new(mode, (20, 10)), form))
    assert Image.open(io.BytesIO(kept.content)).size == (20, 10)


def test_clear_parts_stay_clear() -> None:
    kept = keep_picture(saved(Image.new("RGBA", (20, 10), (0, 0, 0, 0)), "WEBP", lossless=True))
    assert kept.media_type == "image/png"
    assert Image.open(io.BytesIO(kept.content)).getpixel((5, 5))[3] == 0  # type: ignore[index]


def test_a_large_picture_is_made_smaller_in_proportion() -> None:
    kept = keep_picture(saved(photo((4800, 1200)), "JPEG"))
    assert Image.open(io.BytesIO(kept.content)).size == (LONGEST_SIDE, LONGEST_SIDE // 4)


def test_the_digest_is_of_the_bytes_that_are_kept() -> None:
    kept = keep_picture(saved(photo(), "PNG"))
    assert kept.digest == "sha256-" + base64.b64encode(hashlib.sha256(kept.content).digest()).decode()
    assert keep_picture(saved(photo(), "PNG")) == kept


def png_claiming(width: int, height: int, rows: bytes = b"") -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(rows, 9))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [8_000, 12_000, 60_000])
def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded(side: int) -> None:
    assert refused(png_claiming(side, side)) == "picture_too_large"


@pytest.mark.full
def test_a_png_whose_words_unpack_to_gigabytes_is_refused() -> None:
    bomb = zlib.compress(b"a" * 200_000_000, 9)
    body = b"key\0\0" + bomb
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    whole = saved(photo(), "PNG")
    assert refused(whole[:33] + chunk + whole[33:]) == "picture_unreadable"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_kind"),
        (b"GIF89a" + bytes(20), "file_kind"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "file_kind"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "file_kind"),
        (b"MZ\x90\0", "file_kind"),
        (b"\xff\xd8\xff\xe0 not really", "picture_unreadable"),
    ],
)
def test_what_we_do_not_take_is_named(data: bytes, code: str) -> None:
    assert refused(data) == code
    assert refused(data, keep_evidence) == code


def test_a_file_of_too_many_bytes_is_refused() -> None:
    whole = saved(photo(), "JPEG") + bytes(12_000_000)
    assert refused(whole) == refused(whole, keep_evidence) == "file_too_large"


def test_a_heic_photo_comes_with_the_way_out() -> None:
    with pytest.raises(InvalidError) as caught:
        keep_picture(b"\0\0\0\x18ftypheic" + bytes(40))
    assert "Most Compatible" in caught.value.faults[0].message


def test_moving_pictures_are_refused() -> None:
    frames = [photo(), Image.new("RGB", (64, 48), "#000000")]
    for form in ("PNG", "WEBP"):
        assert refused(saved(frames[0], form, save_all=True, append_images=frames[1:])) == "picture_moving"


def test_a_damaged_file_is_refused_and_never_breaks_us() -> None:
    chance = random.Random(7)
    for form in ("PNG", "JPEG", "WEBP"):
        whole = saved(photo(), form)
        for _ in range(150):
            broken = bytearray(whole[: chance.randrange(12, len(whole) + 1)])
            for _ in range(chance.randrange(0, 6)):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            try:
                assert isinstance(keep_evidence(bytes(broken)), Kept)
            except InvalidError as error:
                assert error.faults


def test_a_pdf_is_evidence_but_no_picture() -> None:
    assert keep_evidence(PDF).media_type == "application/pdf"
    assert refused(PDF) == "file_kind"


def test_a_pdf_that_is_cut_off_too_large_or_only_called_so_is_refused() -> None:
    assert refused(b"%PDF-1.7\n1 0 obj", keep_evidence) == "pdf_cut_off"
    assert refused(b"%PDF-1.7" + bytes(10_000_000) + b"%%EOF", keep_evidence) == "file_too_large"
    assert refused(b"<html>%PDF-1.7 %%EOF", keep_evidence) == "file_kind"
    assert refused(b"%PDF-1.7\n%%EOF", keep_evidence) == "pdf_unreadable"
    assert refused(pdf(pages=101), keep_evidence) == "pdf_pages"
