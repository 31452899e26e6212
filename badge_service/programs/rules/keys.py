"""What a key of a program looks like, what it may be for, and where it must never stand."""

import re
from collections.abc import Collection
from enum import StrEnum

from flask_babel import gettext as _

from badge_service.errors import Fault
from badge_service.web.texts import text_faults

KEY_START = "bsk_"
"""Every key begins so: secret scanners find it in code, and we find it in addresses, where it must not be."""
LONGEST_KEY_NAME = 100
MOST_KEYS = 50
_KEY = re.compile(r"bsk_[A-Za-z0-9_-]{43}")
_NAMES_OF_KEYS = frozenset({"key", "api_key", "apikey", "api-key", "access_token", "token", "authorization"})


class Scope(StrEnum):
    """What a key may be used for."""

    DEFINITIONS_READ = "definitions:read"
    WORKSHOPS_READ = "workshops:read"
    WORKSHOPS_WRITE = "workshops:write"
    ENROLMENTS_READ = "enrolments:read"
    ENROLMENTS_WRITE = "enrolments:write"
    ASSESSMENTS_READ = "assessments:read"
    ASSESSMENTS_WRITE = "assessments:write"
    AWARDS_READ = "awards:read"
    AWARDS_WRITE = "awards:write"


def key_in(authorization: str) -> str | None:
    """The key in an Authorization header (RFC 6750, section 2.1), or None for anything else."""
    kind, _space, secret = authorization.partition(" ")
    found = secret.strip()
    return found if kind.lower() == "bearer" and _KEY.fullmatch(found) else None


def looks_like_key(name: str, value: str) -> bool:
    """Whether somebody put a key into an address, where logs and histories would keep it."""
    return KEY_START in value or name.lower() in _NAMES_OF_KEYS


def key_faults(name: str, scopes: Collection[str], standing: int) -> list[Fault]:
    """What is wrong with a key that somebody wants to make beside `standing` others."""
    faults = text_faults("name", name, LONGEST_KEY_NAME)
    if not scopes:
        faults.append(Fault("scopes", _("Tick at least one thing that the key is for."), "required"))
    if set(scopes) - {scope.value for scope in Scope}:
        faults.append(Fault("scopes", _("Choose from the list."), "choice"))
    if standing >= MOST_KEYS:
        message = _("There are %(most)s keys already. Revoke those that nobody uses.", most=MOST_KEYS)
        faults.append(Fault("name", message, "too_many"))
    return faults
