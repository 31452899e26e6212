"""`conformance` opens the door for public test suites: this process becomes another one, in which nothing of us is loaded."""

import os
import sys

import click


@click.command(
    add_help_option=False, context_settings={"ignore_unknown_options": True, "allow_extra_args": True}
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def conformance(arguments: tuple[str, ...]) -> None:
    """Answer the public test suites, with fresh keys, apart from all stored ones (see --help)."""
    program = [sys.executable, "-m", "badge_service.conformance", *arguments]
    os.execv(program[0], program)  # noqa: S606 (no shell, and no word of it from outside but the user's own)
