"""The summary of the played demo."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from badge_service.demo.summary import summarise
from badge_service.settings import for_demo
from badge_service.storage.session import Database


@pytest.fixture(scope="session")
def demo_summary(
    demo_played_once: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("summary") / "demo"
    shutil.copytree(demo_played_once, folder)
    settings = for_demo(folder)
    database = Database(settings.database_url)
    yield summarise(settings, database, folder)
    database.close()


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    folder = Path(__file__).resolve().parents[2] / ".." / "shared"
    if not folder.is_dir():
        pytest.skip("needs the shared facts folder beside the checkout")
    return folder
