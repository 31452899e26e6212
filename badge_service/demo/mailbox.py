"""The links in the mails that the demo laid into its folder: clickable on a page, and followed by the demo's learners."""

import re

from badge_service.web.mail import LaidMail

_LINK = re.compile(r"https?://[^\s<>\"]+")


def links(mail: LaidMail) -> list[str]:
    """Every address in a mail's text."""
    return _LINK.findall(mail.text)


def pieces(mail: LaidMail) -> list[tuple[str, bool]]:
    """The text cut into (piece, whether it is a link), so that a page makes links of these and trusts nothing else."""
    cut: list[tuple[str, bool]] = []
    end = 0
    for found in _LINK.finditer(mail.text):
        cut += [(mail.text[end : found.start()], False), (found.group(), True)]
        end = found.end()
    return [*cut, (mail.text[end:], False)]
