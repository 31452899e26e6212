"""`verify` judges a badge file in the terminal, with or without a network, a database or a service."""

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import click

from badge_service.errors import InvalidError
from badge_service.openbadges import sentences
from badge_service.openbadges.verdict import CheckOutcome, Outcome
from badge_service.verifier import actions, rules
from badge_service.verifier.actions import Elsewhere, Judged, ShareCode
from badge_service.verifier.desk import Desk, folder_fetch
from badge_service.verifier.fetching import StrictFetcher
from badge_service.verifier.registries import TrustedFile, read_trusted
from badge_service.verifier.sandbox import Sandbox

EXIT_CODES = {
    Outcome.GENUINE: 0,
    Outcome.NOT_VALID: 1,
    Outcome.SIGNED_ISSUER_UNKNOWN: 2,
    Outcome.NOT_FULLY_CHECKED: 2,
}
_TITLES = {
    Outcome.GENUINE: "GENUINE",
    Outcome.SIGNED_ISSUER_UNKNOWN: "SIGNED, ISSUER UNKNOWN TO US",
    Outcome.NOT_FULLY_CHECKED: "COULD NOT BE FULLY CHECKED",
    Outcome.NOT_VALID: "NOT VALID",
}
_STATES = {
    CheckOutcome.PASSED: "passed",
    CheckOutcome.FAILED: "FAILED",
    CheckOutcome.UNKNOWN: "not known",
    CheckOutcome.NOT_CHECKED: "not checked",
}
_MOST_BYTES = 12 * 1024 * 1024
_LONGEST_LINK = 2_000

_existing_file = click.Path(path_type=Path, exists=True, dir_okay=False)


