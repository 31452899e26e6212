"""Adds a published micro-credential to a pathway: in a new draft of it, at the place in its rule that the lead chooses."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.catalogue import published_by_code
from badge_service.curriculum.actions.pathways.drafting import new_pathway_version, save_pathway
from badge_service.curriculum.actions.pathways.reading import find_own_pathway
from badge_service.curriculum.rules import VersionState
from badge_service.curriculum.rules.pathways import ANY_OTHER, codes_in, least
from badge_service.curriculum.tables import PathwayVersion
from badge_service.errors import Fault, InvalidError
from badge_service.people.rules import Viewer

OF_ITS_OWN = "new"


@dataclass(frozen=True)
class Spot:
    """A place in a rule that can take one more badge: `key` names it, `need` of `codes` are asked for there."""

    key: str
    need: int
    codes: tuple[str, ...]


def spots_of(rule: Any) -> list[Spot]:
    """The lists to choose from that stand at the top of a rule; besides, a badge can always be asked for by itself."""
    if not isinstance(rule, Mapping):
        return []
    tops = rule["all_of"] if isinstance(rule.get("all_of"), list) else [rule]
    found = []
    for place, part in enumerate(tops):
        listed = part.get("of") if isinstance(part, Mapping) else None
        if isinstance(listed, list):
            codes = tuple(code for one in listed for code in codes_in(one))
            found.append(Spot(str(place), least(part), codes))
    return found


def add_to_pathway(
    session: Session, viewer: Viewer, slug: str, version: str, code: str, spot: str
) -> PathwayVersion:
    """The pathway's draft (a new one after a published version) with the badge in its rule; saved, not published.

    `spot` is a `Spot`'s key, or `new` for a badge that everybody then needs. Raises `NotFoundError`, `InvalidError`.
    """
    found = find_own_pathway(session, viewer, slug, version)
    faults = []
    if code not in published_by_code(session, [code]):
        words = _("No published micro-credential has the code “%(code)s”.", code=code[:40])
        faults.append(Fault("code", words, "pathway.unknown_code"))
    if found.state != VersionState.DRAFT:
        found = new_pathway_version(session, viewer, slug, version)
    rule = copy.deepcopy(found.content["rule"])
    if code in set(codes_in(rule)):
        faults.append(Fault("code", _("The pathway names this badge already."), "pathway.double"))
    if spot != OF_ITS_OWN and spot not in {one.key for one in spots_of(rule)}:
        faults.append(Fault("spot", _("Choose where in the rule it belongs."), "pathway.spot"))
    if faults:
        raise InvalidError(_("The badge cannot be added like this."), code="pathway.add", faults=faults)
    content = {**found.content, "rule": _with(rule, code, spot)}
    return save_pathway(session, viewer, slug, found.version, content, found.revision)


def _with(rule: Any, code: str, spot: str) -> Any:
    if spot != OF_ITS_OWN:
        tops = rule["all_of"] if isinstance(rule, dict) and "all_of" in rule else [rule]
        tops[int(spot)]["of"].append(code)
        return rule
    tops = rule["all_of"] if isinstance(rule, dict) and "all_of" in rule else [rule]
    free = [place for place, one in enumerate(tops) if isinstance(one, dict) and one.get("of") == ANY_OTHER]
    tops.insert(free[0] if free else len(tops), code)
    return {"all_of": tops}
