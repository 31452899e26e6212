"""A PDF that somebody hands in keeps what its pages show, and nothing of who made it, where, or what hangs on it."""

import io
import re
import zlib
from pathlib import Path

import pytest
import typst
from PIL import Image

from badge_service.web import pdf_pages
from badge_service.web.pdf_pages import MOST_PAGES, UnreadablePdfError, redrawn
from badge_service.web.pictures import keep_evidence
from tests.pdfs import PDF, SECRET, pdf

XMP = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc:creator>Jane Author</dc:creator>"
    b"<exif:GPSLatitude>53,12.1N</exif:GPSLatitude></x:xmpmeta>"
)


def words_in(made: bytes) -> bytes:
    """All bytes of a PDF, those of its packed streams unpacked."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL)
    found = [made]
    for stream in packed:
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            found.append(stream)
    return b"\n".join(found)


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (more, len(content), content)


def code_of(data: bytes) -> str:
    with pytest.raises(UnreadablePdfError) as caught:
        redrawn(data)
    return caught.value.code


def written_by_typst(folder: Path) -> bytes:
    """A real document with an author, a link and a photograph that knows where it was taken."""
    photo, exif = Image.new("RGB", (300, 200), "tan"), Image.Exif()
    exif[0x010E], exif[0x8825] = "Taken by Jane Author", {1: "N", 2: (53.0, 12.0, 5.0)}
    photo.save(folder / "photo.jpg", exif=exif)
    text = (
        '#set document(author: "Jane Author", title: "By Jane Author", keywords: ("Jane Author",))\n'
        '#image("photo.jpg")\n= My basket\n#link("mailto:jane@x.example")[write]\n#pagebreak()\nLog of hours'
    )
    (folder / "page.typ").write_text(text)
    made = typst.compile(str(folder / "page.typ"), format="pdf")
    assert isinstance(made, bytes)
    return made


def test_author_place_and_links_of_a_real_pdf_are_gone_and_its_pages_stay(tmp_path: Path) -> None:
    before = written_by_typst(tmp_path)
    assert SECRET.encode() in words_in(before) and b"Exif" in before and b"jane@x" in words_in(before)
    kept = keep_evidence(before)
    assert kept.media_type == "application/pdf" and kept.content.startswith(b"%PDF-")
    after = words_in(kept.content)
    for gone in (b"Jane", b"Exif", b"jane@x", b"mailto", b"/Author"):
        assert gone not in after, gone
    assert len(re.findall(rb"/MediaBox", kept.content)) == 2


def test_what_another_program_wrote_into_it_is_gone(tmp_path: Path) -> None:
    photo = io.BytesIO()
    Image.new("RGB", (40, 30), "tan").save(photo, "PDF", author=SECRET, title="T", producer="P", keywords="K")
    assert SECRET.encode() in photo.getvalue() or SECRET.encode("utf-16-be") in photo.getvalue()
    after = words_in(redrawn(photo.getvalue()))
    assert SECRET.encode() not in after and SECRET.encode("utf-16-be") not in after


def test_nothing_hidden_beside_the_pages_comes_along() -> None:
    given = pdf(
        stream(XMP, b"/Type/Metadata/Subtype/XML"),
        b"<</Author(Jane Author)/Creator(Jane Author's laptop)>>",
        b"<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(Jane Author says)>>",
        b"<</Type/Filespec/F(cv.txt)/EF<</F 9 0 R>>>>",
        stream(b"CV of Jane Author", b"/Type/EmbeddedFile"),
        b"<</S/JavaScript/JS(app.alert\\('Jane Author'\\))>>",
        stream(
            b"0 0 9 9 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Metadata 5 0 R/PieceInfo<</X 6 0 R>>"
        ),
        catalog=b"/Metadata 5 0 R/Names<</EmbeddedFiles<</Names[(cv.txt) 8 0 R]>>>>/OpenAction 10 0 R",
        page=b"/Annots[7 0 R]/PieceInfo<</X<</Private 6 0 R>>>>/Metadata 5 0 R"
        b"/Resources<</XObject<</F 11 0 R>>>>",
        trailer=b"/Info 6 0 R",
    )
    assert words_in(given).count(SECRET.encode()) >= 6
    after = words_in(redrawn(given))
    for gone in (b"Jane", b"GPS", b"JavaScript", b"EmbeddedFile", b"cv.txt", b"/Annot"):
        assert gone not in after, gone


def test_what_is_seen_is_the_same(tmp_path: Path) -> None:
    def look(data: bytes) -> bytes:
        (tmp_path / "seen.pdf").write_bytes(data)
        (tmp_path / "look.typ").write_text(
            '#set page(width: auto, height: auto, margin: 0pt)\n#image("seen.pdf")'
        )
        made = typst.compile(str(tmp_path / "look.typ"), format="png", ppi=72)
        assert isinstance(made, bytes)
        picture = Image.open(io.BytesIO(made)).convert("L")
        assert picture.size == (200, 100)
        assert (picture.getpixel((50, 60)), picture.getpixel((150, 50))) == (128, 255)
        return picture.tobytes()

    assert look(PDF) == look(redrawn(PDF))


def test_only_so_many_pages_are_taken() -> None:
    assert redrawn(pdf(pages=MOST_PAGES))
    assert code_of(pdf(pages=MOST_PAGES + 1)) == "pdf_pages"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.4\n%%EOF",
        b"%PDF-1.4\n" + b"x" * 2000 + b"%%EOF",
        pdf(b"<</Filter/Standard/V 2/R 3/Length 128/P -4/O(o)/U(u)>>", trailer=b"/Encrypt 5 0 R/ID[(a)(a)]"),
    ],
    ids=["empty", "rubbish", "locked"],
)
def test_what_cannot_be_read_is_said(data: bytes) -> None:
    assert code_of(data) == "pdf_unreadable"


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pages, "WAIT_SECONDS", 0.001)
    assert code_of(PDF) == "pdf_unreadable"


def test_no_more_than_so_many_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pages, "WAIT_SECONDS", 0.01)
    taken = [pdf_pages._places.acquire(timeout=1) for _ in range(pdf_pages.AT_ONCE)]
    try:
        assert all(taken) and code_of(PDF) == "pdf_busy"
    finally:
        for _ in taken:
            pdf_pages._places.release()
