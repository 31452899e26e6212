"""Mails that come back later: a report of failure marks the mail it is about, whoever kept it in whatever kind of file."""

import mailbox
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage, Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from badge_service.cli.returned import bounces, note_mails
from badge_service.settings import Settings
from badge_service.storage import outbox
from badge_service.storage.session import Database
from badge_service.storage.tables import OutboxJob
from badge_service.web import mail
from badge_service.web.bounces import Outcome, Returned, last_read, mails_in, note_returned, read_report

from . import test_smtp
from .test_smtp import ADDRESS, Post, promise, run

post, serve, settings = test_smtp.post, test_smtp.serve, test_smtp.settings


def report(
    letter: EmailMessage, *, action: str = "failed", status: str = "5.1.1", headers_only: bool = False
) -> bytes:
    """What a mail server writes back (RFC 3464) about this letter."""
    whole = MIMEMultipart("report", report_type="delivery-status")
    whole["Subject"], whole["From"], whole["To"] = (
        "Undelivered mail",
        "MAILER-DAEMON@there.example",
        "us@here.example",
    )
    whole.attach(MIMEText("I am sorry to have to inform you …"))
    states = MIMENonMultipart("message", "delivery-status")
    about = Message()
    about["Reporting-MTA"] = "dns; there.example"
    one = Message()
    one["Final-Recipient"], one["Action"], one["Status"] = f"rfc822; {letter['To']}", action, status
    states.set_payload([about, one])
    whole.attach(states)
    if headers_only:
        head = "".join(f"{name}: {value}\n" for name, value in letter.items())
        headers = MIMENonMultipart("text", "rfc822-headers")
        headers.set_payload(head)
        whole.attach(headers)
    else:
        whole.attach(MIMEMessage(letter))
    return whole.as_bytes()


@pytest.fixture
def sent(database: Database, settings: Settings, post: Post, serve: Any) -> EmailMessage:
    """A letter as a mail server took it."""
    promise(database)
    assert run(database, settings, f"smtp://127.0.0.1:{serve()}").done_at is not None
    return post.taken[0]


def note(database: Database, data: bytes) -> list[Outcome]:
    found = read_report(data)
    assert found is not None
    with database.writing() as session:
        return note_returned(session, [found])


def job_of(database: Database) -> OutboxJob:
    with database.reading() as session:
        return session.scalars(select(OutboxJob).order_by(OutboxJob.id)).first()  # type: ignore[return-value]


@pytest.mark.parametrize("headers_only", [False, True])
def test_a_mail_that_came_back_days_later_counts_as_given_up_and_is_not_sent_again(
    database: Database,
    settings: Settings,
    post: Post,
    sent: EmailMessage,
    clock: Any,
    headers_only: bool,
) -> None:
    clock.advance(days=5)
    data = report(sent, headers_only=headers_only)
    assert note(database, data) == [Outcome.MARKED]
    job = job_of(database)
    assert (job.done_at, job.refusal, job.due_at) == (None, "address", clock())
    with database.reading() as session:
        assert session.scalar(select(OutboxJob.id).where(*outbox.given_up())) == job.id
        assert last_read(session) == clock()
    clock.advance(days=1)
    outbox.run_due(database, {mail.KIND: mail.deliver(replace(settings, smtp_url="smtp://127.0.0.1:1"))})
    assert len(post.taken) == 1
    assert note(database, data) == [Outcome.KNOWN]


@pytest.mark.parametrize(
    ("status", "why"),
    [("5.2.2", "address"), ("5.4.4", "address"), ("5.7.1", "content"), ("5.6.7", "letters"), ("", "content")],
)
def test_the_status_says_what_to_do(database: Database, sent: EmailMessage, status: str, why: str) -> None:
    note(database, report(sent, status=status))
    assert job_of(database).refusal == why


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_is_late_or_arrived_is_no_failure(sent: EmailMessage, action: str) -> None:
    assert read_report(report(sent, action=action, status="4.4.1")) is None


def test_an_answer_that_quotes_our_mail_is_no_report(sent: EmailMessage) -> None:
    answer = MIMEMultipart("mixed")
    answer.attach(MIMEText("Action: failed\nStatus: 5.1.1\n"))
    answer.attach(MIMEMessage(sent))
    assert read_report(answer.as_bytes()) is None


