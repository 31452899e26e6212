"""`bounces` reads the reports that mail servers send back days later, so that schools see which mails did not arrive."""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from badge_service import settings as settings_module
from badge_service.cli.opening import open_service
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
    read = 0
    found = []
    for data in _all_mails(files):
        read += 1
        if (report := read_report(data)) is not None:
            found.append(report)
    opened = open_service(settings_module.from_environment())
    with opened.database.writing() as session:
        outcomes = Counter(note_returned(session, found))
    click.echo(
        f"{read} mail(s) read: {outcomes[Outcome.MARKED]} marked as not arrived, "
        f"{outcomes[Outcome.KNOWN]} known before, {outcomes[Outcome.OUTDATED]} followed by a newer mail, "
        f"{outcomes[Outcome.UNKNOWN]} about mails we do not know, {read - len(found)} no report of a failure."
    )


def _all_mails(files: tuple[Path, ...]) -> Iterator[bytes]:
    for file in files:
        if str(file) == "-":
            yield sys.stdin.buffer.read(_MOST_BYTES)
        else:
            yield from mails_in(file)
