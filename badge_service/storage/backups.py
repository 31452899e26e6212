"""Packs a running database and some folders into one archive, and unpacks it into an empty place."""

import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import inspect, make_url

from badge_service.errors import ConflictError, InvalidError, UnavailableError
from badge_service.storage.session import Database

_SQLITE = "database.sqlite"
_POSTGRESQL = "database.dump"


def write(database: Database, file: Path, *, folders: Mapping[str, Path]) -> None:
    """Write a consistent copy while the service runs; the file is made with mode 0600 and never overwritten.

    Raises `ConflictError` when `file` exists, `UnavailableError` when PostgreSQL's own `pg_dump` is missing.
    """
    if file.exists():
        raise ConflictError(f"{file} exists already.", code="backup.exists")
    with tempfile.TemporaryDirectory() as place:
        copy = _copy_sqlite(database, Path(place)) if database.is_sqlite else _dump(database.url, Path(place))
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as raw, tarfile.open(fileobj=raw, mode="w:gz") as archive:
            archive.add(copy, arcname=copy.name)
            for name, folder in folders.items():
                if folder.is_dir():
                    archive.add(folder, arcname=name)


def read(database_url: str, file: Path, *, folders: Mapping[str, Path]) -> None:
    """Unpack into an empty place.

    Raises `ConflictError` naming everything that is in the way, `InvalidError` for a file that is no backup of this
    kind of database.
    """
    taken = [str(folder) for folder in folders.values() if _holds_something(folder)]
    if _database_exists(database_url):
        taken.append("the database")
    if taken:
        raise ConflictError(f"Not empty: {', '.join(taken)}.", code="restore.not_empty")
    with tempfile.TemporaryDirectory() as place:
        _unpack(file, Path(place))
        _load(database_url, Path(place))
        for name, folder in folders.items():
            if (Path(place) / name).is_dir():
                shutil.copytree(Path(place) / name, folder, dirs_exist_ok=True)


def _copy_sqlite(database: Database, place: Path) -> Path:
    copy = place / _SQLITE
    source = database.engine.raw_connection()
    target = sqlite3.connect(copy)
    try:
        driver = source.driver_connection
        if driver is None:
            raise UnavailableError("The database does not answer.", code="database.closed")
        driver.backup(target)
    finally:
        target.close()
        source.close()
    return copy


def _dump(url: str, place: Path) -> Path:
    copy = place / _POSTGRESQL
    _run("pg_dump", "--format=custom", "--no-owner", f"--file={copy}", f"--dbname={_libpq(url)}")
    return copy


def _load(url: str, place: Path) -> None:
    sqlite = make_url(url).get_backend_name() == "sqlite"
    copy = place / (_SQLITE if sqlite else _POSTGRESQL)
    if not copy.is_file():
        raise InvalidError("This backup is of another kind of database.", code="restore.kind")
    if sqlite:
        target = Path(make_url(url).database or "")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(copy, target)
    else:
        _run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={_libpq(url)}", str(copy))


def _unpack(file: Path, place: Path) -> None:
    try:
        with tarfile.open(file, mode="r:gz") as archive:
            archive.extractall(place, filter="data")
    except (tarfile.TarError, OSError, EOFError) as error:
        raise InvalidError(f"{file} is not a backup.", code="restore.file") from error


def _run(tool: str, *arguments: str) -> None:
    found = shutil.which(tool)
    if found is None:
        raise UnavailableError(
            f"{tool} is missing.",
            code="backup.tool",
            hint="Install PostgreSQL's client tools (postgresql-client).",
        )
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise UnavailableError(f"{tool} failed: {done.stderr.strip()[:500]}", code="backup.tool")


def _libpq(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _holds_something(folder: Path) -> bool:
    return folder.is_dir() and any(entry.suffix == ".pem" or entry.is_dir() for entry in folder.iterdir())


def _database_exists(url: str) -> bool:
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        return bool(parts.database) and Path(parts.database or "").exists()
    database = Database(url)
    try:
        return inspect(database.engine).has_table("service_facts")
    finally:
        database.close()
