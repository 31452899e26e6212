"""The mail that asks for answers, in the language of whoever gets it."""

from datetime import date

from flask_babel import gettext as _

from badge_service.people.mails import Letter
from badge_service.web.i18n import long_date, speaking


def survey_letter(
    language: str, name: str, question: str, about: str, address: str, closes_on: date, *, reminder: bool
) -> Letter:
    """Asks for a minute; `question` is the title of the form, `about` what it is about, in its own language."""
    with speaking(language):
        return Letter(
            f"{question} ({about})",
            "\n\n".join(
                (
                    _("Hello %(name)s,", name=name),
                    _("a few days ago we asked you this. It is the last time that we ask.")
                    if reminder
                    else _("you were in “%(about)s”. Please tell us how it went on.", about=about),
                    _("It takes a minute, and you need no account:"),
                    address,
                    _("The questions are open until %(day)s.", day=long_date(closes_on)),
                    _(
                        "Nobody sees who answered what. Answers are shown only when at least five people have answered."
                    ),
                    _("Do you want no mails like this one? Say so here:"),
                    f"{address}/no",
                )
            ),
        )
