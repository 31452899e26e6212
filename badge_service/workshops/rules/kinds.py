"""The two kinds of learners: each is told in own words why their data is kept and what they can do about it."""

from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from badge_service.errors import Fault


class LearnerKind(StrEnum):
    """As what somebody comes; who has not said it counts as a student, whom the rules protect most."""

    STUDENT = "student"
    PROFESSIONAL = "professional"


KIND_WORDS = {
    LearnerKind.STUDENT: _l("I learn at a school"),
    LearnerKind.PROFESSIONAL: _l("I come from work, or on my own"),
}
KINDS_OF_LEARNERS = {
    LearnerKind.STUDENT: _l("learners of a school"),
    LearnerKind.PROFESSIONAL: _l("people from work"),
}
"""The same as teachers say it."""
KIND_TELLS = {
    LearnerKind.STUDENT: _l(
        "Teaching is your school's task. For it the school keeps your name, whether you were there and what you learnt; "
        "nobody has to agree to that. For photos and the like ask at home first if you are under 18."
    ),
    LearnerKind.PROFESSIONAL: _l(
        "You ask for a place, and to give it to you your name is kept, whether you were there and what you learnt. "
        "Nobody tells your employer. You can ask for a copy, or that it is deleted."
    ),
}
"""What each kind is told before they join; the page on privacy says the rest."""


def kind_faults(kind: str) -> list[Fault]:
    """What is wrong with a kind that was sent."""
    if kind in {one.value for one in LearnerKind}:
        return []
    return [Fault("kind", _("Choose as what you come."), "kind")]
