"""What an alliance may say about itself, and which issuers elsewhere it may name."""

import re
from dataclasses import dataclass

from flask_babel import gettext as _

from badge_service.errors import Fault
from badge_service.people.rules import Role
from badge_service.web.texts import text_faults

OPENERS = (Role.LET_LEAD, Role.ADMIN)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ISSUER = re.compile(r"did:(web|key|jwk):[A-Za-z0-9._:%-]+|https://[A-Za-z0-9.-]+(/[!-~]*)?")


@dataclass(frozen=True)
class AllianceFacts:
    """What is said about an alliance when it is opened; `slug` becomes its address."""

    slug: str
    name: str
    aims: str
    region_id: int


def alliance_faults(facts: AllianceFacts) -> list[Fault]:
    """Everything wrong with what is said about an alliance."""
    faults = text_faults("name", facts.name, 120) + text_faults("aims", facts.aims, 2000, lines=True)
    if not _SLUG.fullmatch(facts.slug) or len(facts.slug) > 60:
        message = _("Use small Latin letters, digits and hyphens, for example central-bulgaria.")
        faults.append(Fault("slug", message, "slug"))
    return faults


def issuer_faults(did: str, name: str) -> list[Fault]:
    """What is wrong with an entry of the list of issuers elsewhere."""
    faults = text_faults("name", name, 120)
    if not _ISSUER.fullmatch(did) or len(did) > 500:
        faults.append(
            Fault("did", _("This is no identifier of an issuer, such as did:web:school.example."), "did")
        )
    return faults
