"""Markdown becomes HTML in which nothing can run."""

import json
from pathlib import Path

import lxml.html
import pytest

from badge_service.web.markdown import StrangersMarkdown, render_markdown
from tests.effort import cpu_seconds


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


WIDE_TABLE = "|" + "a|" * 1_000 + "\n|" + "-|" * 1_000 + "\n" + "x\n" * 1_900
LONG_REFERENCE = "[x]" * 2_000 + "\n\n[x]: http://" + "u" * 1_900
BREEDING = (
    WIDE_TABLE, LONG_REFERENCE, "[" * 8_000, "[a](b)" * 2_000, "&" * 8_000, "<a" * 4_000, "*\n" * 4_000, "#\n" * 4_000,
    "> " * 4_000, "- " * 4_000, "*a_" * 2_600, "".join("  " * depth + "- a\n" for depth in range(85)),
)  # fmt: skip


@pytest.mark.full
@pytest.mark.parametrize("text", BREEDING, ids=lambda text: text[:6])
def test_few_characters_of_a_stranger_make_neither_much_work_nor_much_html(text: str) -> None:
    text = text[:8_000]
    assert len(StrangersMarkdown()(text)) <= 20 * len(text)
    assert cpu_seconds(lambda: StrangersMarkdown()(text)) <= 0.5


def test_the_long_texts_of_the_list_of_bad_inputs_are_shown_quickly(shared: Path) -> None:
    rows = json.loads((shared / "data" / "bad_inputs.json").read_text("utf-8"))["inputs"]
    long_ones = {row["id"]: row for row in rows if row["surface"] == "render" and not row.get("place")}
    assert set(long_ones) == {"xs-023", "xs-024"}
    for row in long_ones.values():
        text = eval(row["input"], {"__builtins__": {}})
        seconds = cpu_seconds(lambda text=text: StrangersMarkdown()(text))
        assert len(text) >= 40_000 and seconds * 1_000 <= row["expected"]["max_ms"]


def test_the_texts_of_a_page_share_their_characters_and_the_rest_is_shown_as_typed() -> None:
    render = StrangersMarkdown(10)
    assert render("*one*") == "<p><em>one</em></p>\n"
    assert render("**two** <b>") == "<p>**two** &lt;b&gt;</p>"
    assert render("*six*") == "<p><em>six</em></p>\n"
    assert render("*") == "<p>*</p>"


def test_what_strangers_write_is_cleaned_too() -> None:
    assert "<script" not in StrangersMarkdown()("<script>alert(1)</script> [x](javascript:alert(1))")
