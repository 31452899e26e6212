"""Mails many claim links at once: the words that all learners of a badge and language read are put together once."""

from collections.abc import Callable, Sequence
from functools import cache

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from badge_service.awards.actions.linking import first_links
from badge_service.people.mails import Letter
from badge_service.settings import Settings
from badge_service.web import mail
from badge_service.web.i18n import speaking

Write = Callable[[str, str], Letter]


def award_letters(language: str, title: str, organisation: str, address: str) -> Write:
    """Writes the letter of each learner from name and code; `title` stays in the badge's own language.

    `address` is where the service is reached.
    """
    with speaking(language):
        subject, hello = _("A badge is waiting for you: %(title)s", title=title), _("Hello %(name)s,")
        given = _(
            "%(organisation)s has given you the badge “%(title)s”.", organisation=organisation, title=title
        )
        before = (given, _("Look at what is in it, then accept or decline:"))
        after = (
            _("Nobody can see the badge before you accept it. Afterwards you decide who sees it."),
            _("Keep this mail to yourself: whoever has the link can answer for you."),
        )

    def write(name: str, code: str) -> Letter:
        link = f"{address}/claim/{code}"
        return Letter(subject, "\n\n".join((hello % {"name": name}, *before, link, *after)))

    return write


def send_first_links(session: Session, settings: Settings, award_tokens: Sequence[str]) -> list[str]:
    """Mail a first claim link for each award that waits for one; returns the tokens of those to be looked at alone."""
    links, others = first_links(session, award_tokens)
    letters = cache(award_letters)
    mails = []
    for one in links:
        letter = letters(one.language, one.title, one.organisation, settings.address)(one.name, one.code)
        written = mail.Mail(one.email, letter.subject, letter.text, one.language, f"award:{one.award_token}")
        mails.append(written)
    mail.send_all(session, mails)
    return others
