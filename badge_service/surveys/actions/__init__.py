"""What is done with surveys: plan, open and close a run, ask by mail, answer, read what was counted."""

from badge_service.surveys.actions.runs import (
    FORGET,
    Plan,
    answered,
    call_off,
    close_run,
    forget_answers,
    form_of,
    open_codes,
    open_run,
    pairs_of,
    plan_run,
    runs_about,
    update_invited,
    words_of,
)

from badge_service.surveys.actions.answering import (
    Way,
    answer,
    draw,
    questions,
    want_no_mails,
    way_by_code,
    way_by_link,
)
from badge_service.surveys.actions.inviting import Recipient, invite, remind

__all__ = [
    "FORGET",
    "Plan",
    "Recipient",
    "Way",
    "answer",
    "answered",
    "call_off",
    "close_run",
    "draw",
    "forget_answers",
    "form_of",
    "invite",
    "open_codes",
    "open_run",
    "pairs_of",
    "plan_run",
    "questions",
    "remind",
    "runs_about",
    "update_invited",
    "want_no_mails",
    "way_by_code",
    "way_by_link",
    "words_of",
]
