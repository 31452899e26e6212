"""Published versions, curricula and pathways stay as they were published, and so do their notes and pictures."""

from badge_service.storage.guards.triggers import Guard

# Made by the fifth revision.
PICTURE_GUARDS = (
    Guard(
        "published_picture_frozen",
        "definition_versions",
        "UPDATE",
        "OLD.published_at IS NOT NULL AND (NEW.picture_svg <> OLD.picture_svg"
        " OR NEW.picture_uploaded <> OLD.picture_uploaded"
        " OR (NEW.picture_png IS NULL) <> (OLD.picture_png IS NULL) OR NEW.picture_png <> OLD.picture_png)",
        "the picture of a published version is frozen",
    ),
)

_IS_PUBLISHED = (
    "EXISTS (SELECT 1 FROM definition_versions v WHERE v.id = {row}.definition_version_id"
    " AND v.published_at IS NOT NULL) OR EXISTS (SELECT 1 FROM curriculum_versions c"
    " WHERE c.id = {row}.curriculum_version_id AND c.published_at IS NOT NULL)"
)
_NOTES_FROZEN = "the change notes of a published version are frozen"
# Made by the sixth revision.
CURRICULUM_GUARDS = (
    Guard(
        "published_words_frozen",
        "definition_versions",
        "UPDATE",
        "OLD.published_at IS NOT NULL AND (NEW.further_text <> OLD.further_text OR NEW.title <> OLD.title"
        " OR COALESCE(NEW.number_reason, '') <> COALESCE(OLD.number_reason, '')"
        " OR COALESCE(CAST(NEW.related AS TEXT), '') <> COALESCE(CAST(OLD.related AS TEXT), ''))",
        "a published version is frozen",
    ),
    Guard(
        "published_curriculum_frozen",
        "curriculum_versions",
        "UPDATE",
        "OLD.published_at IS NOT NULL AND (CAST(NEW.content AS TEXT) <> CAST(OLD.content AS TEXT)"
        " OR NEW.version <> OLD.version OR NEW.title <> OLD.title OR NEW.published_at IS NULL"
        " OR COALESCE(NEW.number_reason, '') <> COALESCE(OLD.number_reason, ''))",
        "a published curriculum is frozen",
    ),
    Guard(
        "published_curriculum_kept",
        "curriculum_versions",
        "DELETE",
        "OLD.published_at IS NOT NULL",
        "a published curriculum is kept",
    ),
    *(
        Guard(f"change_note_{name}", "change_notes", event, _IS_PUBLISHED.format(row=row), _NOTES_FROZEN)
        for name, event, row in (
            ("in_time", "INSERT", "NEW"),
            ("frozen", "UPDATE", "OLD"),
            ("kept", "DELETE", "OLD"),
        )
    ),
)

# Made by the eighth revision: pathways are frozen as definitions are; the badge of one that had none may be named once.
PATHWAY_GUARDS = (
    Guard(
        "published_pathway_frozen",
        "pathway_versions",
        "UPDATE",
        "OLD.published_at IS NOT NULL AND (CAST(NEW.content AS TEXT) <> CAST(OLD.content AS TEXT)"
        " OR NEW.version <> OLD.version OR NEW.published_at IS NULL"
        " OR (OLD.badge_version_id IS NOT NULL AND"
        " (NEW.badge_version_id IS NULL OR NEW.badge_version_id <> OLD.badge_version_id)))",
        "a published pathway is frozen",
    ),
    Guard(
        "published_pathway_kept",
        "pathway_versions",
        "DELETE",
        "OLD.published_at IS NOT NULL",
        "a published pathway is kept",
    ),
)
