"""What a badge says of an award from elsewhere: when it was awarded, that it was brought in, and whether levels are known."""

from datetime import date

from babel.dates import format_date

from badge_service.awards.rules.content import EvidenceFacts
from badge_service.awards.rules.identity import IdentityCheck, signed_sentence

_TITLE = {
    "en": "Awarded outside this service",
    "nl": "Toegekend buiten deze dienst",
    "es": "Concedida fuera de este servicio",
    "bg": "Присъдено извън тази услуга",
}
_TOLD = {
    "en": "Awarded on {awarded} outside this service. A named person of the issuing school brought it in from the "
    "school's own records on {imported} and decided that it stands for this micro-credential. {levels}",
    "nl": "Toegekend op {awarded} buiten deze dienst. Een met naam bekende persoon van de uitgevende school heeft dit op "
    "{imported} uit de eigen administratie overgenomen en besloten dat het voor deze microcredential staat. {levels}",
    "es": "Concedida el {awarded} fuera de este servicio. Una persona del centro emisor, registrada con su nombre, la "
    "trasladó de los registros del centro el {imported} y decidió que equivale a esta microcredencial. {levels}",
    "bg": "Присъдено на {awarded} извън тази услуга. Поименно известно лице от издаващото училище го внесе от "
    "регистрите на училището на {imported} и реши, че отговаря на това микроудостоверение. {levels}",
}
_LEVELS = {
    "en": ("Levels were not recorded.", "The levels were taken over from those records."),
    "nl": ("Niveaus zijn niet vastgelegd.", "De niveaus zijn uit die administratie overgenomen."),
    "es": ("Los niveles no constan.", "Los niveles se tomaron de esos registros."),
    "bg": ("Нивата не са отбелязани.", "Нивата са взети от тези регистри."),
}
_EVIDENCE = {"en": "Evidence", "nl": "Bewijs", "es": "Evidencia", "bg": "Доказателство"}


def account_of(
    language: str, awarded: date, imported: date, check: IdentityCheck, *, with_levels: bool
) -> EvidenceFacts:
    """The account that stands first in the badge's evidence, in the badge's language where we have it, else English."""
    spoken = language if language in _TOLD else "en"
    told = _TOLD[spoken].format(
        awarded=_day(awarded, spoken), imported=_day(imported, spoken), levels=_LEVELS[spoken][with_levels]
    )
    return EvidenceFacts(_TITLE[spoken], "import", f"{told} {signed_sentence(check, spoken)}")


def evidence_of_row(language: str, url: str) -> EvidenceFacts:
    """The link of one row as a piece of evidence."""
    return EvidenceFacts(_EVIDENCE.get(language, _EVIDENCE["en"]), "website", url=url)


def _day(day: date, language: str) -> str:
    return format_date(day, "d MMMM y" if language == "en" else "long", locale=language)
