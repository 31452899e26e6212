"""Markdown of definitions and narratives to HTML that is safe to show: no raw HTML in, only known tags out, bounded work."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
# Without the two rules by which few characters become much HTML: wide tables, and addresses that are given once.
_OF_STRANGERS = MarkdownIt("commonmark", {"html": False}).disable(["image", "reference"])
_MOST_OF_STRANGERS = 40_000
_TAGS = {
    *("p", "br", "hr", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}


def render_markdown(text: str | None) -> Markup:
    """HTML of `text`; headings start at h3 so that they fit under the page's own; links may be http(s) or mailto."""
    return _rendered(_PARSER, text or "")


class StrangersMarkdown:
    """Renders what strangers wrote for one page, with a number of characters that all their texts share.

    No tables and no addresses by reference, so that the HTML is at most some twenty times as long as the text. A text for
    which nothing is left is shown as it was typed.
    """

    def __init__(self, characters: int = _MOST_OF_STRANGERS) -> None:
        self._left = characters

    def __call__(self, text: str) -> Markup:
        """HTML of `text`, as `render_markdown`."""
        if len(text) > self._left:
            return Markup("<p>{}</p>").format(escape(text))
        self._left -= len(text)
        return _rendered(_OF_STRANGERS, text)


def _rendered(parser: MarkdownIt, text: str) -> Markup:
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    return Markup(clean)  # noqa: S704  nh3 has cleaned it
