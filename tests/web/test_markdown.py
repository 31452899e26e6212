"""Markdown becomes HTML in which nothing can run."""

import lxml.html
import pytest

from badge_service.web.markdown import render_markdown


def test_plain_markdown_is_rendered_and_headings_fit_under_the_page() -> None:
    html = render_markdown(
        "# Willow\n\n- *soak*\n- [site](https://example.org)\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    )
    assert "<h3>Willow</h3>" in html
    assert "<em>soak</em>" in html
    assert '<a href="https://example.org" rel="nofollow noopener noreferrer">site</a>' in html
    assert "<td>1</td>" in html


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://evil.example/pixel.png)",
        '<a href="https://e.example" style="position:fixed">x</a>',
        "[x](https://e.example \"' onclick='alert(1)\")",
    ],
)
def test_nothing_dangerous_comes_through(attack: str) -> None:
    for element in lxml.html.fragment_fromstring(
        render_markdown(attack), create_parent=True
    ).iterdescendants():
        assert element.tag in {"p", "a"}
        assert set(element.attrib) <= {"href", "rel", "title"}
        assert element.get("href", "https:").startswith("https:")


def test_no_text_is_no_html() -> None:
    assert render_markdown(None) == ""
