"""The forms of alliances and activities; texts are judged by the rules, so that everything wrong is said at once."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Optional

from badge_service.alliance.rules import ActivityFacts, AllianceFacts, Kind, activity_faults
from badge_service.alliance.tables import Activity, Alliance
from badge_service.errors import InvalidError
from badge_service.people.tables import Organisation, Region
from badge_service.web.forms import Form
from badge_service.web.i18n import language_name

LANGUAGES = [
    "bg",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fi",
    "fr",
    "ga",
    "hr",
    "hu",
    "is",
    "it",
    "lt",
    "lv",
    "mk",
    "mt",
    "nl",
    "no",
    "pl",
    "pt",
    "ro",
    "sk",
    "sl",
    "sq",
    "sr",
    "sv",
    "tr",
    "uk",
    "fy",
    "ca",
    "eu",
    "gl",
]
KIND_WORDS = {
    Kind.MEETING: _l("Meeting"),
    Kind.GUEST_LECTURE: _l("Guest lecture"),
    Kind.WORKSHOP: _l("Workshop"),
}


class Needed:
    """Marks a field as needed; what is wrong with it is said by the rules, together with everything else."""

    field_flags = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Find no fault here."""


class IssuerForm(Form):
    """An issuer elsewhere that the alliance knows."""

    did = StringField(
        _l("Identifier"),
        [Needed()],
        description=_l(
            "As their badges name the issuer, for example did:web:school.example. Ask them for it."
        ),
    )
    name = StringField(
        _l("Name"),
        [Needed()],
        description=_l("The name under which you know them; it is shown to whoever checks."),
    )


class AllianceForm(Form):
    """What is said about a new alliance."""

    name = StringField(
        _l("Name"), [Needed()], description=_l("For example: Craft alliance of Central Bulgaria.")
    )
    slug = StringField(
        _l("Short name in the address"),
        [Needed()],
        description=_l("Small Latin letters, digits and hyphens. It stays for ever."),
    )
    region = SelectField(_l("Region"), coerce=int)
    aims = TextAreaField(
        _l("Aims"),
        [Needed()],
        description=_l("What the partners want to reach together, in a few sentences."),
    )

    def offer(self, regions: list[Region]) -> None:
        """Fill the choice of regions."""
        self.region.choices = [(region.id, region.name) for region in regions]

    def facts(self) -> AllianceFacts:
        """What was typed."""
        slug, name, aims = (_text(field.data) for field in (self.slug, self.name, self.aims))
        return AllianceFacts(slug, name, aims, int(self.region.data or 0))


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

    def offer_languages(self) -> None:
        """Fill the choice of languages, named in the reader's language."""
        named = sorted((language_name(code).capitalize(), code) for code in LANGUAGES)
        self.language.choices = [(code, name) for name, code in named]

    def activity_facts(self, kind: str, fallback: date) -> ActivityFacts:
        """What was typed; `fallback` stands in for a date that is missing, so that the rest can be judged."""
        starts_on = self.starts_on.data or fallback
        lines = (line.strip() for line in _text(self.partners.data).splitlines())
        return ActivityFacts(
            kind=kind,
            title=_text(self.title.data),
            summary=_text(self.summary.data),
            place=_text(self.place.data),
            language=_text(self.language.data),
            starts_on=starts_on,
            ends_on=self.ends_on.data or starts_on,
            partners=tuple(line for line in lines if line),
        )

    def show_activity(self, activity: Activity) -> None:
        """Fill the fields with what the activity says now."""
        for name in ("title", "summary", "place", "language", "starts_on"):
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


def _text(value: str | None) -> str:
    return (value or "").replace("\r\n", "\n").strip()
