"""What each of the 16 European elements is, why it matters to a reader, and an example: shown beside the editor, in the API and the command."""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from badge_service.curriculum.rules import ElementCheck
from badge_service.curriculum.words.vocabulary import EU_ELEMENTS


class Explanation(NamedTuple):
    """Three short texts about one element, translated when they are shown."""

    what: Any
    why: Any
    example: Any


EXPLANATIONS: dict[str, Explanation] = {
    "M1": Explanation(
        _l("Whose achievement it is: a random number, and the name if the learner chooses to show it."),
        _l("The reader must be able to see whether the badge belongs to the person in front of them."),
        _l("Issued to Mira Petrova, or “no name in this badge”."),
    ),
    "M2": Explanation(
        _l("The name of the micro-credential, in its own language."),
        _l("It is the first thing an employer reads, often the only thing in a list."),
        _l("Willow Basket: Base, Sides and Border"),
    ),
    "M3": Explanation(
        _l("Country and region of the organisation that gives the badge."),
        _l("The reader learns which education system and which rules stand behind it."),
        _l("NL, Friesland"),
    ),
    "M4": Explanation(
        _l("The organisation that gives the badge and answers for it."),
        _l(
            "Somebody must be there to ask. A team that wrote the definition is named beside it, not in its place."
        ),
        _l("Friese Vakschool"),
    ),
    "M5": Explanation(
        _l("The day on which the badge was awarded."),
        _l("What somebody could do ten years ago may not be what they can do today."),
        _l("20 November 2026"),
    ),
    "M6": Explanation(
        _l(
            "What somebody with this badge knows, can do and takes responsibility for; each is judged by a criterion."
        ),
        _l("This is what an employer compares with the work. Topics or hours of teaching do not say it."),
        _l("Weaves a round base with eight stakes that lies flat on a table."),
    ),
    "M7": Explanation(
        _l(
            "The hours of work of a typical learner, with practice at home and the assessment. ECTS only where they are awarded."
        ),
        _l("It tells an afternoon from a term, and makes badges of different schools comparable."),
        _l("30 hours: 12 guided, 14 of practice, 2 of self-study, 2 of assessment"),
    ),
    "M8": Explanation(
        _l("The level in the European Qualifications Framework, 1 to 8, or the reason why none applies."),
        _l("It says how independent and how complex the work is, in a way that holds in every country."),
        _l("EQF level 3"),
    ),
    "M9": Explanation(
        _l("How it is found out whether somebody reached the outcomes."),
        _l("A judged piece of work proves something else than a quiz, and both prove more than being there."),
        _l("Assessment of a piece of work, and a portfolio"),
    ),
    "M10": Explanation(
        _l("The form in which learners take part."),
        _l("Somebody who has to travel, or who works in the day, sees whether it is possible for them."),
        _l("On site or blended"),
    ),
    "M11": Explanation(
        _l("Who makes sure that it is good, and how; with the page where this can be read."),
        _l("Trust in a small credential comes from the review behind it."),
        _l(
            "Internal review: two alliance members read the definition, one in five awards is looked at again."
        ),
    ),
    "O1": Explanation(
        _l("What somebody needs before beginning; the word None when nothing is needed."),
        _l("Learners do not start what they cannot finish, and readers see what it builds on."),
        _l("Able to use a bypass knife safely"),
    ),
    "O2": Explanation(
        _l("Whether somebody watches the assessment, and whether it is checked who is being assessed."),
        _l("The reader can judge how sure it is that the learner did the work."),
        _l("Supervised on site, identity verified"),
    ),
    "O3": Explanation(
        _l("The level that the learner reached in each criterion."),
        _l("It shows strengths; a bare pass hides them."),
        _l("Even border: Exemplary"),
    ),
    "O4": Explanation(
        _l("Whether it stands alone or counts towards a larger credential, and towards which."),
        _l("Learners see where it leads, and schools what they can recognise."),
        _l("Counts towards the pathway Future Craft Maker"),
    ),
    "O5": Explanation(
        _l("The public page of the micro-credential, with description, criteria and everything else."),
        _l("Whoever wants to know more finds it without asking the learner."),
        _l("The page of the definition, which every badge links to"),
    ),
}


def told_element(check: ElementCheck) -> dict[str, Any]:
    """One row of the lint for programs: how it stands, and what the element is, why it matters, an example."""
    explained = EXPLANATIONS[check.id]
    return {
        "id": check.id,
        "name": str(EU_ELEMENTS[check.id]),
        "level": check.level,
        "ok": check.ok,
        "state": check.state,
        "field": check.field,
        "message": check.message,
        "what": str(explained.what),
        "why": str(explained.why),
        "example": str(explained.example),
    }
