"""From which age a young person may decide alone about an online service, by country (GDPR Art. 8), and age bands.

No birth date is asked or kept: only which of three spans a learner was born in.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

FALLBACK_LIMIT = 16
ADULT = 18
# As each country has set it; editable here, and 16 where we do not know.
CONSENT_AGE = {
    "AT": 14,
    "BE": 13,
    "BG": 14,
    "CY": 14,
    "CZ": 15,
    "DE": 16,
    "DK": 15,
    "EE": 13,
    "ES": 14,
    "FI": 13,
    "FR": 15,
    "GR": 15,
    "HR": 16,
    "HU": 16,
    "IE": 16,
    "IS": 13,
    "IT": 14,
    "LI": 16,
    "LT": 14,
    "LU": 16,
    "LV": 13,
    "MT": 13,
    "NL": 16,
    "NO": 13,
    "PL": 16,
    "PT": 13,
    "RO": 16,
    "SE": 13,
    "SI": 15,
    "SK": 16,
}


class AgeBand(StrEnum):
    """How old somebody is, as coarsely as the law allows us to know."""

    UNDER_LIMIT = "under_limit"
    LIMIT_TO_17 = "limit_to_17"
    ADULT = "adult"


@dataclass(frozen=True)
class AgeQuestion:
    """The two dates of the question "when were you born?": on or before `adult_since`, on or before `limit_since`."""

    limit: int
    adult_since: date
    limit_since: date


def age_question(country: str, today: date) -> AgeQuestion:
    """The question for a country (ISO 3166-1 alpha-2) on a day."""
    limit = CONSENT_AGE.get(country.upper(), FALLBACK_LIMIT)
    return AgeQuestion(limit, _years_before(today, ADULT), _years_before(today, limit))


def age_band(text: str | None) -> AgeBand | None:
    """The answer, or `None` when it was left open or is not one of ours."""
    return AgeBand(text) if text in {band.value for band in AgeBand} else None


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
