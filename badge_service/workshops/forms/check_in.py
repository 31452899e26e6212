"""The forms of checking in: who somebody is, what they did when they say so later, and what a teacher sets."""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, MultipleFileField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from badge_service.web.forms import Form, Needed, small_number
from badge_service.web.i18n import long_date
from badge_service.web.texts import plain
from badge_service.workshops.rules import LONGEST_ACCOUNT, Said


class CheckInForm(Form):
    """Who is here, in their own words."""

    name = StringField(_l("Your first name"), [Needed()])
    number = StringField(_l("Your number on the list"), description=_l("If you were given one."))

    @property
    def number_typed(self) -> str:
        """The number as it was typed."""
        return (self.number.data or "").strip()

    def said(self, account: str = "") -> Said:
        """What was typed; a number that is none is left out and judged by `number_typed`."""
        return Said(" ".join((self.name.data or "").split()), small_number(self.number_typed), account)


class LateClaimForm(CheckInForm):
    """What somebody did on a day of the workshop."""

    day = SelectField(_l("When were you there?"), validate_choice=False)
    account = TextAreaField(
        _l("What did you do?"),
        [Needed()],
        description=_l(
            "Write what you made or learnt, so that your teacher sees that you were there. At most 4,000 signs."
        ),
        render_kw={"maxlength": LONGEST_ACCOUNT, "rows": 6},
    )
    files = MultipleFileField(
        _l("Photos or PDFs"),
        description=_l(
            "At most three. Place and camera data are taken out of photos. Show no faces of others."
        ),
    )

    def offer(self, days: Sequence[date]) -> None:
        """The days that somebody can still claim, the newest first."""
        self.day.choices = [SelectChoice(day.isoformat(), long_date(day)) for day in days]

    def chosen_day(self, days: Sequence[date]) -> date | None:
        """The day that was chosen, None for one that was not offered."""
        return next((day for day in days if day.isoformat() == self.day.data), None)

    def claimed(self) -> Said:
        """What was typed, the account included."""
        return self.said(plain(self.account.data))


class CheckInRulesForm(Form):
    """How long late claims are taken, and on how many days one must have been there."""

    late_days = IntegerField(
        _l("Late claims are taken for so many days"),
        [Needed()],
        description=_l("Counted from the last day. 0: no late claims."),
    )
    days_needed = IntegerField(
        _l("Days needed to count as present"), [Optional()], description=_l("Empty: half of them.")
    )
