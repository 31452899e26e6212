"""What a badge stands for, as an ELM qualification: outcomes, workload, level, credits and quality assurance."""

from collections.abc import Mapping
from typing import Any

from badge_service.curriculum.rules.achievement import EQF, ISCED_F, Place
from badge_service.curriculum.rules.content import Content
from badge_service.curriculum.rules.elm.concepts import SNB, Part, concept, language_of, mode_of, note, page
from badge_service.curriculum.rules.eu_facts import fact_sheet
from badge_service.curriculum.rules.vocabulary import FIELDS_OF_STUDY


def specification(content: Content, place: Place) -> Part:
    """The qualification that a content without faults describes."""
    language, sheet = content["language"], fact_sheet(content, place)
    quality = content["quality_assurance"]
    found: Part = {
        "id": f"{place.id}#specification",
        "type": "Qualification",
        "title": {language: content["title"]},
        "description": {language: content["description"]},
        "dcType": concept(f"{SNB}/learning-opportunity/74a4a268e8", "Short learning programme"),
        "language": language_of(language),
        "learningSetting": concept(f"{SNB}/learning-setting/e207a81fc7", "non-formal learning"),
        "mode": mode_of(content),
        "thematicArea": concept(f"{ISCED_F}{content['isced_f']}", FIELDS_OF_STUDY[content["isced_f"]]),
        "learningOutcome": [_outcome(outcome, place, language) for outcome in content["learning_outcomes"]],
        "volumeOfLearning": sheet["notionalWorkload"],
        "isPartialQualification": content["stackability"]["kind"] == "integrated",
        "supplementaryDocument": page(place.id, language),
    }
    if content["eqf_level"] is not None:
        found["eqfLevel"] = concept(f"{EQF}{content['eqf_level']}", f"Level {content['eqf_level']}")
    if content["ects_awarded"] is not None:
        found["creditPoint"] = _ects(content["ects_awarded"])
    if content["prerequisites"].strip():
        found["entryRequirement"] = note("entryRequirement", content["prerequisites"], language)
    if into := sheet.get("stackability", {}).get("into"):
        found["isPartOf"] = [{"id": address, "type": "LearningAchievementSpecification"} for address in into]
    if quality["type"] == "external":
        found["accreditation"] = _accreditation(content, place)
    return found | {"additionalNote": _notes(content)}


def _notes(content: Content) -> list[Part]:
    """What ELM has no place for, in words of the definition's own language."""
    language, quality = content["language"], content["quality_assurance"]
    notes = [note("targetGroup", content["target_group"], language)]
    if kind := content["stackability"]["kind"]:
        notes.insert(0, note("stackability", kind, "en"))
    if quality["type"] == "internal":
        notes.append(note("qualityAssurance", f"{quality['name']}: {quality['description']}", language))
    if content["eqf_level"] is None:
        notes.append(note("level", content["level_not_applicable"], language))
    return notes


def _outcome(outcome: Mapping[str, Any], place: Place, language: str) -> Part:
    found: Part = {
        "id": f"{place.id}#{outcome['id']}",
        "type": "LearningOutcome",
        "title": {language: outcome["text"]},
    }
    skills = [one for one in outcome["alignments"] if one.get("targetType") == "ext:ESCOSkill"]
    others = [one for one in outcome["alignments"] if one.get("targetType") != "ext:ESCOSkill"]
    if skills:
        scheme = "http://data.europa.eu/esco/concept-scheme/skills"
        found["relatedESCOSkill"] = [_target(one, scheme) for one in skills]
    if others:
        found["relatedSkill"] = [_target(one, one.get("targetFramework")) for one in others]
    return found


def _target(alignment: Mapping[str, Any], scheme: str | None) -> Part:
    found: Part = {
        "id": alignment["targetUrl"],
        "type": "Concept",
        "prefLabel": {"en": alignment["targetName"]},
    }
    if code := alignment.get("targetCode"):
        found["notation"] = code
    if scheme and scheme.startswith("http"):
        found["inScheme"] = {"id": scheme, "type": "ConceptScheme"}
    elif scheme:
        found["definition"] = {"en": scheme}
    return found


def _ects(points: float) -> Part:
    system = concept(f"{SNB}/education-credit/6fcec5c5af", "European Credit Transfer System")
    return {
        "id": "urn:epass:creditPoint:1",
        "type": "CreditPoint",
        "framework": system,
        "point": f"{points:g}",
    }


def _accreditation(content: Content, place: Place) -> Part:
    quality, language = content["quality_assurance"], content["language"]
    return {
        "id": "urn:epass:accreditation:1",
        "type": "Accreditation",
        "title": {language: quality["name"]},
        "description": {language: quality["description"]},
        "landingPage": {
            "id": "urn:epass:webResource:quality",
            "type": "WebResource",
            "contentURL": quality["url"] or place.quality_url,
        },
    }
