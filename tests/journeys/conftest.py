"""Each story gets the played demo for itself, and people come to it in real browser windows at two widths."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="needs Playwright for Python")

from .stage import CHROMIUM, Site, Visitor, chromium, served, visit


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every story here needs the browser, and two stories need not share a demo."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.full)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip("install Chromium (Debian: apt-get install chromium)")
    with chromium() as opened:
        yield opened


@pytest.fixture
def site(browser: Any, demo_played_once: Path, tmp_path: Path) -> Iterator[Site]:
    """The demo as it stands right after it was played, for this story alone."""
    shutil.copytree(demo_played_once, tmp_path / "demo")
    with served(tmp_path / "demo") as site:
        yield site


@pytest.fixture(params=[390, 1280], ids=["phone", "desk"])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def somebody(browser: Any, site: Site, width: int) -> Iterator[Callable[..., Visitor]]:
    """Opens a browser window for one more person; all are closed and asked for complaints at the end."""
    visitors: list[Visitor] = []

    def come(**options: Any) -> Visitor:
        visitors.append(visit(browser, site, width, **options))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.leave()
