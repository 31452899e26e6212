"""Every sentence that a person can see is in the catalogue of every language, and pages show it in that language."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from badge_service.web.i18n import LANGUAGES, TRANSLATIONS

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = DEFAULT_KEYWORDS | {"_l": None, "lazy_gettext": None, "N_": None}
OTHERS = sorted(set(LANGUAGES) - {"en"})
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%|%s|%d")
ADDRESS = re.compile(r"\S+@\S+")
TAG = re.compile(r"</?\w+[^>]*>")

Key = tuple[str | None, tuple[str, ...]]


@cache
def sources() -> dict[Key, str]:
    """Every message of the sources, by context and singular with plural, with the place where it stands first."""
    with (ROOT / "babel.cfg").open() as settings:
        methods, options = parse_mapping_cfg(settings)
    found: dict[Key, str] = {}
    for file, line, message, _comments, context in extract_from_dir(ROOT, methods, options, KEYWORDS):
        forms = (message,) if isinstance(message, str) else tuple(message)
        found.setdefault((context, forms), f"{file}:{line}")
    return found


@cache
def catalogue(language: str) -> Catalog:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def entry(language: str, key: Key) -> Message | None:
    context, forms = key
    return catalogue(language).get(forms[0], context)


def translations(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def words(text: str) -> int:
    """How many words of a language a text has; names of the format and addresses are none."""
    return len(re.findall(r"[^\W\d_]+", ADDRESS.sub(" ", TAG.sub(" ", PLACEHOLDER.sub(" ", text)))))


def none_of(found: dict[Any, Any]) -> None:
    """Fails naming every one."""
    assert not found, "\n".join(["", *(f"{what} ← {where}" for what, where in found.items())])


def marks(text: str) -> Counter[str]:
    return Counter(found.group() for found in PLACEHOLDER.finditer(text))


def is_untranslated(language: str, key: Key) -> bool:
    message = entry(language, key)
    if message is None or message.fuzzy:
        return True
    # A sentence may stand alone here and as a singular there; gettext then finds the singular.
    wanted = catalogue(language).num_plurals if len(key[1]) > 1 or message.pluralizable else 1
    forms = translations(message)
    return len(forms) != wanted or not all(forms)


def has_other_marks(source: tuple[str, ...], translated: list[str]) -> bool:
    """A singular may leave out the number; nothing else may be left out, and nothing added."""
    translated = translated[: 1 if len(source) == 1 else None]
    whole, tags = marks(source[-1]), sorted(TAG.findall(source[-1]))
    if marks(translated[-1]) != whole or any(marks(form) - whole for form in translated):
        return True
    return any(sorted(TAG.findall(form)) != tags for form in translated)


@pytest.mark.full
def test_the_sources_are_found() -> None:
    places = {place.split("/")[1] for place in sources().values()}
    assert len(sources()) > 1000
    assert {"openbadges", "storage", "curriculum", "awards", "backpack", "verifier", "web"} <= places


def test_english_sentences_are_whole_and_trimmed() -> None:
    untidy = {
        form: place
        for (_context, forms), place in sources().items()
        for form in forms
        if not form.strip() or form != form.strip() or re.search(r"\s\s|\n", form)
    }
    none_of(untidy)


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated(language: str) -> None:
    none_of({key[1]: place for key, place in sources().items() if is_untranslated(language, key)})


@pytest.mark.parametrize("language", OTHERS)
def test_placeholders_and_tags_are_those_of_the_source(language: str) -> None:
    translated = [key for key in sources() if not is_untranslated(language, key)]
    found = {key: translations(entry(language, key) or Message("")) for key in translated}
    none_of({key[1]: forms for key, forms in found.items() if has_other_marks(key[1], forms)})


def test_a_register_is_named_in_bulgarian_as_it_reads_within_its_sentences() -> None:
    registers = (
        "this service's list of schools and organisations",
        "the list of issuers that this service's operator trusts",
    )
    named = [str(catalogue("bg")[name].string) for name in registers]
    for key in sources():
        if "listed in %(registry)s" in key[1][0]:
            for name in named:
                filled = translations(entry("bg", key) or Message(""))[0].replace("%(registry)s", name)
                assert "вписан в списъка с " in filled


@pytest.mark.parametrize("language", OTHERS)
def test_no_longer_sentence_was_left_in_english(language: str) -> None:
    translated = [key for key in sources() if not is_untranslated(language, key)]
    left = {
        key[1]: sources()[key]
        for key in translated
        if words(key[1][0]) > 3 and key[1][0] in translations(entry(language, key) or Message(""))
    }
    none_of(left)


class VisibleText(HTMLParser):
    """What a reader sees or hears of a page that is not marked as being in another language than `language`."""

    VOID = frozenset(
        {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
    )
    SILENT = frozenset({"script", "style", "template", "pre", "code"})
    SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-label", "data-copied")

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.open: list[tuple[str, bool]] = []
        self.parts: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        counts = self._counts
        if given.get("lang"):
            counts = given["lang"] == self.language
        counts = counts and tag not in self.SILENT
        if counts:
            self.parts += [given[name] or "" for name in self.SPOKEN if given.get(name)]
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if tag not in self.VOID:
            self.open.append((tag, counts))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._counts:
            self.parts.append(data)

    @property
    def _counts(self) -> bool:
        return self.open[-1][1] if self.open else True

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.parts).split())


def seen(html: str, language: str) -> VisibleText:
    page = VisibleText(language)
    page.feed(html)
    return page


@cache
def badge_titles() -> frozenset[str]:
    """A badge's title stays in its own language; one of them also serves as an example."""
    contents = [
        json.loads(path.read_text("utf-8")) for path in (ROOT / "credentials").glob("*/definition.json")
    ]
    return frozenset(content["title"] for content in contents)


