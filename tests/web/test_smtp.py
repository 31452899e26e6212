"""Mails against a real SMTP server: later when it is busy, never when it refuses, once however the connection ends."""

import datetime
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from badge_service.settings import Settings, for_demo
from badge_service.storage import outbox
from badge_service.storage.session import Database
from badge_service.storage.tables import OutboxJob
from badge_service.web import mail

controller = pytest.importorskip("aiosmtpd.controller", reason="needs the development dependency aiosmtpd")
smtp = pytest.importorskip("aiosmtpd.smtp")

ADDRESS = "ana@school.example"
PASSWORD = "correct horse/battery"


class Post:
    """What a mail server answers: the queue of answers first, then always yes; it keeps whatever it took."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.to_recipient: list[str] = []
        self.to_data: list[str] = []
        self.to_quit = "221 bye"

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.to_recipient:
            return self.to_recipient.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        answer = self.to_data.pop(0) if self.to_data else "250 taken"
        if not answer.startswith("5"):
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        if answer == "lost":
            server.transport.abort()
        return answer

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:
        return self.to_quit


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def serve(post: Post) -> Iterator[Callable[..., int]]:
    """Starts a server with these options; gives its port."""
    running = []

    def start(**options: Any) -> int:
        port = free_port()
        started = controller.Controller(post, hostname="127.0.0.1", port=port, **options)
        started.start()
        running.append(started)
        return port

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return for_demo(tmp_path)


def promise(database: Database, to: str = ADDRESS) -> None:
    with database.writing() as session:
        mail.send(session, to=to, subject="Your badge", text="Hello,\n\nhttps://badges.example/claim/x")


def run(database: Database, settings: Settings, url: str) -> OutboxJob:
    outbox.run_due(database, {mail.KIND: mail.deliver(replace(settings, smtp_url=url))})
    with database.reading() as session:
        return session.scalars(select(OutboxJob)).one()


def test_a_busy_server_gets_the_mail_later(
    database: Database, settings: Settings, post: Post, serve: Any, clock: Any
) -> None:
    url = f"smtp://127.0.0.1:{serve()}"
    post.to_recipient = ["451 4.7.1 greylisted"]
    promise(database)
    first = run(database, settings, url)
    assert (first.done_at, first.refusal, first.attempts) == (None, None, 1)
    assert (
        first.last_error is not None and "451 4.7.1" in first.last_error and ADDRESS not in first.last_error
    )
    clock.advance(minutes=1)
    assert run(database, settings, url).done_at is not None
    (letter,) = post.taken
    assert letter["To"] == ADDRESS


@pytest.mark.parametrize(
    ("where", "answer", "why"),
    [
        ("to_recipient", "550 5.1.1 no such user ana@school.example", "address"),
        ("to_data", "554 5.7.1 looks like spam", "content"),
    ],
)
def test_a_final_refusal_is_final_at_once(
    database: Database,
    settings: Settings,
    post: Post,
    serve: Any,
    clock: Any,
    where: str,
    answer: str,
    why: str,
) -> None:
    url = f"smtp://127.0.0.1:{serve()}"
    setattr(post, where, [answer])
    promise(database)
    job = run(database, settings, url)
    assert (job.refusal, job.attempts) == (why, outbox.MOST_ATTEMPTS)
    assert outbox.ONCE not in job.payload and job.last_error is not None and ADDRESS not in job.last_error
    clock.advance(days=1)
    run(database, settings, url)
    assert post.taken == [], "it is not tried again"


def test_a_connection_lost_after_the_mail_is_tried_again_under_the_same_name(
    database: Database, settings: Settings, post: Post, serve: Any, clock: Any
) -> None:
    url = f"smtp://127.0.0.1:{serve()}"
    post.to_data = ["lost"]
    promise(database)
    assert run(database, settings, url).done_at is None, "nobody knows whether it was taken"
    clock.advance(minutes=1)
    assert run(database, settings, url).done_at is not None
    first, second = post.taken
    assert first["Message-ID"] == second["Message-ID"], "so that a mailbox can show it once"


def test_a_bad_goodbye_does_not_send_twice(
    database: Database, settings: Settings, post: Post, serve: Any, clock: Any
) -> None:
    url = f"smtp://127.0.0.1:{serve()}"
    post.to_quit = "421 too busy to say goodbye"
    promise(database)
    assert run(database, settings, url).done_at is not None
    clock.advance(days=1)
    run(database, settings, url)
    assert len(post.taken) == 1


def test_an_address_in_letters_that_the_server_cannot_write_is_final(
    database: Database, settings: Settings, serve: Any
) -> None:
    promise(database, to="ана@училище.example")
    assert run(database, settings, f"smtp://127.0.0.1:{serve(enable_SMTPUTF8=False)}").refusal == "letters"


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a certificate of this test's own, and the file by which it is trusted."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context, folder / "cert.pem"


def knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> Any:
    return smtp.AuthResult(success=data.password == PASSWORD.encode())


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_password_and_mail_go_through_encryption_alone(
    database: Database,
    settings: Settings,
    post: Post,
    serve: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
) -> None:
    monkeypatch.setattr(mail, "_LOCAL_HOSTS", frozenset())
    context, trusted = certificate(tmp_path)
    secured = (
        {"tls_context": context, "require_starttls": True} if scheme == "smtp" else {"ssl_context": context}
    )
    port = serve(authenticator=knows, auth_required=True, auth_require_tls=scheme == "smtp", **secured)
    promise(database)
    untrusted = run(database, settings, f"{scheme}://badges:correct%20horse%2Fbattery@127.0.0.1:{port}")
    assert untrusted.done_at is None and "SSLCertVerificationError" in (untrusted.last_error or "")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    database.clock.advance(minutes=1)  # type: ignore[attr-defined]
    stranger = run(database, settings, f"{scheme}://badges:wrong@127.0.0.1:{port}")
    assert (stranger.done_at, stranger.refusal) == (None, None), "whoever runs the service can mend it"
    assert "wrong" not in (stranger.last_error or "")
    database.clock.advance(minutes=2)  # type: ignore[attr-defined]
    assert run(database, settings, f"{scheme}://badges:correct%20horse%2Fbattery@127.0.0.1:{port}").done_at
    assert len(post.taken) == 1
