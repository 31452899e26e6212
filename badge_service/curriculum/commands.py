"""The `catalogue` command: checks the folder of definitions, lints single files, and draws missing pictures."""

from pathlib import Path
from typing import Any

import click

from badge_service.curriculum.catalogue_files import check_catalogue, draw_pictures, read_entries
from badge_service.curriculum.checking import definition_faults
from badge_service.curriculum.rules import achievement_type, check_eu_elements
from badge_service.curriculum.rules.formats import read_file
from badge_service.curriculum.words import EU_ELEMENTS, EXPLANATIONS
from badge_service.errors import Fault
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
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--ects/--no-ects", default=True, help="Whether the organisation may award ECTS.")
def lint(files: tuple[Path, ...], ects: bool) -> None:
    """Say how the 16 European elements stand in each of FILES, and every fault; exit 1 if something is missing or wrong.

    A file is a definition.json of the catalogue, one that was exported, an Open Badges 3.0 achievement or a table (CSV).
    """
    is_good = [_lint_file(path, ects) for path in files]
    if not all(is_good):
        raise SystemExit(1)


def _lint_file(path: Path, may_award_ects: bool) -> bool:
    found = read_file(path.read_bytes())
    wrong = [*found.faults]
    if found.pathway is not None:
        wrong.append(Fault("file", "This is a pathway, not a definition.", "pathway"))
    for one in found.definitions:
        name = f"{path}, row {one.row}" if one.row else str(path)
        faults = [*one.faults, *definition_faults(one.content, may_award_ects=may_award_ects)]
        _show(name, one.content, faults, one.left_out)
        wrong += faults
    if found.faults or found.pathway is not None:
        _show_faults(str(path), wrong)
    return not wrong


def _show(name: str, content: dict[str, Any], faults: list[Fault], left_out: tuple[str, ...]) -> None:
    click.echo(f"{name}: {achievement_type(content).value}")
    for check in check_eu_elements(content):
        click.echo(f"  {check.id:<4}{check.state:<15}{EU_ELEMENTS[check.id]}: {check.message}")
        if not check.ok:
            explained = EXPLANATIONS[check.id]
            click.echo(
                f"      {explained.what}\n      {explained.why}\n      For example: {explained.example}"
            )
    for part in left_out:
        click.echo(f"  not read: {part}", err=True)
    _show_faults(name, faults)


def _show_faults(name: str, faults: list[Fault]) -> None:
    for fault in faults:
        click.echo(f"{name}: {fault.where}\n    {fault.message}  [{fault.code}]", err=True)
    click.echo(f"{len(faults)} to correct." if faults else "Nothing to correct.", err=bool(faults))


@catalogue.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--again", is_flag=True, help="Draw also those that have a picture.")
def draw(folder: Path | None, again: bool) -> None:
    """Draw the picture of every definition and pathway in FOLDER that has none."""
    for path in draw_pictures(_folder(folder), again=again):
        click.echo(path)
