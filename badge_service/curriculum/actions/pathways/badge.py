"""The definition of a pathway's stacked badge as it would be published now, with everything that is still wrong with it."""

import copy
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.catalogue import published_by_code
from badge_service.curriculum.checking import definition_faults
from badge_service.curriculum.rules import VersionState
from badge_service.curriculum.rules.pathways import codes_in, free_choices
from badge_service.curriculum.rules.stacking import PartFacts, stacked_content
from badge_service.curriculum.rules.vocabulary import WORKLOAD_PARTS
from badge_service.curriculum.tables import DefinitionVersion, Pathway, PathwayVersion
from badge_service.errors import Fault

_FREE_LOOKED_AT = 2_000


def parts_of(session: Session, version: PathwayVersion, public_url: str) -> dict[str, PartFacts]:
    """The newest published version of each definition that the rule names, by code."""
    found = published_by_code(session, set(codes_in(version.content["rule"])))
    return {
        code: PartFacts(one.content, f"{public_url}/achievements/{one.definition.slug}/{one.version}")
        for code, one in found.items()
    }


def stacked_badge(
    session: Session, version: PathwayVersion, public_url: str, parts: Mapping[str, PartFacts]
) -> dict[str, Any]:
    """The content of the badge's definition; the rule must be sound and every code of it in `parts`."""
    pathway = {**version.content, "code": version.code, "version": version.version}
    free = _smallest(session, version) if free_choices(version.content["rule"]) else []
    return copy.deepcopy(stacked_content(pathway, version.slug, parts, free))


def badge_faults(version: PathwayVersion, content: Mapping[str, Any]) -> list[Fault]:
    """What keeps the badge's definition from being published: the same rules and EU elements as for every definition."""
    organisation = version.pathway.organisation
    found = definition_faults(dict(content), may_award_ects=organisation.may_award_ects)
    return [Fault(f"badge.{fault.where}", fault.message, fault.code) for fault in found]


def _smallest(session: Session, version: PathwayVersion) -> list[dict[str, float]]:
    """The workloads of published definitions that the rule does not name, the smallest first."""
    named = set(codes_in(version.content["rule"])) | {version.code}
    stacks = select(Pathway.definition_id).where(Pathway.definition_id.is_not(None))
    published = select(DefinitionVersion).where(
        DefinitionVersion.state == VersionState.PUBLISHED.value,
        DefinitionVersion.definition_id.not_in(stacks),
    )
    by_definition: dict[int, DefinitionVersion] = {}
    for one in session.scalars(published.order_by(DefinitionVersion.sort_key).limit(_FREE_LOOKED_AT)):
        by_definition[one.definition_id] = one
    found = [
        one.content["workload_hours"] for one in by_definition.values() if one.content["code"] not in named
    ]
    parts = [{part: float(hours[part]) for part in WORKLOAD_PARTS} for hours in found]
    return sorted(parts, key=lambda hours: sum(hours.values()))[:20]
