"""The registers in which an issuer may be found: the organisations of this service, and files that an operator trusts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from badge_service.errors import Fault, InvalidError
from badge_service.openbadges import strict_json
from badge_service.openbadges.verification import KnownIssuer
from badge_service.people.tables import Organisation
from badge_service.register.tables import Issuer
from badge_service.storage.session import Database


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

    def has_name(self, name: str) -> bool:
        """Whether one of them bears this name, capitals aside."""
        asked = select(Organisation.id).where(func.lower(Organisation.name) == name.strip().lower())
        with self.database.reading() as session:
            return session.scalar(asked.limit(1)) is not None


@dataclass(frozen=True)
class TrustedFile:
    """Issuers that somebody wrote into a file: names by DID."""

    name: str
    issuers: Mapping[str, str]

    def knows(self, issuer_id: str) -> KnownIssuer | None:
        """The entry of this DID, compared exactly, or None."""
        found = self.issuers.get(issuer_id)
        return KnownIssuer(found) if found else None

    def has_name(self, name: str) -> bool:
        """Whether one of them bears this name, capitals aside."""
        wanted = name.strip().casefold()
        return any(known.casefold() == wanted for known in self.issuers.values())


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
    return TrustedFile(name, {entry["did"]: entry["name"] for entry in entries})


def bears_known_name(registries: Sequence[OwnOrganisations | TrustedFile], name: str) -> bool:
    """Whether any register holds an issuer of this name."""
    return any(registry.has_name(name) for registry in registries)


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, dict) and all(
        isinstance(entry.get(member), str) and entry[member] for member in ("did", "name")
    )
