"""Finds what must never be signed into a badge: addresses, phone numbers, names of learners, words about health."""

from collections.abc import Iterable

from flask_babel import gettext as _

from badge_service.errors import Fault
from badge_service.web.private_words import private_words


def lint(where: str, text: str, learner_names: Iterable[str] = ()) -> list[Fault]:
    """Everything in `text` that must not be signed, one fault each; `learner_names` are the group's full names."""
    found, faults = private_words(text, learner_names), []
    if found.email:
        faults.append(Fault(where, _("There is an e-mail address in it. Take it out."), "lint.email"))
    if found.phone:
        faults.append(Fault(where, _("There is a phone number in it. Take it out."), "lint.phone"))
    for name in found.names:
        message = _("It names a learner (“%(name)s”). Say “the learner” instead.", name=name)
        faults.append(Fault(where, message, "lint.name"))
    if found.health:
        faults.append(
            Fault(
                where, _("It says something about health. That is never signed into a badge."), "lint.health"
            )
        )
    return faults
