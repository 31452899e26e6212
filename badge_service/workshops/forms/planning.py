"""The form of a workshop's plan: what its public page says, when and where it is, and how it is taught."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField, TimeField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional

from badge_service.alliance.forms import ActivityFields, host_choices
from badge_service.alliance.rules import ActivityFacts, Kind, activity_faults
from badge_service.alliance.tables import Alliance
from badge_service.curriculum.actions.catalogue import MOST_CHOICES
from badge_service.curriculum.tables import CurriculumVersion, DefinitionVersion, Hub
from badge_service.people.tables import Organisation, Person
from badge_service.web.forms import Needed
from badge_service.web.texts import one_a_line, plain
from badge_service.workshops.forms.dates import DaysField
from badge_service.workshops.rules import Meeting, TeachingPlan, in_order, plan_faults
from badge_service.workshops.tables import Workshop

NONE = ""


@dataclass(frozen=True)
class Offer:
    """What a plan can choose from; `led_to` and `iterations` are what choosing a curriculum brings, by its version's id."""

    versions: Sequence[DefinitionVersion]
    trainers: Sequence[Person]
    curricula: Sequence[CurriculumVersion] = ()
    hubs: Sequence[Hub] = ()
    partners: Sequence[str] = ()
    led_to: Mapping[int, Sequence[int]] | None = None
    iterations: Mapping[int, int] | None = None


