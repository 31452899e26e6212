"""Opening and hiding the page of a badge: its learner's decision alone, written down as a consent, undone at once."""

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from badge_service.awards.rules import AgeBand, Sharing
from badge_service.awards.tables import Award
from badge_service.backpack.actions.own_badges import hold_own_award
from badge_service.backpack.rules import Refusal, json_path, refusal_to_open
from badge_service.errors import (
    ConflictError,
    Fault,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    UnavailableError,
)
from badge_service.people.actions import give_consent, standing_consents, withdraw_consent
from badge_service.people.rules import Viewer
from badge_service.people.tables import Person
from badge_service.register.actions import set_visible
from badge_service.storage import audit

CONSENT_KINDS = {Sharing.LINK: "badge_page.link", Sharing.LISTED: "badge_page.listed"}
CONSENT_TEXT = "badge-page-1"


def set_sharing(
    session: Session, viewer: Viewer, token: str, sharing: str, *, how: str = "badge page"
) -> Sharing:
    """Let nobody, everybody with the link, or everybody see the page and document of the viewer's badge.

    The award and the publication change in this one transaction. Hiding always works. Raises `InvalidError` for a word
    that is no state, `NotFoundError` for a badge that is not the viewer's, `ConflictError` for one not accepted or
    withdrawn, `NotAllowedError` below the age limit or while the age is unknown, `UnavailableError` while it waits for its signature.
    """
    actor = viewer.acting_key()
    award = hold_own_award(session, viewer, token)
    wanted = _state(sharing)
    if wanted is not Sharing.PRIVATE:
        require_openable(award, wanted)
    _publish(session, token, wanted)
    if award.sharing != wanted:
        _record_consent(session, viewer, token, wanted, how)
        audit.record(
            session, actor, "badge.share", f"award:{token}", before=award.sharing, after=wanted.value
        )
    award.sharing = wanted.value
    return wanted


def answer_age(session: Session, viewer: Viewer, band: AgeBand) -> bool:
    """Keep in which of the three spans the viewer was born; an answer given before stays, and False is returned."""
    actor = viewer.acting_key()
    unknown = update(Person).where(Person.id == viewer.person_id, Person.age_band.is_(None))
    answered = session.scalars(unknown.values(age_band=band.value).returning(Person.id)).first()
    if answered is not None:
        audit.record(session, actor, "person.age", f"person:{actor}")
    return answered is not None


def refusal_words(refusal: Refusal) -> str:
    """Why a page cannot be opened, in words for its learner."""
    words = {
        Refusal.NOT_ACCEPTED: _("Accept this badge first. Until then nobody can see it."),
        Refusal.WITHDRAWN: _(
            "The school has withdrawn this badge, so it cannot be shown to others any more."
        ),
        Refusal.TOO_YOUNG: _(
            "At your age a parent or guardian decides with you whether others may see this page. "
            "Ask your teacher how. You can still download your badge and hand it over yourself."
        ),
        Refusal.AGE_UNKNOWN: _("Before others may see this page, say when you were born."),
    }
    return str(words[refusal])


def _state(sharing: str) -> Sharing:
    try:
        return Sharing(sharing)
    except ValueError as error:
        message = _("Choose who can see this badge.")
        raise InvalidError(message, faults=[Fault("sharing", message, "sharing")]) from error


def require_openable(award: Award, wanted: Sharing = Sharing.LINK) -> None:
    """Raise why a badge's learner cannot let others see it, as `set_sharing` does."""
    refusal = refusal_to_open(award.state, award.person.age_band if award.person else None)
    # Going from listed to by link closes a page further; a badge withdrawn meanwhile may do that.
    is_closing = award.sharing == Sharing.LISTED and wanted is Sharing.LINK
    if refusal is None or (refusal is Refusal.WITHDRAWN and is_closing):
        return
    of_age = (Refusal.TOO_YOUNG, Refusal.AGE_UNKNOWN)
    family = NotAllowedError if refusal in of_age else ConflictError
    raise family(refusal_words(refusal), code=refusal.value)


def _publish(session: Session, token: str, wanted: Sharing) -> None:
    try:
        set_visible(session, json_path(token), wanted is not Sharing.PRIVATE)
    except NotFoundError as error:
        if wanted is not Sharing.PRIVATE:  # what is not there yet is hidden enough
            raise UnavailableError(
                _("This badge is still being signed. Try again in a minute."), code="badge.unsigned"
            ) from error


def _record_consent(session: Session, viewer: Viewer, token: str, wanted: Sharing, how: str) -> None:
    subject = f"award:{token}"
    for kind in CONSENT_KINDS.values():
        if any(consent.subject == subject for consent in standing_consents(session, viewer, kind)):
            withdraw_consent(session, viewer, kind=kind, subject=subject)
    if wanted is not Sharing.PRIVATE:
        kind = CONSENT_KINDS[wanted]
        give_consent(session, viewer, kind=kind, subject=subject, text_version=CONSENT_TEXT, how=how)
