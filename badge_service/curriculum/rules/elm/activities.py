"""What a learner does for a badge, and how it is assessed, as parts of an ELM document."""

from badge_service.curriculum.rules.content import Content
from badge_service.curriculum.rules.elm.concepts import SNB, Part, concept, mode_of, note
from badge_service.curriculum.rules.narrative import pass_rule

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


def activity(content: Content) -> Part:
    """What is done to earn the badge, by its form of participation."""
    code, name = _ACTIVITIES[content["participation"]]
    return {
        "id": "urn:epass:learningActivity:1",
        "type": "LearningActivity",
        "title": {content["language"]: content["title"]},
        "specifiedBy": {
            "id": "urn:epass:learningActivitySpec:1",
            "type": "LearningActivitySpecification",
            "title": {content["language"]: content["title"]},
            "mode": mode_of(content),
            "dcType": concept(f"{SNB}/learning-activity/{code}", name),
            "learningSetting": concept(f"{SNB}/learning-setting/e207a81fc7", "non-formal learning"),
        },
    }


def assessment(content: Content, kind: str, number: int) -> Part:
    """One kind of assessment of the badge, counted from 1, and how its identity check is said."""
    language = content["language"]
    found: Part = {
        "id": f"urn:epass:learningAssessment:{number}",
        "type": "LearningAssessment",
        "title": {"en": kind},
        "specifiedBy": {
            "id": f"urn:epass:learningAssessmentSpec:{number}",
            "type": "LearningAssessmentSpecification",
            "title": {"en": kind},
            "dcType": concept(f"{SNB}/assessment/{_ASSESSMENTS[kind]}", kind),
            "gradingScheme": {
                "id": f"urn:epass:gradingScheme:{number}",
                "type": "GradingScheme",
                "title": {language: " – ".join(level["name"] for level in content["rubric"]["levels"])},
                "description": {language: pass_rule(content)},
            },
        },
    }
    if known := _SUPERVISION.get(content["supervision"]):
        found["idVerification"] = concept(f"{SNB}/supervision-verification/{known[0]}", known[1])
    elif content["supervision"]:
        found["additionalNote"] = [note(f"supervision{number}", content["supervision"], "en")]
    return found
