"""`backup` packs database, keys and evidence into one file; `restore` unpacks it and opens new status lists."""

from pathlib import Path

import click

from badge_service import settings as settings_module
from badge_service.cli.opening import open_service
from badge_service.register import actions as register
from badge_service.storage import backups


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write everything needed to go on elsewhere to FILE (readable by you alone: it holds the private keys)."""
    settings = settings_module.from_environment()
    opened = open_service(settings)
    backups.write(
        opened.database, file, folders={"keys": settings.keys_folder, "evidence": settings.evidence_folder}
    )
    click.echo(f"Written: {file} ({file.stat().st_size:,} bytes). It holds private keys: keep it as such.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore(file: Path) -> None:
    """Bring back a backup into an empty place, and open a new status list for every issuer."""
    settings = settings_module.from_environment()
    settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    backups.read(
        settings.database_url,
        file,
        folders={"keys": settings.keys_folder, "evidence": settings.evidence_folder},
    )
    opened = open_service(settings)
    with opened.database.writing() as session:
        lists = register.open_new_lists(session)
    register.sign_intended(opened.database, opened.keyring, jwt_algorithm=settings.jwt_algorithm)
    click.echo(
        f"Restored. {lists} new status list(s) opened: no index given since the backup can be given again."
    )
