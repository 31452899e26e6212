"""The ELM document of a definition: unsigned material, labelled so, for an assessed badge or a certificate of completion."""

from badge_service.curriculum.rules.achievement import Place
from badge_service.curriculum.rules.content import Content
from badge_service.curriculum.rules.elm.activities import activity, assessment
from badge_service.curriculum.rules.elm.concepts import SNB, Part, concept, language_of, note, page
from badge_service.curriculum.rules.elm.issuers import IssuerFacts, awarding, organisation
from badge_service.curriculum.rules.elm.specification import specification
from badge_service.curriculum.rules.eu_facts import fact_sheet
from badge_service.curriculum.rules.kinds import is_assessed

CONTEXTS = ("https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap")
LABEL = (
    "Material for an EDC issuer: unsigned, no claim of EDC conformity. "
    "Learner, dates and grade are filled in by whoever issues it."
)
FILE_ENDING = "elm-unsigned-material"


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
        "credentialProfiles": concept(f"{SNB}/credential/e34929035b", "Generic"),
        "credentialSchema": {"id": f"{SNB}/model/ap/edc-generic-full", "type": "ShaclValidator2017"},
        "displayParameter": {
            "id": "urn:epass:displayParameter:1",
            "type": "DisplayParameter",
            "title": {language: content["title"]},
            "description": {language: content["description"]},
            "language": language_of(language),
            "primaryLanguage": language_of(language),
        },
        "issuer": organisation(issuer, language),
        "credentialSubject": {"id": "urn:epass:person:1", "type": "Person", "hasClaim": claim},
    }


def _achievement(content: Content, place: Place, issuer: IssuerFacts) -> Part:
    language = content["language"]
    return {
        "id": "urn:epass:learningAchievement:1",
        "type": "LearningAchievement",
        "title": {language: content["title"]},
        "description": {language: content["description"]},
        "additionalNote": [note("label", LABEL, "en")],
        "awardedBy": awarding(issuer, language),
        "influencedBy": activity(content),
        "provenBy": [
            assessment(content, kind, number) for number, kind in enumerate(content["assessment_types"], 1)
        ],
        "specifiedBy": specification(content, place),
    }


def _participation(content: Content, place: Place, issuer: IssuerFacts) -> Part:
    """A certificate of completion claims an activity, not an achievement: nothing was assessed."""
    language = content["language"]
    sheet = fact_sheet(content, place)
    claim = activity(content)
    claim["specifiedBy"] |= {
        "volumeOfLearning": sheet["notionalWorkload"],
        "supplementaryDocument": page(place.id, language),
    }
    said = note("unassessed", sheet["assessment"]["notApplicable"], language)
    return claim | {
        "title": {language: content["title"]},
        "description": {language: content["description"]},
        "additionalNote": [note("label", LABEL, "en"), said],
        "awardedBy": awarding(issuer, language),
    }
