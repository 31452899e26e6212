"""What webhooks are told and how it is signed, by the Standard Webhooks specification (v1: HMAC-SHA256)."""

import base64
import hmac
from collections.abc import Collection, Iterable
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

from flask_babel import gettext as _

from badge_service.errors import Fault
from badge_service.web.outward import host_and_path

SECRET_START = "whsec_"  # noqa: S105 (how every secret begins)
MOST_WEBHOOKS = 10
AWARDS_A_MESSAGE = 100
FORMER_SECRET_LASTS = timedelta(hours=24)
GIVES_UP_AFTER = timedelta(days=5)
GIVES_UP_AFTER_MESSAGES = 5
MESSAGES_ARE_KEPT = timedelta(days=30)


class Event(StrEnum):
    """What happened to badges."""

    AWARDED = "award.awarded"
    ACCEPTED = "award.accepted"
    DECLINED = "award.declined"
    REVOKED = "award.revoked"


def webhook_faults(url: str, events: Collection[str], standing: int, own_hosts: Iterable[str]) -> list[Fault]:
    """What is wrong with a webhook that somebody wants beside `standing` others."""
    faults = []
    if host_and_path(url, own_hosts) is None:
        message = _(
            "Give an address that begins with https:// and a public name, such as https://school.example/badges."
        )
        faults.append(Fault("url", message, "ssrf_blocked"))
    if not events or set(events) - {event.value for event in Event}:
        faults.append(Fault("events", _("Tick at least one thing to be told of."), "required"))
    if standing >= MOST_WEBHOOKS:
        message = _("There are %(most)s addresses already. Remove one first.", most=MOST_WEBHOOKS)
        faults.append(Fault("url", message, "too_many"))
    return faults


def signatures(secrets: Iterable[str], token: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` header: one signature a secret, over id, time and body."""
    signed = b".".join((token.encode(), str(timestamp).encode(), body))
    made = (hmac.new(_bytes(secret), signed, sha256).digest() for secret in secrets)
    return " ".join("v1," + base64.b64encode(one).decode() for one in made)


def new_secret(random: bytes) -> str:
    """A secret as receivers' libraries want it."""
    return SECRET_START + base64.b64encode(random).decode()


def _bytes(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(SECRET_START))
