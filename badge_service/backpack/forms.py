"""The form of this room: when a learner was born, asked before a page is opened if nobody has asked yet."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from badge_service.awards.rules import AgeBand, AgeQuestion
from badge_service.awards.words import when_born
from badge_service.web.forms import Form
from badge_service.web.i18n import long_date


class AgeForm(Form):
    """The three spans; no date of birth, and nothing is chosen beforehand."""

    age = RadioField(
        _l("When were you born?"),
        [InputRequired(_l("Please choose one of these."))],
        description=_l(
            "We do not ask your date of birth. We need this before you can show the badge in public."
        ),
    )

    def offer(self, question: AgeQuestion) -> None:
        """Write the answers with the dates of this learner's country."""
        dates = long_date(question.limit_since), long_date(question.adult_since)
        bands = (AgeBand.ADULT, AgeBand.LIMIT_TO_17, AgeBand.UNDER_LIMIT)
        self.age.choices = [SelectChoice(band.value, when_born(band.value, *dates)) for band in bands]
