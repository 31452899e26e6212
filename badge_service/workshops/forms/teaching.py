"""What can be earned at an activity that is no workshop."""

from collections.abc import Sequence

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField, StringField

from badge_service.curriculum.actions.catalogue import MOST_CHOICES
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.web.forms import Form, Needed


class TeachingForm(Form):
    """The micro-credentials that are ticked, with a way to find others."""

    versions = SelectMultipleField(
        _l("What can be earned here?"),
        [Needed()],
        coerce=int,
        description=_l("Learners can be awarded these, and nothing else, for what they do here."),
    )
    find = StringField(
        _l("Find others by words or code"),
        description=_l("The list above then offers those that fit, at most 60, and keeps what is ticked."),
    )

    def offer(self, versions: Sequence[DefinitionVersion]) -> None:
        """Fill the choice."""
        self.has_many = len(versions) >= MOST_CHOICES or bool(self.find.data)
        self.versions.choices = [(one.id, f"{one.title} · {one.version}") for one in versions]

    @property
    def only_finds(self) -> bool:
        """Whether the button that finds others was pressed."""
        return request.form.get("do") == "find"
