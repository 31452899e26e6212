"""What a stranger may see of a badge: nothing, unless its learner accepted it and opened its page."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.rules import AgeBand, AwardState, Sharing
from badge_service.awards.tables import Award
from badge_service.backpack.rules import is_open, json_path
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import NotFoundError
from badge_service.register.actions import read_published
from badge_service.storage import crockford

MOST_LISTED = 24


@dataclass(frozen=True)
class OpenBadge:
    """A badge whose page is open; what it says stands in the published document at `json_path`, nowhere else.

    `name` is the name its learner wants on it now, for lists; lists name adults alone.
    """

    token: str
    share_code: str
    sharing: Sharing
    title: str
    name: str | None
    is_drawn: bool

    @property
    def noindex(self) -> bool:
        """Whether search engines are asked to stay away (open by link only)."""
        return self.sharing is not Sharing.LISTED

    @property
    def json_path(self) -> str:
        """Where its signed document is published."""
        return json_path(self.token)


def open_badge(session: Session, token: str) -> OpenBadge | None:
    """The open badge at this token; `None` alike for unknown, held, declined, private and erased ones.

    A badge revoked while open stays open: its page says that it was revoked. For 410, ask `was_erased`.
    """
    published = read_published(session, json_path(token))
    if published is None or published.gone:
        return None
    award = session.scalar(select(Award).where(Award.token == token))
    return _opened(award) if award is not None else None


def was_erased(session: Session, token: str) -> bool:
    """Whether a badge was erased while its page was open, so that its address answers “gone” (decisions 16)."""
    published = read_published(session, json_path(token))
    return published is not None and published.gone


def require_open(session: Session, token: str) -> OpenBadge:
    """The open badge at this token; raises `NotFoundError` with the one sentence for whatever is not open."""
    badge = open_badge(session, token)
    if badge is None:
        raise NotFoundError(_("There is no open badge at this address."), code="badge.not_open")
    return badge


def find_by_share_code(session: Session, code: str) -> OpenBadge | None:
    """The open badge with this share code, however it was typed; `None` for one that is not open.

    Raises `InvalidError` for a typing mistake, which the checksum finds without asking the database.
    """
    written = crockford.check(code)
    award = session.scalar(select(Award).where(Award.share_code == written))
    return open_badge(session, award.token) if award is not None else None


def listed_badges(session: Session, definition_id: int) -> Sequence[OpenBadge]:
    """The newest badges of a definition whose learners chose to be found, at most `MOST_LISTED`."""
    listed = (
        select(Award)
        .join(DefinitionVersion, DefinitionVersion.id == Award.version_id)
        .where(
            DefinitionVersion.definition_id == definition_id,
            Award.sharing == Sharing.LISTED.value,
            Award.state == AwardState.ACCEPTED.value,
        )
        .order_by(Award.id.desc())
        .limit(MOST_LISTED)
    )
    opened = (open_badge(session, award.token) for award in session.scalars(listed))
    return [badge for badge in opened if badge is not None]


def _opened(award: Award) -> OpenBadge | None:
    if not is_open(award.state, award.sharing, was_accepted=award.accepted_at is not None):
        return None
    is_adult = award.person is not None and award.person.age_band == AgeBand.ADULT
    name = award.name_on_badge if is_adult else None
    is_drawn, title = not award.version.picture_uploaded, award.version.title
    return OpenBadge(award.token, award.share_code or "", Sharing(award.sharing), title, name, is_drawn)
