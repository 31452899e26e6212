"""The demo played once for the tests of this folder, with its summary."""

from pathlib import Path
from typing import Any

import pytest

from badge_service.demo.play import Theatre, play
from badge_service.demo.summary import summarise
from badge_service.keyring.files import KeyFolder
from badge_service.settings import for_demo
from badge_service.storage.schema import upgrade
from badge_service.storage.session import Database
from badge_service.worker import Worker


@pytest.fixture(scope="session")
def demo_summary(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("demo")
    settings, keyring = for_demo(folder), KeyFolder(folder / "keys")
    database = Database(settings.database_url)
    upgrade(database)
    worker = Worker(settings, database, keyring)
    for _ in play(Theatre(settings, database, keyring, worker.run_until_quiet)):
        pass
    return summarise(settings, database, folder)


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    folder = Path(__file__).resolve().parents[2] / ".." / "shared"
    if not folder.is_dir():
        pytest.skip("needs the shared facts folder beside the checkout")
    return folder
