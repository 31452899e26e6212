"""Our own world with signed open badges, a foreign school with its pages, and the verifier's pages over both."""

import io
import json
import runpy
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from badge_service.backpack.actions import set_sharing
from badge_service.backpack.pages import learner_pages, public_pages
from badge_service.errors import UnavailableError
from badge_service.openbadges import canonical
from badge_service.openbadges.did import Fetch
from badge_service.openbadges.proofs.secured import Examine
from badge_service.settings import for_demo
from badge_service.verifier import api, pages
from badge_service.verifier.desk import Desk, Tools, Words, service_desk
from badge_service.web.qr import qr_png
from badge_service.web.shell import init_shell, seal_shell
from badge_service.web.surroundings import use_surroundings
from badge_service.web.viewer import STRANGER, use_viewer_loader

TESTS = Path(__file__).parents[1]
_backpack = runpy.run_path(str(TESTS / "backpack" / "conftest.py"))
_openbadges = runpy.run_path(str(TESTS / "openbadges" / "conftest.py"))
world = _backpack["world"]
BASE = _backpack["BASE"]
WORDS = Words("our list", "an alliance's list", "their file", {})


class Foreign:
    """A foreign school whose documents stand on the network, as long as the network is up."""

    def __init__(self, now: datetime) -> None:
        self.school = _openbadges["World"]()
        self.down: set[str] = set()
        self.asked: list[str] = []
        self.publish_list([], now)

    def publish_list(self, indexes: list[int], now: datetime, **changes: Any) -> None:
        begun = now - timedelta(hours=1)
        ends = (now + timedelta(days=6)).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.school.publish_list(indexes, valid_from=begun, **{"validUntil": ends, **changes})

    def within(self, seconds: float = 5) -> Fetch:
        def fetch(url: str) -> Any:
            self.asked.append(url)
            if any(part in url for part in self.down):
                raise UnavailableError("no answer", code="fetch_failed")
            return self.school.fetch(url)

        return fetch

    def badge(self, **changes: Any) -> dict[str, Any]:
        return self.school.sign(_openbadges["composed"](**changes))


@pytest.fixture
def foreign(clock: Any) -> Foreign:
    # The foreign school signs at a fixed moment of its own; ours must not lie before it.
    clock.now = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
    return Foreign(clock.now)


def in_this_process() -> Examine:
    """For tests that are not about the sandbox: no worker has to be started."""
    return canonical.examine


@pytest.fixture
def compose() -> Callable[..., dict[str, Any]]:
    return _openbadges["composed"]


@pytest.fixture
def new_key() -> Any:
    return _openbadges["Key"]


@pytest.fixture
def app(world: Any, foreign: Foreign, tmp_path: Path) -> Flask:
    made = Flask(__name__)
    made.config.update(
        SECRET_KEY="for tests only", WTF_CSRF_ENABLED=False, PUBLIC_URL=BASE, DEMO=True, FOR_TRIAL=True
    )
    made.extensions["badge_database"] = world.database
    use_surroundings(made, for_demo(tmp_path), world.keyring)
    init_shell(made)
    use_viewer_loader(made, lambda: STRANGER)
    for blueprint in (learner_pages, public_pages, pages.blueprint, api.blueprint):
        made.register_blueprint(blueprint)
    seal_shell(made)
    made.extensions["verifier_tools"] = Tools(foreign, in_this_process)
    return made


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


@pytest.fixture
def desk(world: Any, foreign: Foreign, tmp_path: Path) -> Desk:
    return service_desk(world.database, for_demo(tmp_path), Tools(foreign, in_this_process), WORDS)


@pytest.fixture
def open_badge(world: Any, foreign: Foreign) -> str:
    """The token of a signed badge whose page is open by link, with its status list published."""
    from badge_service.register.actions import refresh_status_lists

    token: str = world.award()
    with world.database.writing() as session:
        set_sharing(session, world.mira, token, "link")
    refresh_status_lists(world.database, world.keyring)
    return token


@pytest.fixture
def own_document(client: FlaskClient, open_badge: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(client.get(f"/credentials/{open_badge}.json").data)
    return found


def _photo(text: str, kind: str = "JPEG") -> bytes:
    """A QR code a little turned and blurred, on a larger sheet."""
    code = Image.open(io.BytesIO(qr_png(text))).convert("L").rotate(7, expand=True, fillcolor=255)
    sheet = Image.new("L", (code.width + 300, code.height + 400), 230)
    sheet.paste(code, (150, 120))
    file = io.BytesIO()
    sheet.convert("RGB").save(file, kind)
    return file.getvalue()


@pytest.fixture
def qr_photo() -> Callable[..., bytes]:
    return _photo
