"""The forms for bringing definitions and pathways in: the file and for whom it is, and the look at what it would do."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import RadioField, SelectField, StringField

from badge_service.web.forms import Form, Needed


class BringForm(Form):
    """A file, and the organisation and team for which its definitions are drafted."""

    file = FileField(
        _l("The file"),
        [Needed()],
        description=_l(
            "Our own JSON, a table (CSV), or an Open Badges 3.0 achievement. At most 1 MB and 200 rows."
        ),
    )
    place = RadioField(_l("For whom"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a file."""
        good = bool(super().validate(extra_validators)) and bool(self.file.data)
        if not self.file.data:
            self.file.errors = [_("Choose a file first.")]
        return good


class TranslationForm(Form):
    """Into which language, and the code of the translation."""

    language = SelectField(_l("Language"))
    code = StringField(
        _l("Code"),
        [Needed()],
        description=_l("A code of its own; a badge of the translation counts as one of the original."),
    )
