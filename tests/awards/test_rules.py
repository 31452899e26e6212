"""The plain rules: what is never signed, how old one must be, what the signed sentences say."""

from datetime import date

import pytest

from badge_service.awards.rules import (
    AgeBand,
    IdentityCheck,
    age_band,
    age_question,
    identity_check,
    lint,
    signed_sentence,
)
from badge_service.curriculum.rules.eu_box import IDENTITY_SENTENCES
from badge_service.errors import InvalidError


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("write to ana@school.example", "lint.email"),
        ("ring +359 888 123 456", "lint.phone"),
        ("ring 0888-123-456", "lint.phone"),
        ("Petya wove it", "lint.name"),
        ("wove it with МАРИЯ", "lint.name"),
        ("despite her dyslexia", "lint.health"),
        ("въпреки диабет", "lint.health"),
    ],
)
def test_what_is_never_signed_is_named(text: str, code: str) -> None:
    assert [fault.code for fault in lint("text", text, ["Petya Ivanova", "Мария Георгиева"])] == [code]


@pytest.mark.parametrize(
    "text",
    [
        "Twelve rods, 3.5 mm thick, 2026-11-20 to 20.11.2026, carries 3 kg",
        "A basket from the Ana valley, rows 1 2 3",
        "Willow No 1234567",
    ],
)
def test_ordinary_words_and_numbers_pass(text: str) -> None:
    assert lint("text", text, ["An Li", "Petya Ivanova"]) == []


def test_a_country_has_its_limit_and_an_unknown_one_sixteen() -> None:
    today = date(2026, 11, 21)
    assert age_question("BG", today).limit == 14
    assert age_question("bg", today).limit_since == date(2012, 11, 21)
    assert age_question("XX", today).limit == 16
    assert age_question("NL", date(2028, 2, 29)).adult_since == date(2010, 2, 28)


def test_only_three_bands_are_kept() -> None:
    assert age_band("adult") is AgeBand.ADULT
    assert age_band("2010-01-01") is None
    assert age_band(None) is None


def test_no_answer_about_identity_is_said_as_that() -> None:
    assert identity_check("") is IdentityCheck.NOT_RECORDED
    assert signed_sentence(IdentityCheck.NOT_RECORDED) == "Identity of the learner: not recorded."
    assert signed_sentence(IdentityCheck.KNOWN, "fi") == signed_sentence(IdentityCheck.KNOWN, "en")
    with pytest.raises(InvalidError):
        identity_check("seen on television")


def test_the_eu_box_finds_the_identity_sentence_in_every_language() -> None:
    for language in ("en", "nl", "es", "bg"):
        for check in IdentityCheck:
            assert signed_sentence(check, language).startswith(IDENTITY_SENTENCES)
