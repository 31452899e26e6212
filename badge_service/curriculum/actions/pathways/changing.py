"""Why a pathway's version differs from the one before it: what differs in words of the trade, and the reasons for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.catalogue import published_by_code
from badge_service.curriculum.actions.changes import unexplained
from badge_service.curriculum.actions.pathways.badge import parts_of, stacked_badge
from badge_service.curriculum.rules.difference import Change, changed_fields, difference
from badge_service.curriculum.rules.findings import Note
from badge_service.curriculum.rules.pathways import codes_in
from badge_service.curriculum.tables import PathwayVersion
from badge_service.curriculum.words.pathways import rule_words
from badge_service.errors import Fault

_OWN = ("title", "description", "language", "further_text")


@dataclass(frozen=True)
class PathwayComparison:
    """A pathway's draft beside the version published before it (`None`: it is the first): what each says, what differs."""

    before: PathwayVersion | None
    after: PathwayVersion
    told: tuple[Mapping[str, Any], Mapping[str, Any]]
    changes: tuple[Change, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields for which a reason is asked, called as in a definition; `rule` and `parts` are the pathway's own."""
        return changed_fields(self.changes)


def compared_pathway(session: Session, version: PathwayVersion, public_url: str) -> PathwayComparison:
    """A sound draft beside the version published before it (withdrawn ones count).

    Where nothing that the team writes differs, what the badge takes from its parts is compared.
    """
    before = _previous(session, version)
    if before is None:
        return PathwayComparison(None, version, ({}, {}), ())
    parts = parts_of(session, version, public_url)
    badge = stacked_badge(session, version, public_url, parts)
    earlier = before.badge_version.content if before.badge_version else {}
    both = _parts_by_code(earlier).keys() & _parts_by_code(badge).keys()
    told = _told(session, before, earlier, both), _told(session, version, badge, both)
    if changes := difference(*told):
        return PathwayComparison(before, version, told, changes)
    derived = _derived(earlier), _derived(badge)
    return PathwayComparison(before, version, derived, difference(*derived) if earlier else ())


def reason_faults(session: Session, comparison: PathwayComparison, notes: Sequence[Note]) -> list[Fault]:
    """What is wrong with the reasons given for a version, by `changes.<field>`; a first version needs none."""
    if comparison.before is None:
        return []
    return unexplained(session, comparison.before.version, comparison.after, comparison.fields, notes)


def imported_notes(session: Session, version: PathwayVersion) -> list[Note]:
    """A later version out of files is editorial: its changes were decided where the files are kept."""
    before = _previous(session, version)
    if before is None or before.badge_version is None:
        return []
    told = (_told(session, one, {}, ()) for one in (before, version))
    fields = changed_fields(difference(*told)) or ("parts",)
    words = _("Brought in from a catalogue of files as version %(version)s.", version=version.version)
    return [Note(fields, editorial=words)]


def _previous(session: Session, version: PathwayVersion) -> PathwayVersion | None:
    earlier = select(PathwayVersion).where(
        PathwayVersion.pathway_id == version.pathway_id,
        PathwayVersion.published_at.is_not(None),
        PathwayVersion.sort_key < version.sort_key,
    )
    return session.scalar(earlier.order_by(PathwayVersion.sort_key.desc()).limit(1))


def _told(
    session: Session, version: PathwayVersion, badge: Mapping[str, Any], both: Collection[str]
) -> dict[str, Any]:
    """What the team has written, the rule in words, and in which versions the badge names the parts of `both`."""
    content = version.content
    members = published_by_code(session, set(codes_in(content["rule"])))
    titles = {code: one.title for code, one in members.items()}
    named = _parts_by_code(badge)
    parts = [named[code] for code in sorted(both)]
    return {
        **{name: content.get(name) for name in _OWN},
        **(content.get("badge") or {}),
        "rule": rule_words(content["rule"], titles),
        "parts": [f"{one['title']}, {one['id'].rsplit('/', 1)[-1]}" for one in parts],
    }


def _parts_by_code(badge: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {part["code"]: part for part in (badge.get("pathway") or {}).get("parts", ())}


def _derived(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != "pathway"}
