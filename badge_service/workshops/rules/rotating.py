"""The code on the teacher's screen: another one every 30 seconds, each good for two such periods, by the server's clock.

It is an HMAC of the screen's token and the period, so nothing is stored and nobody can make one. Who scanned one in time
gets a ticket, an HMAC of its own kind, with ten minutes to type a name.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

PERIOD = timedelta(seconds=30)
USABLE_PERIODS = 2
TICKET_PERIODS = 20


def code_at(secret: bytes, screen_token: str, moment: datetime) -> str:
    """The code that the screen shows at this moment: 16 hexadecimal digits."""
    return _code(secret, "code", screen_token, _period(moment))


def is_current(secret: bytes, screen_token: str, code: str, moment: datetime) -> bool:
    """Whether a code was shown in this period or the one before; never one of a period to come."""
    return _period_of(secret, "code", screen_token, code, moment, USABLE_PERIODS) is not None


def ticket_at(secret: bytes, screen_token: str, moment: datetime) -> str:
    """What somebody who scanned a good code sends with their name: no code, so that it cannot be passed on as one."""
    return _code(secret, "ticket", screen_token, _period(moment))


def is_ticket(secret: bytes, screen_token: str, ticket: str, moment: datetime) -> bool:
    """Whether a ticket was given for this screen within the last ten minutes."""
    return _period_of(secret, "ticket", screen_token, ticket, moment, TICKET_PERIODS) is not None


def seconds_left(moment: datetime) -> int:
    """How long the code of this moment is shown, in whole seconds, at least 1."""
    length = int(PERIOD.total_seconds())
    return length - int(moment.timestamp()) % length


def _period(moment: datetime) -> int:
    return int(moment.timestamp()) // int(PERIOD.total_seconds())


def _code(secret: bytes, kind: str, screen_token: str, period: int) -> str:
    said = f"check-in {kind}:{screen_token}:{period}".encode()
    return hmac.new(secret, said, hashlib.sha256).hexdigest()[:16]


def _period_of(
    secret: bytes, kind: str, screen_token: str, typed: str, moment: datetime, periods: int
) -> int | None:
    now, found = _period(moment), None
    for period in range(now, now - periods, -1):  # all of them are compared, so that the time tells nothing
        good = _code(secret, kind, screen_token, period)
        if hmac.compare_digest(good.encode(), typed.encode("utf-8", "replace")):
            found = period
    return found
