"""The same edition as a VC-JWT, for readers that know no embedded proofs: wanted first, signed beside, once.

RSA signatures are slow, and of most badges of a bulk nobody ever asks for one: so they are made when a learner has
accepted, never in the loop that signs awards, and a run that dies is repeated.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.errors import InvalidError
from badge_service.keyring.rules import Keyring
from badge_service.openbadges.credential import prepare
from badge_service.openbadges.proofs import vc_jwt
from badge_service.openbadges.signing import Signer
from badge_service.register.actions.documents import current_edition, newest_edition
from badge_service.register.actions.issuers import current_key
from badge_service.register.actions.keys import signer_of
from badge_service.register.actions.publications import publish_jwt
from badge_service.register.rules import EditionState
from badge_service.register.tables import Document, Edition, EditionJwt, Issuer
from badge_service.storage.bulk import one_of
from badge_service.storage.session import Database, now

BATCH = 50


def want_jwt(session: Session, document_token: str) -> None:
    """Have the newest edition of a document signed as a VC-JWT too, once that edition itself is signed."""
    edition = newest_edition(session, document_token)
    if edition is not None and session.get(EditionJwt, edition.id) is None:
        session.add(EditionJwt(edition_id=edition.id, wanted_at=now(session)))
        session.flush()


def want_as_before(session: Session, edition: Edition, others: Sequence[Edition]) -> None:
    """Whoever could have the older edition as a JWT can have the newer one."""
    had = select(EditionJwt.edition_id).where(EditionJwt.edition_id.in_([other.id for other in others]))
    if session.scalars(had).first() is not None and session.get(EditionJwt, edition.id) is None:
        session.add(EditionJwt(edition_id=edition.id, wanted_at=now(session)))
        session.flush()


def current_jwt(session: Session, document_token: str) -> str | None:
    """The VC-JWT of the newest signed edition, or `None` while it is not made."""
    edition = current_edition(session, document_token)
    made = session.get(EditionJwt, edition.id) if edition is not None else None
    return made.text if made is not None else None


def sign_wanted_jwts(
    database: Database, keyring: Keyring, algorithm: str, document_tokens: Sequence[str] = ()
) -> int:
    """Sign what is wanted (or that of some documents); returns how many. `UnavailableError` leaves it waiting."""
    done, after = 0, 0
    while wanted := _next_wanted(database, after):
        for edition, issuer_id in _ready(database, wanted, document_tokens):
            _sign_jwt(database, keyring, algorithm, edition, issuer_id)
            done += 1
        after = wanted[-1]
    return done


def _next_wanted(database: Database, after: int) -> Sequence[int]:
    """Asked of this table alone: a database that joins it with all editions may well begin with the editions."""
    waiting = EditionJwt.signed_at.is_(None), EditionJwt.failure.is_(None), EditionJwt.edition_id > after
    wanted = select(EditionJwt.edition_id).where(*waiting).order_by(EditionJwt.edition_id).limit(BATCH)
    with database.reading() as session:
        return session.scalars(wanted).all()


def _ready(database: Database, wanted: Sequence[int], tokens: Sequence[str]) -> list[tuple[Edition, int]]:
    """Those whose edition is signed, each with its issuer."""
    ready = (
        select(Edition, Document.issuer_id)
        .join(Document, Document.id == Edition.document_id)
        .where(Edition.id.in_(wanted), Edition.state == EditionState.SIGNED.value)
        .order_by(Edition.id)
    )
    with database.reading() as session:
        if tokens:
            ready = ready.where(one_of(session, Document.token, tokens))
        return [(edition, issuer_id) for edition, issuer_id in session.execute(ready)]


def _sign_jwt(database: Database, keyring: Keyring, algorithm: str, edition: Edition, issuer_id: int) -> None:
    with database.writing() as session:
        key = current_key(session, keyring, session.get_one(Issuer, issuer_id), algorithm)
    signer = signer_of(keyring, key)
    text, failure = _signed(edition, signer, key.verification_method)
    with database.writing() as session:
        made = session.get_one(EditionJwt, edition.id, with_for_update=True)
        if made.text is None:  # else another process was quicker
            made.text, made.failure, made.key_id = text, failure, key.id
            made.signed_at = now(session) if text is not None else None
            publish_jwt(session, edition, made)


def _signed(edition: Edition, signer: Signer, key_id: str) -> tuple[str | None, str | None]:
    try:
        return vc_jwt.sign_badge(prepare(edition.content), signer=signer, key_id=key_id), None
    except InvalidError as error:
        return None, error.message
