"""The sentences of this room's pages: why somebody is not ready, how identity was checked, what became of a badge."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from badge_service.awards import rules
from badge_service.awards.actions import LearnerRow
from badge_service.awards.actions.items import CHANGED, GONE, HAS_IT, NO_TEACHER
from badge_service.awards.rules import ACTIVITY, AwardState, BatchRow, IdentityCheck
from badge_service.awards.rules.cases import CaseState
from badge_service.awards.rules.corrections import Change
from badge_service.awards.rules.second_looks import LookState
from badge_service.awards.rules.stacks import FulfilmentState
from badge_service.curriculum.rules import rubric_of
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.curriculum.words import not_ready_words
from badge_service.register.rules import RevocationReason

IDENTITY = {
    IdentityCheck.KNOWN: _l("I know the learners"),
    IdentityCheck.DOCUMENT: _l("I saw an identity document"),
    IdentityCheck.NOT_CHECKED: _l("Not checked"),
}
IDENTITY_SAID = {
    IdentityCheck.KNOWN.value: _l("known to the assessor"),
    IdentityCheck.DOCUMENT.value: _l("an identity document was seen"),
    IdentityCheck.NOT_CHECKED.value: _l("not checked"),
    IdentityCheck.NOT_RECORDED.value: _l("not recorded"),
}
GENRES = {
    "photo": _l("photo"),
    "document": _l("document"),
    "product": _l("product"),
    "log": _l("log or diary"),
    "observation": _l("what I saw"),
    "website": _l("website"),
    "other": _l("something else"),
    ACTIVITY: _l("something that took place"),
}
TYPED_GENRES = {genre: GENRES[genre] for genre in rules.GENRES}
"""Those that a form offers."""
STATES = {
    AwardState.HELD.value: (_l("waits for the learner"), "wait"),
    AwardState.ACCEPTED.value: (_l("accepted"), "good"),
    AwardState.DECLINED.value: (_l("declined"), "bad"),
    AwardState.REVOKED.value: (_l("withdrawn"), "bad"),
}
ROWS = {
    BatchRow.WAITING: (_l("waits for its signature"), "wait"),
    BatchRow.SIGNED: (_l("signed, waits for the learner"), "good"),
    BatchRow.FAILED: (_l("could not be signed"), "bad"),
    BatchRow.ACCEPTED: (_l("accepted"), "good"),
    BatchRow.DECLINED: (_l("declined"), "bad"),
    BatchRow.REVOKED: (_l("withdrawn"), "bad"),
}
REASONS = {
    RevocationReason.MISTAKE: _l("It was given by mistake"),
    RevocationReason.WITHDRAWN: _l("It is withdrawn for another reason"),
}
CHANGES = {
    Change.LEVELS: _l("the levels"),
    Change.IDENTITY: _l("how your identity was checked"),
    Change.EVIDENCE: _l("the evidence"),
    Change.NAME: _l("how your name is written"),
}
"""What a correction has changed, as the learner is told."""
CORRECTED = {
    Change.LEVELS.value: _l("levels"),
    Change.IDENTITY.value: _l("identity check"),
    Change.EVIDENCE.value: _l("evidence"),
    Change.NAME.value: _l("name"),
}
"""The same in short, for a list."""
_WHY_LOST = {
    HAS_IT: _l("Has this badge already."),
    GONE: _l("Is not in this workshop any more."),
    CHANGED: _l("The levels were changed after the decision. Award again."),
    NO_TEACHER: _l("Whoever decided this does not teach here any more. A colleague can award again."),
    "version.withdrawn": _l("This micro-credential is not awarded any more."),
}
MAIL_TROUBLES = {
    "address": (
        _l("The mail server there does not know this address, or the mailbox is full."),
        _l("Compare the address with the learner, correct it, and a new mail leaves. Or print a card."),
    ),
    "content": (
        _l("The mail server there did not want this mail."),
        _l("Ask the learner for another address. Or print a card."),
    ),
    "letters": (
        _l("Our mail server cannot write to an address in these letters."),
        _l("Ask the learner for another address. Or print a card."),
    ),
    "": (
        _l("No mail server took the mail for several hours. It is not tried again by itself."),
        _l("Send it again later. Or print a card."),
    ),
}
"""Why a mail did not arrive, and what to do."""
OTHER_MAILS = {
    "correction": (
        _l("that their badge was corrected"),
        _l("Tell the learner yourself: the badge's own page says what and why."),
    ),
    "return": (
        _l("that a card was made by which they come back"),
        _l("That address seems to be dead, as you were told. Hand out the card."),
    ),
    "refusal": (
        _l("why they do not get the badge for prior learning"),
        _l("Tell the learner yourself: the case says why."),
    ),
    "place": (
        _l("about their place in the workshop"),
        _l("Tell the learner yourself, and correct the address on the class list."),
    ),
    "waiting": (
        _l("about the waiting list"),
        _l("Tell them yourself if you know them."),
    ),
    "survey": (
        _l("that asks how it was"),
        _l(
            "Show the class the link or the code of the questions. Nobody is named here, so that answers stay unnamed."
        ),
    ),
}
"""What such a mail was to say, and what to do when it did not arrive."""
_OTHER_WHY = {
    "in_batch": _l("Is decided, and waits for a second person or for its turn."),
    "absent": _l("Was not there."),
    "awarded": _l("Has this badge."),
    "declined": _l("Has declined this badge."),
    "own": _l("This is you. A colleague sets your levels and awards you."),
}


def why_not(row: LearnerRow, version: DefinitionVersion) -> list[str]:
    """Why this learner is not included, one sentence a reason."""
    own = [str(_OTHER_WHY[code]) for code in row.why if code in _OTHER_WHY]
    if set(row.why) & {"awarded", "declined", "in_batch", "own"}:
        return own
    return own + not_ready_words(row.readiness, rubric_of(version.content))


def why_lost(code: str) -> str:
    """Why a learner of a batch could not be awarded."""
    return str(
        _WHY_LOST.get(code, _("Something went wrong. Try again, or tell the people who run this service."))
    )


def when_born(band: str, limit: str, adult: str) -> str:
    """The three answers to "when were you born?"; both dates are written for the reader."""
    answers = {
        "adult": _("on or before %(date)s", date=adult),
        "limit_to_17": _("after that, but on or before %(date)s", date=limit),
        "under_limit": _("after %(date)s", date=limit),
    }
    return str(answers[band])


LOOKS = {
    LookState.OPEN.value: (_l("waits for a second look"), "wait"),
    LookState.AGREED.value: (_l("agreed"), "good"),
    LookState.CORRECTED.value: (_l("corrected"), "accent"),
    LookState.DISPUTED.value: (_l("disputed: to be decided"), "bad"),
    LookState.UPHELD.value: (_l("stands"), "good"),
    LookState.REVOKED.value: (_l("withdrawn"), "bad"),
}
CASES = {
    CaseState.OPEN: (_l("is being looked at"), "wait"),
    CaseState.ASSESSED: (_l("judged, waits for the decision"), "wait"),
    CaseState.SECOND: (_l("decided, waits for a second person"), "wait"),
    CaseState.AWARDED: (_l("badge given"), "good"),
    CaseState.REFUSED: (_l("not given"), "bad"),
    CaseState.WITHDRAWN: (_l("taken back"), "plain"),
}
"""What has become of a case of prior learning: words, and the tone of its tag."""
FULFILMENTS = {
    FulfilmentState.PROPOSED: (_l("proposed"), "wait"),
    FulfilmentState.POSTPONED: (_l("put off"), "plain"),
    FulfilmentState.FLAGGED: (_l("a part has ended"), "bad"),
    FulfilmentState.AWARDED: (_l("given"), "good"),
    FulfilmentState.REVOKED: (_l("ended"), "plain"),
    FulfilmentState.ENDED: (_l("ended"), "plain"),
}
"""What has become of a fulfilled pathway: words, and the tone of its tag."""
