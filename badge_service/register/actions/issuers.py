"""Opens issuers and gives each one key a calendar year, publishing both in the issuer's DID document."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.errors import ConflictError, NotFoundError
from badge_service.keyring.rules import Keyring
from badge_service.openbadges.did import did_document, jwk_document
from badge_service.openbadges.public_key import PublicKey
from badge_service.register.actions.keys import public_key_of
from badge_service.register.actions.publications import publish
from badge_service.register.actions.status import open_list
from badge_service.register.rules import PROOF_ALGORITHM, base_url, did_path, key_name, key_path
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


def current_key(
    session: Session, keyring: Keyring, issuer: Issuer, algorithm: str = PROOF_ALGORITHM
) -> IssuerKey:
    """The key to sign with this calendar year, made (and published) when the year has none yet."""
    usable = _usable_key(session, issuer, algorithm)
    return usable or _make_key(session, keyring, issuer, algorithm)


def _usable_key(session: Session, issuer: Issuer, algorithm: str) -> IssuerKey | None:
    usable = (
        select(IssuerKey)
        .where(
            IssuerKey.issuer_id == issuer.id,
            IssuerKey.algorithm == algorithm,
            IssuerKey.retired_at.is_(None),
        )
        .order_by(IssuerKey.id.desc())
    )
    year = now(session).year
    keys = session.scalars(usable)
    return next((key for key in keys if key.created_at.year == year and key.compromised_at is None), None)


def _make_key(session: Session, keyring: Keyring, issuer: Issuer, algorithm: str) -> IssuerKey:
    """Two signers who both find no key take turns here, so that the DID document never misses one of theirs."""
    session.execute(select(Issuer.id).where(Issuer.id == issuer.id).with_for_update())
    made_meanwhile = _usable_key(session, issuer, algorithm)
    if made_meanwhile is not None:
        return made_meanwhile
    name, public_key = _create_in_keyring(keyring, issuer.slug, algorithm, now(session).year)
    fragment = name.removeprefix(f"{issuer.slug}-")
    key = IssuerKey(
        issuer_id=issuer.id,
        name=name,
        algorithm=algorithm,
        verification_method=_named(issuer, algorithm, fragment),
        public_key=public_key.data,
        created_at=now(session),
    )
    session.add(key)
    session.flush()
    if algorithm != PROOF_ALGORITHM:
        _publish_jwk(session, issuer, key)
    _publish_did_document(session, issuer)
    return key


def _named(issuer: Issuer, algorithm: str, fragment: str) -> str:
    """How signatures name the key: readers of tokens know addresses of JWKs, readers of proofs DID URLs."""
    if algorithm == PROOF_ALGORITHM:
        return f"{issuer.did}#{fragment}"
    return f"{base_url(issuer.profile)}{key_path(issuer.slug, fragment)}"


def _create_in_keyring(keyring: Keyring, slug: str, algorithm: str, year: int) -> tuple[str, PublicKey]:
    """A run that died between file and commit leaves a key without a row: the next serial is taken, never that file."""
    for serial in range(1, 100):
        name = key_name(slug, algorithm, year, serial)
        try:
            return name, keyring.create(name, algorithm)
        except ConflictError:
            continue
    raise ConflictError(f"There are a hundred keys for {slug} in {year}.", code="key.exists")


def _publish_jwk(session: Session, issuer: Issuer, key: IssuerKey) -> None:
    path = key_path(issuer.slug, key.name.removeprefix(f"{issuer.slug}-"))
    document = jwk_document(public_key_of(key), key_id=key.verification_method, issuer_id=issuer.did)
    publish(session, path, json.dumps(document, indent=1).encode(), "application/jwk+json")


def _publish_did_document(session: Session, issuer: Issuer) -> None:
    keys = session.scalars(
        select(IssuerKey)
        .where(IssuerKey.issuer_id == issuer.id, IssuerKey.compromised_at.is_(None))
        .order_by(IssuerKey.id)
    )
    named = [(key.name.removeprefix(f"{issuer.slug}-"), public_key_of(key)) for key in keys]
    body = json.dumps(did_document(issuer.did, named), ensure_ascii=False, indent=1).encode()
    publish(session, did_path(issuer.slug), body, "application/did+json")
