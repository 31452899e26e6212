"""Gathers what the files of a badge are made of, for its learner or, while its page is open, for anybody."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.rules import AwardState
from badge_service.awards.tables import Award
from badge_service.backpack.actions.open_badges import require_open
from badge_service.backpack.actions.own_badges import own_award
from badge_service.errors import ConflictError, UnavailableError
from badge_service.people.rules import Viewer
from badge_service.register.actions import current_edition, current_jwt, read_published


@dataclass(frozen=True)
class BadgeMaterial:
    """The exact signed text of a badge, its published picture, and what its definition says beside it.

    `picture_svg` is None where the picture was uploaded instead of drawn.
    """

    token: str
    share_code: str
    title: str
    signed_text: str
    picture_svg: bytes | None
    picture_png: bytes
    outcomes: tuple[str, ...]
    hours: float | None
    level: int | None


def own_material(session: Session, viewer: Viewer, token: str) -> BadgeMaterial:
    """For the learner, whoever else may see the badge.

    Raises `NotFoundError` for a badge that is not the viewer's, `ConflictError` before it is accepted and after it was
    withdrawn, `UnavailableError` before it is signed.
    """
    return _material(session, own_award(session, viewer, token))


def open_material(session: Session, token: str) -> BadgeMaterial:
    """For anybody; raises `NotFoundError` for whatever is not open, `ConflictError` for a withdrawn badge."""
    require_open(session, token)
    return _material(session, session.scalars(select(Award).where(Award.token == token)).one())


def signed_text(session: Session, viewer: Viewer, token: str) -> str:
    """The exact signed text of the viewer's own badge, withdrawn ones included: it is their data.

    Raises `NotFoundError`, `ConflictError` before it is accepted, `UnavailableError` before it is signed.
    """
    award = own_award(session, viewer, token)
    if award.state == AwardState.HELD:
        raise ConflictError(_("Accept this badge first."), code="badge.not_accepted")
    return _text(session, token)


def signed_jwt(session: Session, viewer: Viewer, token: str) -> str:
    """The same edition as a VC-JWT; raises as `signed_text`, and `UnavailableError` while it is still being made."""
    signed_text(session, viewer, token)
    text = current_jwt(session, token)
    if text is None:
        message = _("This form of your badge is still being made. Try again in a minute.")
        raise UnavailableError(message, code="badge.unsigned")
    return text


def _material(session: Session, award: Award) -> BadgeMaterial:
    if award.state != AwardState.ACCEPTED:
        raise ConflictError(
            _("There are no files of this badge: it is not accepted yet, or it was withdrawn."),
            code="badge.state",
        )
    content = award.version.content
    version = award.version
    picture = f"/images/{version.definition.slug}-{version.version}"
    return BadgeMaterial(
        token=award.token,
        share_code=award.share_code or "",
        title=award.version.title,
        signed_text=_text(session, award.token),
        picture_svg=None if version.picture_uploaded else _published(session, f"{picture}.svg"),
        picture_png=_published(session, f"{picture}.png"),
        outcomes=tuple(outcome["text"] for outcome in content["learning_outcomes"]),
        hours=content["workload_hours"]["total"],
        level=content["eqf_level"],
    )


def _text(session: Session, token: str) -> str:
    edition = current_edition(session, token)
    if edition is None or edition.signed_text is None:
        raise UnavailableError(
            _("This badge is still being signed. Try again in a minute."), code="badge.unsigned"
        )
    return edition.signed_text


def _published(session: Session, path: str) -> bytes:
    found = read_published(session, path)
    if found is None or found.gone:
        raise UnavailableError(_("The picture of this badge is missing."), code="badge.picture")
    return found.body
