"""The `catalogue` command: checks the folder of definitions, naming every fault at once, and draws missing pictures."""

from pathlib import Path

import click

from badge_service.curriculum.catalogue_files import check_catalogue, draw_pictures, read_entries
from badge_service.settings import data_path


@click.group()
def catalogue() -> None:
    """The micro-credential definitions kept as files."""


def _folder(given: Path | None) -> Path:
    return given or data_path("credentials")


@catalogue.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def check(folder: Path | None) -> None:
    """Name every fault of every file in FOLDER (default: the catalogue of this installation); exit 1 if there is one."""
    place = _folder(folder)
    faults = check_catalogue(place)
    for fault in faults:
        click.echo(f"{fault.where}\n    {fault.message}  [{fault.code}]", err=True)
    if faults:
        click.echo(f"{len(faults)} to correct.", err=True)
        raise SystemExit(1)
    click.echo(f"{len(read_entries(place))} definitions and pathways, nothing to correct.")


@catalogue.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--again", is_flag=True, help="Draw also those that have a picture.")
def draw(folder: Path | None, again: bool) -> None:
    """Draw the picture of every definition and pathway in FOLDER that has none."""
    for path in draw_pictures(_folder(folder), again=again):
        click.echo(path)
