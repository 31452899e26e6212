"""The forms of this room."""

from badge_service.alliance.forms.activities import (
    KIND_WORDS,
    ActivityFields,
    ActivityForm,
    chosen_host,
    host_choices,
)
from badge_service.alliance.forms.alliances import AllianceForm, IssuerForm

__all__ = [
    "KIND_WORDS",
    "ActivityFields",
    "ActivityForm",
    "AllianceForm",
    "IssuerForm",
    "chosen_host",
    "host_choices",
]
