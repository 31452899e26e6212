"""One database session per request: read-only for GET, a writing one that the door commits once when the answer is good."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from badge_service.errors import BadgeServiceError
from badge_service.storage import outbox
from badge_service.storage.session import Database
from badge_service.web import problems

_log = logging.getLogger(__name__)
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass
class _Work:
    """The open session of a request, and what waits for its commit."""

    session: Session
    afterwards: list[Callable[[], None]] = field(default_factory=list)
    kept: bool = False
    body: Callable[[], bytes] | None = None


def current_database() -> Database:
    """The database of the running app."""
    return cast(Database, current_app.extensions["badge_database"])


def current_session() -> Session:
    """The session of this request, opened at first use: reading for GET and HEAD, writing for other verbs."""
    work = _open_work()
    return work.session


@contextmanager
def looking() -> Iterator[Session]:
    """This request's session if it is open already, else a short reading one: a look holds nobody's writing up."""
    if "unit_of_work" in g:
        yield current_session()
    else:
        with current_database().reading() as session:
            yield session


def keep() -> None:
    """Commit although the answer will be 400 or more (a counted wrong try, for instance)."""
    _open_work().kept = True


def after_commit(work: Callable[[], None]) -> None:
    """Run `work` once this request's transaction is committed (signing, waking the worker).

    `work` opens its own session by `current_database().writing()`. When it fails, the committed
    facts stay and the failure is logged: whatever is queued here can be repeated by the worker.
    """
    _open_work().afterwards.append(work)


def body_after_commit(answer: Response, make: Callable[[], bytes]) -> Response:
    """Have `make` write the body of this answer once the transaction is over: a PDF takes seconds to set.

    It has no session, so it takes everything with it. When it fails, what is committed stays, and the answer is the problem.
    """
    _open_work().body = make
    return answer


def _open_work() -> _Work:
    if "unit_of_work" not in g:
        database = current_database()
        g.unit_of_work = _Work(database.open(writing=request.method not in _READING))
    return cast(_Work, g.unit_of_work)


def _take_work() -> _Work | None:
    return cast("_Work | None", g.pop("unit_of_work", None))


def abandon() -> None:
    """Roll back and close the session of this request, if one is open."""
    work = _take_work()
    if work is not None:
        work.session.close()  # closing rolls back what was not committed


def settle(response: Response) -> Response:
    """After each request: commit when the answer is below 400 or `keep()` was called, else roll back."""
    work = cast("_Work | None", g.get("unit_of_work"))
    if work is None:
        return response
    if response.status_code >= 400 and not work.kept:
        abandon()
        return response
    try:
        work.session.commit()
    except BadgeServiceError as error:
        return problems.answer(error)
    except Exception as error:  # noqa: BLE001  whatever the database says at commit becomes one problem page
        _log.exception("commit failed")
        return problems.answer(error)
    finally:
        abandon()
    if work.session.info.get(outbox.PROMISED):
        work.afterwards.append(_wake_worker)
    _run_afterwards(work)
    return _filled(response, work) if work.body is not None else response


def _filled(response: Response, work: _Work) -> Response:
    try:
        response.set_data(work.body() if work.body else b"")
    except BadgeServiceError as error:
        return problems.answer(error)
    except Exception as error:  # noqa: BLE001  a page that cannot be set becomes a problem page like any other
        _log.exception("the answer could not be made")
        return problems.answer(error)
    return response


def _wake_worker() -> None:
    """Let what was promised be done now, not at the worker's next look (app.py hands in `wake_worker`)."""
    wake = current_app.extensions.get("wake_worker")
    if wake is not None:
        wake()


def _run_afterwards(work: _Work) -> None:
    for task in work.afterwards:
        try:
            task()
        except Exception:  # noqa: BLE001  what is committed stays, whatever fails now
            _log.exception("work after the commit failed; the worker will repeat it")


def init_unit_of_work(app: Flask) -> None:
    """Settle the session after every request, and never leave one open."""
    app.after_request(settle)
    app.teardown_request(lambda _error: abandon())
