"""Makes the golden documents of one release: `python tests/golden/make.py 0.2.0` writes `tests/golden/0.2.0/`, once.

The demo's main job is played at a fixed moment with keys that are thrown away afterwards; some of what it signed is
kept, with the pages that a verifier asks for. `test_golden.py` holds every release to verify it for ever.
"""

import hashlib
import json
import sys
import tempfile
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from badge_service.demo.play import Theatre, play
from badge_service.errors import NotFoundError
from badge_service.keyring.files import KeyFolder
from badge_service.openbadges import canonical, verification
from badge_service.openbadges.credential import prepare
from badge_service.openbadges.proofs import jose, vc_jwt
from badge_service.register import actions as register
from badge_service.register.actions.issuers import current_key
from badge_service.register.tables import Document, Edition, EditionJwt, Issuer
from badge_service.settings import Settings, for_demo
from badge_service.storage.schema import upgrade
from badge_service.storage.session import Database
from badge_service.worker import Worker

HERE = Path(__file__).parent
HOST = "badges.example.org"
SIGNED = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
SUMS = HERE / "SHA256SUMS"


class Folder:
    """What a release's folder holds: signed documents, the pages of our host, and what must come out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.documents: dict[str, dict[str, Any]] = {}

    def keep(self, name: str, text: str, issuer: str) -> None:
        """One signed document, with its verdict and the digest of its canonical form."""
        (self.folder / name).write_text(text, encoding="utf-8")
        self.documents[name] = {"issuer": issuer, **judged(self.folder, text, issuer)}


def judged(folder: Path, text: str, issuer: str, now: datetime = SIGNED) -> dict[str, Any]:
    """What a verifier finds that knows the issuer, and has only the folder's pages to fetch."""
    read = jose.credential_in(jose.parse(text)) if text.startswith("ey") else json.loads(text)
    unsigned = {name: value for name, value in read.items() if name != "proof"}
    found = canonical.examine(unsigned)
    verdict = verification.verify(
        text, now=now, fetch=lambda url: published(folder, url), registries=[Register(issuer)]
    )
    return {
        "canonical_sha256": hashlib.sha256(found.nquads.encode()).hexdigest() if not found.faults else None,
        "outcome": verdict.outcome.value,
        "checks": {check.id: check.outcome.value for check in verdict.checks},
    }


class Register:
    """A register that lists one issuer."""

    name = "the golden register"

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def knows(self, issuer_id: str) -> verification.KnownIssuer | None:
        """The issuer, if it is the one."""
        return verification.KnownIssuer("Demo school") if issuer_id == self.issuer else None


def published(folder: Path, url: str) -> verification.Fetched:
    """The page that stood at `url`; raises NotFoundError."""
    file = folder / "pages" / url.removeprefix("https://")
    if not file.is_file():
        raise NotFoundError(f"nothing at {url}")
    return verification.Fetched(file.read_bytes(), "application/json")


def make(release: str) -> None:
    """Write the folder of `release` and its digests; a release that is there is never touched."""
    kept = Folder(HERE / release)
    kept.folder.mkdir()
    with tempfile.TemporaryDirectory() as place:
        address = f"https://{HOST}"
        settings = replace(for_demo(Path(place)), public_url=address, address=address)
        database = Database(settings.database_url, clock=lambda: SIGNED)
        upgrade(database)
        keyring = KeyFolder(settings.keys_folder)
        _played(settings, database, keyring)
        by_es256 = _by_es256(database, keyring)
        register.write_folder(database, kept.folder / "pages", HOST)
        _chosen(database, kept)
        kept.keep("accepted-edition-2-es256.jws", *by_es256)
        database.close()
    _without_the_unneeded(kept.folder / "pages" / HOST, " ".join(_texts(kept.folder)))
    manifest = {"signed": SIGNED.isoformat(), "documents": kept.documents}
    (kept.folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    with SUMS.open("a") as sums:
        sums.writelines(f"{digest}  {path}\n" for path, digest in digests(kept.folder).items())


def _played(settings: Settings, database: Database, keyring: KeyFolder) -> None:
    worker = Worker(settings, database, keyring)
    for _step in play(Theatre(settings, database, keyring, worker.run_until_quiet)):
        pass


def _by_badge(database: Database) -> dict[str, list[Any]]:
    """Of every badge: its editions in order, with their issuer's DID and their token."""
    with database.reading() as session:
        rows = session.execute(
            select(Edition, Document.token, Issuer.did, EditionJwt.text)
            .join(Document, Document.id == Edition.document_id)
            .join(Issuer, Issuer.id == Document.issuer_id)
            .outerjoin(EditionJwt, EditionJwt.edition_id == Edition.id)
            .order_by(Document.id, Edition.number)
        ).all()
    by_badge: dict[str, list[Any]] = defaultdict(list)
    for edition, token, issuer, jwt in rows:
        by_badge[token].append((edition, issuer, jwt))
    return by_badge


def _chosen(database: Database, kept: Folder) -> None:
    """The badge that nobody claimed, and both editions of the first that was accepted and of the one revoked since."""
    badges = _by_badge(database)
    with database.reading() as session:
        ended = {token: found[-1][0].status_position for token, found in badges.items() if len(found) > 1}
        revoked = next(token for token, place in ended.items() if register.explain(session, token, place))
    alone = next(found for found in badges.values() if len(found) == 1)
    accepted = next(found for token, found in badges.items() if len(found) > 1 and token != revoked)
    for name, found in {"held": alone, "accepted": accepted, "revoked": badges[revoked]}.items():
        for edition, issuer, jwt in found:
            kept.keep(f"{name}-edition-{edition.number}.json", edition.signed_text, issuer)
            if jwt:
                kept.keep(f"{name}-edition-{edition.number}-rs256.jws", jwt, issuer)


def _by_es256(database: Database, keyring: KeyFolder) -> tuple[str, str]:
    """The first accepted badge once more, with the algorithm that a setting may ask for; and its issuer."""
    edition, did, _jwt = next(found for found in _by_badge(database).values() if len(found) > 1)[-1]
    with database.writing() as session:
        issuer = session.scalars(select(Issuer).where(Issuer.did == did)).one()
        key = current_key(session, keyring, issuer, "ES256")
    prepared = prepare(edition.content)
    return vc_jwt.sign_badge(prepared, signer=keyring.signer(key.name), key_id=key.verification_method), did


def _texts(folder: Path) -> list[str]:
    """Everything that names an address: the documents, and the key documents of their issuers."""
    return [file.read_text("utf-8") for file in folder.glob("*.js*")]


def _without_the_unneeded(pages: Path, texts: str) -> None:
    """Keep the pages that the documents name, key documents and lists; pictures and other badges go."""
    for file in sorted(pages.rglob("*")):
        path = file.relative_to(pages).as_posix()
        home = "/".join(path.split("/")[:2])
        always = "jwks" in path or (home.startswith("issuers/") and home.replace("/", ":") in texts)
        named = f"/{path}" in texts or f'/{path.removesuffix(".json")}"' in texts
        wanted = always or (named and not path.startswith("credentials/"))
        if file.is_file() and (not wanted or file.suffix in (".png", ".svg")):
            file.unlink()
    for folder in sorted((path for path in pages.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def digests(folder: Path) -> dict[str, str]:
    """Of every file in a release's folder, as `sha256sum` writes it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(HERE).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


if __name__ == "__main__":
    make(sys.argv[1])
