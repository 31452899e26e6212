"""The registers in which an issuer may be found: organisations of this service, lists of alliances, an operator's file."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import select

from badge_service.alliance.tables import Alliance, AllianceIssuer
from badge_service.errors import Fault, InvalidError
from badge_service.openbadges import did, strict_json
from badge_service.openbadges.verification import KnownIssuer
from badge_service.people.tables import Organisation
from badge_service.register.tables import Issuer
from badge_service.storage.session import Database
from badge_service.verifier.likeness import Party

_log = logging.getLogger(__name__)


class Register(Protocol):
    """A register that the verdict names, and whose parties a stranger may try to look like."""

    @property
    def name(self) -> str:
        """What the reader is told."""
        ...

    def knows(self, issuer_id: str) -> KnownIssuer | None:
        """The entry of this identifier, compared exactly, or None."""
        ...

    def parties(self) -> Iterable[Party]:
        """All issuers in it."""
        ...


@dataclass(frozen=True)
class OwnOrganisations:
    """The organisations that issue through this service; `name` is what the reader is told."""

    database: Database
    name: str

    def knows(self, issuer_id: str) -> KnownIssuer | None:
        """The organisation whose DID this is, or None."""
        asked = select(Organisation.name, Organisation.domain_confirmed_at)
        asked = asked.join(Issuer, Issuer.id == Organisation.issuer_id)
        with self.database.reading() as session:
            found = session.execute(asked.where(Issuer.did == issuer_id)).first()
        return KnownIssuer(found.name, found.domain_confirmed_at is not None) if found else None

    def parties(self) -> Iterator[Party]:
        """Every organisation here, also those that do not issue: their names are as well known."""
        asked = select(Organisation.name, Issuer.did).outerjoin(Issuer, Issuer.id == Organisation.issuer_id)
        with self.database.reading() as session:
            rows = session.execute(asked.order_by(Organisation.id)).all()
        for name, issuer_id in rows:
            yield Party(issuer_id or "", name, did.domain(issuer_id) if issuer_id else "")


@dataclass(frozen=True)
class AllianceLists:
    """The issuers elsewhere that an alliance of this service has put on its list."""

    database: Database
    name: str

    def knows(self, issuer_id: str) -> KnownIssuer | None:
        """The entry of this DID on the first alliance's list that has it, or None."""
        asked = select(AllianceIssuer.name).where(AllianceIssuer.did == issuer_id)
        with self.database.reading() as session:
            found = session.scalar(asked.order_by(AllianceIssuer.alliance_id).limit(1))
        return KnownIssuer(found) if found is not None else None

    def parties(self) -> Iterator[Party]:
        """Every issuer on any list."""
        asked = select(AllianceIssuer.name, AllianceIssuer.did).join(Alliance)
        with self.database.reading() as session:
            rows = session.execute(asked.order_by(Alliance.id, AllianceIssuer.did)).all()
        for name, issuer_id in rows:
            yield Party(issuer_id, name, did.domain(issuer_id))


@dataclass(frozen=True)
class TrustedFile:
    """Issuers that somebody wrote into a file: names and, where given, the organisations' own domains, by DID."""

    name: str
    issuers: Mapping[str, str]
    domains: Mapping[str, str]

    def knows(self, issuer_id: str) -> KnownIssuer | None:
        """The entry of this DID, compared exactly, or None; confirmed when the key document lies on the domain given."""
        found = self.issuers.get(issuer_id)
        if not found:
            return None
        domain = self.domains.get(issuer_id)
        return KnownIssuer(found, None if domain is None else did.domain(issuer_id) == domain)

    def parties(self) -> Iterator[Party]:
        """Every entry."""
        for issuer_id, name in self.issuers.items():
            yield Party(issuer_id, name, self.domains.get(issuer_id) or did.domain(issuer_id))


class WatchedFile:
    """The operator's file of trusted issuers, read again when it changes.

    A file that has become unreadable changes nothing: the last good one stays in force, and the log says why.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen = self._mark()
        self._read = read_trusted(file, file.name)

    def under(self, name: str) -> TrustedFile:
        """What the file says now, as a register that the reader is told of as `name`."""
        mark = self._mark()
        if mark != self._seen:
            self._seen = mark
            try:
                self._read = read_trusted(self._file, self._file.name)
            except InvalidError as error:
                wrong = "; ".join(f"{fault.where} {fault.message}" for fault in error.faults)
                _log.error("trusted issuers: %s %s The last good file stays in force.", error.message, wrong)
        return TrustedFile(name, self._read.issuers, self._read.domains)

    def _mark(self) -> tuple[int, int, int]:
        try:
            found = self._file.stat()
        except OSError:
            return (0, 0, 0)
        return (found.st_mtime_ns, found.st_size, found.st_ino)


def read_trusted(file: Path, name: str) -> TrustedFile:
    """The issuers in a JSON file `[{"did": …, "name": …, "domain": …}]`; raises InvalidError naming every wrong entry."""
    try:
        entries = strict_json.loads(file.read_bytes())
    except (OSError, InvalidError) as error:
        raise InvalidError(f"{file} cannot be read as JSON.", code="trusted.unreadable") from error
    if not isinstance(entries, list):
        raise InvalidError(f"{file} is not a list of issuers.", code="trusted.list")
    faults = [
        Fault(f"entry {number}", "needs a “did” and a “name”.", "trusted.entry")
        for number, entry in enumerate(entries, 1)
        if not _is_entry(entry)
    ]
    if faults:
        raise InvalidError(f"{file} is not usable.", code="trusted.entries", faults=faults)
    domains = {entry["did"]: entry["domain"] for entry in entries if isinstance(entry.get("domain"), str)}
    return TrustedFile(name, {entry["did"]: entry["name"] for entry in entries}, domains)


def parties(registers: Sequence[Register]) -> Iterator[Party]:
    """The issuers of all registers, one register after another."""
    for register in registers:
        yield from register.parties()


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, dict) and all(
        isinstance(entry.get(member), str) and entry[member] for member in ("did", "name")
    )
