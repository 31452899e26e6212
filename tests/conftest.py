"""Fixtures every room's tests use: a real database with the newest schema, a clock that can be set, a key folder."""

import runpy
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from badge_service.keyring.files import KeyFolder
from badge_service.storage.schema import upgrade
from badge_service.storage.session import Database

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("schema") / "empty.sqlite"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture
def database(tmp_path: Path, clock: Clock, empty_sqlite: Path) -> Iterator[Database]:
    path = tmp_path / "test.sqlite"
    shutil.copy(empty_sqlite, path)
    database = Database(f"sqlite:///{path}", clock=clock)
    yield database
    database.close()


@pytest.fixture
def keyring(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "keys")


@pytest.fixture
def shared() -> Path:
    """The folder of facts beside the checkout; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs the shared facts folder beside the checkout")
    return SHARED


@pytest.fixture(scope="session")
def pdf_pages() -> Callable[[bytes], list[str]]:
    """Gives the text of each page of a PDF of ours."""
    pages_of: Callable[[bytes], list[str]] = runpy.run_path(str(Path(__file__).parent / "pdf_text.py"))[
        "pages_of"
    ]
    return pages_of
