"""Who somebody is to the service: roles, the viewer of a page, organisation profiles, and duties towards personal data."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from badge_service.errors import NotAllowedError


class Role(StrEnum):
    """What a person may be; all but the operator are that in one organisation."""

    OPERATOR = "operator"
    ADMIN = "organisation_admin"
    LET_LEAD = "let_lead"
    TEACHER = "teacher"
    LEARNER = "learner"
    MEMBER = "alliance_member"


@dataclass(frozen=True)
class Grant:
    """One role in one organisation (`None` for the operator)."""

    role: Role
    organisation_id: int | None


@dataclass(frozen=True)
class Viewer:
    """Who is acting or looking; `key` is the random person key that logs keep."""

    key: str | None = None
    person_id: int | None = None
    name: str = ""
    language: str = "en"
    grants: frozenset[Grant] = field(default_factory=frozenset)

    @property
    def is_signed_in(self) -> bool:
        """Whether this is a known person."""
        return self.person_id is not None

    @property
    def roles(self) -> frozenset[str]:
        """The names of all roles held anywhere."""
        return frozenset(grant.role.value for grant in self.grants)

    def has_role(self, role: str, organisation_id: int | None = None) -> bool:
        """Whether the role is held: in that organisation, or (without one) anywhere."""
        return any(
            grant.role == role and organisation_id in (None, grant.organisation_id) for grant in self.grants
        )

    def organisations_as(self, *roles: Role) -> frozenset[int]:
        """The organisations in which one of these roles is held."""
        return frozenset(
            grant.organisation_id
            for grant in self.grants
            if grant.role in roles and grant.organisation_id is not None
        )

    def acting_key(self) -> str:
        """The key to write down for a deed; raises `NotAllowedError` for nobody."""
        if self.key is None:
            raise NotAllowedError("Please sign in first.", code="sign_in")
        return self.key


NOBODY = Viewer()


def issuer_profile(did: str, name: str, page: str, country: str, region: str, identifiers: list[Any]) -> dict[str, Any]:
    """The embedded issuer Profile of a badge (OB 3.0 Profile; decisions 5): legal name, country, identifiers."""
    profile: dict[str, Any] = {
        "id": did,
        "type": ["Profile"],
        "name": name,
        "url": page,
        "address": {"type": ["Address"], "addressCountryCode": country, "addressRegion": region},
    }
    if identifiers:
        profile["otherIdentifier"] = [
            {"type": "IdentifierEntry", "identifier": entry["identifier"], "identifierType": entry["identifierType"]}
            for entry in identifiers
        ]
    return profile
