"""The crosswalk to the European Learning Model v3, in one table: a definition as unsigned material for an EDC issuer.

Follows the Commission's sample “MC-Annex1” of ELM v3 (February 2024) and, for a certificate of completion,
“CertOfPart”. Nothing here claims conformity with EDC: only a seal and its validation there could show that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from badge_service.curriculum.rules.achievement import EQF, ISCED_F, Place
from badge_service.curriculum.rules.content import Content
from badge_service.curriculum.rules.eu_facts import fact_sheet
from badge_service.curriculum.rules.kinds import is_assessed
from badge_service.curriculum.rules.narrative import pass_rule
from badge_service.curriculum.rules.vocabulary import FIELDS_OF_STUDY

Part = dict[str, Any]

CONTEXTS = ("https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap")
LABEL = (
    "Material for an EDC issuer: unsigned, no claim of EDC conformity. "
    "Learner, dates and grade are filled in by whoever issues it."
)
FILE_ENDING = "elm-unsigned-material"
OF_ISSUER = "left to whoever issues it"
_CLAIM = "credentialSubject.hasClaim"
_SPEC = f"{_CLAIM}.specifiedBy"

CROSSWALK: dict[str, str] = {
    "M1": OF_ISSUER,
    "M2": f"{_CLAIM}.title",
    "M3": "issuer.location.address.countryCode",
    "M4": f"{_CLAIM}.awardedBy.awardingBody",
    "M5": OF_ISSUER,
    "M6": f"{_SPEC}.learningOutcome",
    "M7": f"{_SPEC}.volumeOfLearning",
    "M8": f"{_SPEC}.eqfLevel",
    "M9": f"{_CLAIM}.provenBy.specifiedBy.dcType",
    "M10": f"{_CLAIM}.influencedBy.specifiedBy.mode",
    "M11": f"{_SPEC}.additionalNote",
    "O1": f"{_SPEC}.entryRequirement",
    "O2": f"{_CLAIM}.provenBy.idVerification",
    "O3": OF_ISSUER,
    "O4": f"{_SPEC}.isPartOf",
    "O5": f"{_SPEC}.supplementaryDocument",
}
"""Where each EU element of a micro-credential goes. What does not apply, and what the Commission's lists have no member
for (M11 by internal review, most kinds of supervision), becomes an `additionalNote`; M11 by an outside body becomes
an `accreditation`."""

_SNB = "http://data.europa.eu/snb"
_ASSESSMENTS = {
    "artefact assessment": "de4d165a6c",
    "continuous evaluation": "3484bd7e51",
    "group performance": "56539a6507",
    "level of attendance": "7331eb4762",
    "marked assignment": "2939dae15f",
    "oral examination": "d30284d7df",
    "peer assessment": "19a2e5e671",
    "peer review": "812e3b0ae1",
    "portfolio": "4f03b91c0e",
    "practical assessment": "6a4db9f11d",
    "problem based learning": "c4256a2726",
    "project work": "795dac4096",
    "quiz": "b1b68f6735",
    "written examination": "6e6cb2cc78",
}
# ELM keeps its modes of learning in the list of learning assessments.
_MODES = {
    "Workbased": "729f3bed4b",
    "Project based": "7813801c77",
    "Presential": "9191af2ed9",
    "Online": "920fbb3cbe",
    "Blended": "e92d221e4d",
    "Research-Lab based": "ed4c557045",
}
_ACTIVITIES = {
    "online": ("bf2e3a7bae", "e-learning coursework"),
    "onsite or blended": ("ff436ea7c9", "classroom coursework"),
    "volunteering": ("59eaf34fab", "volunteering"),
    "work experience": ("4357e0e681", "job experience"),
    "personalized learning activities": ("b660f5dcea", "self-motivated study"),
}
_SUPERVISION = {
    "unsupervised with no identity verification": ("c598449d64", "Unsupervised without ID Verification"),
}
_LANGUAGES = {"en": "ENG", "nl": "NLD", "es": "SPA", "bg": "BUL", "da": "DAN", "fi": "FIN", "ro": "RON"}
_COUNTRY_PAIRS = (
    "AT:AUT BE:BEL BG:BGR CH:CHE CY:CYP CZ:CZE DE:DEU DK:DNK EE:EST ES:ESP FI:FIN FR:FRA GB:GBR GR:GRC HR:HRV "
    "HU:HUN IE:IRL IS:ISL IT:ITA LI:LIE LT:LTU LU:LUX LV:LVA MK:MKD MT:MLT NL:NLD NO:NOR PL:POL PT:PRT RO:ROU "
    "RS:SRB SE:SWE SI:SVN SK:SVK TR:TUR UA:UKR"
)
_COUNTRIES = dict(pair.split(":") for pair in _COUNTRY_PAIRS.split())


@dataclass(frozen=True)
class IssuerFacts:
    """The legal organisation that awards: `country` as ISO alpha-2, `region` as a name, `website` or none."""

    id: str
    name: str
    country: str
    region: str
    website: str | None = None


def elm_material(content: Content, place: Place, issuer: IssuerFacts) -> Part:
    """The JSON-LD document of a content without faults; no learner, no dates, no proof, and a label that says so."""
    language = content["language"]
    claim = (
        _achievement(content, place, issuer)
        if is_assessed(content)
        else _participation(content, place, issuer)
    )
    return {
        "@context": list(CONTEXTS),
        "id": place.id,
        "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
        "credentialProfiles": _concept(f"{_SNB}/credential/e34929035b", "Generic"),
        "credentialSchema": {"id": f"{_SNB}/model/ap/edc-generic-full", "type": "ShaclValidator2017"},
        "displayParameter": {
            "id": "urn:epass:displayParameter:1",
            "type": "DisplayParameter",
            "title": {language: content["title"]},
            "description": {language: content["description"]},
            "language": _language(language),
            "primaryLanguage": _language(language),
        },
        "issuer": _organisation(issuer, language),
        "credentialSubject": {"id": "urn:epass:person:1", "type": "Person", "hasClaim": claim},
    }


def _achievement(content: Content, place: Place, issuer: IssuerFacts) -> Part:
    language = content["language"]
    return {
        "id": "urn:epass:learningAchievement:1",
        "type": "LearningAchievement",
        "title": {language: content["title"]},
        "description": {language: content["description"]},
        "additionalNote": [_note("label", LABEL, "en")],
        "awardedBy": _awarding(issuer, language),
        "influencedBy": _activity(content),
        "provenBy": [
            _assessment(content, kind, number) for number, kind in enumerate(content["assessment_types"], 1)
        ],
        "specifiedBy": _specification(content, place),
    }


def _participation(content: Content, place: Place, issuer: IssuerFacts) -> Part:
    """A certificate of completion claims an activity, not an achievement: nothing was assessed."""
    language = content["language"]
    sheet = fact_sheet(content, place)
    activity = _activity(content)
    activity["specifiedBy"] |= {
        "volumeOfLearning": sheet["notionalWorkload"],
        "supplementaryDocument": _page(place.id, language),
    }
    said = _note("unassessed", sheet["assessment"]["notApplicable"], language)
    return activity | {
        "title": {language: content["title"]},
        "description": {language: content["description"]},
        "additionalNote": [_note("label", LABEL, "en"), said],
        "awardedBy": _awarding(issuer, language),
    }


def _specification(content: Content, place: Place) -> Part:
    language, sheet = content["language"], fact_sheet(content, place)
    quality = content["quality_assurance"]
    found: Part = {
        "id": f"{place.id}#specification",
        "type": "Qualification",
        "title": {language: content["title"]},
        "description": {language: content["description"]},
        "dcType": _concept(f"{_SNB}/learning-opportunity/74a4a268e8", "Short learning programme"),
        "language": _language(language),
        "learningSetting": _concept(f"{_SNB}/learning-setting/e207a81fc7", "non-formal learning"),
        "mode": _mode(content),
        "thematicArea": _concept(f"{ISCED_F}{content['isced_f']}", FIELDS_OF_STUDY[content["isced_f"]]),
        "learningOutcome": [_outcome(outcome, place, language) for outcome in content["learning_outcomes"]],
        "volumeOfLearning": sheet["notionalWorkload"],
        "entryRequirement": _note("entryRequirement", content["prerequisites"], language),
        "isPartialQualification": content["stackability"]["kind"] == "integrated",
        "supplementaryDocument": _page(place.id, language),
    }
    if content["eqf_level"] is not None:
        found["eqfLevel"] = _concept(f"{EQF}{content['eqf_level']}", f"Level {content['eqf_level']}")
    if content["ects_awarded"] is not None:
        found["creditPoint"] = _ects(content["ects_awarded"])
    if into := sheet["stackability"]["into"]:
        found["isPartOf"] = [{"id": address, "type": "LearningAchievementSpecification"} for address in into]
    if quality["type"] == "external":
        found["accreditation"] = _accreditation(content, place)
    return found | {"additionalNote": _notes(content)}


def _notes(content: Content) -> list[Part]:
    """What ELM has no place for, in words of the definition's own language."""
    language, quality = content["language"], content["quality_assurance"]
    notes = [
        _note("stackability", content["stackability"]["kind"], "en"),
        _note("targetGroup", content["target_group"], language),
    ]
    if quality["type"] == "internal":
        notes.append(_note("qualityAssurance", f"{quality['name']}: {quality['description']}", language))
    if content["eqf_level"] is None:
        notes.append(_note("level", content["level_not_applicable"], language))
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


