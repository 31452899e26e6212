"""The form class of every page, the CSRF guard, and the way an action's faults land beside the fields they are about."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, request
from flask_babel import gettext as _
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import HiddenField

from badge_service.errors import Fault, InvalidError
from badge_service.web.sentences import translated

csrf = CSRFProtect()


class Form(FlaskForm):  # type: ignore[misc]
    """A form with CSRF protection, shown by the macros of `web/forms.html`."""

    form_errors: list[str]

    def show_faults(self, error: InvalidError) -> None:
        """Put every fault beside the field that its `where` names, and the others above the form."""
        if not error.faults:
            self._complain(translated(error.message))
        for fault in error.faults:
            message = translated(fault.message)
            if fault.where in self._fields:
                field = self._fields[fault.where]
                field.errors = [*field.errors, message]
            else:
                self._complain(f"{fault.where}: {message}" if fault.where else message)

    def show_more(self, faults: Sequence[Fault]) -> None:
        """Show what the rules find wrong beside what the fields themselves found; a field complains only once."""
        unknown = [fault for fault in faults if not getattr(self._fields.get(fault.where), "errors", ())]
        if unknown:
            self.show_faults(InvalidError(unknown[0].message, faults=unknown))

    def _complain(self, message: str) -> None:
        self.form_errors = [*self.form_errors, message]

    @property
    def complaints(self) -> list[tuple[str | None, str]]:
        """Everything wrong with this form: (id of the field or None, sentence), in the order of the page."""
        found: list[tuple[str | None, str]] = [(None, str(message)) for message in self.form_errors]
        for field in self:
            found += [
                (field.id, f"{field.label.text}: {message}")
                for message in _flat(getattr(field, "errors", ()))
            ]
        return found


class Needed:
    """Marks a field as needed; what is wrong with it is said by the rules, together with everything else."""

    field_flags = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Find no fault here."""


class RevisedForm(Form):
    """A form over something that somebody else may change at the same time; it knows which revision was opened."""

    revision = HiddenField()

    @property
    def opened(self) -> int:
        """The revision that was opened; 0, which no row has, for what is not a number."""
        return small_number(str(self.revision.data or "")) or 0

    def show_meanwhile(self, saved: Mapping[str, Any], revision: int) -> None:
        """Keep what was typed, and say beside each field that differs what stands there now; sending again overwrites."""
        self.revision.data = str(revision)
        self._complain(
            _("Somebody else has saved this meanwhile. What you typed is kept; compare and send again.")
        )
        for name, value in saved.items():
            field = self._fields[name]
            if _as_text(field.data) != _as_text(value):
                stands = _("Saved meanwhile: “%(text)s”", text=_as_text(value) or _("empty"))
                field.errors = [*field.errors, stands]


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(entry) for entry in value)
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _flat(errors: Any) -> list[str]:
    """WTForms nests the errors of lists and of sub-forms; a page wants sentences."""
    if isinstance(errors, dict):
        return [message for value in errors.values() for message in _flat(value)]
    if isinstance(errors, (list, tuple)):
        return [message for value in errors for message in _flat(value)]
    return [str(errors)]


def small_number(text: str) -> int | None:
    """The whole number that was sent, if it is one of at most nine digits: databases and `int()` take no longer ones."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


def asked_page() -> int:
    """Which page of a list this request asks for; the first one for what is no number."""
    return small_number(request.args.get("page", "")) or 1


def init_forms(app: Flask) -> None:
    """CSRF on every unsafe verb; the token lives as long as the session, so a slow writer loses nothing."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf.init_app(app)
