"""What the seven steps of writing a definition are called, and what each is for."""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l


class StepWords(NamedTuple):
    """The name of a step and one sentence about it."""

    name: Any
    lead: Any


STEPS: dict[str, StepWords] = {
    "what": StepWords(_l("What it is"), _l("What an employer reads first: the name, and what it is about.")),
    "outcomes": StepWords(
        _l("Outcomes"),
        _l("What somebody with this badge knows, can do and answers for, in words that others use too."),
    ),
    "assessment": StepWords(
        _l("Assessment"), _l("How you see that it was learnt: criteria, levels, and what is handed in.")
    ),
    "workload": StepWords(
        _l("Level and workload"), _l("How demanding it is, how many hours it takes, and how it is learnt.")
    ),
    "quality": StepWords(
        _l("Quality"), _l("Who looks after the quality, who awards the badge, who may speak for it.")
    ),
    "stacking": StepWords(
        _l("Stacking"), _l("What somebody needs before, and which larger badge this one counts towards.")
    ),
    "look": StepWords(_l("Look"), _l("How the badge is drawn, and what else its page says.")),
}
