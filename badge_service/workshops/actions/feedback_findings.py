"""Turns what learners answered into a finding of the curriculum loop: prefilled, then kept by a person."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from badge_service.curriculum.actions import record_finding
from badge_service.curriculum.actions.titles import titles
from badge_service.curriculum.rules.findings import MOST_LABEL, MOST_TEXT, FindingKind, SourceKind
from badge_service.curriculum.tables import Finding
from badge_service.errors import Fault, InvalidError, NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.storage import audit
from badge_service.surveys import actions as surveys
from badge_service.surveys.showing import shown
from badge_service.web.private_words import private_words
from badge_service.workshops.actions.feedback import Asked, names_of_class
from badge_service.workshops.actions.finding import require_managed
from badge_service.workshops.tables import Workshop


@dataclass(frozen=True)
class Prefilled:
    """What a result says already: the text, what it asks for, what it is about, and from how many people it comes."""

    text: str
    kind: str
    about: str
    n: int | None


BLANK = Prefilled("", FindingKind.CHANGE, "", None)
"""A finding that somebody writes in their own words."""


@dataclass(frozen=True)
class Told:
    """What a person made of it; `about` is “definition:<id>”, “curriculum:<id>” or “curriculum:<id>:<unit>”."""

    about: str
    kind: str
    severity: str
    text: str
    language: str


def about_choices(session: Session, workshop: Workshop) -> list[tuple[str, str]]:
    """What a finding from this workshop can be about: its curriculum with the units, and what it teaches; key and title.

    Only what the organisation of the workshop writes itself.
    """
    own = workshop.activity.organisation_id
    version = workshop.curriculum_version
    curricula = {version.curriculum_id} if version and version.curriculum.organisation_id == own else set()
    taught = [entry.version for entry in workshop.versions]
    definitions = {one.definition_id for one in taught if one.definition.organisation_id == own}
    named = titles(session, definitions, curricula)
    found = []
    for number, (_slug, title) in named.curricula.items():
        found.append((f"curriculum:{number}", str(_("Curriculum: %(title)s", title=title))))
        found += [
            (f"curriculum:{number}:{key}", f"{title}: {name}")
            for key, name in named.units.get(number, {}).items()
        ]
    return found + [(f"definition:{key}", title or slug) for key, (slug, title) in named.definitions.items()]


def prefill(session: Session, asked: Asked, block: str, language: str, place: int | None = None) -> Prefilled:
    """What a result (or the words at `place` among those written to a question) says; raises NotFoundError."""
    results, words = shown(asked.run, language), surveys.words_of(session, asked.run)
    n = (asked.run.results or {}).get("n") or 0
    if place is not None and 0 <= place < len(words.get(block, ())):
        kind = FindingKind.KEEP if block == "keep" else FindingKind.CHANGE
        return Prefilled(f"“{words[block][place]}”"[:MOST_TEXT], kind, "", n)
    found = results.by_key.get(block)
    if found is None or not found.rows:
        raise NotFoundError(_("There is no such result."))
    kind = FindingKind.KEEP if found.is_good else FindingKind.CHANGE
    return Prefilled(found.sentence, kind, found.about, found.n)


def keep_finding(
    session: Session, viewer: Viewer, workshop: Workshop, told: Told, *, n: int | None, public_url: str
) -> Finding:
    """Keep it as a finding from this workshop; everybody can read it later, so nobody may be named in it.

    Raises InvalidError with every fault, NotFoundError for a foreign workshop.
    """
    require_managed(viewer, workshop)
    activity = workshop.activity
    faults = _about_faults(session, workshop, told.about) + _private_faults(session, workshop, told.text)
    if faults:
        raise InvalidError(_("This finding cannot be kept like this."), code="finding", faults=faults)
    kind, number, unit = (*told.about.split(":"), "")[:3]
    finding = record_finding(
        session,
        viewer if viewer.has_role(Role.LET_LEAD, activity.organisation_id) else None,
        source_kind=SourceKind.WORKSHOP,
        public_url=public_url,
        label=_("pilot %(number)s of “%(title)s”", number=workshop.iteration, title=activity.title)[
            :MOST_LABEL
        ],
        n=n,
        iteration=workshop.iteration,
        text=told.text,
        kind=told.kind,
        severity=told.severity,
        definition_id=int(number) if kind == "definition" else None,
        curriculum_id=int(number) if kind == "curriculum" else None,
        unit=unit,
        language=told.language,
    )
    audit.record(session, viewer.acting_key(), "workshop.finding", f"finding:{finding.id}")
    return finding


def _about_faults(session: Session, workshop: Workshop, about: str) -> list[Fault]:
    if about in dict(about_choices(session, workshop)):
        return []
    return [Fault("about", _("Choose what it is about."), "missing")]


def _private_faults(session: Session, workshop: Workshop, text: str) -> list[Fault]:
    found = private_words(text, names_of_class(session, workshop))
    if found.names:
        message = _("It names somebody (“%(name)s”). Say “a learner” instead.", name=found.names[0])
        return [Fault("text", message, "finding.name")]
    if found.email or found.phone or found.health:
        message = _("There is an address, a phone number or a word about health in it. Take it out.")
        return [Fault("text", message, "finding.private")]
    return []
