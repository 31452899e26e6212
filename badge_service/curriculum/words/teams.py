"""The words about teams: sides of the helix, fields of work, levels of skill."""

from flask_babel import lazy_gettext as _l

HELIX = {
    "education": _l("Education"),
    "business": _l("Business"),
    "public_authority": _l("Public authority"),
    "civil_society": _l("Civil society and craft"),
}
SECTORS = {
    "craft": _l("Craft"),
    "design_fashion": _l("Design and fashion"),
    "digital": _l("Digital technology"),
    "manufacturing": _l("Manufacturing"),
    "trade_tourism": _l("Trade and tourism"),
    "heritage_culture": _l("Heritage and culture"),
    "education": _l("Education"),
    "research": _l("Research"),
    "public": _l("Public administration"),
    "environment": _l("Environment"),
}
SKILL_LEVELS = {
    1: _l("knows of it"),
    2: _l("does it with help"),
    3: _l("does it alone"),
    4: _l("teaches it"),
}
