"""Writes the unsigned badge of one award: who issues, what was achieved at which level, on what evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from badge_service.awards.rules.identity import IdentityCheck, signed_sentence
from badge_service.awards.rules.signed_words import SignedActivity, activity_name, evidence_sentence
from badge_service.awards.rules.stacks import parts_sentence
from badge_service.openbadges import credential, dates

Part = dict[str, Any]

# A language's words: how many criteria, how large the group was; what evidence was looked at stands between them.
_JUDGED = {
    "en": "A named assessor of the issuing school judged {criteria} criteria with the rubric. "
    "{evidence} Learners in the group: {learners}.",
    "nl": "Een beoordelaar van de uitgevende school, met naam bekend, beoordeelde {criteria} criteria met de rubriek. "
    "{evidence} Deelnemers in de groep: {learners}.",
    "es": "Una persona evaluadora del centro emisor, registrada con su nombre, valoró {criteria} criterios con la rúbrica. "
    "{evidence} Participantes en el grupo: {learners}.",
    "bg": "Поименно известен оценяващ от издаващото училище прецени {criteria} критерия по рубриката. "
    "{evidence} Обучаеми в групата: {learners}.",
}
_TOOK_PART = {
    "en": "Nothing was assessed: the issuing school recorded that the learner took part. Learners in the group: {learners}.",
    "nl": "Er is niets beoordeeld: de uitgevende school heeft vastgelegd dat de deelnemer heeft meegedaan. "
    "Deelnemers in de groep: {learners}.",
    "es": "No se evaluó nada: el centro emisor registró que la persona participó. Participantes en el grupo: {learners}.",
    "bg": "Нищо не е оценявано: издаващото училище е отбелязало, че обучаемият е участвал. "
    "Обучаеми в групата: {learners}.",
}
_SOMEBODY = "urn:uuid:00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class EvidenceFacts:
    """One piece of evidence that is allowed into the badge; a file enters by its digest (sha256-…), never itself."""

    title: str
    genre: str
    text: str = ""
    url: str | None = None
    digest: str | None = None


@dataclass(frozen=True)
class Definition:
    """The achievement as it was published, with the address and digest (`sha256-` base64) of its EU fact sheet."""

    achievement: Mapping[str, Any]
    facts_url: str
    facts_digest: str

    @property
    def language(self) -> str:
        """The language of the definition's own text, which the badge keeps."""
        return str(self.achievement.get("inLanguage", "en"))


