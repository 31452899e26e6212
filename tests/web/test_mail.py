"""Mails: promised, laid down once, cancelled, forgotten in the database, safe against forged headers; and by real SMTP."""

import socketserver
import threading
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import text

from badge_service.errors import InvalidError
from badge_service.settings import for_demo
from badge_service.storage import outbox
from badge_service.storage.schema import upgrade
from badge_service.storage.session import Database
from badge_service.web import mail

LINK = "https://badges.example/link/" + "x" * 80


@pytest.fixture
def database(tmp_path, clock):
    opened = Database(f"sqlite:///{tmp_path}/mail.sqlite", clock=clock)
    upgrade(opened)
    yield opened
    opened.close()


@pytest.fixture
def settings(tmp_path: Path):
    return for_demo(tmp_path)


def promise(database, **more):
    letter = {
        "to": "ана@school.example",
        "subject": "Значката ви",
        "text": f"Здравейте,\n\n{LINK}\n\nПоздрави",
    } | more
    with database.writing() as session:
        mail.send(session, **letter)


def run(database, settings) -> int:
    return outbox.run_due(database, {mail.KIND: mail.deliver(settings)})


def test_a_mail_is_laid_down_as_a_file_with_its_link_in_one_piece(database, settings):
    promise(database)
    run(database, settings)
    (laid,) = mail.laid_mails(settings.mail_folder)
    assert (laid.to, laid.subject) == ("ана@school.example", "Значката ви")
    assert LINK in laid.text.splitlines()
    assert mail.laid_mail(settings.mail_folder, laid.name) == laid
    assert mail.laid_mail(settings.mail_folder, "../" + laid.name) is None


def test_every_mail_says_the_same_as_a_page_without_anything_from_elsewhere(database, settings):
    promise(database, text=f"Hello <b>Ana</b> & co,\nfirst line\n\n{LINK}\n\nBye", language="nl")
    run(database, settings)
    (path,) = settings.mail_folder.iterdir()
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert message.get_content_type() == "multipart/alternative"
    page = message.get_body(("html",)).get_content()
    assert '<html lang="nl">' in page
    assert "<p>Hello &lt;b&gt;Ana&lt;/b&gt; &amp; co,<br>first line</p>" in page
    assert f'<p><a href="{LINK}">{LINK}</a></p>' in page
    assert "<img" not in page and "style" not in page and page.count("http") == 2


def test_a_repeated_delivery_lays_down_one_file(database, settings):
    promise(database)
    with database.reading() as session:
        payload = session.scalar(text("SELECT payload FROM outbox_jobs"))
    import json

    for _ in range(2):
        mail.deliver(settings)(None, json.loads(payload))
    assert len(list(settings.mail_folder.iterdir())) == 1


def test_address_and_link_are_forgotten_once_sent(database, settings):
    promise(database, reference="award:1")
    run(database, settings)
    with database.reading() as session:
        stored = session.scalar(text("SELECT payload FROM outbox_jobs WHERE done_at IS NOT NULL"))
    assert "award:1" in stored
    assert "school.example" not in stored
    assert "xxx" not in stored


def test_a_mail_waits_until_it_is_due_and_can_be_cancelled_until_then(database, settings, clock):
    from datetime import timedelta

    promise(database, reference="award:1", due_at=clock() + timedelta(minutes=10))
    promise(database, reference="award:2", due_at=clock() + timedelta(minutes=10))
    assert run(database, settings) == 0
    with database.writing() as session:
        assert mail.cancel(session, "award:1") == 1
    clock.advance(seconds=600)
    assert run(database, settings) == 1
    with database.writing() as session:
        assert mail.cancel(session, "award:2") == 0


@pytest.mark.parametrize(
    "to", ["a@x.example\nBcc: b@x.example", "a@x.example, b@x.example", "A <a@x.example>", "nobody"]
)
def test_an_address_that_could_forge_headers_is_refused(database, to):
    with pytest.raises(InvalidError):
        promise(database, to=to)


def test_a_subject_cannot_add_headers(database, settings):
    promise(database, subject="Hello\r\nBcc: thief@evil.example\r\n\r\nbody")
    run(database, settings)
    (path,) = settings.mail_folder.iterdir()
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert message["Bcc"] is None
    assert message["Subject"] == "Hello Bcc: thief@evil.example body"


class _Talk(socketserver.StreamRequestHandler):
    """Enough of RFC 5321 to take one mail."""

    def handle(self) -> None:
        self.wfile.write(b"220 test\r\n")
        while line := self.rfile.readline():
            verb = line.strip().upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self.server.taken.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")


@pytest.fixture
def mail_server():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.taken = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_mail_goes_out_by_smtp(database, settings, mail_server):
    promise(database, to="ana@school.example")
    run(database, replace(settings, smtp_url=f"smtp://127.0.0.1:{mail_server.server_address[1]}"))
    message = message_from_bytes(mail_server.taken[0], policy=policy.default)
    assert message["To"] == "ana@school.example"
    assert LINK in message.get_body(("plain",)).get_content()
    assert not settings.mail_folder.exists()


def test_a_server_elsewhere_without_encryption_gets_nothing(database, settings, mail_server, monkeypatch):
    monkeypatch.setattr(mail, "_LOCAL_HOSTS", frozenset())
    promise(database, to="ana@school.example")
    run(database, replace(settings, smtp_url=f"smtp://127.0.0.1:{mail_server.server_address[1]}"))
    assert mail_server.taken == []


def test_a_silent_server_is_tried_again_later(database, settings, clock):
    promise(database)
    broken = replace(settings, smtp_url="smtp://127.0.0.1:1")
    assert run(database, broken) == 1
    with database.reading() as session:
        error = session.scalar(text("SELECT last_error FROM outbox_jobs"))
    assert "UnavailableError" in error
    clock.advance(seconds=60)
    assert run(database, settings) == 1
    assert len(mail.laid_mails(settings.mail_folder)) == 1
