"""The demo world as plain data: regions, organisations, people (given names only, all surnamed Demo) and who teaches what."""

from dataclasses import dataclass

from badge_service.people.rules import Role


@dataclass(frozen=True)
class Place:
    """A region with its school, its LET, its alliance and the catalogue entries its LET is the creator of."""

    slug: str
    region: str
    country: str
    language: str
    school: str
    school_slug: str
    partner: str
    partner_slug: str
    partner_kind: str
    entries: tuple[str, ...]


@dataclass(frozen=True)
class Actor:
    """A person whom the demo lets you be; `place` is the region's slug."""

    key: str
    name: str
    email: str
    language: str
    place: str
    roles: tuple[Role, ...]
    partner: bool = False


PLACES = (
    Place(
        "friesland",
        "Friesland",
        "NL",
        "en",
        "Demo Craft School Friesland",
        "craft-school-friesland",
        "Demo Open-Air Museum Friesland",
        "museum-friesland",
        "museum",
        (
            "willow-basket",
            "guest-speaker-host",
            "network-scout",
            "alliance-meeting-facilitator",
            "coach-of-students-in-the-lead",
            "student-in-the-lead",
        ),
    ),
    Place(
        "valencia",
        "Valencia",
        "ES",
        "es",
        "Escuela de Oficios Demo Valencia",
        "escuela-valencia",
        "Taller Circular Demo Valencia",
        "taller-valencia",
        "company",
        (
            "zero-waste-garment",
            "circular-business-model",
            "design-thinking-sprint",
            "circular-fashion-starter",
        ),
    ),
    Place(
        "central-bulgaria",
        "Central Bulgaria",
        "BG",
        "bg",
        "Демо училище по занаяти Габрово",
        "uchilishte-gabrovo",
        "Демо музей на занаятите Габрово",
        "muzey-gabrovo",
        "museum",
        (
            "plant-dyes",
            "hand-built-ceramics",
            "3d-printed-craft-parts",
            "product-story-qr-code",
            "future-craft-maker",
            "digital-craft-innovator",
        ),
    ),
)

ACTORS = (
    Actor("operator", "Olga Demo", "operator@demo.example", "en", "friesland", (Role.OPERATOR,)),
    Actor("admin", "Anne Demo", "admin@demo.example", "en", "friesland", (Role.ADMIN,)),
    Actor("let-lead", "Lieke Demo", "let-lead@demo.example", "en", "friesland", (Role.LET_LEAD,)),
    Actor("teacher", "Tjitske Demo", "teacher@demo.example", "en", "friesland", (Role.TEACHER,)),
    Actor("teacher-2", "Foekje Demo", "teacher2@demo.example", "en", "friesland", (Role.TEACHER,)),
    Actor("member", "Maarten Demo", "member@demo.example", "en", "friesland", (Role.MEMBER,), partner=True),
    Actor("let-lead-bg", "Люба Демо", "let-lead-bg@demo.example", "bg", "central-bulgaria", (Role.LET_LEAD,)),
    Actor("teacher-bg", "Тодор Демо", "teacher-bg@demo.example", "bg", "central-bulgaria", (Role.TEACHER,)),
    Actor("let-lead-es", "Lucía Demo", "let-lead-es@demo.example", "es", "valencia", (Role.LET_LEAD,)),
    Actor("teacher-es", "Teresa Demo", "teacher-es@demo.example", "es", "valencia", (Role.TEACHER,)),
)

WITH_EMAIL = (
    "Jelle", "Sanne", "Femke", "Борис", "Wytse", "Nynke", "Elena", "Sem", "Мила", "Hessel", "Yara", "Tess", "Doutzen",
    "Pablo", "Rinske", "Ivo", "Marit",
)  # fmt: skip
WITHOUT_EMAIL = ("Daan", "Sietske", "Noor", "Цвета", "Ruben")
NOT_READY = frozenset({"Ivo", "Ruben"})
"""Two of the twenty-two have something missing, so that the page that says why is not empty."""

ACCEPT_WITH_NAME = frozenset({"Jelle", "Sanne", "Femke", "Борис", "Wytse", "Nynke"})
ACCEPT_WITHOUT_NAME = frozenset({"Elena", "Sem", "Yara"})
DECLINE = frozenset({"Hessel"})
REVOKE = frozenset({"Nynke"})
SHARE_BY_LINK = frozenset({"Jelle", "Sanne", "Борис", "Wytse", "Elena", "Nynke"})
TRAVELLER = "Борис"
"""Holds a badge of Friesland and goes to Gabrovo for more."""

LEARNER_ACTORS = ("Jelle", "Tess", TRAVELLER)
"""Learners the demo signs in as: one with an open badge, one with a badge still waiting, one who has fulfilled a pathway."""

MAIN_ENTRY = "willow-basket"


def learner_email(name: str) -> str:
    """The demo address of a learner, in ASCII whatever the name is written in."""
    number = WITH_EMAIL.index(name) + 1
    return f"learner{number:02d}@demo.example"


def learner_name(name: str) -> str:
    """A learner's whole demo name, in the script of the given name."""
    return f"{name} {'Демо' if ord(name[0]) > 0x400 else 'Demo'}"
