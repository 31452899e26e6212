"""What a later edition corrects in a badge; everything else stays word for word as it was signed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from badge_service.awards.rules.content import EvidenceFacts, own_evidence
from badge_service.awards.rules.identity import IdentityCheck, signed_sentence
from badge_service.awards.rules.signed_words import evidence_sentence, evidence_words


class Change(StrEnum):
    """One thing that a correction can change."""

    LEVELS = "levels"
    IDENTITY = "identity"
    EVIDENCE = "evidence"
    NAME = "name"


@dataclass(frozen=True)
class SignedEvidence:
    """The pieces that stand in the badge, and how many were looked at in all."""

    pieces: Sequence[EvidenceFacts]
    looked_at: int


def levels_in(content: Mapping[str, Any]) -> dict[str, str]:
    """The level (id) of each criterion (id), as a credential of ours says it."""
    levels = {}
    for result in content["credentialSubject"].get("result", ()):
        described = result["resultDescription"]
        levels[described.rsplit("#", 1)[1]] = result["achievedLevel"].removeprefix(f"{described}-")
    return levels


def with_levels(content: Mapping[str, Any], levels: Mapping[str, str]) -> dict[str, Any]:
    """The same credential with these levels; `levels` names every criterion of it."""
    subject = content["credentialSubject"]
    results = [
        one | {"achievedLevel": f"{one['resultDescription']}-{levels[_criterion(one)]}"}
        for one in subject.get("result", ())
    ]
    return {**content, "credentialSubject": subject | {"result": results}}


def with_identity(content: Mapping[str, Any], before: IdentityCheck, after: IdentityCheck) -> dict[str, Any]:
    """The same credential with another sentence on how the learner's identity was checked."""
    language = _language(content)
    old, new = signed_sentence(before, language), signed_sentence(after, language)

    def told_anew(narrative: str) -> str:
        return narrative.replace(old, new) if old in narrative else f"{narrative} {new}"

    return _summary_changed(content, told_anew(content["evidence"][0]["narrative"]))


def with_evidence(content: Mapping[str, Any], evidence: SignedEvidence) -> dict[str, Any]:
    """The same credential with other pieces of evidence, and their number in the words about the activity."""
    language = _language(content)
    counted = evidence_sentence(language, evidence.looked_at)
    narrative = content["evidence"][0]["narrative"]
    for words in evidence_words(language):
        pattern = re.escape(words).replace(re.escape("{count}"), r"\d+")
        narrative = re.sub(pattern, lambda _found: counted, narrative)
    summary = content["evidence"][0] | {"narrative": narrative}
    return {**content, "evidence": [summary, *(own_evidence(one) for one in evidence.pieces)]}


def _summary_changed(content: Mapping[str, Any], narrative: str) -> dict[str, Any]:
    summary, *others = content["evidence"]
    return {**content, "evidence": [summary | {"narrative": narrative}, *others]}


def _criterion(result: Mapping[str, Any]) -> str:
    return str(result["resultDescription"]).rsplit("#", 1)[1]


def _language(content: Mapping[str, Any]) -> str:
    return str(content["credentialSubject"]["achievement"].get("inLanguage", "en"))
