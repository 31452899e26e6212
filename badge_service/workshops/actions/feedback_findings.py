"""Turns what learners answered into a finding of the curriculum loop: prefilled, then kept by a person."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from badge_service.alliance.rules import Kind
from badge_service.curriculum.actions import record_finding
from badge_service.curriculum.actions.titles import titles
from badge_service.curriculum.rules.findings import MOST_LABEL, MOST_TEXT, FindingKind, SourceKind
from badge_service.curriculum.tables import CurriculumVersion, Finding
from badge_service.errors import Fault, InvalidError, NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Organisation
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

    The curriculum it was planned from may be another organisation's, of the same region's team: theirs is the finding then.
    """
    own = workshop.activity.organisation_id
    taught = [entry.version for entry in workshop.versions]
    definitions = {one.definition_id for one in taught if one.definition.organisation_id == own}
    named = titles(session, definitions, ())
    found = _about_curriculum(workshop.curriculum_version) if workshop.curriculum_version else []
    return found + [(f"definition:{key}", title or slug) for key, (slug, title) in named.definitions.items()]


def curriculum_of_others(workshop: Workshop) -> Organisation | None:
    """Whose the curriculum is from which this workshop was planned, if it is not its own organisation's."""
    version = workshop.curriculum_version
    if version is None or version.curriculum.organisation_id == workshop.activity.organisation_id:
        return None
    return version.curriculum.organisation


def _about_curriculum(version: CurriculumVersion) -> list[tuple[str, str]]:
    key = f"curriculum:{version.curriculum_id}"
    units = [(unit["id"], unit["title"]) for unit in version.content["units"]]
    return [
        (key, str(_("Curriculum: %(title)s", title=version.title))),
        *((f"{key}:{number}", f"{version.title}: {title}") for number, title in units),
    ]


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

    One about another organisation's curriculum is theirs: it says from which organisation it comes, not who wrote it. Raises InvalidError with every fault, NotFoundError for a foreign workshop.
    """
    require_managed(viewer, workshop)
    activity = workshop.activity
    faults = _about_faults(session, workshop, told.about) + _private_faults(session, workshop, told.text)
    if faults:
        raise InvalidError(_("This finding cannot be kept like this."), code="finding", faults=faults)
    kind, number, unit = (*told.about.split(":"), "")[:3]
    others = curriculum_of_others(workshop) if kind == "curriculum" else None
    leads_it = viewer.has_role(Role.LET_LEAD, others.id if others else activity.organisation_id)
    finding = record_finding(
        session,
        viewer if leads_it else None,
        source_kind=SourceKind.WORKSHOP,
        public_url=public_url,
        label=_label(workshop, others),
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


def _label(workshop: Workshop, others: Organisation | None) -> str:
    activity = workshop.activity
    said: dict[str, object] = {"number": workshop.iteration, "title": activity.title}
    if activity.kind != Kind.WORKSHOP.value and others is None:
        return activity.title[:MOST_LABEL]
    if others is None:
        return str(_("pilot %(number)s of “%(title)s”", **said))[:MOST_LABEL]
    said["organisation"] = activity.organisation.name
    return str(_("pilot %(number)s by %(organisation)s: “%(title)s”", **said))[:MOST_LABEL]


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
