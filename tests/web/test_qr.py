"""The code a phone reads is exactly the text that was put in."""

import io
import re

import pytest
import resvg_py
import zxingcpp
from PIL import Image

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