@cache
def english_pieces(language: str) -> dict[str, str]:
    """Pieces of more than two words that stand in an English message and not in its translation, with the message."""
    pieces: dict[str, str] = {}
    for key in sources():
        message = entry(language, key)
        for form in key[1]:
            for piece in re.split(f"{PLACEHOLDER.pattern}|{TAG.pattern}", form):
                piece = " ".join((piece or "").split())
                if (
                    words(piece) > 2
                    and piece not in badge_titles()
                    and not (message and any(piece in one for one in translations(message)))
                ):
                    pieces[piece] = form
    return pieces


def english_in(page: VisibleText) -> list[str]:
    return sorted(form for piece, form in english_pieces(page.language).items() if piece in page.text)


def walk(client: FlaskClient, start: list[str]) -> Iterator[tuple[str, str]]:
    """Pages that links lead to, at most two for each kind of page: (address, HTML)."""
    waiting, visited, kinds = list(start), set(start), Counter[str]()
    adapter = client.application.url_map.bind("localhost")
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        yield address, answer.text
        for link in seen(answer.text, "bg").links:
            target = urlsplit(urljoin(f"http://localhost{address}", link))
            if target.netloc.partition(":")[0] != "localhost" or target.path in visited:
                continue
            try:
                kind = adapter.match(target.path)[0]
            except HTTPException:
                continue
            visited.add(target.path)
            kinds[kind] += 1
            if kinds[kind] <= 2 and kind not in MAILS:
                waiting.append(target.path)


def test_english_text_would_be_found() -> None:
    """The next tests can fail: a sentence in English is seen, one marked as English or inside a script is not."""
    sentence = "There is no such definition."
    assert sentence in english_in(seen(f"<html lang=bg><p>{sentence}</p>", "bg"))
    assert sentence in english_in(seen(f'<html lang=bg><img alt="{sentence}">', "bg"))
    hidden = f"<html lang=bg><p lang=en>{sentence}</p><script>{sentence}</script>"
    assert english_in(seen(hidden, "bg")) == []


MAILS = ("demo.mail", "demo.one_mail")  # they speak the language of whoever got them
ROOMS = {
    None: ["/", "/catalogue", "/alliances", "/verify", "/claim", "/v", "/sign-in", "/demo", "/about", "/privacy"],
    "teacher": ["/", "/workshops", "/workshops/new", "/activities/new", "/account"],
    "teacher-bg": ["/", "/workshops"],
    "let-lead": ["/", "/definitions", "/definitions/new", "/alliances/new"],
    "admin": ["/", "/account"],
    "operator": ["/", "/operator", "/operator/regions/new", "/operator/organisations/new"],
}  # fmt: skip


@pytest.mark.slow
def test_pages_in_bulgarian_show_no_english_sentence(played_demo: Any) -> None:
    learners = re.findall(r"/demo/sign-in/(learner-\w+)", played_demo.client().get("/demo").text)
    assert learners
    found: dict[str, list[str]] = {}
    count = 0
    for who, start in (ROOMS | {learner: ["/", "/badges", "/account"] for learner in learners}).items():
        client = played_demo.client(who)
        client.set_cookie("language", "bg")
        for address, html in walk(client, start):
            count += 1
            assert '<html lang="bg">' in html
            if english := english_in(seen(html, "bg")):
                found[f"{who}: {address}"] = english
    assert count > 80
    none_of(found)


@pytest.mark.parametrize(
    "address", ["/v/ABC", "/v/UUUU-UUUU-UUUU", "/v/7K3M-9PQR-4VWX", "/nowhere", "/workshops/nowhere"]
)
def test_refusals_in_bulgarian_show_no_english_sentence(played_demo: Any, address: str) -> None:
    client = played_demo.client("teacher-bg")
    client.set_cookie("language", "bg")
    answer = client.get(address)
    assert answer.status_code in (404, 422)
    assert english_in(seen(answer.text, "bg")) == []
