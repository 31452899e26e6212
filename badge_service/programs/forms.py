"""The forms of this room: a key for a program, an address that is told of events."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from badge_service.programs.rules import Scope
from badge_service.programs.rules.webhooks import Event
from badge_service.web.forms import Form, Needed

SCOPE_WORDS: dict[Scope, Any] = {
    Scope.DEFINITIONS_READ: _l("Read the micro-credentials"),
    Scope.WORKSHOPS_READ: _l("Read workshops"),
    Scope.WORKSHOPS_WRITE: _l("Plan workshops"),
    Scope.ENROLMENTS_READ: _l("Read who is enrolled"),
    Scope.ENROLMENTS_WRITE: _l("Enrol learners"),
    Scope.ASSESSMENTS_READ: _l("Read the levels that learners reached"),
    Scope.ASSESSMENTS_WRITE: _l("Set levels in a teacher's name"),
    Scope.AWARDS_READ: _l("Read which badges were given"),
    Scope.AWARDS_WRITE: _l("Give and withdraw badges in a teacher's name"),
}


class KeyForm(Form):
    """What a new key is called and what it is for."""

    name = StringField(
        _l("Which program?"),
        [Needed()],
        description=_l("For example: our school's timetable. You find the key in the list by this name."),
    )
    scopes = SelectMultipleField(
        _l("What is it for?"),
        [Needed()],
        choices=[SelectChoice(scope.value, words) for scope, words in SCOPE_WORDS.items()],
        description=_l("Tick only what the program needs. This cannot be changed later: make a new key."),
    )


EVENT_WORDS: dict[str, Any] = {
    Event.AWARDED.value: _l("A badge was given"),
    Event.ACCEPTED.value: _l("A learner accepted a badge"),
    Event.DECLINED.value: _l("A learner said no to a badge"),
    Event.REVOKED.value: _l("A badge was withdrawn"),
}


class WebhookForm(Form):
    """Which address is told of what."""

    url = StringField(
        _l("Which address?"),
        [Needed()],
        description=_l("It begins with https:// and belongs to the program that wants to know."),
    )
    events = SelectMultipleField(
        _l("What should it be told of?"),
        [Needed()],
        choices=[SelectChoice(name, words) for name, words in EVENT_WORDS.items()],
    )
