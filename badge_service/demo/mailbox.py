"""Reads the mails that the demo laid into its folder, newest first."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

_LINK = re.compile(r"https?://[^\s<>\"]+")
_FILE = re.compile(r"[A-Za-z0-9_-]{1,120}\.eml")


@dataclass(frozen=True)
class Letter:
    """One mail; `parts` is its text cut into (piece, whether it is a link)."""

    file: str
    to: str
    subject: str
    at: datetime
    text: str

    @property
    def parts(self) -> list[tuple[str, bool]]:
        """The text with its links apart, so that a page can make them clickable without trusting anything else."""
        pieces: list[tuple[str, bool]] = []
        end = 0
        for found in _LINK.finditer(self.text):
            pieces += [(self.text[end : found.start()], False), (found.group(), True)]
            end = found.end()
        return [*pieces, (self.text[end:], False)]

    @property
    def links(self) -> list[str]:
        """Every address in the text."""
        return _LINK.findall(self.text)


def letters(folder: Path, *, most: int = 200) -> list[Letter]:
    """The newest mails."""
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True)[:most]
    found = [_read(file) for file in files]
    return sorted(found, key=lambda letter: letter.at, reverse=True)


def letter(folder: Path, name: str) -> Letter | None:
    """One mail by its file name, or `None`."""
    file = folder / name
    return _read(file) if _FILE.fullmatch(name) and file.is_file() else None


def letters_to(folder: Path, address: str) -> list[Letter]:
    """The mails to one address, newest first."""
    return [found for found in letters(folder, most=100_000) if address in found.to]


def _read(file: Path) -> Letter:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
    return Letter(
        file=file.name,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        at=parsedate_to_datetime(str(message["Date"])),
        text=body.get_content() if body is not None else "",
    )
