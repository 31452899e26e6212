"""The command line `badge-service`: one file a group of commands, errors in plain words, exit code 64 for wrong usage."""

import sys

import click

from badge_service.cli import conformance, custody, demonstrate, first_start, returned, serving, verify
from badge_service.curriculum.commands import catalogue
from badge_service.errors import BadgeServiceError

USAGE = 64
FAILED = 1


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="badge-service")
def commands() -> None:
    """Define, award, share and check Open Badges 3.0 micro-credentials."""


for command in (
    demonstrate.demo,
    first_start.init,
    serving.serve,
    serving.worker,
    custody.backup,
    custody.restore,
    returned.bounces,
    verify.verify,
    conformance.conformance,
    catalogue,
):
    commands.add_command(command)


def main() -> None:
    """Run a command; what we refuse is told in a sentence with its hint, never as a traceback."""
    try:
        sys.exit(commands.main(standalone_mode=False) or 0)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE)
    except BadgeServiceError as error:
        _tell(error)
        sys.exit(FAILED)


def _tell(error: BadgeServiceError) -> None:
    click.echo(error.message, err=True)
    for fault in error.faults:
        click.echo(f"  {fault.where}: {fault.message}", err=True)
    if error.hint:
        click.echo(error.hint, err=True)
