"""The inner side of `pdf_pages`: a process with little time and memory that sets the pages of one PDF as pictures of a new one.

It is started as `python -I pdf_worker.py <folder> <bytes of memory> <seconds> <most pages>` and imports nothing of ours.
"""

import re
import resource
import sys
from pathlib import Path

import typst

GIVEN, MADE = "given.pdf", "made.pdf"
UNREADABLE, TOO_MANY_PAGES = 3, 4
_PAGE = """\
#set document(date: none)
#set page(width: auto, height: auto, margin: 0pt)
#for number in range(1, int(sys.inputs.pages) + 1) { page(image("given.pdf", page: number)) }
"""
_PAGES = re.compile(r"only has (\d+) pages?")


def main(folder: Path, memory_bytes: int, seconds: int, most_pages: int) -> int:
    """Write `made.pdf` beside `given.pdf`; what it answers with is for `pdf_pages`."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    (folder / "page.typ").write_text(_PAGE)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
    compiler = typst.Compiler(
        str(folder / "page.typ"),
        root=str(folder),
        font_paths=fonts,
        ignore_system_fonts=True,
        package_path=str(folder),
        package_cache_path=str(folder),
    )
    pages = _count(compiler, most_pages)
    if pages is None:
        return UNREADABLE
    if pages > most_pages:
        return TOO_MANY_PAGES
    try:
        made = compiler.compile(format="pdf", sys_inputs={"pages": str(pages)}, timestamp=0)
    except typst.TypstError:
        return UNREADABLE
    (folder / MADE).write_bytes(made if isinstance(made, bytes) else b"".join(made or []))
    return 0


def _count(compiler: typst.Compiler, most: int) -> int | None:
    """How many pages the PDF has, at least one more than `most` when there are more; None when it cannot be read.

    Typst tells the number when it is asked for a page that is not there.
    """
    try:
        compiler.compile(format="pdf", sys_inputs={"pages": str(most + 1)})
    except typst.TypstError as error:
        found = _PAGES.search(" ".join(error.hints))
        return int(found[1]) if found else None
    return most + 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *map(int, sys.argv[2:5])))
