"""The command line of the door: listen, or do one JOSE task; errors in plain words, exit code 64 for wrong usage."""

import signal
import sys
import threading
from pathlib import Path

import click

from badge_service.conformance import jose_command, serving
from badge_service.errors import BadgeServiceError

USAGE = 64
FAILED = 1
LOOPBACK = "127.0.0.1"

_file = click.Path(path_type=Path, dir_okay=False)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--host", default=LOOPBACK, show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=34444, show_default=True, type=click.IntRange(0, 65535), help="0: any free one."
)
@click.option(
    "--tls", type=click.IntRange(0, 65535), help="Also listen here with https; status lists are then there."
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="A new or empty folder in which to tell addresses, DIDs and the certificate.",
)
@click.pass_context
def conformance(context: click.Context, host: str, port: int, tls: int | None, folder: Path | None) -> None:
    """Answer the public test suites (VC-API), with keys made now and forgotten at the end.

    Knows nothing of any service on this machine: neither its settings nor its data nor its keys.
    """
    if context.invoked_subcommand is not None:
        return
    if folder is not None:
        serving.check_folder(folder)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with serving.listening(host, port, tls) as (door, offered):
        if folder is not None:
            door.describe(folder, offered)
        click.echo(" ".join(filter(None, ("Listening at", door.address, door.secure_address))))
        ended.wait()


@conformance.command()
@click.argument("verb", type=click.Choice(["issue", "verify"]))
@click.option(
    "--input", "input_", required=True, type=_file, help="The document to sign, or the token to check."
)
@click.option("--key", required=True, type=_file, help="A verification method or a JWK, as JSON.")
@click.option("--feature", required=True, help="credential_jose or presentation_jose.")
@click.option("--sd", help="Paths to disclose selectively; not done here.")
@click.option("--output", required=True, type=_file, help="Where to write the result.")
def jose(verb: str, input_: Path, key: Path, feature: str, sd: str | None, output: Path) -> None:
    """Issue or verify one token, as the W3C suite for JOSE asks; the result is in the output file."""
    try:
        result = jose_command.run(verb, feature, input_.read_bytes(), key.read_bytes())
    except OSError as error:
        result = jose_command.Result("error", f"{error.strerror}: {error.filename}")
    output.write_text(result.written())


def main() -> None:
    """Run the command; what is refused is told in a sentence with its hint."""
    try:
        conformance.main(standalone_mode=False, prog_name="badge-service conformance")
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE)
    except BadgeServiceError as error:
        click.echo(error.message, err=True)
        click.echo(error.hint, err=True)
        sys.exit(FAILED)
