"""The words for the vocabulary of definitions: topics, categories, forms of learning and assessment, EU elements."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

TOPICS = {
    "traditional_crafts": _l("Traditional crafts"),
    "trends_new_technologies": _l("Trends and new technologies"),
    "circular_economy": _l("Circular economy"),
    "cross_topic": _l("Working together"),
}
CATEGORIES = {
    "craft_technique": _l("Craft technique"),
    "sustainable_fashion": _l("Sustainable fashion"),
    "sustainable_business_model": _l("Sustainable business model"),
    "digital_innovation": _l("Digital innovation"),
    "design_thinking": _l("Design thinking"),
    "student_in_the_lead": _l("Student in the lead"),
    "alliance_participation": _l("Taking part in an alliance"),
    "teacher_facilitation": _l("Teachers as coaches"),
}
PARTICIPATION = {
    "online": _l("online"),
    "onsite or blended": _l("on site or blended"),
    "volunteering": _l("volunteering"),
    "work experience": _l("work experience"),
    "personalized learning activities": _l("personalised learning activities"),
}
SUPERVISION = {
    "unsupervised with no identity verification": _l("unsupervised, identity not verified"),
    "supervised with no identity verification": _l("supervised, identity not verified"),
    "supervised online": _l("supervised online"),
    "onsite with identity verification": _l("supervised on site, identity verified"),
}
ASSESSMENTS = {
    "artefact assessment": _l("assessment of a piece of work"),
    "continuous evaluation": _l("continuous evaluation"),
    "group performance": _l("group performance"),
    "level of attendance": _l("level of attendance"),
    "marked assignment": _l("marked assignment"),
    "oral examination": _l("oral examination"),
    "peer assessment": _l("assessment by fellow learners"),
    "peer review": _l("peer review"),
    "portfolio": _l("portfolio"),
    "practical assessment": _l("practical assessment"),
    "problem based learning": _l("problem-based learning"),
    "project work": _l("project work"),
    "quiz": _l("quiz"),
    "written examination": _l("written examination"),
}
LEARNING_MODES = {
    "Presential": _l("face to face"),
    "Blended": _l("blended"),
    "Online": _l("online"),
    "Workbased": _l("work-based"),
    "Project based": _l("project-based"),
    "Research-Lab based": _l("in a research lab"),
}
QUALITY_ASSURANCE_TYPES = {"internal": _l("internal review"), "external": _l("by an outside body")}
STACKABILITY = {
    "stand-alone": _l("stands alone"),
    "stackable": _l("counts towards a larger credential"),
    "integrated": _l("part of a larger credential"),
}
OUTCOME_KINDS = {
    "knowledge": _l("Knowledge"),
    "skill": _l("Skill"),
    "responsibility": _l("Responsibility and autonomy"),
}
WORKLOAD_PARTS = {
    "guided": _l("Guided"),
    "practice": _l("Practice"),
    "self_study": _l("Self-study"),
    "assessment": _l("Assessment"),
}
ACTIVITY_TYPES = {
    "pilot_workshop": _l("Pilot workshop"),
    "master_class": _l("Master class"),
    "maker_space": _l("Maker space"),
    "co_creation_session": _l("Co-creation session"),
    "project": _l("Project"),
    "guest_lecture": _l("Guest lecture"),
    "stakeholder_outreach": _l("Stakeholder outreach"),
    "alliance_meeting": _l("Alliance meeting"),
    "teacher_training": _l("Teacher training"),
}
EU_ELEMENTS = {
    "M1": _l("Learner"),
    "M2": _l("Title"),
    "M3": _l("Country or region of the issuer"),
    "M4": _l("Awarding body"),
    "M5": _l("Date of issuing"),
    "M6": _l("Learning outcomes"),
    "M7": _l("Workload"),
    "M8": _l("Level"),
    "M9": _l("Type of assessment"),
    "M10": _l("Form of participation"),
    "M11": _l("Quality assurance"),
    "O1": _l("Prerequisites"),
    "O2": _l("Supervision and identity check"),
    "O3": _l("Grade achieved"),
    "O4": _l("Stackability"),
    "O5": _l("Further information"),
}
SOURCES = {
    "fact_sheet": _l("from the definition"),
    "credential": _l("from the badge"),
    "not_recorded": _l("not recorded"),
}
KINDS = {
    "MicroCredential": _l("Micro-credential"),
    "CertificateOfCompletion": _l("Certificate of completion: nothing is assessed"),
}
STATES = {"draft": _l("draft"), "published": _l("published"), "withdrawn": _l("withdrawn")}


def word(words: Mapping[str, Any], key: Any) -> str:
    """The words for a key of a vocabulary; the key itself when it is not known."""
    return str(words.get(key, key))
