"""The states of an award and who may see its badge, with the few limits that awarding and claiming keep to."""

from datetime import timedelta
from enum import StrEnum

MOST_LEARNERS_AT_ONCE = 10_000
AWARDED_IN_THE_REQUEST = 200
"""A larger batch is awarded by the worker, while its page shows how far it is."""
CLAIM_CAN_BE_UNDONE = timedelta(days=30)
WRONG_CODES_ALARM = 30
WRONG_CODES_WINDOW = timedelta(hours=1)


class AwardState(StrEnum):
    """Held until the learner decides; the last two are ends."""

    HELD = "held"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REVOKED = "revoked"


class Sharing(StrEnum):
    """Who can see the badge's page (decisions 16)."""

    PRIVATE = "private"
    LINK = "link"
    LISTED = "listed"


class Channel(StrEnum):
    """How a claim code reached its learner."""

    MAIL = "mail"
    CARD = "card"


class BatchRow(StrEnum):
    """What has become of one award of a batch."""

    WAITING = "waiting"
    SIGNED = "signed"
    FAILED = "failed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REVOKED = "revoked"


class ItemState(StrEnum):
    """What has become of a learner of a batch who was not awarded at the press of the button."""

    SECOND = "second"
    WAITING = "waiting"
    AWARDED = "awarded"
    FAILED = "failed"
    REFUSED = "refused"


OPEN_ITEMS = (ItemState.SECOND.value, ItemState.WAITING.value)
