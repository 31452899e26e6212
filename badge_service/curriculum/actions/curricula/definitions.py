"""The definitions to which a curriculum's units lead: found, offered, fixed at publication, and what they cover."""

import copy
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from badge_service.curriculum.rules.curricula import Coverage, coverage, definitions_in
from badge_service.curriculum.tables import CurriculumVersion, Definition, DefinitionVersion, ListedVersion

MOST_CHOICES = 500


def published_by_slug(session: Session, slugs: Collection[str]) -> dict[str, DefinitionVersion]:
    """The newest published version of each of these definitions that has one, by slug."""
    found = session.scalars(
        select(DefinitionVersion)
        .join(DefinitionVersion.definition)
        .join(ListedVersion, ListedVersion.id == DefinitionVersion.id)
        .where(Definition.slug.in_(slugs), ListedVersion.in_catalogue)
    )
    return {version.definition.slug: version for version in found} if slugs else {}


def definitions_of(session: Session, content: Mapping[str, Any]) -> dict[str, DefinitionVersion]:
    """The versions to which a curriculum's units lead, by slug: the named one, or the newest published one."""
    named = {
        (one["slug"], one["version"])
        for unit in content["units"]
        for one in unit["definitions"]
        if one.get("version")
    }
    newest = published_by_slug(session, definitions_in(content))
    older = {slug for slug, version in named if slug not in newest or newest[slug].version != version}
    if not older:
        return newest
    found = session.scalars(
        select(DefinitionVersion)
        .join(DefinitionVersion.definition)
        .where(Definition.slug.in_(older), DefinitionVersion.published_at.is_not(None))
    )
    fixed = {(one.definition.slug, one.version): one for one in found}
    return newest | {slug: fixed[slug, version] for slug, version in named if (slug, version) in fixed}


def definitions_to_choose(session: Session, version: CurriculumVersion) -> dict[str, str]:
    """What a unit can lead to: title by slug of the definitions of the same school or LET, and of those named already."""
    curriculum, named = version.curriculum, definitions_in(version.content)
    found = (
        select(Definition.slug, DefinitionVersion.title)
        .join(DefinitionVersion, DefinitionVersion.definition_id == Definition.id)
        .where(
            or_(
                Definition.organisation_id == curriculum.organisation_id,
                and_(Definition.let_id == curriculum.let_id, DefinitionVersion.published_at.is_not(None)),
                Definition.slug.in_(named),
            )
        )
        .order_by(DefinitionVersion.sort_key)
        .limit(MOST_CHOICES)
    )
    titles = {row.slug: row.title for row in session.execute(found)}
    return dict(sorted(titles.items(), key=lambda item: item[1]))


def pinned(session: Session, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with each definition's newest published version named; empty where none is published."""
    newest, fixed = published_by_slug(session, definitions_in(content)), copy.deepcopy(dict(content))
    for unit in fixed["units"]:
        for one in unit["definitions"]:
            one["version"] = newest[one["slug"]].version if one["slug"] in newest else ""
    return fixed


def coverage_of(session: Session, content: Mapping[str, Any]) -> tuple[Coverage, ...]:
    """How the curriculum covers the three approaches and the three impacts, with the outcomes of its definitions."""
    found = definitions_of(session, content)
    return coverage(content, {slug: version.content for slug, version in found.items()})