class _FileOrLink(click.Path):
    """A file that is there, "-", or a link, which stays as it was typed."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if re.match(r"https?://", str(value), re.IGNORECASE):
            return str(value)
        return super().convert(value, param, ctx)


@click.command()
@click.argument("file", type=_FileOrLink(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@click.option(
    "--published",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder <host>/<path> to read instead of the network.",
)
@click.option("--trust", type=_existing_file, help="A JSON file of trusted issuers: [{did, name, domain}].")
@click.option(
    "--recipient", default="", help="Whose badge it should be: an e-mail address, an identifier or a name."
)
@click.option("--any-issuer", is_flag=True, help="Exit with 0 for unknown issuers, too.")
@click.option("--json", "as_json", is_flag=True, help="The whole verdict as JSON.")
@click.pass_context
def verify(
    context: click.Context,
    file: Path | str,
    published: Path | None,
    trust: Path | None,
    recipient: str,
    any_issuer: bool,
    as_json: bool,
) -> None:
    """Judge the badge in FILE: JSON, PNG, SVG, a token, a link, or a photo of a QR code ("-" is standard input).

    FILE may also be the link itself, beginning with http:// or https://.

    Exit codes: 0 genuine, 1 not valid, 2 not fully checked or issuer unknown, 64 wrong usage.
    """
    sandbox = Sandbox(workers=1)
    context.call_on_close(sandbox.close)
    desk = _desk(published, trust, sandbox)
    try:
        judged = _judged(desk, _read(file), _person(recipient))
    except InvalidError as error:
        _tell_unseen(error, as_json)
        context.exit(EXIT_CODES[Outcome.NOT_FULLY_CHECKED])
    if as_json:
        click.echo(json.dumps(judged.verdict.to_json(), ensure_ascii=False, indent=1))
    else:
        _tell(judged)
    unknown_is_good = any_issuer and judged.verdict.outcome is Outcome.SIGNED_ISSUER_UNKNOWN
    context.exit(0 if unknown_is_good else EXIT_CODES[judged.verdict.outcome])


def _person(recipient: str) -> str:
    named = recipient.strip()
    if len(named) > rules.LONGEST_RECIPIENT:
        raise click.BadParameter("This is not one person.", param_hint="--recipient")
    return named


def _desk(published: Path | None, trust: Path | None, sandbox: Sandbox) -> Desk:
    network = StrictFetcher()
    registries: list[TrustedFile] = []
    if trust is not None:
        try:
            registries.append(read_trusted(trust, f"the file {trust.name}"))
        except InvalidError as error:
            wrong = "; ".join(f"{fault.where} {fault.message}" for fault in error.faults)
            raise click.BadParameter(f"{error.message} {wrong}".strip(), param_hint="--trust") from error
    if published is None:
        return Desk(datetime.now(UTC), network.within, sandbox.within, registries)
    hosts = [unquote(folder.name) for folder in published.iterdir() if folder.is_dir()]
    own = hosts[0] if len(hosts) == 1 else ""
    return Desk(
        datetime.now(UTC),
        lambda: folder_fetch(published),
        sandbox.within,
        registries,
        hosts=frozenset([own] if own else []),
        public_url=f"http://{own}" if own else "",
    )


def _read(file: Path | str) -> bytes:
    if isinstance(file, str):
        return file.encode()
    return sys.stdin.buffer.read(_MOST_BYTES) if str(file) == "-" else file.read_bytes()[:_MOST_BYTES]


def _judged(desk: Desk, data: bytes, recipient: str) -> Judged:
    """The verdict on what was given; raises InvalidError only when a link could not be looked at.

    A photo of a QR code names an address; whoever gave the photo to this command wants it asked.
    """
    try:
        found = _short_text(desk, data, recipient) or actions.judge_upload(desk, data, recipient=recipient)
        if isinstance(found, Elsewhere):
            click.echo(f"The QR code leads to {found.domain}.", err=True)
            found = actions.judge_address(desk, found.address, recipient=recipient)
    except InvalidError as error:
        if error.code.startswith("link_"):
            raise
        raise click.UsageError(error.message) from error
    if isinstance(found, ShareCode):
        raise click.UsageError("This is a share code; type it at the service that it names.")
    return found


def _short_text(desk: Desk, data: bytes, recipient: str) -> Judged | ShareCode | None:
    """What a link or a code leads to; None for documents, pictures and any other text, which are judged as they are."""
    if len(data) > _LONGEST_LINK or any(sign in data for sign in (b"{", b"<", b"\0")):
        return None
    try:
        return actions.judge_text(desk, data.decode(), recipient=recipient)
    except UnicodeDecodeError:
        return None
    except InvalidError as error:
        if error.code.startswith("link_"):
            raise
        return None


def _tell_unseen(error: InvalidError, as_json: bool) -> None:
    """What is known of a badge that we did not get to see."""
    outcome = Outcome.NOT_FULLY_CHECKED
    if as_json:
        click.echo(
            json.dumps({"outcome": outcome.value, "reason": {"code": error.code, "params": {}}}, indent=1)
        )
        return
    _say(_TITLES[outcome])
    _say(error.message)


def _tell(judged: Judged) -> None:
    verdict = judged.verdict
    _say(_TITLES[verdict.outcome])
    _say(sentences.sentence(verdict.reason_code, verdict.params))
    if judged.facts is not None:
        _say(f"Badge:   {judged.facts.title if judged.is_signed else '(not confirmed)'}")
    if verdict.issuer_domain:
        _say(f"Domain:  {verdict.issuer_domain}")
    if verdict.issuer_name:
        _say(f"Name:    {verdict.registered_name or f'{verdict.issuer_name} (as the badge says)'}")
    holder = {"name": verdict.holder.name or ""}
    _say(f"Holder:  {sentences.sentence(verdict.holder.code, holder)}")
    for check in verdict.checks:
        _say(f"{_STATES[check.outcome]:<12}{check.id:<13}{sentences.sentence(check.code, check.params)}")


def _say(sentence: str) -> None:
    """A stranger's badge must not be able to steer the terminal."""
    click.echo("".join(sign if sign.isprintable() else "\ufffd" for sign in sentence))
