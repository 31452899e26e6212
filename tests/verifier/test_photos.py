"""Photos that would take much memory to open are refused by their headers, and honest large photos are read."""

import io
from typing import Any

import pytest
from PIL import Image

from badge_service.errors import InvalidError
from badge_service.verifier.pictures import read_qr

ADDRESS = "https://badges.example.org/credentials/Zk3rT8v1QpX5nYb7Lw2c9g"


def enlarged(photo: bytes, side: int, mode: str = "RGB", kind: str = "JPEG", **options: Any) -> bytes:
    """The photo on a sheet of `side` by `side` pixels."""
    code = Image.open(io.BytesIO(photo)).convert(mode)
    sheet = code.resize((side, side))
    file = io.BytesIO()
    sheet.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.full
@pytest.mark.parametrize(
    ("side", "mode", "kind", "options"),
    [
        (4_200, "RGB", "JPEG", {"progressive": True}),
        (4_200, "L", "JPEG", {"progressive": True}),
        (2_600, "CMYK", "JPEG", {"progressive": True}),
        (2_600, "CMYK", "JPEG", {}),
        (2_600, "RGB", "WEBP", {"lossless": True, "method": 0}),
        (4_200, "L", "PNG", {"compress_level": 1}),
    ],
)
def test_pictures_that_take_much_memory_are_refused_unopened(
    qr_photo: Any, monkeypatch: pytest.MonkeyPatch, side: int, mode: str, kind: str, options: dict[str, Any]
) -> None:
    data = enlarged(qr_photo(ADDRESS), side, mode, kind, **options)
    opened = []
    monkeypatch.setattr(Image.Image, "convert", lambda *given: opened.append(given))
    with pytest.raises(InvalidError) as refused:
        read_qr(data)
    assert refused.value.code == "picture_too_large" and opened == []


@pytest.mark.full
@pytest.mark.parametrize(
    ("side", "mode", "kind", "options"),
    [
        (5_000, "RGB", "JPEG", {}),
        (5_000, "L", "JPEG", {}),
        (2_000, "RGB", "JPEG", {"progressive": True}),
        (1_500, "CMYK", "JPEG", {}),
        (1_500, "RGB", "WEBP", {}),
    ],
)
def test_honest_photos_are_read(
    qr_photo: Any, side: int, mode: str, kind: str, options: dict[str, Any]
) -> None:
    assert read_qr(enlarged(qr_photo(ADDRESS), side, mode, kind, **options)) == ADDRESS


def test_a_scan_of_its_own_for_each_colour_counts_as_held_in_memory(qr_photo: Any) -> None:
    data = enlarged(qr_photo(ADDRESS), 4_200)
    scan = data.index(b"\xff\xda")
    assert data[scan + 4] == 3
    alone = data[:scan] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + data[scan + 14 :]
    with pytest.raises(InvalidError) as refused:
        read_qr(alone)
    assert refused.value.code == "picture_too_large"
