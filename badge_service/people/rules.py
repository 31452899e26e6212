"""Who somebody is to the service: roles, the viewer of a page, organisation profiles, what an address or password may be."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from badge_service.errors import Fault, InvalidError, NotAllowedError

LINK_LIFETIME = timedelta(minutes=30)
LINKS_ARE_KEPT = timedelta(days=30)
SIGN_IN_LASTS = timedelta(days=30)
MOST_WRONG_TRIES = 5
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128
LONGEST_NAME = 200
ORGANISATION_KINDS = ("school", "university", "museum", "craft", "company", "public", "association", "other")
# OB 3.0 IdentifierTypeEnum, as far as an organisation can have such a number.
IDENTIFIER_TYPES = frozenset({"identifier", "sourcedId", "systemId", "accountId", "nationalIdentityNumber"})

_NO_NAMES = frozenset(
    {
        "undefined",
        "null",
        "none",
        "nan",
        "nil",
        "n/a",
        "#n/a",
        "#ref!",
        "#value!",
        "#name?",
        "[object",
        "object]",
        "?",
    }
)
_NEVER_IN_A_NAME = frozenset({"undefined", "#n/a", "#ref!", "#value!", "#name?", "[object"})
_AS_PROGRAMMES_SPELL = frozenset(
    {"undefined", "null", "NULL", "None", "NaN", "nan", "nil", "N/A", "n/a", "#N/A", "#REF!"}
)
_OWN_TYPE = re.compile(r"ext:[a-zA-Z0-9._-]{1,60}")
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]{1,190}\.[^\s@<>()\[\],;:\\\"]{2,63}")
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_COUNTRY = re.compile(r"[A-Z]{2}")


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
    def person_key(self) -> str | None:
        """The key under the name by which the shell of all pages asks for it."""
        return self.key

    @property
    def display_name(self) -> str:
        """What the header calls this person."""
        return self.name

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
            raise NotAllowedError(_("Please sign in first."), code="sign_in")
        return self.key


NOBODY = Viewer()


def issuer_profile(
    did: str, name: str, page: str, country: str, region: str, identifiers: list[Any]
) -> dict[str, Any]:
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
            {
                "type": "IdentifierEntry",
                "identifier": entry["identifier"],
                "identifierType": entry["identifierType"],
            }
            for entry in identifiers
        ]
    return profile


def normal_email(text: str) -> str:
    """The one written form of an e-mail address: trimmed, NFC, lower case.

    Raises `InvalidError` with a fault at `email`; control characters can never pass (they would forge mail headers).
    """
    email = unicodedata.normalize("NFC", text.strip()).lower()
    if not _EMAIL.fullmatch(email) or not email.isprintable():
        message = _(
            "“%(typed)s” is not an e-mail address. It looks like name@school.example.",
            typed=text.strip()[:100],
        )
        raise InvalidError(message, code="email", faults=[Fault("email", message, "email")])
    return email


def is_no_name(name: str, parts: Sequence[str] = ()) -> bool:
    """Whether this is what a programme writes for somebody whose name it does not have, such as “undefined undefined”.

    `parts` are the cells it was put together from: one of them alone may be such a word, spelt as programmes spell it
    (Null is a family name, NULL is none).
    """
    words = set(name.casefold().split())
    return words <= _NO_NAMES or bool(words & _NEVER_IN_A_NAME or set(parts) & _AS_PROGRAMMES_SPELL)


def name_faults(name: str, where: str = "name") -> list[Fault]:
    """What is wrong with the name of a person or an organisation."""
    if not name.strip():
        return [Fault(where, _("A name is needed."), "name.missing")]
    if is_no_name(name):
        return [Fault(where, _("This is no name. Write the name."), "name.placeholder")]
    if len(name) > LONGEST_NAME or not name.isprintable():
        return [
            Fault(
                where, _("A name has at most %(most)s letters, on one line.", most=LONGEST_NAME), "name.form"
            )
        ]
    return []


def slug_faults(slug: str) -> list[Fault]:
    """What is wrong with the short name of an organisation or region in addresses."""
    if _SLUG.fullmatch(slug):
        return []
    message = _(
        "Use small Latin letters, digits and hyphens, such as craft-school-ruse. It can never be changed."
    )
    return [Fault("slug", message, "slug")]


def country_faults(country: str) -> list[Fault]:
    """What is wrong with a country code (ISO 3166-1 alpha-2)."""
    if _COUNTRY.fullmatch(country):
        return []
    return [Fault("country", _("Give the country as two capital letters, such as BG."), "country")]


def website_faults(website: str | None) -> list[Fault]:
    """What is wrong with the address of an organisation's own site."""
    if not website or re.fullmatch(r"https?://[^\s<>\"]{3,300}", website):
        return []
    return [Fault("website", _("A web address starts with https:// and has no spaces."), "website")]


def password_faults(password: str, email: str) -> list[Fault]:
    """What is wrong with a new password: length counts, rules about signs do not (NIST SP 800-63B)."""
    if len(password) < SHORTEST_PASSWORD:
        message = _(
            "Use at least %(least)s characters. Four words in a row are easy to remember.",
            least=SHORTEST_PASSWORD,
        )
        return [Fault("password", message, "password.short")]
    if len(password) > LONGEST_PASSWORD:
        return [
            Fault("password", _("Use at most %(most)s characters.", most=LONGEST_PASSWORD), "password.long")
        ]
    plain = password.casefold()
    mailbox = email.partition("@")[0]
    if len(set(plain)) < 5 or plain in email or (len(mailbox) > 3 and mailbox in plain):
        return [
            Fault(
                "password",
                _("This is too easy to guess from your address or by repetition."),
                "password.easy",
            )
        ]
    return []


def is_six_digits(text: str) -> bool:
    """Whether this can be the code of a mailed link, once spaces are taken out."""
    return re.fullmatch(r"[0-9]{6}", "".join(text.split())) is not None


def organisation_faults(name: str, kind: str, website: str | None, email: str | None) -> list[Fault]:
    """Everything wrong with what an organisation says about itself."""
    faults = [*name_faults(name), *website_faults(website)]
    if kind not in ORGANISATION_KINDS:
        faults.append(Fault("kind", _("Choose what kind of organisation this is."), "organisation.kind"))
    if email:
        try:
            normal_email(email)
        except InvalidError as error:
            faults.extend(error.faults)
    return faults


def identifier_type(words: str) -> str:
    """The OB 3.0 IdentifierTypeEnum value for a kind of number: its own word, or `ext:` before a word of ours (vat)."""
    kind = words.strip()
    return kind if kind in IDENTIFIER_TYPES or kind.startswith("ext:") or not kind else f"ext:{kind}"


def identifier_faults(identifiers: Sequence[Mapping[str, str]]) -> list[Fault]:
    """What is wrong with register numbers: each is {"identifier", "identifierType"}, the type as OB 3.0 allows it."""
    return [
        Fault("identifiers", _("Line %(line)s: write it like “vat: BG123456789”.", line=line), "identifier")
        for line, entry in enumerate(identifiers, start=1)
        if not entry.get("identifier", "").strip()
        or not (entry["identifierType"] in IDENTIFIER_TYPES or _OWN_TYPE.fullmatch(entry["identifierType"]))
    ]
