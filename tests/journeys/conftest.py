"""Each story gets the played demo for itself, and people come to it in real browser windows at two widths."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="needs Playwright for Python")

from .stage import Site, Visitor, served, visit


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Every story here needs the browser, and two stories need not share a demo; nobody hurries at a desk."""
    here = Path(__file__).parent
    for item in [one for one in items if here in one.path.parents]:
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.full)
        given = (
            item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        )
        if given.get("width") == 1280 and given.get("looks") is False:
            items.remove(item)
            config.hook.pytest_deselected(items=[item])


@pytest.fixture
def site(demo_played_once: Path, tmp_path: Path) -> Iterator[Site]:
    """The demo as it stands right after it was played, for this story alone."""
    shutil.copytree(demo_played_once, tmp_path / "demo")
    with served(tmp_path / "demo") as site:
        yield site


@pytest.fixture(params=[390, pytest.param(1280, marks=pytest.mark.slow)], ids=["phone", "desk"])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(params=[False, pytest.param(True, marks=pytest.mark.slow)], ids=["hurried", "looking"])
def looks(request: pytest.FixtureRequest) -> bool:
    """Whether pages are looked at as axe, a narrow phone, a dark room and large letters do: most of a story's time."""
    return bool(request.param)


@pytest.fixture
def somebody(chromium: Any, site: Site, width: int, looks: bool) -> Iterator[Callable[..., Visitor]]:
    """Opens a browser window for one more person; all are closed and asked for complaints at the end."""
    visitors: list[Visitor] = []

    def come(**options: Any) -> Visitor:
        visitors.append(visit(chromium, site, width, **{"looks": looks, **options}))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.leave()
