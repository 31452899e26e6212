"""Keys as rows: their public half, who signs with them, and the set of all of them at one well-known address.

Follows: RFC 7517, section 5; the 1EdTech implementation guide on key provenance (each member says by `iss` whose it is).
"""

import hashlib
import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.errors import UnavailableError
from badge_service.keyring.rules import Keyring
from badge_service.openbadges.did import jwk_document
from badge_service.openbadges.public_key import ALGORITHMS, PublicKey
from badge_service.openbadges.signing import Signer
from badge_service.register.rules import Published
from badge_service.register.tables import Issuer, IssuerKey


def public_key_of(key: IssuerKey) -> PublicKey:
    """The public half, of the kind that its algorithm goes with."""
    return PublicKey(ALGORITHMS[key.algorithm][0], key.public_key)


def signer_of(keyring: Keyring, key: IssuerKey) -> Signer:
    """Who signs with this key; raises `UnavailableError`, also when the keyring has another key under its name."""
    signer = keyring.signer(key.name)
    if signer.public_key != public_key_of(key):
        raise UnavailableError(
            f"The key {key.name} is not the one that was published.",
            code="key.swapped",
            hint="Restore the keys folder from a backup of this service.",
        )
    return signer


def jwk_set(session: Session) -> Published:
    """Every key that was not compromised, made from the rows: no two issuers who open at once can miss each other's."""
    keys = session.execute(
        select(IssuerKey, Issuer.did)
        .join(Issuer, Issuer.id == IssuerKey.issuer_id)
        .where(IssuerKey.compromised_at.is_(None))
        .order_by(IssuerKey.id)
    )
    members = [
        jwk_document(public_key_of(key), key_id=key.verification_method, issuer_id=did) for key, did in keys
    ]
    body = json.dumps({"keys": members}, separators=(",", ":")).encode()
    return Published(body, "application/jwk-set+json", hashlib.sha256(body).hexdigest())
