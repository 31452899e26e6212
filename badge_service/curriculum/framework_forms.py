"""The forms of frameworks: search, the file to import, what is said of an imported framework, a skill of our own list."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice

from badge_service.curriculum.rules.framework_files import FrameworkFile, framework_key
from badge_service.curriculum.rules.frameworks import FrameworkFacts
from badge_service.curriculum.tables import Framework
from badge_service.web.forms import Form, Needed
from badge_service.web.i18n import language_name

# The languages of the Union, and those of neighbours who take part in its programmes.
LANGUAGES = (
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt"),
    *("nl", "pl", "pt", "ro", "sk", "sl", "sv", "is", "mk", "no", "sq", "sr", "tr", "uk"),
)


def language_choices() -> list[SelectChoice]:
    """All languages a name may have, by their names in the reader's language."""
    named = sorted(((language_name(code), code) for code in LANGUAGES), key=lambda pair: pair[0].casefold())
    return [SelectChoice(code, name) for name, code in named]


class FileForm(Form):
    """A framework file to look at."""

    file = FileField(
        _l("The file"),
        [Needed()],
        description=_l("CSV, a CASE package (JSON), or ESCO as CSV or JSON. At most 11 MB and 20,000 rows."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a file."""
        good = bool(super().validate(extra_validators)) and bool(self.file.data)
        if not self.file.data:
            self.file.errors = [_("Choose a file first.")]
        return good


class FactsForm(Form):
    """What a file does not say of its framework, or says so that it needs a look."""

    name = StringField(_l("Name of the framework"), [Needed()])
    version = StringField(
        _l("Version"), [Needed()], description=_l("As the publisher calls it, such as 1.2 or 2025.")
    )
    publisher = StringField(_l("Publisher"), [Needed()])
    licence = StringField(
        _l("Licence"),
        [Needed()],
        description=_l("May it be used here? Such as CC BY 4.0, or who permitted it."),
    )
    document_uri = StringField(
        _l("Address of its document"),
        description=_l(
            "For items without an address of their own: this address with the code behind it. Without it they get a "
            "page here."
        ),
    )
    language = SelectField(_l("Language of the names"), description=_l("Where a row does not say its own."))
    key = StringField(
        _l("Short name in addresses"),
        [Needed()],
        description=_l("Small letters a-z, figures, hyphens and dots. Another version needs another one."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = language_choices()

    def show_guess(self, file: FrameworkFile, filename: str) -> None:
        """Fill in what the file says, or what is known of files of its kind."""
        guess = file.guess
        for name in ("name", "version", "publisher", "licence", "document_uri"):
            self._fields[name].data = getattr(guess, name)
        self.key.data = framework_key(guess.name, guess.version)
        in_name = re.search(r"[_-]([a-z]{2})\.[a-z]+$", filename.lower())
        told = [guess.language, in_name[1] if in_name else "", "en"]
        self.language.data = next(code for code in told if code in LANGUAGES)

    def facts(self) -> FrameworkFacts:
        """What was typed."""
        typed = {name: " ".join(str(self._fields[name].data or "").split()) for name in _TYPED}
        return FrameworkFacts(**typed)


_TYPED = ("key", "name", "version", "publisher", "licence", "document_uri", "language")


class OwnItemForm(Form):
    """A skill that no framework has."""

    name = StringField(
        _l("The skill in a few words"),
        [Needed()],
        description=_l("Begin with a verb: “dye wool with onion skins”."),
    )
    description = TextAreaField(
        _l("What it means"), description=_l("One or two sentences for somebody of another craft.")
    )
    language = SelectField(_l("Language"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = language_choices()


class MappingForm(Form):
    """Which item of a framework a skill of our own list is."""

    uri = StringField(
        _l("Address of the item"),
        description=_l(
            "Search the frameworks, open the item, and copy its address here. Empty takes the mapping back."
        ),
    )


def framework_choices(
    frameworks: Sequence[Framework], named: Callable[[Framework], str]
) -> list[tuple[str, str]]:
    """Keys and names for the filter of the search."""
    return [(one.key, f"{named(one)} · {one.version}") for one in frameworks]
