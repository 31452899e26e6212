"""Reads an Open Badges 3.0 achievement part by part into a draft, and names what has no place in one."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from badge_service.curriculum.rules.achievement import EQF, ISCED_F
from badge_service.curriculum.rules.content import blank_content
from badge_service.curriculum.rules.formats.incoming import completed
from badge_service.curriculum.rules.formats.open_badges.scale import Scale
from badge_service.curriculum.rules.formats.open_badges.values import Json, listed, plain, short
from badge_service.curriculum.rules.kinds import AchievementType, achievement_type
from badge_service.curriculum.rules.phrases import LANGUAGES_WITH_PHRASES, phrases_for
from badge_service.curriculum.rules.versions import is_version
from badge_service.curriculum.rules.vocabulary import FIELDS_OF_STUDY, LANGUAGES

_MOST_ROWS, _MOST_ALIGNMENTS, _MOST_TAGS = 12, 30, 12

_ALIGNMENT = {
    "targetName": 200,
    "targetUrl": 300,
    "targetCode": 80,
    "targetFramework": 120,
    "targetType": 80,
}
_TARGET_TYPE = re.compile(
    r"ext:[A-Za-z0-9]+|ceasn:Competency|ceterms:Credential|CFItem|CFRubric|CFRubricCriterion|CFRubricCriterionLevel|CTDL"
)
_CODE = re.compile(r"[A-Z0-9]{2,8}(-[A-Z0-9]{1,8}){1,3}")
_ENVELOPE = {"@context", "type"}
_READ_OF_RESULT = {"id", "type", "name", "resultType", "requiredLevel", "rubricCriterionLevel", "alignment"}
_READ_OF_LEVEL = {"id", "type", "name", "level", "points", "description"}


class Reading:
    """Reads one achievement part by part, remembering what was taken; its shape is not trusted."""

    def __init__(self, achievement: Json) -> None:
        self._source = achievement
        self._taken = set(_ENVELOPE)
        self.content: dict[str, Any] = {}
        self.further = ""
        self.left_out: list[str] = []

    def unread(self) -> Iterator[str]:
        """What no other part took, each with the beginning of its value."""
        for name in self._source:
            if name not in self._taken:
                yield f"{name}: {short(self._source[name])}"

    def texts(self) -> None:
        """Title, description, code, version, language, tags."""
        for field, name, most in (("title", "name", 120), ("description", "description", 600)):
            self.content[field] = self._text(name, most)
        self._code()
        self._version()
        self._language()
        tags = self._take("tag")
        said = [one.strip() for one in listed(tags) if isinstance(one, str) and one.strip()]
        self.content["tags"] = list(dict.fromkeys(one[:40] for one in said))[:_MOST_TAGS]
        for one in listed(tags):
            if not isinstance(one, str) or one.strip()[:40] not in self.content["tags"]:
                self.left_out.append(f"tag: {short(one)}")

    def criteria(self) -> None:
        """The whole criteria text becomes the further text; outcomes are taken from a list like those we write."""
        criteria = self._take("criteria")
        narrative = criteria.get("narrative") if isinstance(criteria, Mapping) else None
        self.further = narrative.strip() if isinstance(narrative, str) else ""
        outcomes = _outcomes_in(self.further)
        if outcomes:
            self.content["learning_outcomes"] = [
                {"id": f"LO{number}", "kind": "skill", "text": text[:300], "alignments": []}
                for number, text in enumerate(outcomes[:_MOST_ROWS], 1)
            ]
        self.left_out += [f"criteria.narrative: {short(text)}" for text in outcomes[_MOST_ROWS:]]
        self._others("criteria", criteria, {"narrative", "type"})

    def rubric(self) -> None:
        """Each ResultDescription with rubric levels becomes a criterion; their levels become one scale."""
        described = listed(self._take("resultDescription"))
        scale = Scale()
        criteria: list[dict[str, Any]] = []
        for place, one in enumerate(described):
            levels = listed(one.get("rubricCriterionLevel")) if isinstance(one, Mapping) else []
            rows = [level for level in levels if isinstance(level, Mapping)]
            if not rows or len(criteria) == _MOST_ROWS or not scale.takes(rows):
                self.left_out.append(f"resultDescription[{place}]: {short(one)}")
                continue
            where = f"resultDescription[{place}]"
            criteria.append(self._criterion(where, len(criteria) + 1, one, rows, scale))
            self._others(where, one, _READ_OF_RESULT)
        if criteria:
            blank = blank_content()["rubric"]
            passing = scale.passing or blank["pass_level"]
            self.content["rubric"] = {"levels": scale.rows(), "pass_level": passing, "criteria": criteria}

    def _criterion(
        self, where: str, number: int, one: Json, rows: list[Json], scale: "Scale"
    ) -> dict[str, Any]:
        descriptors = {}
        for level in rows:
            if level.get("id") == one.get("requiredLevel"):
                scale.passing = scale.id_of(level)
            if text := self._cut(f"{where}.description", level.get("description"), 300):
                descriptors[scale.id_of(level)] = text
            self._others(f"{where}.rubricCriterionLevel", level, _READ_OF_LEVEL)
        outcomes = [outcome["id"] for outcome in self.content.get("learning_outcomes", [])]
        return {
            "id": f"C{number}",
            "name": self._cut(f"{where}.name", one.get("name"), 80),
            "outcomes": outcomes if len(outcomes) == 1 else [],
            "weight": 1,
            "descriptors": descriptors,
        }

    def alignments(self) -> None:
        """EQF, ISCED-F and quality assurance fill their fields; the others are the definition's own, each target once."""
        found: dict[str, dict[str, str]] = {}
        inner = [
            one
            for described in listed(self._source.get("resultDescription"))
            if isinstance(described, Mapping)
            for one in listed(described.get("alignment"))
        ]
        for one in [*listed(self._take("alignment")), *inner]:
            if not isinstance(one, Mapping) or not self._alignment(one, found):
                self.left_out.append(f"alignment: {short(one)}")
        self.content["alignments"] = list(found.values())
        self._field_by_name()

    def _alignment(self, one: Json, found: dict[str, dict[str, str]]) -> bool:
        kind, url = plain(one.get("targetType")), plain(one.get("targetUrl"))
        if kind == "ext:EQFLevel" or url.startswith(EQF):
            return self._level(url.removeprefix(EQF) if url.startswith(EQF) else plain(one.get("targetCode")))
        if kind == "ext:ISCEDF" or url.startswith(ISCED_F):
            return self._field(
                url.removeprefix(ISCED_F) if url.startswith(ISCED_F) else plain(one.get("targetCode"))
            )
        if kind == "ext:QualityAssurance":
            return self._quality(one, url)
        values = {name: plain(one.get(name)) for name in _ALIGNMENT}
        fits = all(len(value) <= _ALIGNMENT[name] for name, value in values.items())
        if url in found:
            return True
        if (
            not values["targetName"]
            or not re.fullmatch(r"https?://\S+", url)
            or not fits
            or len(found) >= _MOST_ALIGNMENTS
        ):
            return False
        if not _TARGET_TYPE.fullmatch(values["targetType"]):
            values["targetType"] = ""
        found[url] = {name: value for name, value in values.items() if value}
        self._others("alignment", one, {*_ALIGNMENT, "type"})
        return True

    def _level(self, code: str) -> bool:
        if code not in {"1", "2", "3", "4", "5", "6", "7", "8"} or "eqf_level" in self.content:
            return False
        self.content["eqf_level"] = int(code)
        return True

    def _field(self, code: str) -> bool:
        if code not in FIELDS_OF_STUDY or "isced_f" in self.content:
            return False
        self.content["isced_f"] = code
        return True

    def _quality(self, one: Json, url: str) -> bool:
        name, description = plain(one.get("targetName")), plain(one.get("targetDescription"))
        if "quality_assurance" in self.content or not name or len(name) > 120 or len(description) > 400:
            return False
        address = url if re.fullmatch(r"https?://\S{1,290}", url) else None
        kind = ""  # whether an outside body does it is not told
        self.content["quality_assurance"] = {
            "name": name,
            "type": kind,
            "description": description,
            "url": address,
        }
        return True

    def _field_by_name(self) -> None:
        name = self._text("fieldOfStudy", 200)
        codes = [code for code, label in FIELDS_OF_STUDY.items() if label.casefold() == name.casefold()]
        known = self.content.setdefault("isced_f", codes[0] if codes else "")
        if name and name.casefold() != FIELDS_OF_STUDY.get(known, "").casefold():
            self.left_out.append(f"fieldOfStudy: {name}")

    def kind(self) -> None:
        """ECTS, and the type, which follows from what is assessed."""
        credits = self._take("creditsAvailable")
        if isinstance(credits, int | float) and not isinstance(credits, bool) and 0 < credits <= 60:
            self.content["ects_awarded"] = credits
        elif credits is not None:
            self.left_out.append(f"creditsAvailable: {short(credits)}")
        said = self._take("achievementType")
        if said == AchievementType.CERTIFICATE and "rubric" not in self.content:
            self.content["rubric"] = {**blank_content()["rubric"], "criteria": []}
        kind = achievement_type(completed(self.content)).value
        self.content["achievement_type"] = kind
        if said not in (None, kind):
            self.left_out.append(f"achievementType: {short(said)}")

    def _code(self) -> None:
        said = self._text("humanCode", 40)
        ours = bool(_CODE.fullmatch(said.upper()))
        self.content["code"] = said.upper() if ours else ""
        if said and not ours:
            self.left_out.append(f"humanCode: {said}")

    def _version(self) -> None:
        said = self._text("version", 12)
        if is_version(said):
            self.content["version"] = said
        elif said:
            self.left_out.append(f"version: {said}")

    def _language(self) -> None:
        said = self._text("inLanguage", 20)
        language = said.casefold().partition("-")[0]
        if language in LANGUAGES:
            self.content["language"] = language
        if said and said != language:
            self.left_out.append(f"inLanguage: {said}")

    def _text(self, name: str, most: int) -> str:
        """A text of the achievement; what does not fit is named and not cut short unsaid."""
        value = self._take(name)
        text = plain(value)
        if len(text) > most or (value is not None and not isinstance(value, str)):
            self.left_out.append(f"{name}: {short(value)}")
        return text if len(text) <= most else ""

    def _cut(self, where: str, value: Any, most: int) -> str:
        """A text inside a part; one that is too long is cut, and the whole of it named."""
        text = plain(value)
        if len(text) > most:
            self.left_out.append(f"{where}: {text}")
        return text[:most]

    def _take(self, name: str) -> Any:
        self._taken.add(name)
        return self._source.get(name)

    def _others(self, where: str, value: Any, known: set[str]) -> None:
        """Name the members of a part that were not read."""
        if isinstance(value, Mapping):
            self.left_out += [f"{where}.{name}: {short(value[name])}" for name in value if name not in known]
        elif value is not None:
            self.left_out.append(f"{where}: {short(value)}")


def _outcomes_in(narrative: str) -> list[str]:
    """The list below the heading under which we write outcomes, in any of our languages."""
    headings = {f"**{phrases_for(language).outcomes}**" for language in LANGUAGES_WITH_PHRASES}
    lines = iter(narrative.splitlines())
    for line in lines:
        if line.strip() in headings:
            break
    found = []
    for line in lines:
        if not line.startswith(("- ", "* ")):
            break
        found.append(line[2:].strip())
    return found
