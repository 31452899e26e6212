"""The forms of co-creation sessions: the session with its activity, the rights agreement, who agreed to it."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from badge_service.alliance.forms.activities import ActivityFields, host_choices
from badge_service.alliance.rules import (
    ActivityFacts,
    CoCreationFacts,
    Kind,
    activity_faults,
    co_creation_faults,
)
from badge_service.alliance.tables import Alliance, CoCreationSession
from badge_service.curriculum.words.teams import SECTORS
from badge_service.errors import Fault
from badge_service.people.tables import Organisation
from badge_service.web.forms import Form, Needed, RevisedForm
from badge_service.web.texts import one_a_line, plain


class CoCreationFields(ActivityFields, RevisedForm):
    """What a session says about itself; all of it stands on the public page of its activity."""

    partners = TextAreaField(
        _l("Partner"),
        [Needed()],
        description=_l("Who brings the challenge, one a line: a company, a museum. No private persons."),
    )
    challenge = TextAreaField(
        _l("Challenge"),
        [Needed()],
        description=_l("The question the partner brings: “How can a handle be made of our saw dust?”"),
    )
    roles = TextAreaField(
        _l("Who does what"),
        [Needed()],
        description=_l("One a line: “Makers: sketch three handles”. Sides, not names of people."),
    )
    sectors = SelectMultipleField(
        _l("Fields of work that meet there"), choices=[SelectChoice(*one) for one in SECTORS.items()]
    )
    outputs = TextAreaField(
        _l("What came out"), [Optional()], description=_l("Afterwards: sketches, a prototype, a plan.")
    )

    def show(self, found: CoCreationSession) -> None:
        """Fill in what stands there."""
        self.show_activity(found.activity)
        for name, value in shown_co_creation(found).items():
            self[name].data = value
        self.revision.data = str(found.revision)

    def facts(self) -> CoCreationFacts:
        """What was typed beside the activity."""
        return CoCreationFacts(
            challenge=plain(self.challenge.data),
            roles=one_a_line(self.roles.data),
            outputs=plain(self.outputs.data),
            sectors=tuple(self.sectors.data or ()),
        )

    def activity(self, today: date) -> ActivityFacts:
        """What was typed about the activity."""
        return self.activity_facts(Kind.CO_CREATION.value, today)

    def faults(self, today: date) -> list[Fault]:
        """Everything the rules find wrong."""
        activity = self.activity(today)
        return activity_faults(activity, today) + co_creation_faults(self.facts(), activity.partners)


class CoCreationForm(CoCreationFields):
    """A new session."""

    host = SelectField(
        _l("Organised by"), description=_l("Your organisation, and the alliance in which it acts.")
    )

    def offer(self, hosts: list[tuple[Alliance, Organisation]]) -> None:
        """Fill all choices."""
        self.offer_languages()
        self.host.choices = host_choices(hosts)


class AgreementForm(Form):
    """The text about who may use what comes out."""

    text = TextAreaField(
        _l("Rights agreement"),
        [Needed()],
        description=_l(
            "Who owns the outcome, who may use, sell and show it, and who is named. Plain sentences are enough."
        ),
    )


class AssentForm(Form):
    """That a party agreed."""

    version = HiddenField()
    party = StringField(
        _l("Who agreed"), [Needed()], description=_l("An organisation or group: “Kiln company”, “class 9b”.")
    )
    agreed_on = DateField(_l("On which day"), [Needed()])


def shown_co_creation(found: CoCreationSession) -> dict[str, Any]:
    """The fields of the form, beside those of the activity, as a session fills them."""
    return {
        "challenge": found.challenge,
        "roles": "\n".join(found.roles),
        "outputs": found.outputs,
        "sectors": found.sectors,
    }
