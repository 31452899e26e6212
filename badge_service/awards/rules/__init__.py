"""What is true of awards: states, how identity was checked, what is signed, what never is, and who is how old."""

from badge_service.awards.rules.ages import AgeBand, AgeQuestion, age_band, age_question
from badge_service.awards.rules.content import Composer, Definition, EvidenceFacts, next_edition
from badge_service.awards.rules.contents import Contents, contents_of
from badge_service.awards.rules.corrections import Change, levels_in
from badge_service.awards.rules.evidence import ACTIVITY, GENRES, LONGEST_TEXT, EvidenceKind, evidence_faults
from badge_service.awards.rules.identity import ANSWERS, IdentityCheck, identity_check, signed_sentence
from badge_service.awards.rules.limits import HOUR, MOST_A_DAY, MOST_AN_HOUR, Allowance, Limits
from badge_service.awards.rules.lint import lint
from badge_service.awards.rules.signed_words import SignedActivity, words_of_activity
from badge_service.awards.rules.states import (
    AWARDED_IN_THE_REQUEST,
    CLAIM_CAN_BE_UNDONE,
    MOST_LEARNERS_AT_ONCE,
    OPEN_ITEMS,
    WRONG_CODES_ALARM,
    WRONG_CODES_WINDOW,
    AwardState,
    BatchRow,
    Channel,
    ItemState,
    Sharing,
)

__all__ = [
    "ACTIVITY",
    "ANSWERS",
    "AWARDED_IN_THE_REQUEST",
    "CLAIM_CAN_BE_UNDONE",
    "GENRES",
    "HOUR",
    "LONGEST_TEXT",
    "MOST_AN_HOUR",
    "MOST_A_DAY",
    "MOST_LEARNERS_AT_ONCE",
    "OPEN_ITEMS",
    "WRONG_CODES_ALARM",
    "WRONG_CODES_WINDOW",
    "AgeBand",
    "AgeQuestion",
    "Allowance",
    "AwardState",
    "BatchRow",
    "Change",
    "Channel",
    "Composer",
    "Contents",
    "Definition",
    "EvidenceFacts",
    "EvidenceKind",
    "IdentityCheck",
    "ItemState",
    "Limits",
    "Sharing",
    "SignedActivity",
    "age_band",
    "age_question",
    "contents_of",
    "evidence_faults",
    "identity_check",
    "levels_in",
    "lint",
    "next_edition",
    "signed_sentence",
    "words_of_activity",
]
