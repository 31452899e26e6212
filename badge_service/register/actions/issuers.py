"""Opens issuers and gives each one key a calendar year, publishing both in the issuer's DID document."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.errors import ConflictError, NotFoundError
from badge_service.keyring.rules import Keyring
from badge_service.openbadges.did import did_document
from badge_service.openbadges.public_key import KeyKind, PublicKey
from badge_service.register.actions.publications import publish
from badge_service.register.actions.status import open_list
from badge_service.register.rules import did_path, key_name
from badge_service.register.tables import Issuer, IssuerKey
from badge_service.storage.session import now


def open_issuer(
    session: Session, keyring: Keyring, *, slug: str, did: str, profile: Mapping[str, Any]
) -> Issuer:
    """Make an issuer with its key, its first status list and its DID document; an existing one is returned as it is.

    Raises `ConflictError` when the slug is taken by another DID.
    """
    issuer = session.scalar(select(Issuer).where(Issuer.slug == slug))
    if issuer is not None:
        if issuer.did != did:
            raise ConflictError("An issuer's DID never changes.", code="issuer.did")
        return issuer
    issuer = Issuer(slug=slug, did=did, profile=dict(profile), created_at=now(session))
    session.add(issuer)
    session.flush()
    current_key(session, keyring, issuer)
    open_list(session, issuer)
    return issuer


def find_issuer(session: Session, issuer_id: int) -> Issuer:
    """The issuer with this internal number; raises `NotFoundError`."""
    issuer = session.get(Issuer, issuer_id)
    if issuer is None:
        raise NotFoundError("There is no such issuer.", code="issuer.missing")
    return issuer


def set_profile(session: Session, issuer: Issuer, profile: Mapping[str, Any]) -> None:
    """What the issuer's next badges will carry; raises `ConflictError` when the profile names another DID."""
    if profile.get("id") != issuer.did:
        raise ConflictError("An issuer's DID never changes.", code="issuer.did")
    issuer.profile = dict(profile)


def current_key(session: Session, keyring: Keyring, issuer: Issuer) -> IssuerKey:
    """The key to sign with this calendar year, made (and published) when the year has none yet."""
    return _usable_key(session, issuer) or _make_key(session, keyring, issuer)


def _usable_key(session: Session, issuer: Issuer) -> IssuerKey | None:
    usable = (
        select(IssuerKey)
        .where(IssuerKey.issuer_id == issuer.id, IssuerKey.retired_at.is_(None))
        .order_by(IssuerKey.id.desc())
    )
    year = now(session).year
    keys = session.scalars(usable)
    return next((key for key in keys if key.created_at.year == year and key.compromised_at is None), None)


def _make_key(session: Session, keyring: Keyring, issuer: Issuer) -> IssuerKey:
    """Two signers who both find no key take turns here, so that the DID document never misses one of theirs."""
    session.execute(select(Issuer.id).where(Issuer.id == issuer.id).with_for_update())
    made_meanwhile = _usable_key(session, issuer)
    if made_meanwhile is not None:
        return made_meanwhile
    name, public_key = _create_in_keyring(keyring, issuer.slug, now(session).year)
    fragment = name.removeprefix(f"{issuer.slug}-")
    key = IssuerKey(
        issuer_id=issuer.id,
        name=name,
        verification_method=f"{issuer.did}#{fragment}",
        public_key=public_key.data,
        created_at=now(session),
    )
    session.add(key)
    session.flush()
    _publish_did_document(session, issuer)
    return key


def _create_in_keyring(keyring: Keyring, slug: str, year: int) -> tuple[str, PublicKey]:
    """A run that died between file and commit leaves a key without a row: the next serial is taken, never that file."""
    for serial in range(1, 100):
        name = key_name(slug, year, serial)
        try:
            return name, keyring.create(name)
        except ConflictError:
            continue
    raise ConflictError(f"There are a hundred keys for {slug} in {year}.", code="key.exists")


def _publish_did_document(session: Session, issuer: Issuer) -> None:
    keys = session.scalars(
        select(IssuerKey)
        .where(IssuerKey.issuer_id == issuer.id, IssuerKey.compromised_at.is_(None))
        .order_by(IssuerKey.id)
    )
    named = [(key.verification_method.split("#", 1)[1], key.public_key) for key in keys]
    document = did_document(
        issuer.did, [(fragment, PublicKey(KeyKind.ED25519, data)) for fragment, data in named]
    )
    body = json.dumps(document, ensure_ascii=False, indent=1).encode()
    publish(session, did_path(issuer.slug), body, "application/did+json")
