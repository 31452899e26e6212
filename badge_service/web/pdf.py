"""Sets a page as PDF: a typst template of ours plus data; what people typed is only ever data, so no sign in it can act as markup."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import typst
from flask_babel import gettext as _

from badge_service.errors import UnavailableError
from badge_service.web.lettering import FONT_FOLDER

STANDARD: Literal["ua-1"] = (
    "ua-1"  # PDF/UA-1: tagged, titled, with alternative texts; typst refuses what falls short
)
EPOCH = 0  # the file's own creation date says nothing that the page does not say, and would make every copy differ


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONT_FOLDER)])


def picture_file(stem: str, content: bytes) -> str:
    """The plain name under which a picture lies beside a template: `.png` for a PNG, else `.svg`."""
    return f"{stem}.png" if content.startswith(b"\x89PNG") else f"{stem}.svg"


def compile_pdf(template: Path, data: Mapping[str, Any], files: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF that `template` (a `.typ` file of ours) makes of `data`: tagged PDF/UA-1, fonts inside, byte-equal for equal input.

    The template reads `json("data.json")`, and `files` (plain names such as `badge.svg`) lie beside it.
    Raises UnavailableError when the page cannot be set.
    """
    with TemporaryDirectory(prefix="badge-pdf-") as folder:
        compiler = _compiler(Path(folder), template, data, files or {})
        try:
            made = compiler.compile(format="pdf", pdf_standards=STANDARD, timestamp=EPOCH)
        except typst.TypstError as error:
            raise _unavailable(template, error) from error
    return made if isinstance(made, bytes) else b"".join(made or [])


def compile_pictures(
    template: Path,
    data: Mapping[str, Any],
    files: Mapping[str, bytes] | None = None,
    *,
    dots_per_inch: float = 144,
) -> list[bytes]:
    """The same pages as PNG pictures, one a page, for previews; arguments and errors as `compile_pdf`."""
    with TemporaryDirectory(prefix="badge-pdf-") as folder:
        compiler = _compiler(Path(folder), template, data, files or {})
        try:
            made = compiler.compile(format="png", ppi=dots_per_inch)
        except typst.TypstError as error:
            raise _unavailable(template, error) from error
    return [made] if isinstance(made, bytes) else list(made or [])


def _compiler(
    folder: Path, template: Path, data: Mapping[str, Any], files: Mapping[str, bytes]
) -> typst.Compiler:
    """A compiler whose world is `folder` alone: the template cannot read any other file, nor fetch packages."""
    try:
        for name, content in {**files, "page.typ": template.read_bytes()}.items():
            (folder / Path(name).name).write_bytes(content)
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    except OSError as error:
        raise UnavailableError(_("The PDF cannot be made now."), code="pdf_failed") from error
    return typst.Compiler(
        str(folder / "page.typ"),
        root=str(folder),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        package_path=str(folder),
        package_cache_path=str(folder),
    )


def _unavailable(template: Path, error: typst.TypstError) -> UnavailableError:
    return UnavailableError(
        _("The PDF cannot be made now."), code="pdf_failed", hint=f"{template.name}: {error.message}"
    )