class Composer:
    """Writes the unsigned credentials of all who are awarded on one occasion; what they have in common is made once.

    Equal parts are one object in all of them, by which the register and the signature see quickly what differs.
    """

    def __init__(
        self,
        *,
        issuer: Mapping[str, Any],
        definition: Definition,
        activity: SignedActivity | None,
        identity_check: IdentityCheck,
        decided_at: datetime,
        learner_names: Sequence[str] = (),
        automatic: bool = False,
    ) -> None:
        """`decided_at` becomes awardedDate and the first edition's validFrom.

        `learner_names` are only compared with, and counted, never written. Without an activity it is a stacked badge,
        whose evidence is its parts; `automatic` says that a standing decision gives it.
        """
        self._definition, self._activity, self._check = definition, activity, identity_check
        self._learners = len(learner_names)
        self._activity_name = activity_name(activity, definition.language, learner_names) if activity else ""
        self._automatic = automatic
        self._achievement = dict(definition.achievement)
        self._subjects: dict[tuple[tuple[str, str], ...], Part] = {}
        self._evidence: dict[tuple[int, tuple[EvidenceFacts, ...], EvidenceFacts | None], list[Part]] = {}
        self._common = credential.compose(
            id="",
            name=self._achievement["name"],
            description=self._achievement["description"],
            issuer=dict(issuer),
            valid_from=decided_at,
            awarded_date=decided_at,
            subject=self._subject({}),
            evidence=self._all_evidence(0, (), None),
            related_resources=[credential.related_resource(definition.facts_url, definition.facts_digest)],
        )

    def content(
        self,
        subject: str,
        levels: Mapping[str, str],
        evidence: Sequence[EvidenceFacts],
        evidence_count: int,
        *,
        account: EvidenceFacts | None = None,
        awarded_on: date | None = None,
    ) -> Part:
        """One learner's credential, without its address and status entry, which the register adds.

        `subject` is a random `urn:uuid:…`; `levels` maps criterion id to level id. An `account` of one's own stands in
        the place of the summary of the occasion; `awarded_on` is an earlier day on which it was awarded elsewhere.
        """
        earlier = {"awardedDate": dates.write(_midnight(awarded_on))} if awarded_on else {}
        return {
            **self._common,
            **earlier,
            "credentialSubject": {**self._subject(levels), "id": subject},
            "evidence": self._all_evidence(evidence_count, tuple(evidence), account),
        }

    def _subject(self, levels: Mapping[str, str]) -> Part:
        """The subject of all who reached these levels."""
        reached = tuple(levels.items())
        if reached not in self._subjects:
            self._subjects[reached] = credential.subject(
                _SOMEBODY,
                self._achievement,
                results=_results(self._achievement, levels) if levels else (),
                activity_start=_midnight(self._activity.starts_on) if self._activity else None,
                activity_end=_midnight(self._activity.ends_on) if self._activity else None,
            )
        return self._subjects[reached]

    def _all_evidence(
        self, count: int, own: tuple[EvidenceFacts, ...], account: EvidenceFacts | None
    ) -> list[Part]:
        known = (count, own, account)
        if known not in self._evidence:
            first = own_evidence(account) if account else self._summary(count)
            self._evidence[known] = [first, *(own_evidence(one) for one in own)]
        return self._evidence[known]

    def _summary(self, count: int) -> Part:
        """What comes before the single pieces: the activity with what was judged, or how many parts were decided."""
        if self._activity is None:
            told = parts_sentence(self._definition.language, count, self._check, automatic=self._automatic)
            return credential.evidence(name=self._achievement["name"], genre="pathway", narrative=told)
        return _activity_evidence(
            self._activity, self._activity_name, self._definition, count, self._learners, self._check
        )


def next_edition(content: Mapping[str, Any], *, valid_from: datetime, name: str | None) -> Part:
    """The same award as a later edition: a new validFrom, the name as the learner wants it now (or none)."""
    subject = {key: value for key, value in content["credentialSubject"].items() if key != "identifier"}
    if name is not None:
        subject["identifier"] = [credential.named_holder(name)]
    kept = {key: value for key, value in content.items() if key not in {"id", "credentialStatus"}}
    return kept | {"validFrom": dates.write(valid_from), "credentialSubject": subject}


def _results(achievement: Mapping[str, Any], levels: Mapping[str, str]) -> list[Part]:
    described = [entry["id"] for entry in achievement.get("resultDescription", ())]
    judged = {address.rsplit("#", 1)[1]: address for address in described}
    return [
        credential.result(address, achieved_level=f"{address}-{levels[criterion]}", status="Completed")
        for criterion, address in judged.items()
    ]


def _activity_evidence(
    activity: SignedActivity,
    name: str,
    definition: Definition,
    count: int,
    learners: int,
    check: IdentityCheck,
) -> Part:
    """Its narrative names nobody: it counts criteria, pieces of evidence and learners."""
    language = definition.language
    criteria = len(definition.achievement.get("resultDescription", ()))
    told = _JUDGED if criteria else _TOOK_PART
    judged = told.get(language, told["en"]).format(
        criteria=criteria,
        evidence=evidence_sentence(language, count),
        learners=learners,
    )
    return credential.evidence(
        id=activity.url, name=name, genre="activity", narrative=f"{judged} {signed_sentence(check, language)}"
    )


def own_evidence(one: EvidenceFacts) -> Part:
    """One piece of evidence as it stands in a badge."""
    digest = f"Digest of the file: {one.digest}" if one.digest else ""
    narrative = " ".join(part for part in (one.text.strip(), digest) if part)
    return credential.evidence(id=one.url, name=one.title, genre=one.genre, narrative=narrative)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
