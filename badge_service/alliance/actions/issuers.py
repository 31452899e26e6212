"""The list on which an alliance puts issuers elsewhere that it knows, so that their badges are no strangers' here."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.alliance.actions.alliances import may_add_members
from badge_service.alliance.rules import issuer_faults
from badge_service.alliance.tables import Alliance, AllianceIssuer
from badge_service.errors import InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.storage import audit
from badge_service.storage.session import now


def list_issuer(session: Session, viewer: Viewer, alliance: Alliance, did: str, name: str) -> AllianceIssuer:
    """Put an issuer on the alliance's list, or give it another name there.

    Raises InvalidError with every fault, NotFoundError for people from elsewhere.
    """
    actor = _coordinator(session, viewer, alliance)
    did, name = did.strip(), " ".join(name.split())
    faults = issuer_faults(did, name)
    if faults:
        raise InvalidError(_("Something needs correcting."), faults=faults)
    entry = session.get(AllianceIssuer, (alliance.id, did))
    if entry is None:
        entry = AllianceIssuer(alliance_id=alliance.id, did=did, since=now(session).date())
        session.add(entry)
    entry.name = name
    session.flush()
    audit.record(session, actor, "alliance.list_issuer", f"alliance:{alliance.slug}", did=did, name=name)
    return entry


def strike_issuer(session: Session, viewer: Viewer, alliance: Alliance, did: str) -> None:
    """Take an issuer off the list; raises NotFoundError when it is not on it, and as above."""
    actor = _coordinator(session, viewer, alliance)
    entry = session.get(AllianceIssuer, (alliance.id, did))
    if entry is None:
        raise NotFoundError(_("There is no such issuer on this list."))
    session.delete(entry)
    session.flush()
    audit.record(session, actor, "alliance.strike_issuer", f"alliance:{alliance.slug}", did=did)


def issuers_of(session: Session, alliance: Alliance) -> list[AllianceIssuer]:
    """The alliance's list, by name."""
    query = select(AllianceIssuer).where(AllianceIssuer.alliance_id == alliance.id)
    return list(session.scalars(query.order_by(AllianceIssuer.name, AllianceIssuer.did)))


def _coordinator(session: Session, viewer: Viewer, alliance: Alliance) -> str:
    actor = viewer.acting_key()
    if not may_add_members(session, viewer, alliance):
        raise NotFoundError(_("There is no alliance at this address."))
    return actor
