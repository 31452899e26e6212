"""What an achievement is related to when it is published: its earlier versions, and what says the same in other languages."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from badge_service.curriculum.rules import VersionState
from badge_service.curriculum.tables import (
    Definition,
    DefinitionTranslation,
    DefinitionVersion,
    ListedVersion,
)
from badge_service.openbadges import achievement as ob


def related_of(session: Session, version: DefinitionVersion, public_url: str) -> list[dict[str, Any]]:
    """Related objects (OB 3.0, Related) of the earlier published versions, newest first, and of translations by language."""
    earlier = session.scalars(
        select(DefinitionVersion)
        .where(
            DefinitionVersion.definition_id == version.definition_id,
            DefinitionVersion.published_at.is_not(None),
            DefinitionVersion.sort_key < version.sort_key,
        )
        .order_by(DefinitionVersion.sort_key.desc())
    ).all()
    return [_related(one, public_url) for one in (*earlier, *translations_of(session, version.definition_id))]


def translations_of(session: Session, definition_id: int) -> Sequence[DefinitionVersion]:
    """The newest published versions of what says the same in other languages, the original among them, by language."""
    original = session.get(DefinitionTranslation, definition_id)
    root = original.original_id if original else definition_id
    siblings = select(DefinitionTranslation.definition_id).where(DefinitionTranslation.original_id == root)
    found = (
        select(DefinitionVersion)
        .join(ListedVersion, ListedVersion.id == DefinitionVersion.id)
        .where(
            or_(DefinitionVersion.definition_id == root, DefinitionVersion.definition_id.in_(siblings)),
            DefinitionVersion.definition_id != definition_id,
            ListedVersion.in_catalogue,
        )
    )
    return session.scalars(found.order_by(DefinitionVersion.language, DefinitionVersion.id)).all()


def newer_than(session: Session, achievement_id: str, public_url: str) -> DefinitionVersion | None:
    """The newest published version of the micro-credential whose achievement id this is, if it is ours and newer."""
    slug, _slash, number = achievement_id.removeprefix(f"{public_url}/achievements/").partition("/")
    if not achievement_id.startswith(f"{public_url}/achievements/") or not number or "\0" in achievement_id:
        return None
    found = session.scalar(
        select(DefinitionVersion)
        .join(DefinitionVersion.definition)
        .where(Definition.slug == slug, DefinitionVersion.state == VersionState.PUBLISHED.value)
        .order_by(DefinitionVersion.sort_key.desc())
        .limit(1)
    )
    given = session.scalar(
        select(DefinitionVersion.sort_key)
        .join(DefinitionVersion.definition)
        .where(Definition.slug == slug, DefinitionVersion.version == number)
        .where(DefinitionVersion.published_at.is_not(None))
    )
    return found if found is not None and given is not None and found.sort_key > given else None


def _related(version: DefinitionVersion, public_url: str) -> dict[str, Any]:
    return ob.related(
        f"{public_url}/achievements/{version.definition.slug}/{version.version}",
        in_language=version.language,
        version=version.version,
    )
