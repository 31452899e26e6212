"""Several languages of one definition: a translation is a definition of its own whose structure follows the original."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.drafts import (
    CODE,
    add_definition,
    add_version,
    find_own_version,
    free_slug,
    save_draft,
)
from badge_service.curriculum.rules import FIRST, VersionState
from badge_service.curriculum.rules.formats import text_faults_in
from badge_service.curriculum.rules.translating import (
    following,
    missing_texts,
    moved_fields,
    texts_by_place,
    texts_of,
)
from badge_service.curriculum.rules.vocabulary import LANGUAGES
from badge_service.curriculum.tables import Definition, DefinitionTranslation, DefinitionVersion, Pathway
from badge_service.errors import ConflictError, Fault, InvalidError
from badge_service.people.rules import Viewer
from badge_service.storage import audit

FURTHER = "further_text"


@dataclass(frozen=True)
class SideBySide:
    """A translation beside the version it follows: texts by place on both sides, and the places still empty.

    The further text, which is not part of the content, has the place `further_text`. `has_moved` says that the
    original's structure differs from the translation's, which takes it over when it is saved.
    """

    original: DefinitionVersion
    translation: DefinitionVersion
    held: Mapping[str, str]
    missing: Sequence[str]
    has_moved: bool


def begin_translation(
    session: Session, viewer: Viewer, version_id: int, language: str, code: str
) -> DefinitionVersion:
    """A draft in another language with the structure of an own version and empty texts.

    Raises `NotFoundError` (not theirs), `InvalidError` with faults at `language` and `code`.
    """
    source = find_own_version(session, viewer, version_id, lock=True)
    if source.content.get("pathway"):
        message = _("This is the badge of a pathway, written from its parts.")
        raise ConflictError(message, code="definition.stacked")
    original = _original_of(session, source.definition)
    code = code.strip().upper()
    faults = _start_faults(session, original, language, code)
    if faults:
        raise InvalidError(_("The translation cannot be begun like this."), code="translation", faults=faults)
    slug = free_slug(session, f"{original.slug} {language}", code)
    definition = add_definition(session, slug, code, original.let_id, original.organisation_id)
    session.add(DefinitionTranslation(definition_id=definition.id, original_id=original.id))
    version = add_version(session, definition, following(source.content, {}, {"language": language}), FIRST)
    subject = f"definition:{slug}/{version.version}"
    audit.record(session, viewer.acting_key(), "definition.translation_begun", subject, of=original.slug)
    return version


def side_by_side(session: Session, viewer: Viewer, version_id: int) -> SideBySide:
    """A translation's draft beside its original; raises `NotFoundError` (not theirs), `ConflictError` (no translation)."""
    version = find_own_version(session, viewer, version_id)
    original = followed_by(session, version)
    texts = texts_by_place(version.content)
    follows = following(original.content, texts, version.content)
    missing = missing_texts(original.content, version.content)
    if original.further_text.strip() and not version.further_text.strip():
        missing.append(FURTHER)
    return SideBySide(
        original,
        version,
        texts | {FURTHER: version.further_text},
        missing,
        {**follows, "achievement_type": ""} != {**version.content, "achievement_type": ""},
    )


def save_translation(
    session: Session, viewer: Viewer, version_id: int, texts: Mapping[str, str], revision: int
) -> DefinitionVersion:
    """Keep these texts by place (`further_text` too), complete or not, on the original's structure of now.

    A place that is not given keeps its text. Raises `NotFoundError`, `ConflictError` (published, no translation),
    `StaleDraftError`, `InvalidError` for texts with characters that cannot be seen.
    """
    version = find_own_version(session, viewer, version_id, lock=True)
    original = followed_by(session, version)
    held = {**texts_by_place(version.content), **{where: text.strip() for where, text in texts.items()}}
    content = following(original.content, held, version.content)
    further = texts.get(FURTHER, version.further_text)
    faults = [
        Fault(place.where, fault.message, fault.code)
        for place in texts_of(original.content)
        for fault in text_faults_in(held.get(place.where, ""))
    ]
    faults += text_faults_in("", further)
    if faults:
        raise InvalidError(_("These texts cannot be saved."), code="translation", faults=faults)
    return save_draft(session, viewer, version_id, content, revision, further_text=further)


def followed_by(session: Session, translation: DefinitionVersion) -> DefinitionVersion:
    """The version whose structure a translation follows: the original's newest published one, or its draft before that."""
    row = session.get(DefinitionTranslation, translation.definition_id)
    if row is None:
        message = _("This definition is no translation of another one.")
        raise ConflictError(message, code="translation.none")
    versions = session.scalars(
        select(DefinitionVersion)
        .where(DefinitionVersion.definition_id == row.original_id)
        .order_by(DefinitionVersion.sort_key.desc())
    ).all()
    published = (one for one in versions if one.state == VersionState.PUBLISHED)
    return next(published, versions[0])


def structure_faults(session: Session, version: DefinitionVersion) -> list[Fault]:
    """The fields in which a translation does not follow its original; none for a definition that is no translation."""
    if session.get(DefinitionTranslation, version.definition_id) is None:
        return []
    words = _(
        "This differs from the original. Open the translation and save it: it takes over what the original says."
    )
    moved = moved_fields(followed_by(session, version).content, version.content)
    return [Fault(name, words, "translation.structure") for name in moved]


def languages_left(session: Session, definition: Definition) -> list[str]:
    """The languages in which neither the original nor a translation exists."""
    taken = _languages_of(session, _original_of(session, definition))
    return [language for language in LANGUAGES if language not in taken]


def _original_of(session: Session, definition: Definition) -> Definition:
    row = session.get(DefinitionTranslation, definition.id)
    return session.get_one(Definition, row.original_id) if row else definition


def _languages_of(session: Session, original: Definition) -> set[str]:
    siblings = select(DefinitionTranslation.definition_id).where(
        DefinitionTranslation.original_id == original.id
    )
    of_all = (DefinitionVersion.definition_id == original.id) | DefinitionVersion.definition_id.in_(siblings)
    return set(session.scalars(select(DefinitionVersion.language).where(of_all).distinct()))


def _start_faults(session: Session, original: Definition, language: str, code: str) -> list[Fault]:
    faults = []
    if language not in LANGUAGES:
        faults.append(Fault("language", _("Choose a language from the list."), "language"))
    elif language in _languages_of(session, original):
        faults.append(Fault("language", _("There is one in this language already."), "language.double"))
    if not CODE.fullmatch(code):
        words = _("Write a short code of capital letters and figures with a hyphen, such as ALL-GST-1.")
        faults.append(Fault("code", words, "code.form"))
    elif any(
        session.scalar(select(table.id).where(table.code == code)) is not None
        for table in (Definition, Pathway)
    ):
        words = _("The code %(code)s is taken. Choose another.", code=code)
        faults.append(Fault("code", words, "code.double"))
    return faults
