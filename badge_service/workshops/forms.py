"""The forms of workshops: their plan, and the list of learners to enrol."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from badge_service.alliance.forms import ActivityFields, host_choices
from badge_service.alliance.rules import Kind, activity_faults
from badge_service.alliance.tables import Alliance
from badge_service.curriculum.actions.catalogue import MOST_CHOICES
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import InvalidError
from badge_service.people.tables import Organisation, Person
from badge_service.web.forms import Form, Needed
from badge_service.workshops.rules import TeachingPlan, plan_faults
from badge_service.workshops.tables import Workshop


class WorkshopFields(ActivityFields):
    """Both sides of a workshop: what its public page says, and how it is taught."""

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
        _l("Places"), [Optional()], description=_l("A reminder only: nobody is turned away.")
    )

    def offer_teaching(self, versions: Sequence[DefinitionVersion], trainers: Sequence[Person]) -> None:
        """Fill the choices of micro-credentials and trainers."""
        self.offer_languages()
        self.has_many = len(versions) >= MOST_CHOICES or bool(self.find.data)
        self.versions.choices = [(version.id, f"{version.title} · {version.version}") for version in versions]
        self.trainers.choices = [(person.id, person.name) for person in trainers]

    @property
    def asked_to_find(self) -> str | None:
        """The words to find micro-credentials by, where that button was pressed."""
        return (self.find.data or "")[:100] if request.form.get("do") == "find" else None

    def plan(self) -> TeachingPlan:
        """The teaching side as typed; a number that is missing counts as 1."""
        return TeachingPlan(
            tuple(self.versions.data or ()),
            tuple(self.trainers.data or ()),
            self.iteration.data if self.iteration.data is not None else 1,
            self.capacity.data,
        )

    def show(self, workshop: Workshop) -> None:
        """Fill the fields with what the workshop is now."""
        self.show_activity(workshop.activity)
        self.versions.data = [entry.version_id for entry in workshop.versions]
        self.trainers.data = [entry.person_id for entry in workshop.trainers]
        self.iteration.data, self.capacity.data = workshop.iteration, workshop.capacity

    def judge_all(self, today: date) -> None:
        """Show what the rules find wrong with both sides, beside what the fields themselves found."""
        faults = activity_faults(self.activity_facts(Kind.WORKSHOP.value, today), today)
        faults += plan_faults(self.plan())
        if faults:
            self.show_faults(InvalidError(_("Something needs correcting."), faults=faults))


class WorkshopForm(WorkshopFields):
    """A new workshop."""

    host = SelectField(
        _l("Organised by"), description=_l("Your organisation, and the alliance in which it acts.")
    )

    def offer_hosts(self, hosts: list[tuple[Alliance, Organisation]]) -> None:
        """Fill the choice of who organises it."""
        self.host.choices = host_choices(hosts)


class LearnersForm(Form):
    """A list of learners, typed or pasted, or as a file."""

    learners = TextAreaField(
        _l("Type or paste"),
        description=_l(
            "One learner a line. An e-mail address is welcome and not needed. A column copied from a spreadsheet works."
        ),
    )
    file = FileField(
        _l("Or a CSV file"),
        description=_l("From your school's programme or a spreadsheet, at most 1,000 rows."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for one of the two, so that it is clear what is meant."""
        good = super().validate(extra_validators)
        typed, sent = bool((self.learners.data or "").strip()), bool(self.file.data)
        if typed == sent:
            both = _("You filled in both. Empty the text, or send it without the file.")
            self.learners.errors = [both if typed else _("Type at least one learner, or choose a file.")]
        return bool(good) and typed != sent
