"""Opens the database and hands out sessions: reading ones that cannot write, writing ones that wait their turn."""

import base64
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, func, make_url, select  # noqa: TID251 (the one place)
from sqlalchemy.orm import Session

Clock = Callable[[], datetime]
RandomBytes = Callable[[int], bytes]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def system_clock() -> datetime:
    """The time now, in UTC with its zone."""
    return datetime.now(UTC)


class Database:
    """One database with its clock and its source of randomness, both made by the door that opens it."""

    def __init__(
        self, url: str, clock: Clock = system_clock, random: RandomBytes = secrets.token_bytes
    ) -> None:
        self.url = url
        self.clock = clock
        self.random = random
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        if self.is_sqlite:
            _make_parent(url)
        self._writing = _engine(url, self.is_sqlite, begin="BEGIN IMMEDIATE")
        self._reading = _engine(url, self.is_sqlite, begin="BEGIN", read_only=True)

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations and bulk inserts."""
        return self._writing

    def open(self, *, writing: bool) -> Session:
        """A session for a caller that closes it itself (a web request)."""
        info: dict[Any, Any] = {"clock": self.clock, "random": self.random, "writing": writing}
        return Session(self._writing if writing else self._reading, info=info, expire_on_commit=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session on one consistent snapshot that the database itself keeps from writing."""
        with self.open(writing=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits at the end of the block, or leaves no trace when it raises."""
        with self.open(writing=True) as session:
            yield session
            session.commit()

    def close(self) -> None:
        """Let go of all connections."""
        self._writing.dispose()
        self._reading.dispose()


def alone(session: Session, name: str) -> None:
    """Until the end of its transaction, let no other session that says the same name past this line.

    On SQLite a writing session is alone from its beginning.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))


def now(session: Session) -> datetime:
    """The time of the door's clock, UTC with zone, whole seconds."""
    clock: Clock = session.info["clock"]
    return clock().astimezone(UTC).replace(microsecond=0)


def random_bytes(session: Session, count: int) -> bytes:
    """`count` unpredictable bytes from the door's source."""
    source: RandomBytes = session.info["random"]
    return source(count)


def token(session: Session, bits: int = 128) -> str:
    """An unguessable name for a URL: base64url without padding (22 characters for 128 bits)."""
    return base64.urlsafe_b64encode(random_bytes(session, bits // 8)).rstrip(b"=").decode()


def hashed(secret: str) -> str:
    """How a secret of ours is kept: of so many random bits, or so short-lived, that it needs no slow hash.

    Whatever somebody types can be hashed, half characters too.
    """
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def dated_tokens(session: Session, count: int) -> list[str]:
    """`token`s of 128 random bits with today's day in front (4 characters): names that must be found among millions.

    Rows of one day lie together in an index, so that writing a row costs the same however many there are already.
    """
    day = f"{(now(session) - _EPOCH).days:04x}"
    return [day + token(session) for _ in range(count)]


def _make_parent(url: str) -> None:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)


def _engine(url: str, is_sqlite: bool, *, begin: str, read_only: bool = False) -> Engine:
    if not is_sqlite:
        options = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"} if read_only else {}
        return create_engine(url, pool_pre_ping=True, execution_options=options)
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        if read_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "checkin")
    def _leave_nothing_open(connection: Any, _record: Any) -> None:
        # After a COMMIT that SQLite refuses (a deferred check, a full disk) the transaction is still open.
        if connection is not None and connection.in_transaction:
            connection.rollback()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
