"""The mails about a place in a workshop: on the list, in line, moved up; each with the link to give the place back."""

from flask_babel import gettext as _

from badge_service.people.mails import Letter
from badge_service.web.i18n import long_date, speaking
from badge_service.workshops.actions.joining import CALLED_OFF, JOINED, MOVED_UP
from badge_service.workshops.tables import Workshop


def place_letter(language: str, news: str, workshop: Workshop, link: str) -> Letter:
    """What happened to somebody's place; it greets nobody by name, for whoever typed the address may be another."""
    activity = workshop.activity
    with speaking(language):
        values = {"title": activity.title, "organisation": activity.organisation.name}
        if news == JOINED:
            subject = _("You are on the list: %(title)s", title=activity.title)
            said = _("You are on the list for “%(title)s”, organised by %(organisation)s.", **values)
        elif news == MOVED_UP:
            subject = _("A place is free for you: %(title)s", title=activity.title)
            said = _(
                "A place has become free: you are on the list for “%(title)s” by %(organisation)s.", **values
            )
        elif news == CALLED_OFF:
            subject = _("Called off: %(title)s", title=activity.title)
            said = _("“%(title)s” by %(organisation)s does not take place.", **values)
        else:
            subject = _("You are on the waiting list: %(title)s", title=activity.title)
            said = _(
                "All places of “%(title)s” by %(organisation)s are taken. You wait in line; we write when one is free.",
                **values,
            )
        if news == CALLED_OFF:
            return Letter(
                subject,
                "\n\n".join(
                    (_("Hello,"), said, _("It was to begin on %(day)s.", day=long_date(activity.starts_on)))
                ),
            )
        where = _(
            "It begins on %(day)s. Place: %(place)s", day=long_date(activity.starts_on), place=activity.place
        )
        paragraphs = (
            _("Hello,"),
            said,
            where,
            _("You cannot come, or somebody else typed your address? Give the place back here:"),
            link,
            _("The link works once. Your address is then forgotten."),
        )
        return Letter(subject, "\n\n".join(paragraphs))
