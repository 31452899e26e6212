"""A LET lead at the desk, without a browser: what a form would send, a definition begun, and what is saved of it."""

import re
from html.parser import HTMLParser
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from badge_service.curriculum.tables import Definition, DefinitionVersion


class Fields(HTMLParser):
    """What a browser would send from the form of an editor's step (from all forms of another page), and its buttons."""

    def __init__(self, page: str) -> None:
        super().__init__()
        step = re.search(r'<form[^>]*id="editor".*?</form>', page, re.DOTALL)
        page = step[0] if step else page
        self.sent: list[tuple[str, str]] = []
        self.buttons: list[str] = []
        self._select = self._textarea = None
        self._text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("name"):
            if found.get("type") not in {"checkbox", "radio"} or "checked" in found:
                self.sent.append((found["name"], found.get("value") or ""))
        elif tag == "select":
            self._select = found["name"]
        elif tag == "option" and self._select and "selected" in found:
            self.sent.append((self._select, found.get("value") or ""))
        elif tag == "textarea":
            self._textarea, self._text = found["name"], ""
        elif tag == "button" and found.get("name") == "do":
            self.buttons.append(found["value"])

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        elif tag == "textarea" and self._textarea:
            self.sent.append((self._textarea, self._text.removeprefix("\n")))
            self._textarea = None

    def form(self, **changes: str) -> MultiDict[str, str]:
        form = MultiDict(self.sent)
        for name, value in changes.items():
            form[name] = value
        return form


def begin(lead: Any, *, copy_of: str = "", title: str = "Oak Spoon", code: str = "CRF-OAK-1") -> str:
    page = lead.get("/definitions/new").text
    place = re.search(r'name="place".*?value="([^"]+)"', page, re.DOTALL)
    source = re.search(rf'<option value="(\d+)">{copy_of}', page) if copy_of else None
    chosen = source[1] if source else "empty"
    data = {"title": title, "code": code, "place": place[1] if place else "", "copy_of": chosen}
    answer = lead.post("/definitions/new", data=data)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def saved_content(database: Any, slug: str = "oak-spoon", version: str = "1.0.0") -> dict[str, Any]:
    with database.reading() as session:
        found = session.scalars(
            select(DefinitionVersion)
            .join(DefinitionVersion.definition)
            .where(Definition.slug == slug, DefinitionVersion.version == version)
        ).one()
        return dict(found.content)
