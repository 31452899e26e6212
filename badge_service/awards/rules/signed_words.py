"""What badges say of an activity and of the evidence looked at, in the language of the micro-credential."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from badge_service.awards.rules.lint import lint

_KINDS: dict[str, dict[str, str]] = {
    "en": {
        "workshop": "Workshop",
        "guest_lecture": "Guest lecture",
        "meeting": "Alliance meeting",
        "co_creation_session": "Co-creation session",
    },
    "nl": {
        "workshop": "Workshop",
        "guest_lecture": "Gastles",
        "meeting": "Alliantiebijeenkomst",
        "co_creation_session": "Cocreatiesessie",
    },
    "es": {
        "workshop": "Taller",
        "guest_lecture": "Charla invitada",
        "meeting": "Reunión de la alianza",
        "co_creation_session": "Sesión de cocreación",
    },
    "bg": {
        "workshop": "Работилница",
        "guest_lecture": "Гост-лекция",
        "meeting": "Среща на алианса",
        "co_creation_session": "Сесия за съвместно създаване",
    },
}
_LOOKED_AT = {
    "en": "Pieces of evidence looked at: {count}.",
    "nl": "Bekeken bewijsstukken: {count}.",
    "es": "Evidencias examinadas: {count}.",
    "bg": "Разгледани доказателства: {count}.",
}
_NOTHING_ATTACHED = {
    "en": "No evidence was attached in this service.",
    "nl": "In deze dienst is geen bewijs bijgevoegd.",
    "es": "No se adjuntó ninguna evidencia en este servicio.",
    "bg": "В тази услуга не са приложени доказателства.",
}


@dataclass(frozen=True)
class SignedActivity:
    """What a badge says about the activity: its public page and its days."""

    url: str
    kind: str
    title: str
    starts_on: date
    ends_on: date


def activity_name(activity: SignedActivity, language: str, learner_names: Sequence[str]) -> str:
    """Title and last day."""
    return f"{_title(activity, language, learner_names)}, {_day(activity.ends_on, language)}"


def words_of_activity(
    activity: SignedActivity, place: str, language: str, learner_names: Sequence[str]
) -> tuple[str, str]:
    """What a badge says of an activity beside its own: its title; and its kind, days and place."""
    days = dict.fromkeys((activity.starts_on, activity.ends_on))
    said = [_kind(activity, language), " – ".join(_day(one, language) for one in days)]
    if not lint("place", place, learner_names):
        said.append(place)
    return _title(activity, language, learner_names), ", ".join(said)


def _title(activity: SignedActivity, language: str, learner_names: Sequence[str]) -> str:
    """One that must not be signed (it names somebody) gives way to the kind."""
    refused = lint("title", activity.title, learner_names)
    return _kind(activity, language) if refused else activity.title


def _kind(activity: SignedActivity, language: str) -> str:
    kinds = _KINDS.get(language, _KINDS["en"])
    return kinds.get(activity.kind, kinds["workshop"])


def _day(day: date, language: str) -> str:
    shown = language if language in _KINDS else "en"
    return format_date(day, "d MMMM y" if shown == "en" else "long", locale=shown)


def evidence_sentence(language: str, count: int) -> str:
    """How many pieces of evidence were looked at, in the language of the badge."""
    looked_at, nothing = evidence_words(language)
    return looked_at.format(count=count) if count else nothing


def evidence_words(language: str) -> tuple[str, str]:
    """The words of that sentence with `{count}` in it, and those that say there was nothing."""
    shown = language if language in _LOOKED_AT else "en"
    return _LOOKED_AT[shown], _NOTHING_ATTACHED[shown]
