"""One session per request: GET cannot write, other verbs commit once when the answer is good."""

import pytest
from flask import Flask, abort
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from badge_service.errors import InvalidError
from badge_service.storage.session import Database
from badge_service.web import access
from badge_service.web.unit_of_work import after_commit, current_session, keep


def _write() -> None:
    current_session().execute(text("INSERT INTO notes VALUES ('written')"))


def _count(database: Database) -> int:
    with database.reading() as session:
        return int(session.execute(text("SELECT count(*) FROM notes")).scalar_one())


def _add(app: Flask, view, methods=("POST",)) -> None:
    app.add_url_rule("/do", "do", access.public(view), methods=list(methods))


def test_a_good_post_is_committed(app: Flask, database: Database) -> None:
    def view() -> str:
        _write()
        return "done"

    _add(app, view)
    assert app.test_client().post("/do").status_code == 200
    assert _count(database) == 1


def test_a_get_cannot_write(app: Flask, database: Database) -> None:
    def view() -> str:
        with pytest.raises(DBAPIError):
            _write()
        return "refused"

    _add(app, view, ["GET"])
    assert app.test_client().get("/do").text == "refused"
    assert _count(database) == 0


@pytest.mark.parametrize("error", [InvalidError("no"), ValueError("bug")])
def test_an_error_leaves_no_trace(app: Flask, database: Database, error: Exception) -> None:
    def view() -> str:
        _write()
        raise error

    _add(app, view)
    assert app.test_client().post("/do").status_code in {400, 500}
    assert _count(database) == 0


def test_a_form_shown_again_with_422_leaves_no_trace(app: Flask, database: Database) -> None:
    def view() -> tuple[str, int]:
        _write()
        return "again", 422

    _add(app, view)
    app.test_client().post("/do")
    assert _count(database) == 0


def test_keep_commits_although_the_answer_is_a_refusal(app: Flask, database: Database) -> None:
    def view() -> str:
        _write()
        keep()
        abort(403)

    _add(app, view)
    assert app.test_client().post("/do").status_code == 403
    assert _count(database) == 1


def test_work_after_the_commit_sees_what_was_committed(app: Flask, database: Database) -> None:
    seen: list[int] = []

    def view() -> str:
        after_commit(lambda: seen.append(_count(database)))
        _write()
        return "done"

    _add(app, view)
    app.test_client().post("/do")
    assert seen == [1]


def test_work_after_the_commit_does_not_run_after_a_rollback(app: Flask) -> None:
    seen: list[int] = []

    def view() -> str:
        after_commit(lambda: seen.append(1))
        raise InvalidError("no")

    _add(app, view)
    app.test_client().post("/do")
    assert seen == []


def test_failing_work_after_the_commit_keeps_the_answer_and_the_facts(app: Flask, database: Database) -> None:
    def fail() -> None:
        raise RuntimeError("the signer is away")

    def view() -> str:
        _write()
        after_commit(fail)
        return "done"

    _add(app, view)
    assert app.test_client().post("/do").status_code == 200
    assert _count(database) == 1


def test_a_commit_that_fails_is_a_problem_page_and_never_a_success(app: Flask, database: Database) -> None:
    with database.writing() as session:
        session.execute(text("CREATE TABLE parents (id INTEGER PRIMARY KEY)"))
        session.execute(
            text("CREATE TABLE children (p INTEGER REFERENCES parents(id) DEFERRABLE INITIALLY DEFERRED)")
        )

    def view() -> str:
        current_session().execute(text("INSERT INTO children VALUES (7)"))
        return "done"

    _add(app, view)
    answer = app.test_client().post("/do")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    with database.writing() as session:  # the connection was given back
        assert session.execute(text("SELECT count(*) FROM children")).scalar_one() == 0


def test_two_who_do_the_same_at_once_are_told_so(app: Flask, database: Database) -> None:
    with database.writing() as session:
        session.execute(text("CREATE TABLE slugs (slug TEXT PRIMARY KEY)"))
        session.execute(text("INSERT INTO slugs VALUES ('craft-school')"))

    def view() -> str:
        _write()
        current_session().execute(text("INSERT INTO slugs VALUES ('craft-school')"))
        return "done"

    _add(app, view)
    answer = app.test_client().post("/do")
    assert answer.status_code == 409
    assert "craft-school" not in answer.text
    assert _count(database) == 0
