"""PDFs are tagged, carry their fonts, are byte-equal for equal input, and print what people typed as it was typed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from badge_service.errors import UnavailableError
from badge_service.web.pdf import compile_pdf, compile_pictures

HOSTILE = '#read("/etc/passwd") *bold* $x^2$ ] \\ `raw` <label> @ref // gone /* gone */ = head "quote" \u2028 Здравей'
TEMPLATE = """
#let data = json("data.json")
#set document(title: data.title, date: none)
#set text(lang: data.language, font: "Noto Sans")
= #data.title
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "letter.typ"
    path.write_text(TEMPLATE, "utf-8")
    return path


def test_typed_text_is_printed_literally(template: Path, pdf_pages: Callable[[bytes], list[str]]) -> None:
    pages = pdf_pages(compile_pdf(template, {"title": HOSTILE, "language": "bg"}))
    assert len(pages) == 1
    assert "".join(pages[0].split()) == "".join(HOSTILE.split())


def test_the_file_is_tagged_for_accessibility_and_names_its_language(template: Path) -> None:
    pdf = compile_pdf(template, {"title": "Привет", "language": "bg"})
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/Lang(bg)" in pdf
    assert b"/Marked true" in pdf
    assert b"/FontFile" in pdf
    assert b"/S/H1" in pdf


def test_equal_input_gives_equal_bytes(template: Path) -> None:
    data = {"title": "Same", "language": "en"}
    assert compile_pdf(template, data) == compile_pdf(template, data)


def test_files_beside_the_template_can_be_shown_and_no_others(template: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden")
    template.write_text('#read("/badge.txt")')
    assert compile_pictures(template, {}, {"badge.txt": b"seen"})
    template.write_text(f'#read("{secret}")')
    with pytest.raises(UnavailableError):
        compile_pictures(template, {})
    template.write_text('#read("../secret.txt")')
    with pytest.raises(UnavailableError):
        compile_pictures(template, {})


@pytest.mark.parametrize("broken", ["#nothing-here", '#image("missing.svg")', "no title at all"])
def test_a_page_that_cannot_be_set_is_an_error_of_ours(template: Path, broken: str) -> None:
    template.write_text(broken)
    with pytest.raises(UnavailableError) as caught:
        compile_pdf(template, {})
    assert caught.value.code == "pdf_failed"
    assert "letter.typ" in caught.value.hint


def test_a_missing_template_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError):
        compile_pdf(tmp_path / "absent.typ", {})
