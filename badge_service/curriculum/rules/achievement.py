"""A version's content as the standard's Achievement: the JSON-LD object that every badge of this version carries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from badge_service.curriculum.rules.content import Content, Criterion, Rubric, all_alignments, rubric_of
from badge_service.curriculum.rules.kinds import achievement_type
from badge_service.curriculum.rules.narrative import criteria_narrative
from badge_service.curriculum.rules.vocabulary import FIELDS_OF_STUDY, LEVELS
from badge_service.errors import N_
from badge_service.openbadges import achievement as ob

EQF = "http://data.europa.eu/snb/eqf/"
ISCED_F = "http://data.europa.eu/snb/isced-f/"


@dataclass(frozen=True)
class Place:
    """Where a version lives: `public_url` without slash at its end, the definition's slug, the version, its LET, its school."""

    public_url: str
    slug: str
    version: str
    let_slug: str
    let_name: str
    organisation_slug: str

    @property
    def path(self) -> str:
        """The path of the page for people; machines fetch the same + `.json`."""
        return f"/achievements/{self.slug}/{self.version}"

    @property
    def id(self) -> str:
        """The achievement's id."""
        return self.public_url + self.path

    @property
    def facts_path(self) -> str:
        """The path of the EU fact sheet."""
        return f"{self.path}/eu-facts.json"

    @property
    def picture_path(self) -> str:
        """The path of the picture without its ending `.png` or `.svg`."""
        return f"/images/{self.slug}-{self.version}"

    @property
    def quality_url(self) -> str:
        """Our page about how the organisation assures quality."""
        return f"{self.public_url}/quality/{self.organisation_slug}"


def achievement(content: Content, place: Place, related: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """The Achievement (OB 3.0, section 6) of a content without faults; `related` are Related objects."""
    return ob.achievement(
        place.id,
        content["title"],
        content["description"],
        ob.criteria(id=f"{place.id}/criteria", narrative=criteria_narrative(content)),
        achievement_type=achievement_type(content).value,
        version=place.version,
        in_language=content["language"],
        human_code=content["code"],
        field_of_study=FIELDS_OF_STUDY[content["isced_f"]],
        credits_available=content["ects_awarded"],
        image=ob.image(f"{place.public_url}{place.picture_path}.png"),
        creator=ob.profile(f"{place.public_url}/lets/{place.let_slug}", place.let_name),
        tags=content["tags"],
        alignments=alignments(content, place),
        result_descriptions=_result_descriptions(content, place.id),
        related=[*related, *_parts(content)],
    )


def _parts(content: Content) -> list[dict[str, Any]]:
    """A stacked badge's achievement is related to those of its parts."""
    return [ob.related(one["id"]) for one in (content.get("pathway") or {}).get("parts", ())]


def result_id(achievement_id: str, criterion_id: str) -> str:
    """The id of a criterion's ResultDescription, which a Result names."""
    return f"{achievement_id}#{criterion_id}"


def level_id(achievement_id: str, criterion_id: str, level: str) -> str:
    """The id of a criterion's rubric level, which a Result's `achievedLevel` names."""
    return f"{achievement_id}#{criterion_id}-{level}"


def alignments(content: Content, place: Place) -> list[dict[str, Any]]:
    """Level, field of study, the definition's and its outcomes' alignments, quality assurance; each target once."""
    named = [_named(one) for _place, one in all_alignments(content)]
    found = [*_level(content), _field_of_study(content["isced_f"]), *named, _quality(content, place)]
    return list({one["targetUrl"]: one for one in reversed(found)}.values())[::-1]


def generated_urls(content: Content) -> set[str]:
    """The addresses of the level and the field of study, which become alignments by themselves; a draft may lack both."""
    level, code = content.get("eqf_level"), content.get("isced_f")
    found = {f"{EQF}{level}"} if level in LEVELS and not isinstance(level, bool) else set()
    return found | ({f"{ISCED_F}{code}"} if isinstance(code, str) and code in FIELDS_OF_STUDY else set())


def _level(content: Content) -> list[dict[str, Any]]:
    level = content["eqf_level"]
    if level is None:
        return []
    return [
        ob.alignment(
            f"EQF Level {level}",
            f"{EQF}{level}",
            target_code=str(level),
            target_framework=N_("European Qualifications Framework"),
            target_type="ext:EQFLevel",
        )
    ]


def _field_of_study(code: str) -> dict[str, Any]:
    return ob.alignment(
        FIELDS_OF_STUDY[code],
        f"{ISCED_F}{code}",
        target_code=code,
        target_framework=N_("ISCED Fields of Education and Training 2013"),
        target_type="ext:ISCEDF",
    )


def _named(one: Content) -> dict[str, Any]:
    return ob.alignment(
        one["targetName"],
        one["targetUrl"],
        target_code=one.get("targetCode"),
        target_framework=one.get("targetFramework"),
        target_type=one.get("targetType"),
    )


def _quality(content: Content, place: Place) -> dict[str, Any]:
    quality = content["quality_assurance"]
    return ob.alignment(
        quality["name"],
        quality["url"] or place.quality_url,
        target_type="ext:QualityAssurance",
        target_description=quality["description"],
    )


def _result_descriptions(content: Content, achievement_id: str) -> list[dict[str, Any]]:
    rubric = rubric_of(content)  # without criteria (a certificate of completion) there is nothing to describe
    return [
        ob.result_description(
            result_id(achievement_id, criterion.id),
            criterion.name,
            "RubricCriterionLevel",
            required_level=level_id(achievement_id, criterion.id, rubric.pass_level.id),
            rubric_levels=_rubric_levels(rubric, criterion, achievement_id),
        )
        for criterion in rubric.criteria
    ]


def _rubric_levels(rubric: Rubric, criterion: Criterion, achievement_id: str) -> list[dict[str, Any]]:
    return [
        ob.rubric_level(
            level_id(achievement_id, criterion.id, level.id),
            level.name,
            level=level.name,
            points=str(level.points),
            description=criterion.descriptors[level.id],
        )
        for level in rubric.levels
    ]
