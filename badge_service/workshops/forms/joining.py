"""The forms of joining: the learner's at the public page, the teacher's who opens it, and what learners are asked to agree to."""

import re
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    EmailField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from badge_service.web.csv_files import clean
from badge_service.web.forms import Form, Needed
from badge_service.web.i18n import language_choices
from badge_service.web.texts import plain
from badge_service.workshops.rules import JoinRequest
from badge_service.workshops.rules.consents import AGREEMENT_WORDS
from badge_service.workshops.rules.kinds import KIND_WORDS, LearnerKind
from badge_service.workshops.tables import WorkshopConsentText

_KEY = re.compile(r"[A-Za-z0-9_-]{22}")


class JoinForm(Form):
    """A learner who joins; nothing but a name is needed, and a first name or a number will do."""

    name = StringField(
        _l("Your name"),
        [Needed()],
        description=_l("Your first name is enough. Your teacher reads it, nobody else."),
    )
    email = EmailField(
        _l("E-mail"),
        [Optional()],
        description=_l(
            "We write to you if something changes, and it brings your badge later. Without it you get a printed card."
        ),
    )
    kind = SelectField(
        _l("You come as"),
        choices=[SelectChoice(key.value, text) for key, text in KIND_WORDS.items()],
        default=LearnerKind.STUDENT.value,
        validate_choice=False,
    )
    agree = SelectMultipleField(coerce=int, validate_choice=False)
    key = HiddenField()

    def offer(self, texts: Sequence[WorkshopConsentText], key: str) -> None:
        """Fill what learners are asked to agree to, and give a form that is new its key."""
        self.agree.choices = [SelectChoice(one.id, one.text) for one in texts]
        if not _KEY.fullmatch(self.key.data or ""):
            self.key.data = key

    def asked(self) -> JoinRequest:
        """What was typed; a number alone is a name as class lists know it."""
        name, email = clean(self.name.data or ""), clean(self.email.data or "")
        if name.isdecimal() and len(name) <= 9:
            name = f"№ {int(name)}"
        kind = self.kind.data or LearnerKind.STUDENT.value
        return JoinRequest(name, email, self.key.data or "", tuple(self.agree.data or ()), kind)


class OpeningForm(Form):
    """Up to which day learners can join by the public page."""

    until = DateField(
        _l("Up to and on"), [Needed()], description=_l("After that day the page says that it is too late.")
    )


class ConsentTextForm(Form):
    """What learners are asked to agree to, in the words that they read."""

    kind = SelectField(_l("About"))
    text = TextAreaField(
        _l("What learners read beside the box"),
        [Needed()],
        description=_l("For example “The school may show photos of me at work on its site until 2028.”"),
    )
    language = SelectField(_l("Language"))

    def offer(self) -> None:
        """Fill both choices."""
        self.kind.choices = [SelectChoice(kind.value, words) for kind, words in AGREEMENT_WORDS.items()]
        self.language.choices = language_choices()

    def words(self) -> tuple[str, str, str]:
        """What was typed: kind, text, language."""
        return self.kind.data or "", plain(self.text.data), self.language.data or ""
