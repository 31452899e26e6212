"""What is true of recognising prior learning: the states of a case, what may be written in it, and what is signed of it."""

from enum import StrEnum

from badge_service.awards.rules.content import EvidenceFacts
from badge_service.awards.rules.identity import IdentityCheck, signed_sentence
from badge_service.awards.rules.signed_words import evidence_sentence
from badge_service.errors import Fault
from badge_service.web.texts import text_faults

LONGEST_STATEMENT = 2_000
LONGEST_REFUSAL = 1_000
GENRE = "recognition of prior learning"
# A language's title of the account, and its words: the learner showed what they knew, how many criteria were judged.
_ACCOUNTS = {
    "en": (
        "Recognition of prior learning",
        "The learner showed what they had learnt elsewhere. A named assessor of the issuing school judged {criteria} "
        "criteria with the rubric.",
    ),
    "nl": (
        "Erkenning van eerder verworven competenties",
        "De deelnemer liet zien wat elders was geleerd. Een beoordelaar van de uitgevende school, met naam bekend, "
        "beoordeelde {criteria} criteria met de rubriek.",
    ),
    "es": (
        "Reconocimiento de aprendizajes previos",
        "La persona mostró lo que había aprendido en otro lugar. Una persona evaluadora del centro emisor, registrada "
        "con su nombre, valoró {criteria} criterios con la rúbrica.",
    ),
    "bg": (
        "Признаване на предишно учене",
        "Обучаемият показа какво е научил другаде. Поименно известен оценяващ от издаващото училище прецени "
        "{criteria} критерия по рубриката.",
    ),
}


class CaseState(StrEnum):
    """Where a case is: looked at, held for a second person, or at one of the three ends."""

    OPEN = "open"
    ASSESSED = "assessed"
    SECOND = "second"
    AWARDED = "awarded"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


BEING_LOOKED_AT = (CaseState.OPEN, CaseState.ASSESSED)
NOT_ENDED = (*BEING_LOOKED_AT, CaseState.SECOND)


def statement_faults(statement: str) -> list[Fault]:
    """What is wrong with the learner's own words; they may be missing."""
    return text_faults("statement", statement, LONGEST_STATEMENT, lines=True, needed=False)


def refusal_faults(refusal: str) -> list[Fault]:
    """What is wrong with the reason that the learner of a refused case reads."""
    return text_faults("refusal", refusal, LONGEST_REFUSAL, lines=True)


def recognition_account(language: str, criteria: int, pieces: int, check: IdentityCheck) -> EvidenceFacts:
    """What a badge says of how it was earned: a portfolio judged by a named assessor; it names nobody."""
    title, words = _ACCOUNTS.get(language, _ACCOUNTS["en"])
    told = f"{words.format(criteria=criteria)} {evidence_sentence(language, pieces)} {signed_sentence(check, language)}"
    return EvidenceFacts(title, GENRE, told)