def test_a_forged_name_finds_nothing(database: Database, sent: EmailMessage) -> None:
    forged = Returned("20261121T090000Z-AAAAAAAAAAAAAAAAAAAAAA", "5.1.1")
    never = Returned("20269999T090000Z-AAAAAAAAAAAAAAAAAAAAAA", "5.1.1")
    with database.writing() as session:
        assert note_returned(session, [forged, never]) == [Outcome.UNKNOWN] * 2
    assert job_of(database).done_at is not None


def test_a_newer_mail_about_the_same_is_not_spoilt(
    database: Database,
    settings: Settings,
    post: Post,
    serve: Any,
) -> None:
    url = f"smtp://127.0.0.1:{serve()}"
    for address in (ADDRESS, "ana@home.example"):
        with database.writing() as session:
            mail.send(session, to=address, subject="Badge", text="x", reference="award:one")
        run_all(database, settings, url)
    assert note(database, report(post.taken[0])) == [Outcome.OUTDATED]
    assert note(database, report(post.taken[1])) == [Outcome.MARKED]


def run_all(database: Database, settings: Settings, url: str) -> None:
    outbox.run_due(database, {mail.KIND: mail.deliver(replace(settings, smtp_url=url))})


def test_a_report_of_the_newer_kind_is_read_too(sent: EmailMessage) -> None:
    data = (
        "Content-Type: multipart/report; report-type=global-delivery-status; boundary=b\n\n"
        "--b\nContent-Type: message/global-delivery-status\n\n"
        "Reporting-MTA: dns; there.example\n\nFinal-Recipient: utf-8; ана@училище.example\n"
        "Action: failed\nStatus: 5.1.1\n\n"
        f"--b\nContent-Type: message/global-headers\n\nMessage-ID: {sent['Message-ID']}\nTo: x\n\n--b--\n"
    )
    found = read_report(data.encode())
    assert found is not None and found.status == "5.1.1" and found.name in sent["Message-ID"]


@given(
    st.binary(max_size=400),
    st.sampled_from(("message/delivery-status", "message/global", "text/rfc822-headers")),
)
def test_no_mail_however_broken_stops_the_reading(data: bytes, kind: str) -> None:
    head = f"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: {kind}\n\n".encode()
    for broken in (data, head + data, head + data + b"\n--b--\n"):
        assert read_report(broken) is None or isinstance(read_report(broken), Returned)


def test_parts_within_parts_within_parts_stop_nothing_either() -> None:
    assert read_report(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 3_000) is None


def _single(folder: Path, mails: list[bytes]) -> list[Path]:
    for place, data in enumerate(mails):
        (folder / f"{place}.eml").write_bytes(data)
    return sorted(folder.iterdir())


def _mbox(folder: Path, mails: list[bytes]) -> list[Path]:
    box = mailbox.mbox(folder / "returned.mbox")
    for data in mails:
        box.add(data)
    box.flush()
    return [folder / "returned.mbox"]


def _maildir(folder: Path, mails: list[bytes]) -> list[Path]:
    box = mailbox.Maildir(folder / "Maildir")
    for data in mails:
        box.add(data)
    return [folder / "Maildir"]


def _folder(folder: Path, mails: list[bytes]) -> list[Path]:
    _single(folder, mails)
    return [folder]


@pytest.mark.parametrize("keep", [_single, _mbox, _maildir, _folder])
def test_every_kind_of_file_is_read_twice_without_harm(
    database: Database,
    sent: EmailMessage,
    tmp_path: Path,
    keep: Callable[[Path, list[bytes]], list[Path]],
) -> None:
    (tmp_path / "post").mkdir()
    files = keep(tmp_path / "post", [report(sent), b"Subject: out of office\n\nI am away.\n"])
    first, second = (
        note_mails(database, [data for file in files for data in mails_in(file)]) for _ in range(2)
    )
    assert first.startswith("2 mail(s) read: 1 marked as not arrived, 0 known before")
    assert "1 no report of a failure" in first
    assert "0 marked as not arrived, 1 known before" in second
    assert job_of(database).refusal == "address"


@pytest.mark.slow
def test_the_command_reads_files_and_standard_input(
    database: Database,
    settings: Settings,
    sent: EmailMessage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "one.eml").write_bytes(report(sent))
    monkeypatch.setenv("DATABASE_URL", database.url)
    monkeypatch.setenv("BADGE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PUBLIC_URL", settings.public_url)
    said = CliRunner().invoke(bounces, [str(tmp_path / "one.eml"), "-"], input=report(sent))
    assert said.exit_code == 0 and "2 mail(s) read: 1 marked as not arrived, 1 known before" in said.output
