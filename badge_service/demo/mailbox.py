"""The links in the mails that the demo laid into its folder: clickable on a page, and followed by the demo's learners."""

import re
from urllib.parse import urlsplit, urlunsplit

from badge_service.web.mail import LaidMail

_LINK = re.compile(r"https?://[^\s<>\"]+")


def links(mail: LaidMail) -> list[str]:
    """Every address in a mail's text."""
    return _LINK.findall(mail.text)


def pieces(mail: LaidMail, address: str) -> list[tuple[str, str | None]]:
    """The text cut into (piece, where it leads), so that a page makes links of these and trusts nothing else.

    Every link of ours leads to `address`, where the demo is reached now: a mail of yesterday may name another port.
    """
    cut: list[tuple[str, str | None]] = []
    end = 0
    for found in _LINK.finditer(mail.text):
        cut += [(mail.text[end : found.start()], None), (found.group(), _now_at(address, found.group()))]
        end = found.end()
    return [*cut, (mail.text[end:], None)]


def _now_at(address: str, link: str) -> str:
    return urlunsplit((*urlsplit(address)[:2], *urlsplit(link)[2:]))
