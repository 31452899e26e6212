"""What judging needs from outside: the time, a way to fetch, registers of issuers, and which addresses are our own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from badge_service.errors import InvalidError, NotFoundError, UnavailableError
from badge_service.openbadges import bitstring_status_list
from badge_service.openbadges.did import Fetch, Fetched
from badge_service.openbadges.proofs.secured import Examine
from badge_service.openbadges.verification import ExplainRevocation, Explanation, Remembered
from badge_service.register import actions as register
from badge_service.register.rules import RevocationReason
from badge_service.settings import Settings
from badge_service.storage.session import Database
from badge_service.verifier.fetching import StrictFetcher
from badge_service.verifier.registries import AllianceLists, OwnOrganisations, Register, WatchedFile
from badge_service.verifier.rules import share_token

_LOCAL = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class Desk:
    """One place where badges are judged. `begin` gives a fetch function with the time allowance of one badge.

    `begin_examining` gives what canonicalizes all that one badge brings, within the allowance of the sandbox;
    `remembered` is kept between badges.
    `hosts` are those under which share links of ours may be written; `public_url` is what signed documents say.
    """

    now: datetime
    begin: Callable[[], Fetch]
    begin_examining: Callable[[], Examine]
    registries: Sequence[Register] = ()
    explain: ExplainRevocation | None = None
    remembered: Remembered = field(default_factory=Remembered)
    hosts: frozenset[str] = field(default_factory=frozenset)
    public_url: str = ""

    def is_own(self, url: str) -> bool:
        """Whether an address in a badge is one of ours."""
        return bool(self.public_url) and url.startswith(f"{self.public_url}/")


@dataclass(frozen=True)
class Words:
    """What the desk says in the reader's language: names of registers, and reasons of withdrawals ("" for none)."""

    own_register: str
    alliance_register: str
    trusted_register: str
    reasons: Mapping[RevocationReason, str]


@dataclass(frozen=True)
class Tools:
    """What a service keeps from one badge to the next: who fetches, who canonicalizes, what was learnt, who is trusted."""

    foreign: StrictFetcher
    begin_examining: Callable[[], Examine]
    trusted: WatchedFile | None = None
    remembered: Remembered = field(default_factory=Remembered)


def service_desk(database: Database, settings: Settings, tools: Tools, words: Words) -> Desk:
    """The desk of a running service: own addresses by the in-process reader, all others by the strict fetcher."""
    own = register.OwnReader(database, settings.public_url, settings.address)
    registries: list[Register] = [
        OwnOrganisations(database, words.own_register),
        AllianceLists(database, words.alliance_register),
    ]
    if tools.trusted is not None:
        registries.append(tools.trusted.under(words.trusted_register))
    return Desk(
        now=database.clock(),
        begin=lambda: _own_first(own, tools.foreign.within()),
        registries=registries,
        explain=lambda document, entry: _explain(database, settings.public_url, words, document, entry),
        begin_examining=tools.begin_examining,
        remembered=tools.remembered,
        hosts=own_hosts(settings),
        public_url=settings.public_url,
    )


def own_hosts(settings: Settings) -> frozenset[str]:
    """The hosts (with port) that people may see in the address bar; on this very machine it has several names."""
    hosts = {urlsplit(url).netloc for url in (settings.public_url, settings.address)}
    for host in tuple(hosts):
        name, colon, port = host.rpartition(":")
        if (name if colon else host) in _LOCAL:
            hosts |= {f"{local}:{port}" if colon else local for local in _LOCAL}
    return frozenset(hosts)


def folder_fetch(folder: Path) -> Fetch:
    """Reads a folder `<host>/<path>` as a static host would serve it, by http and https alike; no network."""
    root = folder.resolve()

    def fetch(url: str) -> Fetched:
        try:
            return _in_folder(root, url)
        except (OSError, ValueError) as error:  # no address at all, or a name that no folder can hold
            raise UnavailableError(
                "This cannot be an address in the folder.", code="fetch_refused"
            ) from error

    return fetch


def _in_folder(root: Path, url: str) -> Fetched:
    parts = urlsplit(url)
    host = _host_folder(root, unquote(parts.netloc))
    if parts.scheme not in {"http", "https"} or host is None:
        raise UnavailableError(f"{parts.netloc} is not in the folder.", code="fetch_refused")
    file = (host / parts.path.lstrip("/")).resolve()
    if parts.query or not file.is_relative_to(host) or not file.is_file():
        raise NotFoundError(f"There is nothing at {url} in the folder.", code="fetch_missing")
    return Fetched(file.read_bytes(), "application/json")


def _host_folder(root: Path, netloc: str) -> Path | None:
    if not netloc or netloc.startswith(".") or "/" in netloc or "\\" in netloc:
        return None
    candidates = (root / netloc, root / netloc.replace(":", "%3A"))
    return next((folder for folder in candidates if folder.is_dir()), None)


def _own_first(own: register.OwnReader, foreign: Fetch) -> Fetch:
    def fetch(url: str) -> Fetched:
        if not own.owns(url):
            return foreign(url)
        published = own.read(url)
        return Fetched(published.body, published.media_type)

    return fetch


def _explain(
    database: Database, public_url: str, words: Words, document: Mapping[str, Any], entry: Mapping[str, Any]
) -> Explanation | None:
    """Why one of our own badges was revoked by `entry`; nothing for a stranger's document that merely names our address."""
    token = share_token(str(document.get("id")), frozenset({urlsplit(public_url).netloc}))
    if token is None or not str(entry.get("statusListCredential")).startswith(f"{public_url}/"):
        return None
    try:
        position = bitstring_status_list.index_of(entry)
    except InvalidError:
        return None
    with database.reading() as session:
        found = register.explain(session, token, position)
    if found is None:
        return None
    kind = "replaced" if found.newer else "withdrawn"
    return Explanation(kind, found.at.date().isoformat(), words.reasons.get(found.reason, ""))
