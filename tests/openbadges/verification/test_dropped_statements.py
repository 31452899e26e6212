"""What the canonicalizer would leave out without a word may stand in no signed badge: every space, control and format character."""

import copy
import json
import re
import sys
import unicodedata
from functools import cache
from typing import Any

import pytest

from badge_service.openbadges import canonical, expansion
from badge_service.openbadges.verification import Recipient
from tests.openbadges.verification.saying import judged, says


@cache
def unseen() -> list[str]:
    """All letters that nobody sees; those of `\\s` are left out by PyLD, with the statement around them."""
    return [
        letter
        for letter in map(chr, range(sys.maxunicode + 1))
        if not 0xD800 <= ord(letter) <= 0xDFFF
        and (re.match(r"\s", letter) or unicodedata.category(letter) in ("Zs", "Zl", "Zp", "Cc", "Cf"))
    ]


INSERTIONS: dict[str, Any] = {
    "subject": lambda name: {"id": name, "type": ["Evidence"], "name": "Doctor of Medicine"},
    "object": lambda name: {"id": name},
    "type": lambda name: {"type": ["Evidence", name]},
    "predicate": lambda name: {"type": ["Evidence"], name: "Doctor of Medicine"},
}


@pytest.mark.full
@pytest.mark.parametrize("place", INSERTIONS)
def test_nothing_with_an_unseen_letter_in_its_name_is_covered_by_a_signature(
    world: Any, signed: dict[str, Any], place: str
) -> None:
    """Each letter is put into a name at the end, in the middle and at the beginning: the statement is refused, not left out."""
    assert judged(world, signed).outcome == "genuine"
    small = {"@context": signed["@context"], "id": "urn:x:1", "type": ["VerifiableCredential"]}
    assert not canonical.examine({**small, "evidence": [INSERTIONS["subject"]("urn:x:2")]}).faults
    for letter in unseen():
        for name in (f"urn:x:{letter}", f"https://a.example/{letter}b", f"{letter}urn:x:1"):
            assert canonical.examine({**small, "evidence": [INSERTIONS[place](name)]}).faults, ascii(name)


@pytest.mark.parametrize("place", INSERTIONS)
@pytest.mark.parametrize("letter", ["\x1c", "\x85", "\xa0", "\u1680", "\u2003", "\u2028", "\u200b", "\u3000"])
def test_a_badge_with_an_unseen_letter_added_is_not_valid(
    world: Any, signed: dict[str, Any], place: str, letter: str
) -> None:
    signed["evidence"].append(INSERTIONS[place](f"urn:x:{letter}"))
    for data in (copy.deepcopy(signed), json.dumps(signed)):
        assert judged(world, data).outcome == "not_valid"


def test_nobody_becomes_the_holder_of_somebody_elses_badge(world: Any, signed: dict[str, Any]) -> None:
    signed["credentialSubject"]["identifier"] = [
        {
            "id": "urn:y:\u2003",
            "type": ["IdentityObject"],
            "hashed": False,
            "identityHash": "mallory@evil.example",
            "identityType": "emailAddress",
        }
    ]
    verdict = judged(world, signed, recipient=Recipient("emailAddress", "mallory@evil.example"))
    assert says(verdict) == ("not_valid", "relative_iri")


def test_a_genuine_badge_cannot_be_written_anew_around_its_statements(
    world: Any, signed: dict[str, Any]
) -> None:
    """The signed achievement moves to a second mention of the holder, and a false one stands in its place."""
    subject = signed["credentialSubject"]
    moved = {"achievement": subject.pop("achievement"), "result": subject.pop("result")}
    subject["achievement"] = {
        "id": "https://badges.example.org/achievements/md/\u2003",
        "type": ["Achievement"],
        "name": "Doctor of Medicine",
        "description": "May practise medicine.",
        "criteria": {"id": "https://badges.example.org/c/\u2003", "narrative": "Six years of study."},
    }
    second = {"id": subject["id"], "type": ["AchievementSubject"], **moved}
    signed["evidence"].append({"id": "urn:y:\u2003", "type": ["Profile"], "name": "x", "parentOrg": second})
    for data in (copy.deepcopy(signed), json.dumps(signed)):
        assert judged(world, data).outcome == "not_valid"


def test_a_statement_that_would_be_left_out_is_refused_even_past_the_other_walls(
    monkeypatch: pytest.MonkeyPatch, unsigned: dict[str, Any]
) -> None:
    """The last wall stands for itself: where the statements are made."""
    monkeypatch.setattr(expansion, "_expanded_faults", lambda expanded: [])
    for place, insertion in INSERTIONS.items():
        for name in ("urn:x:\u2003", "urn:\u00a0x"):
            changed = {**unsigned, "evidence": [insertion(name)]}
            assert canonical.examine(changed).faults, (place, ascii(name))
    for evidence in ([{"id": "x", "name": "y"}], [{"id": "x"}], [{"type": ["Evidence", "x y:z"]}]):
        assert canonical.examine({**unsigned, "evidence": evidence}).faults, evidence
