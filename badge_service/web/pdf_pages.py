"""Makes a stranger's PDF anew from what its pages show, in a process of its own: author, links, scripts and attachments stay behind."""

import re
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

from badge_service.web import pdf_worker

AT_ONCE = 2
WAIT_SECONDS = 20.0
MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 15
MOST_PAGES = 100
_places = threading.BoundedSemaphore(AT_ONCE)
_JPEG = re.compile(rb"stream\r?\n(?=\xff\xd8\xff)")
_KEPT = frozenset({0xE0, 0xE2, 0xEE})
"""Of the marked parts of a JPEG those that say how to show it: JFIF, colour profile, Adobe's way of storing colours."""


class UnreadablePdfError(Exception):
    """The PDF cannot be set anew; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def redrawn(pdf: bytes) -> bytes:
    """The same pages, in their sizes, as a new PDF without anything that is not to be seen on them.

    What was signed, tagged or to be filled in is only looked at afterwards. Raises UnreadablePdfError: `pdf_unreadable`
    (also of a locked one), `pdf_pages` for more than `MOST_PAGES`, `pdf_busy` when others are in turn for too long.
    """
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise UnreadablePdfError("pdf_busy")
    try:
        return without_camera_words(_set_anew(pdf))
    finally:
        _places.release()


def without_camera_words(pdf: bytes) -> bytes:
    """The same PDF with everything blank that a camera or a program wrote into its JPEG pictures; no byte moves."""
    blank = bytearray(pdf)
    for found in _JPEG.finditer(pdf):
        at = found.end() + 2
        while at + 4 <= len(blank) and blank[at] == 0xFF and blank[at + 1] != 0xDA:
            kind, length = blank[at + 1], int.from_bytes(blank[at + 2 : at + 4], "big")
            end = min(at + 2 + length, len(blank))
            if (0xE0 <= kind <= 0xEF and kind not in _KEPT) or kind == 0xFE:
                blank[at + 4 : end] = bytes(max(0, end - at - 4))
            at = at + 2 + length
    return bytes(blank)


def _set_anew(pdf: bytes) -> bytes:
    with TemporaryDirectory(prefix="badge-evidence-") as folder:
        (Path(folder) / pdf_worker.GIVEN).write_bytes(pdf)
        limits = [str(number) for number in (MEMORY_BYTES, CPU_SECONDS, MOST_PAGES)]
        try:
            done = subprocess.run(  # noqa: S603 (our own interpreter and file)
                [sys.executable, "-I", pdf_worker.__file__, folder, *limits],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                cwd="/",
                env={"RAYON_NUM_THREADS": "1"},
                timeout=WAIT_SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise UnreadablePdfError("pdf_unreadable") from error
        made = Path(folder) / pdf_worker.MADE
        if done.returncode == pdf_worker.TOO_MANY_PAGES:
            raise UnreadablePdfError("pdf_pages")
        if done.returncode != 0 or not made.is_file():
            raise UnreadablePdfError("pdf_unreadable")
        return made.read_bytes()
