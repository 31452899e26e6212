"""How the assessor knew who the learner was, and the sentence about it that is signed into the badge (decisions 8)."""

from enum import StrEnum

from badge_service.errors import Fault, InvalidError


class IdentityCheck(StrEnum):
    """The teacher's answer to "how was identity checked?"; without an answer it says so."""

    KNOWN = "known"
    DOCUMENT = "document"
    NOT_CHECKED = "not_checked"
    NOT_RECORDED = "not_recorded"


ANSWERS = (IdentityCheck.KNOWN, IdentityCheck.DOCUMENT, IdentityCheck.NOT_CHECKED)

_SENTENCES: dict[str, dict[IdentityCheck, str]] = {
    "en": {
        IdentityCheck.KNOWN: "Identity of the learner: known to the assessor.",
        IdentityCheck.DOCUMENT: "Identity of the learner: the assessor saw an identity document.",
        IdentityCheck.NOT_CHECKED: "Identity of the learner: not checked.",
        IdentityCheck.NOT_RECORDED: "Identity of the learner: not recorded.",
    },
    "nl": {
        IdentityCheck.KNOWN: "Identiteit van de deelnemer: bekend bij de beoordelaar.",
        IdentityCheck.DOCUMENT: "Identiteit van de deelnemer: de beoordelaar zag een identiteitsbewijs.",
        IdentityCheck.NOT_CHECKED: "Identiteit van de deelnemer: niet gecontroleerd.",
        IdentityCheck.NOT_RECORDED: "Identiteit van de deelnemer: niet vastgelegd.",
    },
    "es": {
        IdentityCheck.KNOWN: "Identidad de la persona: conocida por quien evaluó.",
        IdentityCheck.DOCUMENT: "Identidad de la persona: quien evaluó vio un documento de identidad.",
        IdentityCheck.NOT_CHECKED: "Identidad de la persona: no comprobada.",
        IdentityCheck.NOT_RECORDED: "Identidad de la persona: no consta.",
    },
    "bg": {
        IdentityCheck.KNOWN: "Самоличност на обучаемия: известна на оценяващия.",
        IdentityCheck.DOCUMENT: "Самоличност на обучаемия: оценяващият е видял документ за самоличност.",
        IdentityCheck.NOT_CHECKED: "Самоличност на обучаемия: не е проверена.",
        IdentityCheck.NOT_RECORDED: "Самоличност на обучаемия: не е отбелязана.",
    },
}


def signed_sentence(check: IdentityCheck, language: str = "en") -> str:
    """The sentence that goes into the evidence narrative, in the badge's language where we have it, else English."""
    return _SENTENCES.get(language, _SENTENCES["en"])[check]


def identity_check(text: str | None) -> IdentityCheck:
    """The answer as typed; nothing is "not recorded". Raises `InvalidError` for an unknown word."""
    if not text:
        return IdentityCheck.NOT_RECORDED
    try:
        return IdentityCheck(text)
    except ValueError:
        message = "Say how identity was checked by one of the answers on the page."
        raise InvalidError(
            message, code="identity_check", faults=[Fault("identity_check", message, "identity_check")]
        ) from None
