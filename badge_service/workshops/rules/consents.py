"""What learners of a workshop may be asked to agree to; none of it is a condition for joining."""

from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from badge_service.errors import Fault
from badge_service.web.texts import language_faults, text_faults

LONGEST_CONSENT = 1000


class Agreement(StrEnum):
    """The things one can be asked for, each by its own text and with its own box."""

    PHOTOS = "photos"
    FILM = "film"
    WORK = "work"
    STORY = "story"


AGREEMENT_WORDS = {
    Agreement.PHOTOS: _l("Photos"),
    Agreement.FILM: _l("Film and sound"),
    Agreement.WORK: _l("Showing what I made"),
    Agreement.STORY: _l("Telling my story"),
}


def consent_faults(kind: str, text: str, language: str) -> list[Fault]:
    """Everything wrong with a text that learners shall be asked."""
    faults = text_faults("text", text, LONGEST_CONSENT, lines=True)
    if kind not in {agreement.value for agreement in Agreement}:
        faults.append(Fault("kind", _("Choose what it is about."), "kind"))
    return faults + language_faults(language)
