"""The code a phone reads is exactly the text that was put in."""

import io
import re

import pytest
import resvg_py
import zxingcpp
from PIL import Image, ImageOps

from badge_service.web.qr import BORDER, qr_png, qr_svg

LINKS = ["https://badges.example/credentials/AAAAAAAAAAAAAAAAAAAAAA", "http://localhost:8000/credentials/x"]


@pytest.mark.parametrize("link", LINKS)
def test_the_picture_reads_as_the_link(link: str) -> None:
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(qr_png(link))))
    assert [code.text for code in found] == [link]


@pytest.mark.parametrize("link", LINKS)
def test_the_drawing_reads_as_the_link(link: str) -> None:
    png = bytes(resvg_py.svg_to_bytes(svg_string=str(qr_svg(link)), width=600))
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
    assert [code.text for code in found] == [link]
    assert found[0].ec_level == "M"


CAPTIONS = [("badges.example",), ("a-rather-long-name.of-a-school.example.org:8443", "Демо, не за употреба")]


@pytest.mark.parametrize("caption", CAPTIONS)
def test_words_below_the_code_leave_it_readable_and_its_border_free(caption: tuple[str, ...]) -> None:
    bare, png = (
        Image.open(io.BytesIO(qr_png(LINKS[0], caption=words))).convert("L") for words in ((), caption)
    )
    drawing = str(qr_svg(LINKS[0], caption=caption))
    drawn = Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=drawing, width=bare.width))))
    assert "<text" not in drawing and "style=" not in drawing
    for picture in (png, drawn.convert("L")):
        assert [code.text for code in zxingcpp.read_barcodes(picture)] == [LINKS[0]]
        assert picture.height > bare.height and picture.width == bare.width
        words = picture.crop((0, bare.height, picture.width, picture.height))
        left, _, right, bottom = ImageOps.invert(words).point(lambda value: 255 * (value > 60)).getbbox()
        assert 0 < left < right < picture.width and bottom < words.height
        border = picture.crop((0, bare.height - BORDER * 12, picture.width, bare.height - 4))
        assert border.getextrema()[0] > 200


def test_a_quiet_border_of_four_modules_surrounds_the_drawing() -> None:
    drawing = str(qr_svg(LINKS[0]))
    size = int(re.search(r'viewBox="0 0 (\d+)', drawing)[1])
    starts = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h", drawing)]
    assert min(x for x, _ in starts) == min(y for _, y in starts) == BORDER == 4
    assert max(y for _, y in starts) == size - BORDER - 1


def test_the_drawing_is_told_to_those_who_cannot_see_it_and_carries_no_style() -> None:
    drawing = str(qr_svg("https://e.example/?a=<&", title="Code of <Ana>", element_id="q1"))
    assert '<title id="q1-title">Code of &lt;Ana&gt;</title>' in drawing
    assert 'aria-labelledby="q1-title q1-desc"' in drawing
    assert "style=" not in drawing
    assert "<&" not in drawing