def _assessment(content: Content, kind: str, number: int) -> Part:
    language = content["language"]
    found: Part = {
        "id": f"urn:epass:learningAssessment:{number}",
        "type": "LearningAssessment",
        "title": {"en": kind},
        "specifiedBy": {
            "id": f"urn:epass:learningAssessmentSpec:{number}",
            "type": "LearningAssessmentSpecification",
            "title": {"en": kind},
            "dcType": _concept(f"{_SNB}/assessment/{_ASSESSMENTS[kind]}", kind),
            "gradingScheme": {
                "id": f"urn:epass:gradingScheme:{number}",
                "type": "GradingScheme",
                "title": {language: " – ".join(level["name"] for level in content["rubric"]["levels"])},
                "description": {language: pass_rule(content)},
            },
        },
    }
    if known := _SUPERVISION.get(content["supervision"]):
        found["idVerification"] = _concept(f"{_SNB}/supervision-verification/{known[0]}", known[1])
    else:
        found["additionalNote"] = [_note(f"supervision{number}", content["supervision"], "en")]
    return found


def _activity(content: Content) -> Part:
    code, name = _ACTIVITIES[content["participation"]]
    return {
        "id": "urn:epass:learningActivity:1",
        "type": "LearningActivity",
        "title": {content["language"]: content["title"]},
        "specifiedBy": {
            "id": "urn:epass:learningActivitySpec:1",
            "type": "LearningActivitySpecification",
            "title": {content["language"]: content["title"]},
            "mode": _mode(content),
            "dcType": _concept(f"{_SNB}/learning-activity/{code}", name),
            "learningSetting": _concept(f"{_SNB}/learning-setting/e207a81fc7", "non-formal learning"),
        },
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


def _awarding(issuer: IssuerFacts, language: str) -> Part:
    body = _organisation(issuer, language)
    return {"id": "urn:epass:awardingProcess:1", "type": "AwardingProcess", "awardingBody": body}


def _organisation(issuer: IssuerFacts, language: str) -> Part:
    address: Part = {"id": "urn:epass:address:1", "type": "Address"}
    if code := _COUNTRIES.get(issuer.country):
        address["countryCode"] = _authority("country", code, code)
    found: Part = {
        "id": issuer.id,
        "type": "Organisation",
        "legalName": {language: issuer.name},
        "location": {
            "id": "urn:epass:location:1",
            "type": "Location",
            "geographicName": {language: issuer.region},
            "address": address,
        },
    }
    if issuer.website:
        page = {"id": "urn:epass:webResource:issuer", "type": "WebResource", "contentURL": issuer.website}
        found["homepage"] = page
    return found


def _ects(points: float) -> Part:
    system = _concept(f"{_SNB}/education-credit/6fcec5c5af", "European Credit Transfer System")
    return {
        "id": "urn:epass:creditPoint:1",
        "type": "CreditPoint",
        "framework": system,
        "point": f"{points:g}",
    }


def _page(address: str, language: str) -> Part:
    return {
        "id": "urn:epass:webResource:1",
        "type": "WebResource",
        "contentURL": address,
        "language": _language(language),
    }


def _note(name: str, text: str, language: str) -> Part:
    return {"id": f"urn:epass:note:{name}", "type": "Note", "noteLiteral": {language: text}}


def _mode(content: Content) -> Part:
    mode = content["learning_mode"]
    return _concept(f"{_SNB}/learning-assessment/{_MODES[mode]}", mode)


def _language(code: str) -> Part:
    return _authority("language", _LANGUAGES[code], code)


def _authority(table: str, code: str, label: str) -> Part:
    scheme = f"http://publications.europa.eu/resource/authority/{table}"
    return {
        "id": f"{scheme}/{code}",
        "type": "Concept",
        "notation": table,
        "prefLabel": {"en": label},
        "inScheme": {"id": scheme, "type": "ConceptScheme"},
    }


def _concept(uri: str, label: str) -> Part:
    scheme = {"id": f"{uri.rpartition('/')[0]}/25831c2", "type": "ConceptScheme"}
    return {"id": uri, "type": "Concept", "inScheme": scheme, "prefLabel": {"en": label}}


def at(document: Any, path: str) -> list[Any]:
    """Everything that stands at a path of the crosswalk; lists on the way are walked through."""
    found: list[Any] = [document]
    for name in path.split("."):
        found = [one[name] for one in _flat(found) if isinstance(one, Mapping) and name in one]
    return list(_flat(found))


def _flat(values: Iterable[Any]) -> Iterable[Any]:
    for value in values:
        yield from value if isinstance(value, list) else [value]
