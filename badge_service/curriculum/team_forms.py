"""The forms of teams: what the team says, its members, skills, capacity log and hubs."""

import re
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from badge_service.curriculum.rules.teams import CapacityFacts, HubFacts, MemberFacts, TeamFacts
from badge_service.curriculum.tables import CapacityEntry, Hub, Let, LetMember
from badge_service.curriculum.words.teams import HELIX, SECTORS
from badge_service.web.forms import Form, Needed, RevisedForm
from badge_service.web.i18n import language_choices
from badge_service.web.texts import one_a_line, plain

NOBODY_OF_THE_SERVICE = "-"
_HOURS = re.compile(r"\d{1,4}([.,]\d{1,2})?")
_NO_DAY = date(1, 1, 1)


class TeamForm(RevisedForm):
    """What a team says about itself."""

    name = StringField(_l("Name"), [Needed()])
    description = TextAreaField(
        _l("What this team does"),
        [Needed()],
        description=_l("A few sentences for everybody: who works together here, and on what."),
    )

    def show(self, let: Let) -> None:
        """Fill in what stands there."""
        self.name.data, self.description.data = let.name, let.description
        self.revision.data = str(let.revision)

    def facts(self) -> TeamFacts:
        """What was typed."""
        return TeamFacts(plain(self.name.data), plain(self.description.data))


class MemberForm(RevisedForm):
    """Somebody who works in the team."""

    person = SelectField(
        _l("Who"), description=_l("People of your organisation stand in the list; name partners below.")
    )
    name = StringField(_l("Name of the partner"), description=_l("Only for somebody who is not in the list."))
    organisation = StringField(
        _l("Organisation"), [Needed()], description=_l("Where they work: “Ethnographic Museum, Ruse”.")
    )
    helix = SelectField(_l("Side of the helix"), description=_l("For which side they sit in the team."))
    sector = SelectField(_l("Field of work"))
    since = DateField(_l("Member since"), [Optional()])
    until = DateField(_l("Member until"), [Optional()], description=_l("Only when they have left."))
    listed = BooleanField(
        _l("Show the name on the team's public page"),
        description=_l(
            "Tick it only if they want that. People of this service must agree themselves besides, on their account page."
        ),
    )

    def offer(self, staff: list[tuple[str, str]]) -> None:
        """Fill the choices; `staff` are person keys and names."""
        self.person.choices = [(NOBODY_OF_THE_SERVICE, _l("A partner without account here")), *staff]
        self.helix.choices = list(HELIX.items())
        self.sector.choices = list(SECTORS.items())
        self.since.flags.required = True

    def show(self, member: LetMember) -> None:
        """Fill in what stands there."""
        for name, value in self.saved(member).items():
            self[name].data = value
        self.revision.data = str(member.revision)

    def saved(self, member: LetMember) -> dict[str, Any]:
        """What stands there, in the fields of this form; a person of the service has no name to type."""
        return {name: value for name, value in _shown_of(member).items() if name in self}

    @property
    def person_key(self) -> str:
        """The chosen person, empty for a partner."""
        return "" if self.person.data in (None, NOBODY_OF_THE_SERVICE) else str(self.person.data)

    def facts(self) -> MemberFacts:
        """What was typed; a missing day is one that no rule allows."""
        return MemberFacts(
            name=plain(self.name.data) if "name" in self else "",
            organisation=plain(self.organisation.data),
            helix=str(self.helix.data),
            sector=str(self.sector.data),
            since=self.since.data or _NO_DAY,
            until=self.until.data,
            listed=bool(self.listed.data),
        )


def _shown_of(member: LetMember) -> dict[str, Any]:
    """The fields of the form as a member fills them."""
    names = ("name", "organisation", "helix", "sector", "since", "until", "listed")
    return {name: getattr(member, name) for name in names}


class SkillForm(Form):
    """A skill that the team wants to have."""

    name = StringField(
        _l("Skill"),
        [Needed()],
        description=_l("In your own words: “firing a wood kiln”, “writing a business plan”."),
    )


