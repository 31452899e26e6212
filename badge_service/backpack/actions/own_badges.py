"""A learner's own badges: the shelf of all, and one with everything its page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from badge_service.awards.actions import corrections_of, lock_award
from badge_service.awards.rules import AgeQuestion, AwardState, Sharing, age_question
from badge_service.awards.tables import Award, AwardCorrection
from badge_service.backpack.rules import BadgeContents, Refusal, contents_of, refusal_to_open
from badge_service.errors import NotFoundError
from badge_service.people.rules import Viewer
from badge_service.register.actions import current_edition, unsigned_count
from badge_service.storage.session import now

PAGE_SIZE = 24


@dataclass(frozen=True)
class ShelfEntry:
    """One badge as a list shows it; `state` is held, accepted or revoked."""

    token: str
    title: str
    language: str
    issuer: str
    awarded: datetime
    state: str
    sharing: Sharing
    picture: str
    is_drawn: bool


@dataclass(frozen=True)
class Shelf:
    """One page of a learner's badges, newest first, and all that wait for an answer."""

    waiting: Sequence[ShelfEntry]
    badges: Sequence[ShelfEntry]
    page: int
    pages: int


@dataclass(frozen=True)
class OwnBadge:
    """One of the viewer's badges; `contents` is `None` while its first edition waits for the signature.

    `is_signing` tells that a newer edition (such as one with the name) is on its way. `name` is the one the learner
    chose to have in it, or `None`. `refusal` says why the page cannot be opened to others;
    `age` is what must be answered first, while that is the reason.
    """

    entry: ShelfEntry
    share_code: str
    name: str | None
    refusal: Refusal | None
    age: AgeQuestion | None
    is_signing: bool
    contents: BadgeContents | None
    signed_text: str | None
    revoked_at: datetime | None
    corrections: Sequence[AwardCorrection] = ()


def badges_of(session: Session, viewer: Viewer, page: int = 1) -> Shelf:
    """The viewer's accepted badges (withdrawn ones among them) and those waiting to be accepted."""
    viewer.acting_key()
    kept = (
        Award.person_id == viewer.person_id,
        Award.accepted_at.is_not(None),
        Award.state != AwardState.DECLINED.value,
    )
    count = session.scalar(select(func.count()).select_from(Award).where(*kept)) or 0
    pages = max(1, -(-count // PAGE_SIZE))
    page = min(max(page, 1), pages)
    shown = (
        select(Award).where(*kept).order_by(Award.id.desc()).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    )
    waiting = select(Award).where(Award.person_id == viewer.person_id, Award.state == AwardState.HELD.value)
    return Shelf(
        waiting=[_entry(award) for award in session.scalars(waiting.order_by(Award.id.desc()))],
        badges=[_entry(award) for award in session.scalars(shown)],
        page=page,
        pages=pages,
    )


def waiting_count(session: Session, viewer: Viewer) -> tuple[int, int]:
    """How many badges the viewer has, and how many wait to be accepted."""
    rows = session.execute(
        select(Award.state, func.count())
        .where(
            Award.person_id == viewer.person_id,
            Award.state.in_((AwardState.HELD.value, AwardState.ACCEPTED.value)),
        )
        .group_by(Award.state)
    ).all()
    counts = {row.state: row[1] for row in rows}
    return counts.get(AwardState.ACCEPTED.value, 0), counts.get(AwardState.HELD.value, 0)


def find_own(session: Session, viewer: Viewer, token: str) -> OwnBadge:
    """The viewer's own badge; raises `NotFoundError` for unknown, declined and other people's ones."""
    award = own_award(session, viewer, token)
    edition = current_edition(session, token) if award.state != AwardState.HELD else None
    refusal = refusal_to_open(award.state, award.person.age_band if award.person else None)
    country = award.organisation.region.country
    return OwnBadge(
        entry=_entry(award),
        share_code=award.share_code or "",
        name=award.name_on_badge,
        refusal=refusal,
        age=age_question(country, now(session).date()) if refusal is Refusal.AGE_UNKNOWN else None,
        is_signing=unsigned_count(session, [token]) > 0,
        contents=contents_of(edition.content) if edition else None,
        signed_text=edition.signed_text if edition else None,
        revoked_at=award.ended_at if award.state == AwardState.REVOKED else None,
        corrections=corrections_of(session, award),
    )


def own_award(session: Session, viewer: Viewer, token: str) -> Award:
    """The viewer's own award row; raises `NotFoundError` for what is not theirs to know of."""
    mine = select(Award).where(
        Award.token == token,
        Award.person_id == viewer.person_id,
        or_(Award.state == AwardState.HELD.value, Award.accepted_at.is_not(None)),
        Award.state != AwardState.DECLINED.value,
    )
    award = session.scalar(mine) if viewer.is_signed_in else None
    if award is None:
        raise NotFoundError(_("You have no badge at this address."), code="badge.missing")
    return award


def hold_own_award(session: Session, viewer: Viewer, token: str) -> Award:
    """The same, for this transaction alone to change; asked for before, so that a stranger makes nobody wait."""
    own_award(session, viewer, token)
    lock_award(session, token)
    return own_award(session, viewer, token)


def _entry(award: Award) -> ShelfEntry:
    version = award.version
    return ShelfEntry(
        token=award.token,
        title=version.title,
        language=version.language,
        issuer=award.organisation.name,
        awarded=award.decided_at,
        state=award.state,
        sharing=Sharing(award.sharing),
        picture=version.picture_address,
        is_drawn=not version.picture_uploaded,
    )
