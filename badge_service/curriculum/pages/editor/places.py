"""Where on the editor's pages a place of the content stands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from badge_service.curriculum.pages.desk import own
from badge_service.curriculum.rules import VersionState
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import ConflictError


def field_id(where: str) -> str:
    """The id of the element on the page for a place in the content."""
    return "f-" + re.sub(r"[^A-Za-z0-9]+", "-", where).strip("-")


def own_draft(slug: str, version: str) -> DefinitionVersion:
    """A draft of the viewer's by the names in the address; raises `NotFoundError`, `ConflictError` for a published one."""
    found = own(slug, version)
    if found.state != VersionState.DRAFT:
        raise ConflictError(
            _("A published version is never changed, because badges name it."),
            code="definition.published",
            hint=_("Begin a new version from your list of definitions."),
        )
    return found


@dataclass(frozen=True)
class Done:
    """What a small button made of the typed fields, the place to look at next, and why nothing was done if so.

    `asked` goes into the address of the page that follows.
    """

    fields: Mapping[str, Any]
    place: str
    asked: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""
