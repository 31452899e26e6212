"""`demo` makes a whole service with demo data under var/demo, plays the main job and serves it."""

import contextlib
import json
import shutil
import socket
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from badge_service import settings as settings_module
from badge_service.cli.opening import Opened, open_service
from badge_service.cli.serving import free_port, run_server
from badge_service.demo.play import Theatre, play
from badge_service.demo.summary import summarise
from badge_service.errors import ConflictError
from badge_service.settings import Settings
from badge_service.worker import Worker

FOLDER = Path("var/demo")
STEP_NAMES = {
    "world": "Schools, people and keys",
    "catalogue": "Twelve micro-credentials, four pathways",
    "activities": "A meeting, a guest lecture, two pilot workshops",
    "enrolment": "Twenty-two learners enrolled",
    "assessment": "Rubric levels set",
    "award": "Twenty badges awarded and signed",
    "claims": "Mails opened: accepted, declined, one withdrawn",
    "studio": "A curriculum, a lesson learnt, a translation",
    "pathway": "A second school; a pathway fulfilled",
    "joining": "A third workshop begins: joined, in line, at the door",
    "desks": "Answers, a case, two files, doors for programs",
}


@click.command()
@click.option("--no-serve", is_flag=True, help="Do everything but serve.")
@click.option("--json", "as_json", is_flag=True, help="With --no-serve: a JSON summary on standard output.")
@click.option("--reset", is_flag=True, help="Throw the demo's data away first.")
@click.option("--insecure-lan", is_flag=True, help="Let phones on this network open it, over plain http.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--folder", default=FOLDER, type=click.Path(path_type=Path, file_okay=False), show_default=True)
def demo(no_serve: bool, as_json: bool, reset: bool, insecure_lan: bool, port: int, folder: Path) -> None:
    """Play the main job on demo data and serve it; a second run doubles nothing."""
    _refuse_real_service()
    folder = folder.resolve()
    if reset:
        _throw_away(folder)
    settings = settings_module.for_demo(folder, insecure_lan=insecure_lan)
    host = "0.0.0.0" if insecure_lan else "127.0.0.1"  # noqa: S104 (asked for, and said on every page)
    taken = port if no_serve else free_port(host, port)
    settings = settings.reached_at(f"http://{_own_address() if insecure_lan else 'localhost'}:{taken}")
    opened = open_service(settings, must_exist=False)
    _play(opened)
    summary = summarise(opened.settings, opened.database, folder)
    opened.database.close()
    if no_serve:
        _tell_summary(summary, as_json)
        return
    _tell_where(settings, port, taken)
    run_server(settings, bind=f"{host}:{taken}", quiet=True)


def _play(opened: Opened) -> None:
    worker = Worker(opened.settings, opened.database, opened.keyring)
    theatre = Theatre(opened.settings, opened.database, opened.keyring, worker.run_until_quiet)
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description:<55}"), BarColumn(), MofNCompleteColumn(), console=console
    ) as bar:
        task = bar.add_task("The demo begins", total=len(STEP_NAMES))
        for step in play(theatre):
            bar.update(task, completed=step.done, description=STEP_NAMES[step.name])


def _refuse_real_service() -> None:
    """A shell that is set up for a real service is the wrong place to make demo data in."""
    if settings_module.from_environment().public_url != settings_module.DEMO_PUBLIC_URL:
        raise ConflictError(
            "Demo data cannot live beside a real public URL.",
            code="demo.real",
            hint="Unset PUBLIC_URL to play the demo.",
        )


def _throw_away(folder: Path) -> None:
    """Only what the demo made: a folder without the demo's own mark is left alone."""
    if not folder.exists():
        return
    if not (folder / "badges.sqlite").is_file():
        raise ConflictError(f"{folder} does not look like a demo; remove it yourself.", code="demo.folder")
    shutil.rmtree(folder)


def _tell_summary(summary: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False, indent=1))
        return
    for name, count in summary["counts"].items():
        click.echo(f"{name.replace('_', ' '):<24}{count:>6}")
    if summary["example"]:
        click.echo(
            f"\nTry: badge-service verify {summary['example']['json']} "
            f"--published {summary['published']} --trust {summary['trust']}"
        )


def _tell_where(settings: Settings, wanted: int, taken: int) -> None:
    if wanted != taken:
        click.echo(f"\nPort {wanted} is busy: serving on {taken} instead. What is signed stays the same.")
    click.echo(
        f"\n  Open {settings.address if not settings.insecure_lan else f'http://localhost:{taken}'}/demo\n"
    )
    if settings.insecure_lan:
        click.echo(f"  A phone on this network reaches {settings.address} (plain http: demo only).")
    click.echo("  Stop with Ctrl-C.")


def _own_address() -> str:
    """This machine's address on its network, found without sending anything."""
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
