"""What may be handed in as evidence, and what of it may stand in the badge."""

import re
from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import unquote

from flask_babel import gettext as _

from badge_service.awards.rules.lint import lint
from badge_service.errors import Fault
from badge_service.web.texts import hidden_character

GENRES = ("photo", "document", "product", "log", "observation", "website", "other")
ACTIVITY = "activity"
"""The genre of something that took place and has a public page here; nobody types it."""
LONGEST_TITLE = 120
LONGEST_TEXT = 2_000
_LINK = re.compile(r"https://[^\s<>\"]{3,500}")


class EvidenceKind(StrEnum):
    """How it was handed in."""

    FILE = "file"
    LINK = "link"
    TEXT = "text"


def evidence_faults(
    kind: EvidenceKind,
    *,
    title: str,
    text: str,
    url: str | None,
    genre: str,
    in_credential: bool,
    learner_names: Iterable[str] = (),
    own_page: bool = False,
) -> list[Fault]:
    """Everything wrong with a piece of evidence; what is to stand in the badge is also read for what is never signed.

    With `own_page` the link is the public page of an activity, written by this service itself.
    """
    faults = []
    if not title.strip() or len(title) > LONGEST_TITLE:
        message = _("Say in a few words what it is, with at most %(most)s letters.", most=LONGEST_TITLE)
        faults.append(Fault("title", message, "title"))
    if len(text) > LONGEST_TEXT:
        message = _("Write at most %(most)s letters.", most=LONGEST_TEXT)
        faults.append(Fault("text", message, "too_long"))
    if kind is EvidenceKind.TEXT and not text.strip():
        faults.append(Fault("text", _("Write what you saw."), "required"))
    for where, words, lines in (("title", title, False), ("text", text, True)):
        if hidden_character(words, lines=lines):
            message = _("There is an invisible control character in it. Type it anew instead of pasting it.")
            faults.append(Fault(where, message, "control_character"))
    if not own_page and (url or kind is EvidenceKind.LINK) and not _is_link(url or ""):
        faults.append(Fault("url", _("A link starts with https:// and has no spaces."), "url"))
    if not own_page and genre not in GENRES:
        faults.append(Fault("genre", _("Choose what kind of thing it is."), "genre"))
    if in_credential:
        names = tuple(learner_names)
        faults += lint("title", title, names) + lint("text", text, names)
        faults += [] if own_page else _lint_link(url or "", names)
    return faults


def _is_link(url: str) -> bool:
    return _LINK.fullmatch(url) is not None and url.isprintable()


def _lint_link(url: str, names: tuple[str, ...]) -> list[Fault]:
    """A link is signed as it stands; the numbers in it are no telephones."""
    found = lint("url", re.sub(r"[_+-]", " ", unquote(url)), names)
    return [fault for fault in found if fault.code in ("lint.name", "lint.email")]
