"""Rate limits that hold across processes: Flask-Limiter over a small storage in our own database.

@pages.post("/claim")
@access.public
@limited("5 per minute", failures_only=True)
def claim() -> ...
"""

import hashlib
import ipaddress
import itertools
import math
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, request
from flask_limiter import Limiter
from limits.storage import Storage
from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from badge_service.storage.session import Database, now
from badge_service.web.tables import RateLimit

View = TypeVar("View", bound=Callable[..., Any])
_GUARDS = "__rate_guards__"
_numbers = itertools.count(1)


def _database() -> Database:
    return cast(Database, current_app.extensions["badge_database"])


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class DatabaseStorage(Storage):
    """Counts in `rate_limits` of the running app's database, by the database's clock; `limits` calls it."""

    STORAGE_SCHEME = ["badge-database"]

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a failing storage raises."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` more for `key` in a window of `expiry` seconds; returns the count."""
        with _database().writing() as session:
            session.execute(delete(RateLimit).where(RateLimit.expires_at <= now(session)))
            return _count(session, _hashed(key), expiry, amount)

    def get(self, key: str) -> int:
        """The count of `key` in its window, 0 when it has passed."""
        row = self._row(key)
        return row.hits if row else 0

    def get_expiry(self, key: str) -> float:
        """The moment the window of `key` ends, in seconds since 1970."""
        row = self._row(key)
        return row.expires_at.timestamp() if row else _database().clock().timestamp()

    def check(self) -> bool:
        """Whether the database answers."""
        with _database().reading() as session:
            return session.execute(select(1)).scalar() == 1

    def reset(self) -> int:
        """Forget every count; returns how many there were."""
        with _database().writing() as session:
            gone = session.execute(delete(RateLimit).returning(RateLimit.name)).all()
            return len(gone)

    def clear(self, key: str) -> None:
        """Forget the count of one key."""
        with _database().writing() as session:
            session.execute(delete(RateLimit).where(RateLimit.name == _hashed(key)))

    def _row(self, key: str) -> RateLimit | None:
        with _database().reading() as session:
            row = session.get(RateLimit, _hashed(key))
            return row if row is not None and row.expires_at > now(session) else None


def _count(session: Session, name: str, expiry: int, amount: int) -> int:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    moment = now(session)
    ends = moment + timedelta(seconds=expiry)
    insert = dialect.insert(RateLimit).values(name=name, hits=amount, expires_at=ends)
    over = RateLimit.expires_at <= moment
    upsert = insert.on_conflict_do_update(
        index_elements=[RateLimit.name],
        set_={
            "hits": case((over, amount), else_=RateLimit.hits + amount),
            "expires_at": case((over, ends), else_=RateLimit.expires_at),
        },
    ).returning(RateLimit.hits)
    return int(session.execute(upsert).scalar_one())


def network() -> str:
    """Where the request comes from: the IPv4 address, or the /64 of an IPv6 one."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "127.0.0.1")
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


limiter = Limiter(network, storage_uri="badge-database://", strategy="fixed-window", headers_enabled=False)


def _failed(response: Response) -> bool:
    return response.status_code >= 400


def limited(
    limit: str,
    *,
    methods: Sequence[str] = ("POST",),
    failures_only: bool = False,
    key: Callable[[], str] | None = None,
    shared: str | None = None,
) -> Callable[[View], View]:
    """Limit a route: `limit` like "5 per minute", per network unless `key` says otherwise.

    With `failures_only` only answers of 400 and more are counted. Routes that name the same
    `shared` scope share one count. The count is taken before the request opens its session.
    """
    options: dict[str, Any] = {
        "methods": [method.lower() for method in methods],
        "deduct_when": _failed if failures_only else None,
        "key_func": key,
    }

    def mark(view: View) -> View:
        guard = _guard()
        made = limiter.shared_limit(limit, shared, **options) if shared else limiter.limit(limit, **options)
        setattr(view, _GUARDS, (*getattr(view, _GUARDS, ()), made(guard)))
        return view

    return mark


def _guard() -> Callable[[], None]:
    def guard() -> None:
        """Nothing: Flask-Limiter's wrapper around it does the counting."""

    # Flask-Limiter keeps limits by qualified name, so each guard needs its own.
    guard.__qualname__ = f"guard_{next(_numbers)}"
    return guard


def check_limits() -> None:
    """Before each request, ahead of anything that opens the database for writing."""
    view = current_app.view_functions.get(request.endpoint or "")
    for guard in getattr(view, _GUARDS, ()):
        guard()


def seconds_to_wait() -> int:
    """How long until the exceeded limit of this request is over, in whole seconds, at least 1."""
    breached = limiter.current_limit
    if breached is None:
        return 60
    ends = float(limiter.limiter.get_window_stats(breached.limit, *breached.request_args)[0])
    return max(1, math.ceil(ends - _database().clock().timestamp()))


def init_limits(app: Flask) -> None:
    """Wire the limiter into the app."""
    limiter.init_app(app)
    app.before_request(check_limits)
