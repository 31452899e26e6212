"""The words of curricula and of the feedback loop."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from badge_service.curriculum.rules.versions import Step
from badge_service.curriculum.tables import Finding

APPROACHES = {
    "design_thinking": _l("Design thinking"),
    "problem_solving": _l("Problem solving"),
    "collaborative_work": _l("Collaborative work"),
}
IMPACTS = {
    "environmental": _l("Environmental"),
    "cultural": _l("Cultural"),
    "social": _l("Social"),
}
FINDING_KINDS = {
    "keep": _l("Keep"),
    "change": _l("Change"),
    "add": _l("Add"),
    "stop": _l("Stop"),
}
SEVERITIES = {"small": _l("small"), "medium": _l("medium"), "serious": _l("serious")}
SOURCE_KINDS = {
    "workshop": _l("Feedback of a workshop"),
    "assessment": _l("Result of an assessment"),
    "employer": _l("An employer"),
    "survey": _l("A survey"),
    "other": _l("Another source"),
}
REQUEST_STATES = {
    "open": _l("to be decided"),
    "rejected": _l("rejected"),
    "accepted": _l("accepted"),
    "drafted": _l("in a draft"),
    "answered": _l("answered"),
}
STEPS = {
    Step.PATCH: _l("Wording or typing"),
    Step.MINOR: _l("A change that keeps what is learnt and how it is judged"),
    Step.MAJOR: _l("A change of what is learnt or how it is judged"),
}


def source_facts(finding: Finding) -> str:
    """How many people and which iteration a finding comes from: “12 people, iteration 2”; empty when unknown."""
    facts = []
    if finding.n is not None:
        facts.append(ngettext("%(num)s person", "%(num)s people", finding.n))
    if finding.iteration is not None:
        facts.append(_("iteration %(number)s", number=finding.iteration))
    return ", ".join(facts)
