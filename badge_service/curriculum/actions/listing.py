"""Keeps what lists, filters and searches know of a version in step with the version itself."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.curriculum.rules import VersionState
from badge_service.curriculum.rules.frameworks.folding import words_of
from badge_service.curriculum.tables import LISTED_WORDS, DefinitionVersion, ListedVersion
from badge_service.storage import word_index


def enlist(session: Session, version: DefinitionVersion) -> None:
    """Write the row of a version that was added, saved, published or withdrawn; which one the catalogue shows follows."""
    session.flush()
    row = session.get(ListedVersion, version.id)
    if row is None:
        row = ListedVersion(id=version.id, in_catalogue=False)
    _describe(row, version)
    session.add(row)
    session.flush()
    _show_newest(session, version.definition_id)
    word_index.refresh(session, LISTED_WORDS, [version.id])


def _describe(row: ListedVersion, version: DefinitionVersion) -> None:
    definition, title = version.definition, words_of(version.title)
    row.definition_id, row.sort_key = version.definition_id, version.sort_key
    row.organisation_id, row.let_id = definition.organisation_id, definition.let_id
    row.region_id = definition.let.region_id
    row.sort_title = " ".join(title)
    row.place = 0 if version.state == VersionState.DRAFT else 1
    row.topic, row.category, row.language = version.topic, version.category, version.language
    row.level, row.kind = version.level, str(version.content.get("achievement_type") or "")
    tags = version.content.get("tags")
    named = [one for one in tags if isinstance(one, str)] if isinstance(tags, list) else []
    words = [*title, *words_of(definition.code), *(word for tag in named for word in words_of(tag))]
    row.words = " ".join(dict.fromkeys(words))


def _show_newest(session: Session, definition_id: int) -> None:
    published = select(DefinitionVersion.id).where(
        DefinitionVersion.definition_id == definition_id, DefinitionVersion.state == VersionState.PUBLISHED
    )
    newest = session.scalar(published.order_by(DefinitionVersion.sort_key.desc()).limit(1))
    for row in session.scalars(select(ListedVersion).where(ListedVersion.definition_id == definition_id)):
        row.in_catalogue = row.id == newest
    session.flush()
