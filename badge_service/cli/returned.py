"""`bounces` reads the reports that mail servers send back days later, so that schools see which mails did not arrive."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from badge_service import settings as settings_module
from badge_service.cli.opening import open_service
from badge_service.storage.session import Database
from badge_service.web.bounces import Outcome, mails_in, note_returned, read_report

_MOST_BYTES = 32 * 1024 * 1024


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, allow_dash=True)
)
def bounces(files: tuple[Path, ...]) -> None:
    """Read returned mails from FILES and mark ours as not arrived.

    FILES are single mails, mbox files, maildirs or folders of mails; "-" is one mail on standard input. They are left as
    they are, and reading them twice marks nothing twice.
    """
    opened = open_service(settings_module.from_environment())
    click.echo(note_mails(opened.database, _all_mails(files)))


def note_mails(database: Database, mails: Iterable[bytes]) -> str:
    """Mark what these mails report as not arrived; says what was found. All are read before anything is written."""
    reports = [read_report(data) for data in mails]
    found = [report for report in reports if report is not None]
    with database.writing() as session:
        outcomes = Counter(note_returned(session, found))
    return (
        f"{len(reports)} mail(s) read: {outcomes[Outcome.MARKED]} marked as not arrived, "
        f"{outcomes[Outcome.KNOWN]} known before, {outcomes[Outcome.OUTDATED]} followed by a newer mail, "
        f"{outcomes[Outcome.UNKNOWN]} about mails we do not know, {len(reports) - len(found)} no report of a failure."
    )


def _all_mails(files: tuple[Path, ...]) -> Iterator[bytes]:
    for file in files:
        if str(file) == "-":
            yield sys.stdin.buffer.read(_MOST_BYTES)
        else:
            yield from mails_in(file)
