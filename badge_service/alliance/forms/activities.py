"""The forms of activities; texts are judged by the rules, so that everything wrong is said at once."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Optional

from badge_service.alliance.rules import ActivityFacts, Kind, Quality, activity_faults
from badge_service.alliance.tables import Activity, Alliance
from badge_service.curriculum.words.vocabulary import CATEGORIES
from badge_service.errors import InvalidError
from badge_service.people.tables import Organisation
from badge_service.web.forms import Form, Needed
from badge_service.web.i18n import language_choices
from badge_service.web.texts import one_a_line, plain

KIND_WORDS = {
    Kind.MEETING: _l("Meeting"),
    Kind.GUEST_LECTURE: _l("Guest lecture"),
    Kind.WORKSHOP: _l("Workshop"),
    Kind.CO_CREATION: _l("Co-creation session"),
}


QUALITY_FIELDS = ("qualities", "group_size", "topics")
QUALITY_WORDS = {
    Quality.INTERACTIVE: _l("Interactive: learners try things out themselves"),
    Quality.ITERATIVE: _l("Iterative: they try again and make it better"),
    Quality.COLLABORATIVE: _l("Collaborative: they work together"),
}


class ActivityFields(Form):
    """What every activity says about itself."""

    title = StringField(
        _l("Title"),
        [Needed()],
        description=_l("What a stranger understands: “Willow weaving for beginners”."),
    )
    summary = TextAreaField(
        _l("What happens there"),
        [Needed()],
        description=_l("A few sentences for everybody. Name no learners: this page is public."),
    )
    starts_on = DateField(_l("Date"), [DataRequired(_l("Please say on which day."))])
    ends_on = DateField(_l("Last day"), [Optional()], description=_l("Only if it lasts several days."))
    place = StringField(
        _l("Place"),
        [Needed()],
        description=_l("A place people find: “Ethnographic Museum, Ruse”, or “online”."),
    )
    language = SelectField(_l("Language"), description=_l("The language it is held in."))
    partners = TextAreaField(
        _l("Partners"),
        [Optional()],
        description=_l("One a line: a museum, a company, an association. No private persons."),
    )
    qualities = SelectMultipleField(
        _l("How people learn there"),
        choices=[SelectChoice(key.value, text) for key, text in QUALITY_WORDS.items()],
        description=_l("Tick what is planned. After a workshop learners say how it was."),
    )
    group_size = IntegerField(
        _l("Group size"),
        [Optional()],
        description=_l("How many work together at a time; 1 if each works alone."),
    )
    topics = SelectMultipleField(
        _l("Topics"),
        choices=[SelectChoice(*one) for one in CATEGORIES.items()],
        description=_l("They put it into the topic calendar of the alliance."),
    )

    def offer_languages(self) -> None:
        """Fill the choice of languages, named in the reader's language."""
        self.language.choices = language_choices()

    def activity_facts(self, kind: str, fallback: date) -> ActivityFacts:
        """What was typed; `fallback` stands in for a date that is missing, so that the rest can be judged."""
        starts_on = self.starts_on.data or fallback
        return ActivityFacts(
            kind=kind,
            title=plain(self.title.data),
            summary=plain(self.summary.data),
            place=plain(self.place.data),
            language=plain(self.language.data),
            starts_on=starts_on,
            ends_on=self.ends_on.data or starts_on,
            partners=one_a_line(self.partners.data),
            qualities=tuple(self.qualities.data or ()),
            group_size=self.group_size.data,
            topics=tuple(self.topics.data or ()),
        )

    def show_activity(self, activity: Activity) -> None:
        """Fill the fields with what the activity says now."""
        for name in ("title", "summary", "place", "language", "starts_on", *QUALITY_FIELDS):
            getattr(self, name).data = getattr(activity, name)
        self.ends_on.data = activity.ends_on if activity.ends_on != activity.starts_on else None
        self.partners.data = "\n".join(activity.partners)

    def judge(self, kind: str, today: date) -> None:
        """Show what the rules find wrong, beside what the fields themselves found."""
        faults = activity_faults(self.activity_facts(kind, today), today)
        if faults:
            self.show_faults(InvalidError(_("Something needs correcting."), faults=faults))


class ActivityForm(ActivityFields):
    """A new meeting or guest lecture."""

    kind = SelectField(_l("Kind"))
    host = SelectField(
        _l("Organised by"), description=_l("Your organisation, and the alliance in which it acts.")
    )

    def offer(self, hosts: list[tuple[Alliance, Organisation]]) -> None:
        """Fill all choices."""
        self.offer_languages()
        self.kind.choices = [(kind.value, KIND_WORDS[kind]) for kind in (Kind.MEETING, Kind.GUEST_LECTURE)]
        self.host.choices = host_choices(hosts)


def host_choices(hosts: list[tuple[Alliance, Organisation]]) -> list[tuple[str, str]]:
    """The choices of who organises something, and in which alliance."""
    return [
        (f"{alliance.slug}:{organisation.slug}", f"{organisation.name} · {alliance.name}")
        for alliance, organisation in hosts
    ]


def chosen_host(hosts: list[tuple[Alliance, Organisation]], choice: str) -> tuple[Alliance, Organisation]:
    """The pair that was chosen in a field filled by `host_choices`; raises InvalidError for none of them."""
    for alliance, organisation in hosts:
        if choice == f"{alliance.slug}:{organisation.slug}":
            return alliance, organisation
    raise InvalidError(_("Choose one of your organisations."), code="host")
