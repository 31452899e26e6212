"""Which definition a translation is of: a badge of either counts as one of the original."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from badge_service.curriculum.tables import Definition, DefinitionTranslation


def code_of_original(session: Session, codes: Collection[str]) -> dict[str, str]:
    """For each definition code the code of what it is a translation of, or itself; one statement.

    Codes that nobody has defined are their own too.
    """
    original = aliased(Definition)
    rows = session.execute(
        select(Definition.code.label("own"), original.code.label("of"))
        .join(DefinitionTranslation, DefinitionTranslation.definition_id == Definition.id)
        .join(original, original.id == DefinitionTranslation.original_id)
        .where(Definition.code.in_(codes))
    )
    known = {row.own: row.of for row in rows}
    return {code: known.get(code, code) for code in codes}


def translations_among(session: Session, definition_ids: Collection[int]) -> set[int]:
    """Which of these definitions are translations; one statement."""
    found = select(DefinitionTranslation.definition_id)
    return set(session.scalars(found.where(DefinitionTranslation.definition_id.in_(definition_ids))))
