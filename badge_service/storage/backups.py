"""Packs a running database and some folders into one archive, and unpacks it into an empty place."""

import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import make_url

from badge_service.errors import ConflictError, InvalidError, UnavailableError
from badge_service.storage import schema
from badge_service.storage.session import Database

_SQLITE = "database.sqlite"
_POSTGRESQL = "database.dump"


def write(database: Database, file: Path, *, folders: Mapping[str, Path]) -> None:
    """Write a consistent copy while the service runs; the file is made with mode 0600 and never overwritten.

    Raises `ConflictError` when `file` exists, `UnavailableError` when PostgreSQL's own `pg_dump` is missing.
    """
    if file.exists():
        raise ConflictError(f"{file} exists already.", code="backup.exists")
    if not file.parent.is_dir():
        raise InvalidError(f"There is no folder {file.parent}.", code="backup.folder")
    unfinished = file.with_name(f".{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as place:
        copy = _copy_sqlite(database, Path(place)) if database.is_sqlite else _dump(database.url, Path(place))
        try:
            _pack(unfinished, copy, folders)
            _put_in_place(unfinished, file)
        finally:
            unfinished.unlink(missing_ok=True)


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
                folder.chmod(0o700)


def _pack(target: Path, copy: Path, folders: Mapping[str, Path]) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w:gz") as archive:
            archive.add(copy, arcname=copy.name)
            for name, folder in folders.items():
                if folder.is_dir():
                    archive.add(folder, arcname=name)
        raw.flush()
        os.fsync(raw.fileno())


def _put_in_place(unfinished: Path, file: Path) -> None:
    """A link, unlike a rename, never replaces a file that somebody made meanwhile."""
    try:
        file.hardlink_to(unfinished)
    except FileExistsError as error:
        raise ConflictError(f"{file} exists already.", code="backup.exists") from error


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
    _run("pg_dump", "--format=custom", "--no-owner", f"--file={copy}", f"--dbname={_libpq(url, place)}")
    return copy


def _load(url: str, place: Path) -> None:
    sqlite = make_url(url).get_backend_name() == "sqlite"
    copy = place / (_SQLITE if sqlite else _POSTGRESQL)
    if not copy.is_file():
        raise InvalidError("This backup is of another kind of database.", code="restore.kind")
    if sqlite:
        target = Path(make_url(url).database or "")
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(copy, target)
        target.chmod(0o600)
    else:
        address = _libpq(url, place)
        _run("pg_restore", "--no-owner", "--single-transaction", f"--dbname={address}", str(copy))


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


def _libpq(url: str, place: Path) -> str:
    """The database's address for PostgreSQL's tools; the password goes by file, since every user sees arguments."""
    parts = make_url(url).set(drivername="postgresql")
    if parts.password:
        file = place / "pgpass"
        file.touch(mode=0o600)
        file.write_text(f"*:*:*:*:{_escaped(str(parts.password))}\n")
        parts = parts.set(password=None).update_query_dict({"passfile": str(file)})
    return parts.render_as_string(hide_password=False)


def _escaped(password: str) -> str:
    return password.replace("\\", "\\\\").replace(":", "\\:")


def _holds_something(folder: Path) -> bool:
    """Anything but what a checkout puts there (a README, a hidden file)."""
    return folder.is_dir() and any(
        entry.name != "README.md" and not entry.name.startswith(".") for entry in folder.iterdir()
    )


def _database_exists(url: str) -> bool:
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        return bool(parts.database) and Path(parts.database or "").exists()
    database = Database(url)
    try:
        return schema.exists(database)
    finally:
        database.close()
