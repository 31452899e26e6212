"""What lies on the desks in Friesland after two pilots: learners' answers, a case, two files from elsewhere, doors for programs."""

from datetime import timedelta

from sqlalchemy.orm import Session

from badge_service.awards.actions import imports
from badge_service.awards.actions.cases import ask_for_recognition
from badge_service.awards.actions.evidence import HandedIn
from badge_service.awards.actions.handing_in import hand_in
from badge_service.awards.rules import IdentityCheck
from badge_service.curriculum import actions as curriculum
from badge_service.curriculum.rules.findings import Severity
from badge_service.demo.rules import MAIN_ENTRY, PLACES, learner_email
from badge_service.demo.world import Stage, person_of, pilot, viewer_of
from badge_service.people import actions as people
from badge_service.people.rules import Viewer
from badge_service.programs import actions as programs
from badge_service.programs.actions.webhooks import add_webhook
from badge_service.programs.rules import Scope
from badge_service.programs.rules.webhooks import Event
from badge_service.settings import Settings
from badge_service.storage.session import now
from badge_service.surveys import actions as surveys
from badge_service.surveys.rules import Item, Kind, Pair
from badge_service.workshops.actions import feedback
from badge_service.workshops.actions.feedback_findings import Told, keep_finding, prefill
from badge_service.workshops.rules.feedback import FeedbackForm

SCHOOL = PLACES[0].school_slug
ANSWERS = 14
LOW = "collaborative"
WORDS = (
    {"keep": "Two long sessions beside a maker."},
    {"keep": "That we tried the basket with stones in it."},
    {"change": "Let us weave the border in pairs: one holds, one weaves."},
    {"change": "More time to help each other. Everybody sat alone."},
)


def fill_desks(stage: Stage) -> None:
    """Everything that waits for somebody, and what was done to get there."""
    session, settings = stage.session, stage.settings
    teacher, colleague = viewer_of(session, "teacher"), viewer_of(session, "teacher-2")
    _hear_learners(session, teacher, settings)
    _ask_for_recognition(stage)
    version = curriculum.newest_version(session, MAIN_ENTRY)
    imports.start_import(session, teacher, version.id, "open-day.csv", _faulty_file(session))
    brought = imports.start_import(session, colleague, version.id, "summer-school.csv", _long_file(session))
    imports.confirm_import(session, colleague, brought.token, identity_check=IdentityCheck.KNOWN)
    _open_doors(session, settings)


def _hear_learners(session: Session, teacher: Viewer, settings: Settings) -> None:
    """Learners of the first pilot answer in the room; the count is closed, and one result becomes a finding."""
    workshop = pilot(session, teacher)
    outcomes = [outcome.key for outcome in feedback.outcomes_taught(workshop)[:2]]
    run = feedback.ask_for_feedback(session, teacher, workshop, outcomes, ask_later=True)
    for place in range(ANSWERS):
        way = surveys.way_by_code(session, run.code)
        items = surveys.questions(run, surveys.draw(session, run)) or ()
        surveys.answer(session, way, items, _answers(items, surveys.pairs_of(run), place))
    form = FeedbackForm.AFTERWARDS.value
    feedback.close_feedback(session, teacher, workshop, form)
    asked = feedback.asked_by(session, teacher, workshop, form)
    found = prefill(session, asked, LOW, "en")
    about = f"definition:{workshop.versions[0].version.definition_id}"
    told = Told(about, found.kind, Severity.MEDIUM.value, found.text, "en")
    page = f"{settings.public_url}/activities/{workshop.activity.token}"
    keep_finding(session, teacher, workshop, told, n=found.n, public_url=page)


def _answers(items: tuple[Item, ...], pairs: tuple[Pair, ...], place: int) -> dict[str, list[str]]:
    """What the learner at this place answers: content, but for working together; abler than before; a few write words."""
    scale = {item.key: 2 + place % 2 if item.key == LOW else 4 + place % 2 for item in items}
    told = {item.key: [str(scale[item.key])] for item in items if item.kind is Kind.SCALE}
    for pair in pairs:
        told |= {pair.before: [str(1 + place % 2)], pair.after: [str(3 + place % 2)]}
    if place < len(WORDS):
        told |= {key: [text] for key, text in WORDS[place].items()}
    return told


def _ask_for_recognition(stage: Stage) -> None:
    """A learner of the pilot has invited guests before and asks for that badge too; nobody has taken the case up yet."""
    session = stage.session
    learner = people.load_viewer(session, person_of(session, learner_email("Sanne")).id)
    version = curriculum.newest_version(session, "guest-speaker-host")
    told = "I organised the makers' evenings of our youth club for two years and led the talks."
    case = ask_for_recognition(session, learner, version, told)
    text = (
        "Four evenings with a smith, a weaver, a baker and a dyer; I wrote to them and asked the questions."
    )
    piece = HandedIn("Programmes of four evenings", genre="log", text=text)
    hand_in(session, learner, case, version, piece, stage.settings.evidence_folder)


def _faulty_file(session: Session) -> bytes:
    """What a spreadsheet of the open day gave: in an old encoding, with mistakes as people make them."""
    day = now(session).date() - timedelta(days=20)
    later = day + timedelta(days=400)
    rows = (
        "Name;E-mail;Date",
        f"Zoë Demo;zoe@demo.example;{day}",
        f"Renée Demo;renee@gmial.com;{day}",
        f"undefined undefined;;{day}",
        f"Pieter Demo;pieter@@demo.example;{day}",
        f"Marijke Demo;marijke@demo.example;{later}",
        f"Zoë Demo;zoe@demo.example;{day}",
        f"Wiebe Demo;;{day}",
    )
    return "\r\n".join(rows).encode("cp1252")


def _long_file(session: Session) -> bytes:
    """More learners than one person may award in a day without a second one."""
    day = now(session).date() - timedelta(days=90)
    names = (f"{name} {letter}. Demo" for letter in "ABCDEF" for name in GIVEN)
    return "\n".join(("Name,Date", *(f"{name},{day}" for name in names))).encode()


GIVEN = ("Antsje", "Brecht", "Corrie", "Douwe", "Ellen", "Froukje", "Geert", "Hidde", "Imke", "Joris")


def _open_doors(session: Session, settings: Settings) -> None:
    """The school's timetable may plan and enrol; its learning platform is told of badges taken back."""
    admin = viewer_of(session, "admin")
    scopes = (Scope.WORKSHOPS_READ, Scope.WORKSHOPS_WRITE, Scope.ENROLMENTS_READ, Scope.ENROLMENTS_WRITE)
    programs.make_key(session, admin, SCHOOL, "Timetable of the school", [scope.value for scope in scopes])
    events = [Event.DECLINED.value, Event.REVOKED.value]
    add_webhook(session, admin, settings, SCHOOL, "https://learning.demo.example/badges", events)