class WorkshopFields(ActivityFields):
    """Both sides of a workshop: what its public page says, and how it is taught."""

    ends_on = None
    topics = None  # those of what it teaches
    begins = TimeField(_l("From"), [Optional()])
    ends = TimeField(_l("Until"), [Optional()])
    more = DaysField(_l("Further days"))
    hub = SelectField(
        _l("Hub"),
        default=NONE,
        description=_l("Its page says how one gets in and around. Leave the place empty to take the hub's."),
    )
    members = SelectMultipleField(_l("Partners from the alliance"))
    material_notes = TextAreaField(
        _l("What to bring"), [Optional()], description=_l("For example “old clothes and a sharp knife”.")
    )
    accessibility_notes = TextAreaField(
        _l("Getting in and taking part"),
        [Optional()],
        description=_l("Steps, lifts, quiet corners, languages of the trainers: what people ask beforehand."),
    )
    curriculum = SelectField(
        _l("Curriculum"),
        default=NONE,
        description=_l("It ticks its micro-credentials and counts the pilot rounds."),
    )
    versions = SelectMultipleField(
        _l("Teaches"),
        [Needed()],
        coerce=int,
        description=_l("Learners can be awarded these, and nothing else, in this workshop."),
    )
    find = StringField(
        _l("Find others by words or code"),
        description=_l("The list above then offers those that fit, at most 60, and keeps what is ticked."),
    )
    trainers = SelectMultipleField(
        _l("Trainers"),
        [Needed()],
        coerce=int,
        description=_l("They assess and award. Their names are not public."),
    )
    iteration = IntegerField(
        _l("Pilot round"),
        [InputRequired(_l("Write 1 if it is the first time."))],
        default=1,
        description=_l("1 if it is held for the first time, 2 for the second."),
    )
    capacity = IntegerField(
        _l("Places"),
        [Optional()],
        description=_l("Who joins by link when all are taken waits in line. Your own lists are never cut."),
    )

    def offer_teaching(self, offer: Offer) -> None:
        """Fill every choice of the plan."""
        self.offer_languages()
        self.has_many = len(offer.versions) >= MOST_CHOICES or bool(self.find.data)
        self.versions.choices = [(one.id, f"{one.title} · {one.version}") for one in offer.versions]
        self.trainers.choices = [(person.id, person.name) for person in offer.trainers]
        self.members.choices = [SelectChoice(name, name) for name in offer.partners]
        self._hubs = {str(one.id): one for one in offer.hubs}
        self.hub.choices = [
            SelectChoice(NONE, _("No hub")),
            *(SelectChoice(key, f"{one.name} · {one.place}") for key, one in self._hubs.items()),
        ]
        self._led_to = {str(key): value for key, value in (offer.led_to or {}).items()}
        self._iterations = {
            str(one.id): (offer.iterations or {}).get(one.curriculum_id, 1) for one in offer.curricula
        }
        self.curriculum.choices = [
            SelectChoice(NONE, _("None")),
            *(self._curriculum_choice(one) for one in offer.curricula),
        ]

    def _curriculum_choice(self, one: CurriculumVersion) -> SelectChoice:
        ticks = " ".join(map(str, self._led_to.get(str(one.id), ())))
        brings = {"data-versions": ticks, "data-iteration": str(self._iterations[str(one.id)])}
        return SelectChoice(str(one.id), f"{one.title} · {one.version}", render_kw=brings)

    @property
    def asked(self) -> str | None:
        """Which helping button was pressed: find, more or curriculum; None where the plan itself was sent."""
        pressed = request.form.get("do")
        return pressed if pressed in {"find", "more", "curriculum"} else None

    @property
    def asked_to_find(self) -> str:
        """The words to find micro-credentials by, where that button was pressed."""
        return (self.find.data or "")[:100] if self.asked == "find" else ""

    def take_curriculum(self) -> None:
        """Tick what the chosen curriculum leads to, beside what is ticked, and count on from its last round."""
        chosen = self.curriculum.data or NONE
        self.versions.data = sorted({*(self.versions.data or ()), *self._led_to.get(chosen, ())})
        if chosen in self._iterations:
            self.iteration.data, self.iteration.raw_data = self._iterations[chosen], None

    def facts(self, fallback: date) -> ActivityFacts:
        """The public side as typed; `fallback` stands in for a missing date, so that the rest can be judged."""
        starts_on = self.starts_on.data or fallback
        hub = self._hubs.get(self.hub.data or NONE)
        chosen = self.members.data or ()
        typed = one_a_line(self.partners.data)
        return ActivityFacts(
            kind=Kind.WORKSHOP.value,
            title=plain(self.title.data),
            summary=plain(self.summary.data),
            place=plain(self.place.data) or (f"{hub.name}, {hub.place}"[:120] if hub else ""),
            language=plain(self.language.data),
            starts_on=starts_on,
            ends_on=max([starts_on, *(one.day for one in self.more.data)]),
            partners=tuple(dict.fromkeys((*chosen, *typed))),
            qualities=tuple(self.qualities.data or ()),
            group_size=self.group_size.data,
        )

    def plan(self, fallback: date) -> TeachingPlan:
        """The teaching side as typed; a number that is missing counts as 1."""
        first = Meeting(self.starts_on.data or fallback, self.begins.data, self.ends.data)
        return TeachingPlan(
            tuple(self.versions.data or ()),
            tuple(self.trainers.data or ()),
            self.iteration.data if self.iteration.data is not None else 1,
            self.capacity.data,
            int(self.curriculum.data) if self.curriculum.data else None,
            int(self.hub.data) if self.hub.data else None,
            in_order(first, self.more.data),
            plain(self.material_notes.data),
            plain(self.accessibility_notes.data),
        )

    def show(self, workshop: Workshop, meetings: Sequence[Meeting]) -> None:
        """Fill the fields with what the workshop is now."""
        activity = workshop.activity
        for name in ("title", "summary", "place", "language", "starts_on", "qualities", "group_size"):
            getattr(self, name).data = getattr(activity, name)
        offered = {choice.value for choice in self.members.choices}
        self.members.data = [name for name in activity.partners if name in offered]
        self.partners.data = "\n".join(name for name in activity.partners if name not in offered)
        for name in ("iteration", "capacity", "material_notes", "accessibility_notes"):
            getattr(self, name).data = getattr(workshop, name)
        self.versions.data = [entry.version_id for entry in workshop.versions]
        self.trainers.data = [entry.person_id for entry in workshop.trainers]
        self.curriculum.data = str(workshop.curriculum_version_id or NONE)
        self.hub.data = str(workshop.hub_id or NONE)
        if meetings:
            self.begins.data, self.ends.data = meetings[0].begins, meetings[0].ends
        self.more.show(meetings[1:])

    def judge_all(self, today: date) -> None:
        """Show what the rules find wrong with both sides, beside what the fields themselves found."""
        plan = self.plan_if_readable(today)
        self.show_more(activity_faults(self.facts(today), today) + plan_faults(plan))

    def plan_if_readable(self, today: date) -> TeachingPlan:
        """The plan for judging while some field could not be read at all."""
        for field in (self.curriculum, self.hub):
            if field.errors:
                field.data = NONE
        return self.plan(today)


class WorkshopForm(WorkshopFields):
    """A new workshop."""

    host = SelectField(
        _l("Organised by"), description=_l("Your organisation, and the alliance in which it acts.")
    )

    def offer_hosts(self, hosts: list[tuple[Alliance, Organisation]]) -> None:
        """Fill the choice of who organises it."""
        self.host.choices = host_choices(hosts)