class CapacityForm(Form):
    """One thing the team did to become more able."""

    held_on = DateField(_l("Day"), [Optional()])
    what = TextAreaField(
        _l("What you did"),
        [Needed()],
        description=_l("For example: two days with a 3D printing workshop in Valencia. Name no learners."),
    )
    topic = StringField(_l("Topic"), [Needed()], description=_l("A word or two, for example “natural dyes”."))
    hours = StringField(_l("Hours"), [Needed()], description=_l("For each person, such as 2.5."))
    headcount = IntegerField(
        _l("How many took part"), [Optional()], description=_l("Everybody counted, the ticked members too.")
    )
    members = SelectMultipleField(_l("Members who took part"))

    def offer(self, members: list[tuple[str, str]]) -> None:
        """Fill the choice of members, by token and name."""
        self.members.choices = members
        self.held_on.flags.required = self.headcount.flags.required = True

    def show(self, entry: CapacityEntry, present: list[str]) -> None:
        """Fill in an entry that is to be corrected."""
        self.held_on.data, self.what.data, self.topic.data = entry.held_on, entry.what, entry.topic
        self.hours.data, self.headcount.data = (
            f"{entry.minutes / 60:.2f}".rstrip("0").rstrip("."),
            entry.headcount,
        )
        self.members.data = present

    def facts(self) -> CapacityFacts:
        """What was typed; what is no number becomes 0, which no rule allows."""
        typed = plain(self.hours.data)
        hours = float(typed.replace(",", ".")) if _HOURS.fullmatch(typed) else 0.0
        return CapacityFacts(
            held_on=self.held_on.data or _NO_DAY,
            what=plain(self.what.data),
            topic=plain(self.topic.data),
            minutes=round(hours * 60),
            headcount=self.headcount.data or 0,
            members=tuple(self.members.data or ()),
        )


class HubForm(RevisedForm):
    """A place with machines and partners."""

    name = StringField(_l("Name"), [Needed()], description=_l("For example “Wood and dye lab Leeuwarden”."))
    place = StringField(_l("Place"), [Needed()], description=_l("An address that people find."))
    about = TextAreaField(_l("What happens there"), description=_l("For everybody, in a few sentences."))
    machines = TextAreaField(
        _l("Machines and tools"), description=_l("One a line: “Band loom, 60 cm”, “Resin 3D printer”.")
    )
    partners = TextAreaField(
        _l("Partners"), description=_l("One a line: organisations that keep it open. No private persons.")
    )
    opening = TextAreaField(
        _l("Open when"), [Needed()], description=_l("For example: Tuesday to Friday, 9 to 17.")
    )
    accessibility = TextAreaField(
        _l("How people get in and around"),
        [Needed()],
        description=_l("Steps, lift, toilet, light and noise, bus stop. Say also what is missing."),
    )
    language = SelectField(_l("Language of this description"))
    spoken = SelectMultipleField(_l("Languages spoken there"))

    def offer(self) -> None:
        """Fill the choices."""
        self.language.choices = self.spoken.choices = language_choices()

    def show(self, hub: Hub) -> None:
        """Fill in what stands there."""
        for name, value in shown_of_hub(hub).items():
            self[name].data = value
        self.revision.data = str(hub.revision)

    def facts(self) -> HubFacts:
        """What was typed."""
        texts = {
            name: plain(self[name].data) for name in ("name", "place", "about", "opening", "accessibility")
        }
        return HubFacts(
            **texts,
            machines=one_a_line(self.machines.data),
            partners=one_a_line(self.partners.data),
            language=str(self.language.data),
            spoken=tuple(self.spoken.data or ()),
        )


def shown_of_hub(hub: Hub) -> dict[str, Any]:
    """The fields of the form as a hub fills them."""
    names = ("name", "place", "about", "opening", "accessibility", "language", "spoken")
    lines = {"machines": "\n".join(hub.machines), "partners": "\n".join(hub.partners)}
    return {name: getattr(hub, name) for name in names} | lines
