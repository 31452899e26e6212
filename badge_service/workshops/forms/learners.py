"""The form of a class list: typed, pasted or as a file."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField, TextAreaField
from wtforms.fields import SelectChoice

from badge_service.web.forms import Form
from badge_service.workshops.rules.kinds import KINDS_OF_LEARNERS, LearnerKind


class LearnersForm(Form):
    """A list of learners, typed or pasted, or as a file."""

    learners = TextAreaField(
        _l("Type or paste"),
        description=_l(
            "One learner a line. An e-mail address is welcome and not needed. A column copied from a spreadsheet works."
        ),
    )
    file = FileField(
        _l("Or a CSV file"),
        description=_l("From your school's programme or a spreadsheet, at most 1,000 rows."),
    )

    kind = SelectField(
        _l("They come as"),
        choices=[SelectChoice(key.value, text) for key, text in KINDS_OF_LEARNERS.items()],
        default=LearnerKind.STUDENT.value,
        description=_l("For those who are new on the list. You can change it for each of them afterwards."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for one of the two, so that it is clear what is meant."""
        good = super().validate(extra_validators)
        typed, sent = bool((self.learners.data or "").strip()), bool(self.file.data)
        if typed == sent:
            both = _("You filled in both. Empty the text, or send it without the file.")
            self.learners.errors = [both if typed else _("Type at least one learner, or choose a file.")]
        return bool(good) and typed != sent
