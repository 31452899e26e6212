"""Limits count in the database, by its clock, and say how long to wait."""

from flask import Flask, request
from sqlalchemy import text

from badge_service.storage.session import Database
from badge_service.web import access
from badge_service.web.limits import DatabaseStorage, limited
from badge_service.web.unit_of_work import current_session


def _add(app: Flask, path: str = "/do", **options) -> None:
    @access.public
    @limited("2 per minute", **options)
    def view() -> tuple[str, int]:
        if request.method == "POST":
            current_session().execute(text("INSERT INTO notes VALUES ('x')"))
        return "in", int(request.args.get("status", 200))

    view.__qualname__ = path
    app.add_url_rule(path, path.strip("/"), view, methods=["GET", "POST"])


def test_the_third_try_waits_and_the_wait_ends(app: Flask, clock) -> None:
    _add(app)
    client = app.test_client()
    assert [client.post("/do").status_code for _ in range(3)] == [200, 200, 429]
    clock.advance(seconds=20)
    answer = client.post("/do")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "40"
    assert "wait 40 seconds" in answer.text
    clock.advance(seconds=40)
    assert client.post("/do").status_code == 200


def test_reading_is_not_counted(app: Flask) -> None:
    _add(app)
    client = app.test_client()
    assert {client.get("/do").status_code for _ in range(5)} == {200}
    assert client.post("/do").status_code == 200


def test_other_networks_are_not_slowed(app: Flask) -> None:
    _add(app)
    client = app.test_client()
    for _ in range(3):
        client.post("/do", environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert client.post("/do", environ_base={"REMOTE_ADDR": "192.0.2.2"}).status_code == 200
    for _ in range(3):
        client.post("/do", environ_base={"REMOTE_ADDR": "2001:db8::1"})
    assert client.post("/do", environ_base={"REMOTE_ADDR": "2001:db8::ffff"}).status_code == 429
    assert client.post("/do", environ_base={"REMOTE_ADDR": "2001:db8:0:1::1"}).status_code == 200


def test_only_failures_count_when_asked(app: Flask) -> None:
    _add(app, failures_only=True)
    client = app.test_client()
    assert {client.post("/do").status_code for _ in range(5)} == {200}
    assert [client.post("/do?status=422").status_code for _ in range(2)] == [422, 422]
    assert client.post("/do").status_code == 429


def test_routes_may_share_one_count(app: Flask) -> None:
    _add(app, "/one", shared="codes")
    _add(app, "/two", shared="codes")
    client = app.test_client()
    assert [client.post(p).status_code for p in ("/one", "/two", "/one", "/two")] == [200, 200, 429, 429]


def test_no_address_of_a_visitor_is_stored(app: Flask, database: Database) -> None:
    _add(app)
    app.test_client().post("/do", environ_base={"REMOTE_ADDR": "192.0.2.77"})
    with database.reading() as session:
        rows = session.execute(text("SELECT * FROM rate_limits")).all()
    assert len(rows) == 1
    assert "192.0.2.77" not in str(rows)


def test_the_storage_forgets_on_request_and_after_its_window(app: Flask, clock) -> None:
    storage = DatabaseStorage()
    with app.app_context():
        assert storage.check()
        assert [storage.incr("a", 60), storage.incr("a", 60), storage.incr("b", 60)] == [1, 2, 1]
        storage.clear("a")
        assert (storage.get("a"), storage.get("b")) == (0, 1)
        clock.advance(seconds=61)
        assert storage.get("b") == 0
        storage.incr("c", 60)
        assert storage.reset() == 1
