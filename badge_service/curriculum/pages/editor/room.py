"""Refuses what even a draft has no room for: more rows than a definition has, endless texts."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from badge_service.curriculum.checking import size_faults
from badge_service.curriculum.pages.editor.places import Done
from badge_service.curriculum.words import field_label
from badge_service.errors import Fault


def new_size_faults(fields: Mapping[str, Any], before: Mapping[str, Any]) -> list[Fault]:
    """Too many rows or letters, unless it was so already: such a draft can still be put right row by row."""
    known = {fault.where for fault in size_faults(before)}
    return [fault for fault in size_faults(fields) if fault.where not in known]


def with_room(act: Done | None, fields: Mapping[str, Any], before: Mapping[str, Any]) -> Done | None:
    """What a button made of the fields; where that is a row too many, the fields as typed and why."""
    faults = new_size_faults(act.fields, before) if act else []
    if act is None or not faults:
        return act
    said = [_("%(field)s: %(why)s", field=field_label(one.where), why=one.message) for one in faults]
    return Done(fields, faults[0].where, act.asked, " ".join(said))
