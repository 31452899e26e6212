"""The form of an action in the plan of a team."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from badge_service.alliance.rules import ActionFacts, ActionState, Track
from badge_service.alliance.tables import Action
from badge_service.web.forms import Needed, RevisedForm
from badge_service.web.texts import plain

TRACK_WORDS = {
    Track.BUSINESS_MODEL.value: _l("Business model"),
    Track.EMERGING_TECHNOLOGY.value: _l("Emerging technology"),
}
STATE_WORDS = {
    ActionState.OPEN.value: _l("open"),
    ActionState.DOING.value: _l("doing"),
    ActionState.DONE.value: _l("done"),
    ActionState.DROPPED.value: _l("dropped"),
}
STEP_WORDS = {
    ActionState.OPEN.value: _l("Open it again"),
    ActionState.DOING.value: _l("We are doing it"),
    ActionState.DONE.value: _l("It is done"),
    ActionState.DROPPED.value: _l("Drop it"),
}
NOBODY = "-"
_NO_DAY = date(1, 1, 1)


class ActionForm(RevisedForm):
    """What somebody does until when."""

    track = SelectField(_l("Track"))
    title = StringField(
        _l("What is done"), [Needed()], description=_l("For example: try a repair service for wool jumpers.")
    )
    goal = TextAreaField(
        _l("Goal"),
        [Needed()],
        description=_l("How you will know that it worked: “ten repairs sold by June”."),
    )
    owner = SelectField(_l("Who does it"), description=_l("A member of the team."))
    owner_organisation = StringField(
        _l("Or an organisation"), description=_l("Only if no member owns it: “Dye garden cooperative”.")
    )
    due_on = DateField(_l("Done by"), [Optional()])
    alliance = SelectField(
        _l("Also an action of the alliance"),
        description=_l("Its members then see what is done and until when, but not which person does it."),
    )

    def offer(self, members: list[tuple[str, str]], alliances: list[tuple[str, str]]) -> None:
        """Fill the choices: members by token and name, alliances by slug and name."""
        self.track.choices = list(TRACK_WORDS.items())
        self.owner.choices = [(NOBODY, _l("No single member")), *members]
        self.alliance.choices = [(NOBODY, _l("No, only of the team")), *alliances]
        self.due_on.flags.required = True

    def show(self, action: Action) -> None:
        """Fill in what stands there."""
        for name, value in shown_action(action).items():
            self[name].data = value
        self.revision.data = str(action.revision)

    def facts(self) -> ActionFacts:
        """What was typed; a missing day is one that no rule allows."""
        return ActionFacts(
            track=str(self.track.data),
            title=plain(self.title.data),
            goal=plain(self.goal.data),
            due_on=self.due_on.data or _NO_DAY,
            owner=_chosen(self.owner.data),
            owner_organisation=plain(self.owner_organisation.data),
            alliance=_chosen(self.alliance.data),
        )


def shown_action(action: Action) -> dict[str, Any]:
    """The fields of the form as an action fills them."""
    return {
        "track": action.track,
        "title": action.title,
        "goal": action.goal,
        "due_on": action.due_on,
        "owner": action.owner.token if action.owner else NOBODY,
        "owner_organisation": action.owner_organisation,
        "alliance": action.alliance.slug if action.alliance else NOBODY,
    }


def _chosen(value: str | None) -> str:
    return "" if value in (None, NOBODY) else str(value)
