"""The forms of prior learning and of handing in: what a learner asks, what a teacher opens, one own piece of evidence."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, FileField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired

from badge_service.awards.words import TYPED_GENRES
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.web.forms import Form


class AskForm(Form):
    """The learner's own words about what they can do already."""

    statement = TextAreaField(
        _l("What can you do already, and where did you learn it?"),
        description=_l("A few sentences are enough. You hand in your evidence afterwards."),
    )


class CaseForm(Form):
    """Somebody who asks in person."""

    version = SelectField(_l("Micro-credential"), validate_choice=True)
    name = StringField(_l("Name of the learner"), [DataRequired(_l("A name is needed."))])
    email = EmailField(_l("E-mail address"), description=_l("Without one the learner gets a card."))

    def offer(self, versions: Sequence[DefinitionVersion]) -> None:
        """What can be recognised."""
        self.version.choices = [SelectChoice(str(one.id), one.title) for one in versions]


class HandInForm(Form):
    """One piece of a learner's own evidence: a file, a link or a text."""

    title = StringField(_l("What is it?"), [DataRequired(_l("Say in a few words what it is."))])
    genre = SelectField(_l("Kind"), choices=[SelectChoice(*one) for one in TYPED_GENRES.items()])
    file = FileField(
        _l("File"),
        description=_l(
            "A photo or a PDF. Place and camera data are taken out; of a PDF its pages stay, without author or links."
        ),
    )
    url = StringField(_l("Or a link"), description=_l("It starts with https://"))
    text = TextAreaField(_l("Or in words"), description=_l("What you did, and how."))
