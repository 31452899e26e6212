"""The form of an industry need."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField

from badge_service.alliance.rules import NeedFacts, NeedState
from badge_service.alliance.tables import IndustryNeed
from badge_service.web.forms import Needed, RevisedForm
from badge_service.web.i18n import language_choices
from badge_service.web.texts import plain

OWN, COMPANY = "own", "company"
NEED_STATES = {
    NeedState.OPEN.value: _l("open"),
    NeedState.ANSWERED.value: _l("answered"),
    NeedState.CLOSED.value: _l("closed"),
}
NEED_STEPS = {
    NeedState.OPEN.value: _l("Open it again"),
    NeedState.ANSWERED.value: _l("It is answered"),
    NeedState.CLOSED.value: _l("Close it"),
}


class NeedForm(RevisedForm):
    """What industry needs people to be able to do."""

    title = StringField(
        _l("What is needed"),
        [Needed()],
        description=_l("For example: people who can repair knitwear by hand."),
    )
    text = TextAreaField(
        _l("In more words"),
        [Needed()],
        description=_l("What they would do, how well, and how many such people are looked for."),
    )
    language = SelectField(_l("Language of this text"))
    who = RadioField(_l("Who needs it"))
    company = StringField(
        _l("Name of the company"), description=_l("Leave it empty to write “a company of the region”.")
    )
    company_agreed = BooleanField(
        _l("The company agreed to be named"),
        description=_l("The list is public, so ask before you name them."),
    )

    def offer(self) -> None:
        """Fill the choices."""
        self.language.choices = language_choices()
        self.who.choices = [(OWN, _l("Our own organisation")), (COMPANY, _l("A company of the region"))]

    def show(self, need: IndustryNeed) -> None:
        """Fill in what stands there."""
        for name, value in shown_need(need).items():
            self[name].data = value
        self.revision.data = str(need.revision)

    def facts(self) -> NeedFacts:
        """What was typed."""
        return NeedFacts(
            title=plain(self.title.data),
            text=plain(self.text.data),
            language=str(self.language.data),
            for_company=self.who.data == COMPANY,
            company=plain(self.company.data),
            company_agreed=bool(self.company_agreed.data),
        )


class NewNeedForm(NeedForm):
    """A new need, and for which organisation it is logged."""

    organisation = SelectField(_l("Logged by"), description=_l("Your organisation."))


def shown_need(need: IndustryNeed) -> dict[str, Any]:
    """The fields of the form as a need fills them."""
    return {
        "title": need.title,
        "text": need.text,
        "language": need.language,
        "who": COMPANY if need.for_company else OWN,
        "company": need.company,
        "company_agreed": need.company_agreed_on is not None,
    }
