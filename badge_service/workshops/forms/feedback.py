"""The form that makes a finding out of what learners answered."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.fields import SelectChoice

from badge_service.curriculum.words import FINDING_KINDS, SEVERITIES
from badge_service.web.forms import Form, Needed


class FeedbackFindingForm(Form):
    """What a finding says; where it comes from is known."""

    text = TextAreaField(
        _l("What was found"), [Needed()], description=_l("One finding. Everybody can read it: name nobody.")
    )
    about = SelectField(_l("What it is about"), [Needed()], validate_choice=False)
    kind = SelectField(
        _l("What it asks for"),
        choices=[SelectChoice(key, text) for key, text in FINDING_KINDS.items()],
        validate_choice=False,
    )
    severity = SelectField(
        _l("How much it matters"),
        choices=[SelectChoice(key, text) for key, text in SEVERITIES.items()],
        default="medium",
        validate_choice=False,
    )
