"""What each person of the demo can do right now, read from the database: a sentence with a count, and where it is done."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from badge_service.awards import actions as awards
from badge_service.awards.actions import imports
from badge_service.awards.actions.cases import count_cases
from badge_service.awards.actions.second_looks import count_looks
from badge_service.awards.rules.imports import ImportState
from badge_service.curriculum import actions as curriculum
from badge_service.demo.rules import PLACES
from badge_service.demo.third_pilot import ITERATION
from badge_service.demo.world import pilot
from badge_service.errors import BadgeServiceError
from badge_service.people.rules import Role, Viewer
from badge_service.workshops import actions as workshops


@dataclass(frozen=True)
class Deed:
    """One thing to do: what, and the address at which it is done."""

    words: str
    address: str


def deeds_of(session: Session, viewer: Viewer) -> list[Deed]:
    """What waits for this person, the nearest at hand first; nothing that is not there any more."""
    found: list[Deed] = []
    if viewer.has_role(Role.TEACHER):
        found += [*_of_workshops(session, viewer), *_of_teachers(session, viewer)]
    if viewer.has_role(Role.LET_LEAD):
        found += _of_leads(session, viewer)
    if viewer.has_role(Role.ADMIN):
        found += _of_administrators()
    waiting = awards.waiting_for(session, viewer)
    if waiting:
        words = ngettext("Accept %(num)s badge", "Accept %(num)s badges", len(waiting))
        found.append(Deed(words, url_for("backpack.badges")))
    return found


def _of_workshops(session: Session, viewer: Viewer) -> list[Deed]:
    """In the pilots of Friesland: check in, award, read what learners say."""
    found = []
    for iteration, deed in ((ITERATION, _check_in), (2, _enrol), (1, _read_answers)):
        try:
            workshop = pilot(session, viewer, iteration)
        except BadgeServiceError:  # another school's teacher, or a demo that is still being played
            continue
        found += deed(session, viewer, workshop.activity.token)
    return found


def _check_in(session: Session, viewer: Viewer, token: str) -> list[Deed]:
    workshop = workshops.find_workshop(session, viewer, token)
    count = workshops.requests_of(session, viewer, workshop).total
    words = ngettext("Say yes to %(num)s who is here", "Say yes to %(num)s who are here", count)
    line = workshops.waiting_list(session, viewer, workshop).total
    wait = ngettext("See who joined; %(num)s waits", "See who joined; %(num)s wait", line)
    found = [Deed(wait, url_for("workshops.joining", token=token))]
    return [Deed(words, url_for("workshops.check_in", token=token)), *found] if count else found


def _enrol(_session: Session, _viewer: Viewer, token: str) -> list[Deed]:
    return [Deed(_("Hold pilot 2: enrol, set levels, award"), url_for("workshops.show", token=token))]


def _read_answers(_session: Session, _viewer: Viewer, token: str) -> list[Deed]:
    return [Deed(_("Read what learners said about pilot 1"), url_for("workshops.feedback", token=token))]


def _of_teachers(session: Session, viewer: Viewer) -> list[Deed]:
    found = []
    looks, cases = count_looks(session, viewer).mine, count_cases(session, viewer)
    if looks:
        words = ngettext("Take %(num)s second look", "Take %(num)s second looks", looks)
        found.append(Deed(words, url_for("awards.second_looks")))
    if cases:
        words = ngettext(
            "Judge %(num)s case of prior learning", "Judge %(num)s cases of prior learning", cases
        )
        found.append(Deed(words, url_for("awards.cases")))
    files = {"draft": _("Mend a file with bad rows"), "second": _("Confirm a colleague's large file")}
    for one in imports.imports_of(session, viewer, 1)[0]:
        mine = one.created_by == viewer.key
        if one.state == (ImportState.DRAFT if mine else ImportState.SECOND):
            found.append(Deed(files[one.state], url_for("awards.show_import", token=one.token)))
    decide = awards.count_to_decide(session, viewer)
    if decide:
        words = ngettext("Decide about %(num)s larger badge", "Decide about %(num)s larger badges", decide)
        found.append(Deed(words, url_for("awards.fulfilments")))
    return found


def _of_leads(session: Session, viewer: Viewer) -> list[Deed]:
    count = curriculum.own_findings(session, viewer).total
    words = ngettext("Answer %(num)s finding", "Answer %(num)s findings", count)
    found = [Deed(words, url_for("curriculum.findings"))] if count else []
    return [*found, Deed(_("Change a definition"), url_for("curriculum.definitions"))]


def _of_administrators() -> list[Deed]:
    school = PLACES[0].school_slug
    return [
        Deed(_("Make a key for a program"), url_for("programs.keys", slug=school)),
        Deed(_("See what programs are told"), url_for("programs.webhooks", slug=school)),
        Deed(_("Set limits, undo what somebody awarded"), url_for("awards.limits", slug=school)),
    ]
