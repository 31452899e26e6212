"""What people agreed to: given with the version of the text they read, withdrawn as easily."""

from collections.abc import Sequence

from flask import has_request_context
from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from badge_service.errors import NotFoundError
from badge_service.people.rules import Viewer
from badge_service.people.tables import Consent
from badge_service.storage import audit
from badge_service.storage.session import now
from badge_service.web.i18n import current_language


def give_consent(
    session: Session, viewer: Viewer, *, kind: str, subject: str, text_version: str, how: str
) -> Consent:
    """Write down the viewer's own consent, such as kind "name_in_badge", subject "award:<token>", how "claim page".

    Its language is that of the page that was read, which need not be the one that the person has chosen.
    """
    actor = viewer.acting_key()
    consent = Consent(
        person_id=viewer.person_id,
        kind=kind,
        subject=subject,
        text_version=text_version,
        language=current_language() if has_request_context() else viewer.language,
        how=how,
        given_at=now(session),
    )
    session.add(consent)
    session.flush()
    audit.record(session, actor, "consent.give", subject, kind=kind)
    return consent


def withdraw_consent(session: Session, viewer: Viewer, *, kind: str, subject: str) -> None:
    """Withdraw the viewer's own consent; raises `NotFoundError` when none stands."""
    actor = viewer.acting_key()
    standing = session.scalars(_standing(viewer, kind).where(Consent.subject == subject)).all()
    if not standing:
        raise NotFoundError(_("There is no such consent."), code="consent.missing")
    for consent in standing:
        consent.withdrawn_at = now(session)
    session.flush()
    audit.record(session, actor, "consent.withdraw", subject, kind=kind)


def standing_consents(session: Session, viewer: Viewer, kind: str) -> Sequence[Consent]:
    """The viewer's own consents of a kind that are not withdrawn, oldest first."""
    return session.scalars(_standing(viewer, kind).order_by(Consent.id)).all()


def _standing(viewer: Viewer, kind: str) -> Select[Consent]:
    return select(Consent).where(
        Consent.person_id == viewer.person_id, Consent.kind == kind, Consent.withdrawn_at.is_(None)
    )
