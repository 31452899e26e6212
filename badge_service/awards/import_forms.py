"""The forms of awards from elsewhere: the file with its micro-credential, and how the file is read."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, SelectField
from wtforms.fields import SelectChoice

from badge_service.awards.rules.imports import MOST_BYTES, Reading
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.web.csv_files import ENCODINGS, SEPARATORS
from badge_service.web.forms import Form, Needed


class ImportForm(Form):
    """Which micro-credential, and the file."""

    version = SelectField(_l("Which micro-credential was awarded?"), validate_choice=True)
    file = FileField(
        _l("The file"),
        [Needed()],
        description=_l("CSV from any spreadsheet. At most 10 MB and 50,000 rows."),
    )

    def offer(self, versions: Sequence[DefinitionVersion]) -> None:
        """The micro-credentials of the viewer's organisations."""
        choices = [SelectChoice("", str(_("Choose one")))]
        self.version.choices = choices + [
            SelectChoice(str(one.id), f"{one.title} · {one.version}") for one in versions
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for both."""
        good = bool(super().validate(extra_validators))
        if not self.file.data:
            self.file.errors = [_("Choose a file first.")]
        if not self.version.data and not self.version.errors:
            self.version.errors = [_("Choose the micro-credential.")]
        return good and bool(self.file.data) and bool(self.version.data)

    def sent(self) -> tuple[str, bytes]:
        """Name and bytes of the file, one byte more than the most at the most."""
        return self.file.data.filename or "", self.file.data.stream.read(MOST_BYTES + 1)


def chosen_reading(before: Reading) -> Reading:
    """How somebody says that the file is read; what is not in the lists stays as it was."""
    encoding, separator = request.form.get("encoding", ""), request.form.get("separator", "")
    columns = [request.form.get(f"column-{place}", "") for place in range(len(before.columns))]
    return Reading(
        encoding=encoding if encoding in ENCODINGS else before.encoding,
        separator=separator if separator in SEPARATORS else before.separator,
        has_headings=bool(request.form.get("has_headings")),
        month_first=request.form.get("days") == "month",
        columns=tuple(columns),
    )
