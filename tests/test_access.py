"""Walks every route of the whole service as every kind of person, for own and for other organisations' things.

A new route fails here until `WHERE` says how its address is filled in and `WHOSE` says whose thing it shows.
"""

import io
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from badge_service.alliance.tables import Action, Activity, CoCreationSession, IndustryNeed
from badge_service.awards import actions as awards
from badge_service.awards.actions import imports
from badge_service.awards.actions.cases import ask_for_recognition, is_recognisable, name_assessor
from badge_service.awards.actions.evidence import keep_piece
from badge_service.awards.actions.handing_in import hand_in
from badge_service.awards.rules import IdentityCheck
from badge_service.awards.tables import (
    Award,
    AwardBatch,
    ClaimReminder,
    FulfilmentPart,
    PathwayFulfilment,
    SecondLook,
    Undoing,
)
from badge_service.curriculum import actions as curriculum
from badge_service.curriculum.actions import frameworks
from badge_service.curriculum.tables import CapacityEntry, Hub, LetMember
from badge_service.demo.rules import MAIN_ENTRY
from badge_service.demo.world import viewer_of
from badge_service.people import actions as people
from badge_service.people.rules import NOBODY, Role
from badge_service.people.tables import Person
from badge_service.programs import actions as programs
from badge_service.programs.actions.webhooks import add_webhook
from badge_service.programs.rules import Scope
from badge_service.storage.session import hashed, now
from badge_service.web import mail
from badge_service.web.access import rule_of
from badge_service.web.assets import accent_address
from badge_service.web.uploads import clean_files
from badge_service.worker import Worker
from badge_service.workshops import actions as workshops
from badge_service.workshops.actions import feedback
from badge_service.workshops.rules import Said
from badge_service.workshops.tables import WaitingPlace
from tests.pdfs import PDF

pytestmark = pytest.mark.full

STRANGER, LEARNER, OTHER_LEARNER = None, "learner-learner01", "learner-learner12"
PEOPLE: tuple[str | None, ...] = (
    STRANGER,
    LEARNER,
    OTHER_LEARNER,
    "teacher",
    "let-lead",
    "admin",
    "member",
    "operator",
    "teacher-bg",
    "let-lead-bg",
)
"""Friesland's people and, of each role that owns things, somebody of the school in Central Bulgaria."""


class World:
    """The played demo, what the samples name in it, and a browser for everybody."""

    def __init__(self, played: Any) -> None:
        self.played, self.app = played, played.app
        self.values = _found(played)
        self.clients: dict[str | None, FlaskClient] = {key: played.client(key) for key in PEOPLE}

    def token(self, key: str | None) -> str:
        """A form token that this browser may send."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.clients[key].get("/demo").text)
        assert found is not None
        return found[1]


@pytest.fixture(scope="module")
def world(shared_demo: Any) -> World:
    """One for all tests here: almost all that they send is refused, and what is not is put back."""
    return World(shared_demo)


def _found(played: Any) -> dict[str, str]:
    """The names of real things: the taught workshop, awards of two learners, a mailed link, a piece of evidence."""
    with played.database.writing() as session:
        teacher = viewer_of(session, "teacher")
        batch = session.scalars(select(AwardBatch).order_by(AwardBatch.id)).first()
        workshop = workshops.find_workshop(session, teacher, batch.activity.token)
        piece = awards.add_evidence(
            session, teacher, workshop, batch.version, _photo("A basket"), played.settings.evidence_folder
        )
        accepted, waiting = (_award_of(session, name) for name in ("Jelle Demo", "Tess Demo"))
        values = {
            "workshop": batch.activity.token,
            "day": batch.activity.starts_on.isoformat(),
            "lecture": _lecture_of(session, batch.organisation_id),
            "batch": batch.token,
            "piece": piece.token,
            "import": _brought_in(session, teacher, batch.version_id),
            "accepted": accepted.token,
            "waiting": waiting.token,
            "share": accepted.share_code,
            **_of_frameworks(session, played.settings.public_url),
            **_of_teams(session),
            "fulfilment": _fulfilment(session, played, accepted),
            "undoing": _undoing(session, batch),
            **_of_cases(session, played, accepted),
            "stop": _reminded(session, waiting),
            "look": session.scalars(select(SecondLook.token).order_by(SecondLook.id)).first(),
            **_of_curricula(session),
            **_of_programs(session, played),
            **_of_feedback(session, played, teacher, workshop),
            **_of_check_in(session, teacher, workshop, played.settings.evidence_folder),
            **_of_joining(session, workshop),
        }
    return values | _mailed(played) | _linked(played)


def _lecture_of(session: Any, organisation_id: int) -> str:
    """A guest lecture of this school."""
    query = select(Activity.token).where(Activity.organisation_id == organisation_id)
    return str(session.scalars(query.where(Activity.kind == "guest_lecture")).first())


def _reminded(session: Any, award: Award) -> str:
    """The word by which the learner of this award stops its reminders."""
    words = "s" * 22
    hashed = sha256(words.encode()).hexdigest()
    session.add(ClaimReminder(award_id=award.id, looks=1, sent=1, stop_hash=hashed))
    return words


def _undoing(session: Any, batch: AwardBatch) -> str:
    """That an administrator took back what somebody awarded on a day on which nobody did."""
    at = now(session)
    about = {"organisation_id": batch.organisation_id, "about": batch.requested_by, "reason": "mistake"}
    row = Undoing(token="undone", **about, since=at, until=at, requested_by="a", requested_at=at, total=0)
    row.finished_at = at
    session.add(row)
    return row.token


def _of_programs(session: Any, played: Any) -> dict[str, str]:
    """Keys of programs: one of the school, which a form names, and for all of the API one of the other school."""
    there, operator = people.organisation_by_slug(session, SCHOOL_BG), viewer_of(session, "operator")
    person = people.add_person(session, operator, "Ада Демо", "ada@demo.example", "bg")
    people.grant_role(session, operator, person, Role.ADMIN, there)
    scopes = [scope.value for scope in Scope]
    own = programs.make_key(session, viewer_of(session, "admin"), SCHOOL, "Timetable", scopes)
    foreign = programs.make_key(
        session, people.load_viewer(session, person.id), SCHOOL_BG, "Timetable", scopes
    )
    told = add_webhook(
        session,
        viewer_of(session, "admin"),
        played.settings,
        SCHOOL,
        "https://told.example/",
        ["award.revoked"],
    )
    return {
        "webhook": told.token,
        "key": own.key.token,
        "own_secret": own.secret,
        "foreign_secret": foreign.secret,
    }


def _brought_in(session: Any, teacher: Any, version_id: int) -> str:
    """A file of awards from elsewhere that the teacher has decided about."""
    file = b"name,email\nNoor Demo,noor@demo.example\n"
    found = imports.start_import(session, teacher, version_id, "earlier.csv", file)
    imports.confirm_import(session, teacher, found.token, identity_check=IdentityCheck.KNOWN)
    return found.token


def _of_frameworks(session: Any, public_url: str) -> dict[str, str]:
    """A skill of our own list, and a framework file that waits for the LET lead's button."""
    lead = viewer_of(session, "let-lead")
    gap = frameworks.add_own_item(session, lead, "Dye with onion skins", "", "en", public_url=public_url)
    upload = frameworks.keep_upload(session, lead, "crafts.csv", b"code,name\n1,Basketry\n")
    return {"gap": gap.code, "upload": upload.token}


def _of_cases(session: Any, played: Any, award: Award) -> dict[str, str]:
    """A case of prior learning of the learner of this award, with a piece of their own, and its assessor."""
    learner, teacher = people.load_viewer(session, award.person_id or 0), viewer_of(session, "teacher")
    school = award.organisation_id
    version = next(
        one for one in curriculum.published_versions(session, [school])
        if one.id != award.version_id and is_recognisable(session, one)
    )  # fmt: skip
    case = ask_for_recognition(session, learner, version, "Ten years of it.")
    piece = hand_in(session, learner, case, version, _photo("My own basket"), played.settings.evidence_folder)
    name_assessor(session, teacher, case.token, teacher.person_id)
    found = {"case": case.token, "case_piece": piece.token, "asked_for": version.definition.slug}
    workshop = workshops.find_workshop(session, teacher, award.activity.token)
    photo = replace(_photo("My basket"), person_id=learner.person_id)
    folder = played.settings.evidence_folder
    own = keep_piece(session, learner, workshop, award.version, photo, folder, by_learner=True)
    own.opened_at = now(session)
    return found | {"own_piece": own.token}


def _of_feedback(session: Any, played: Any, teacher: Any, workshop: Any) -> dict[str, str]:
    """The code of the questions about the workshop; its learners are asked again by mail, once today, once later."""
    run = feedback.asked_by(session, teacher, workshop, "workshop_feedback").run
    again = feedback.asked_by(session, teacher, workshop, "workshop_use").run
    feedback.open_follow_up(session, played.settings, again.id)
    return {"questions": run.code}


def _photo(title: str) -> awards.HandedIn:
    photo = io.BytesIO()
    Image.new("RGB", (40, 30), "tan").save(photo, "PNG")
    return awards.HandedIn(title, genre="photo", file=photo.getvalue())


def _fulfilment(session: Any, played: Any, award: Award) -> str:
    """A proposal for the learner of this award, as settling a pathway would leave it."""
    lead, url = viewer_of(session, "let-lead"), played.settings.public_url
    pathway = curriculum.find_pathway(session, PATHWAY["slug"])
    if pathway.badge_version_id is None:
        curriculum.publish_badge_of(session, lead, pathway.slug, pathway.version, public_url=url)
    proposed = PathwayFulfilment(
        token="0" * 22,
        person_id=award.person_id,
        pathway_version_id=pathway.id,
        organisation_id=pathway.pathway.organisation_id,
        state="proposed",
        automatic=False,
        fulfilled_at=award.decided_at,
    )
    session.add(proposed)
    session.flush()
    session.add(FulfilmentPart(fulfilment_id=proposed.id, award_id=award.id))
    return proposed.token


def _of_curricula(session: Any) -> dict[str, str]:
    """A published curriculum of the LET lead, a finding about it and the change that it asks for."""
    lead = viewer_of(session, "let-lead")
    (school, let), *_others = curriculum.lets_of(session, lead)
    draft = curriculum.create_curriculum(
        session, lead, organisation_id=school.id, let_id=let.id, title="Craft with waste", language="en"
    )
    unit = {**draft.content["units"][0], "title": "Plants", "approaches": ["design_thinking"]}
    content = {**draft.content, "description": "From plant to product.", "units": [unit]}
    curriculum.save_curriculum(session, lead, draft.id, content, draft.revision)
    curriculum.publish_curriculum(session, lead, draft.id)
    finding = curriculum.record_finding(
        session, lead, source_kind="employer", public_url=None, label="a visit", n=1, iteration=1,
        text="Show where the waste comes from.", curriculum_id=draft.curriculum_id,
    )  # fmt: skip
    change = curriculum.ask_for_change(
        session, lead, [finding.id], text="Name the source.", curriculum_id=draft.curriculum_id
    )
    return {"curriculum": draft.curriculum.slug, "finding": str(finding.id), "change": str(change.id)}


def _of_joining(session: Any, workshop: Any) -> dict[str, str]:
    """The workshop's public page for joining, and somebody in its line who has a mailed link."""
    workshop.join_token = "j" * 22
    somebody = people.add_joiner(session, "Waits In Line", None, "en")
    waiting = WaitingPlace(
        workshop_id=workshop.id, person_id=somebody.id, name=somebody.name, since=now(session), leave_hash=hashed("left")
    )  # fmt: skip
    session.add(waiting)
    session.flush()
    return {"to_join": workshop.join_token, "place": "left", "in_line": str(waiting.id)}


def _of_check_in(session: Any, teacher: Any, workshop: Any, folder: Path) -> dict[str, str]:
    """The door of the workshop, somebody who says that they were there, and their file."""
    day = workshops.days_of(workshop)[-1]
    door = workshops.find_door(session, workshops.open_door(session, teacher, workshop).token)
    door = replace(door, claimable=(day,))  # the demo's workshop may be over for long
    said = Said("Anneke", None, "I wove a basket.")
    files = clean_files([PDF], where="files", most=1)
    asked = workshops.claim(session, NOBODY, door, said, day, files=files, folder=folder)
    names = {"door": door.row.token, "screen": door.row.screen_token, "asked": asked.token}
    return names | {"claim_piece": asked.pieces[0].token}


def _of_teams(session: Any) -> dict[str, str]:
    """The names of what the team of Friesland has and does; the need is one that the museum logged."""
    first = {
        "team_member": LetMember,
        "entry": CapacityEntry,
        "action": Action,
        "need": IndustryNeed,
    }
    names = {
        name: session.scalars(select(kind.token).order_by(kind.id.desc())).first()
        for name, kind in first.items()
    }
    work = session.scalars(select(CoCreationSession)).one()
    return names | {
        "hub": session.scalars(select(Hub.slug).order_by(Hub.id)).first(),
        "work": work.activity.token,
    }


def _award_of(session: Any, name: str) -> Award:
    query = select(Award).join(Person, Person.id == Award.person_id).where(Person.name == name)
    award: Award = session.scalars(query).one()
    return award


def _mailed(played: Any) -> dict[str, str]:
    return {
        "code": _link_in_mail(played, "learner12@demo.example", "/claim/"),
        "mail": mail.laid_mails(played.settings.mail_folder)[0].name,
    }


def _link_in_mail(played: Any, address: str, part: str) -> str:
    """The last piece of the newest link with `part` in the mails to this address."""
    texts = [letter.text for letter in mail.laid_mails(played.settings.mail_folder) if address in letter.to]
    return next(found[1] for text in texts if (found := re.search(rf"{part}(\S+)", text)))


def _linked(played: Any) -> dict[str, str]:
    """A link for signing in, as its mail brings it, and the page where its digits are typed."""
    client = played.app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-in").text)
    assert token is not None
    answer = client.post("/sign-in/link", data={"csrf_token": token[1], "email": "teacher@demo.example"})
    Worker(played.settings, played.database, played.keyring).run_until_quiet()
    with played.app.test_request_context():
        colour, digest = accent_address("7a1f4f").rsplit("/", 1)[1].removesuffix(".css").split("-")
    return {
        "link": _link_in_mail(played, "teacher@demo.example", "/link/"),
        "asked_by_mail": _link_in_mail(played, "learner12@demo.example", "/feedback/mine/"),
        "page": answer.location.rsplit("/", 1)[1],
        "colour": colour,
        "digest": digest,
    }


SCHOOL, SCHOOL_BG = "craft-school-friesland", "uchilishte-gabrovo"
DEFINITION = {"slug": MAIN_ENTRY, "version": "1.0.0"}
TAUGHT = {"token": "{workshop}", **DEFINITION}
TEAM_OF = {"slug": "friesland"}
DOOR = {"door": "{door}"}
CURRICULUM = {"slug": "{curriculum}", "version": "1.0.0"}
CURRICULUM_DESK = (
    "curriculum.edit_curriculum",
    "curriculum.new_curriculum_version",
    "curriculum.publish_curriculum",
    "curriculum.save_curriculum",
)
LOOP = {
    "curriculum.ask": {"number": "{finding}"},
    "curriculum.decide": {"number": "{change}"},
    "curriculum.draft_change": {"number": "{change}"},
}
BESIDE = {"before": "1.0.0", "after": "1.0.0"}
PATHWAY = {"slug": "student-in-the-lead", "version": "1.0.0"}
PATHWAY_DESK = (
    "awards.standing_decision",
    "curriculum.edit_pathway",
    "curriculum.new_pathway_version",
    "curriculum.pathway_version",
    "curriculum.publish_pathway",
    "curriculum.withdraw_pathway",
)
JOINING_DESK = (
    "workshops.agreements",
    "workshops.change_joining",
    "workshops.joining",
    "workshops.print_invitation",
)
TO_JOIN = ("workshops.join", "workshops.joined", "workshops.leave_own", "workshops.send_join")
IMPORTS = (
    "awards.confirm_import",
    "awards.correct_addresses",
    "awards.discard_import",
    "awards.import_cards",
    "awards.import_faults",
    "awards.import_rows",
    "awards.read_import",
    "awards.resume_import",
    "awards.second_for_import",
    "awards.show_import",
    "awards.undo_import",
)
FULFILMENTS = (
    "awards.decide_fulfilment",
    "awards.fulfilment",
    "awards.keep_stack",
    "awards.postpone_fulfilment",
    "awards.revoke_stack",
)

CASE = {"token": "{case}"}
CASE_DESK = (
    "awards.award_case",
    "awards.case",
    "awards.case_assessor",
    "awards.case_evidence",
    "awards.case_levels",
    "awards.confirm_case",
    "awards.refuse_case",
    "awards.undo_case",
)
CASE_PIECES = ("awards.case_file", "awards.let_case_piece_into_badge", "awards.withdraw_case_evidence")
LOOK_ANSWERS = ("awards.agree_with_award", "awards.disagree_with_award")
LOOKS = ("awards.second_look", "awards.uphold_award", "awards.withdraw_after_look")
OF_BATCH = (
    "awards.batch",
    "awards.cards",
    "awards.confirm_second",
    "awards.failed_as_table",
    "awards.mails",
    "awards.refuse_second",
    "awards.resume",
    "awards.second_person",
    "awards.undo",
)
LIMITS = ("awards.change_limits", "awards.limits", "awards.undo_all_of_person", "awards.undo_person")
OWN_PIECE = {"token": "{workshop}", "piece": "{own_piece}"}
OWN_PIECES = ("awards.own_case_file", "awards.withdraw_own_case_evidence")

WEBHOOK_DESK = (
    "programs.exchange_secret",
    "programs.remove_webhook",
    "programs.send_again",
    "programs.switch_on",
    "programs.webhook",
)

WHERE: dict[str, dict[str, str]] = {
    "accents.sheet": {"colour": "{colour}", "digest": "{digest}"},
    "alliance.action": TEAM_OF | {"action_token": "{action}"},
    "alliance.alliance_plan": {"slug": "friesland"},
    "alliance.change_items": {"token": "{need}"},
    "alliance.change_need_state": {"token": "{need}"},
    "alliance.co_creation": {"token": "{work}"},
    "alliance.co_creations": TEAM_OF,
    "alliance.coverage": {"slug": "friesland"},
    "alliance.coverage_as_table": {"slug": "friesland"},
    "alliance.edit_co_creation": {"token": "{work}"},
    "alliance.edit_need": {"token": "{need}"},
    "alliance.log_need": {"slug": "friesland"},
    "alliance.move_action": TEAM_OF | {"action_token": "{action}"},
    "alliance.need": {"token": "{need}"},
    "alliance.needs": {"slug": "friesland"},
    "alliance.plan": TEAM_OF,
    "alliance.plan_action": TEAM_OF,
    "alliance.plan_as_table": TEAM_OF,
    "alliance.plan_co_creation": TEAM_OF,
    "alliance.plan_on_paper": TEAM_OF,
    "alliance.record_assent": {"token": "{work}"},
    "alliance.write_agreement": {"token": "{work}"},
    "curriculum.add_member": TEAM_OF,
    "curriculum.add_skill": TEAM_OF,
    "curriculum.capacity": TEAM_OF,
    "curriculum.close_hub": {"slug": "{hub}"},
    "curriculum.correct_capacity": TEAM_OF | {"entry_token": "{entry}"},
    "curriculum.edit_hub": {"slug": "{hub}"},
    "curriculum.edit_member": TEAM_OF | {"member_token": "{team_member}"},
    "curriculum.edit_team": TEAM_OF,
    "curriculum.hub": {"slug": "{hub}"},
    "curriculum.hubs": TEAM_OF,
    "curriculum.open_hub": TEAM_OF,
    "curriculum.remove_skill": TEAM_OF,
    "curriculum.set_levels": TEAM_OF,
    "curriculum.show_own_name": {"member_token": "{team_member}"},
    "curriculum.skills": TEAM_OF,
    "curriculum.team": TEAM_OF,
    "alliance.activity": {"token": "{workshop}"},
    "alliance.add_member": {"slug": "friesland"},
    "alliance.alliance": {"slug": "friesland"},
    "alliance.change_state": {"token": "{workshop}"},
    "alliance.edit_activity": {"token": "{workshop}"},
    "alliance.issuers": {"slug": "friesland"},
    "alliance.strike_issuer": {"slug": "friesland"},
    "awards.answer": {"code": "{code}"},
    "awards.ask_for_case": {"slug": "{asked_for}", "version": "1.0.0"},
    **dict.fromkeys((*CASE_DESK, "awards.own_case", "awards.withdraw_own_case"), CASE),
    **{name: CASE | {"piece": "{case_piece}"} for name in (*CASE_PIECES, *OWN_PIECES)},
    **dict.fromkeys(("awards.own_evidence_file", "awards.withdraw_own_evidence"), OWN_PIECE),
    "awards.own_evidence": TAUGHT,
    "awards.assess": TAUGHT,
    "awards.award": TAUGHT,
    "awards.batch": {"token": "{batch}"},
    **{name: {"slug": SCHOOL} for name in LIMITS},
    **{name: {"token": "{look}"} for name in (*LOOKS, *LOOK_ANSWERS)},
    "awards.undoing": {"token": "{undoing}"},
    "awards.resume_undoing": {"token": "{undoing}"},
    "awards.confirm_second": {"token": "{batch}"},
    "awards.failed_as_table": {"token": "{batch}"},
    "awards.refuse_second": {"token": "{batch}"},
    "awards.second_person": {"token": "{batch}"},
    "awards.card": {"token": "{waiting}"},
    "awards.cards": {"token": "{batch}"},
    "awards.confirm": TAUGHT,
    "awards.correct": {"token": "{accepted}"},
    "awards.correct_address": {"token": "{waiting}"},
    "awards.send_again": {"token": "{waiting}"},
    "awards.add_activity": TAUGHT,
    "awards.evidence": TAUGHT,
    "awards.let_again": {"token": "{accepted}"},
    "awards.take_claims": {"token": "{workshop}"},
    "awards.evidence_file": {"token": "{workshop}", "piece": "{piece}"},
    "awards.let_into_badge": {"token": "{workshop}", "piece": "{piece}"},
    **{name: {"token": "{import}"} for name in IMPORTS},
    "awards.look": {"code": "{code}"},
    "awards.mails": {"token": "{batch}"},
    "awards.open_again": {"code": "{code}"},
    "awards.own": {"token": "{waiting}"},
    "awards.resume": {"token": "{batch}"},
    "awards.revoke": {"token": "{accepted}"},
    "awards.save": TAUGHT,
    "awards.save_learner": TAUGHT | {"number": "1"},
    "awards.show": {"token": "{accepted}"},
    "awards.static": {"filename": "awards.css"},
    "awards.stop_reminders": {"stop": "{stop}"},
    "awards.undo": {"token": "{batch}"},
    "awards.undo_claim": {"token": "{accepted}"},
    "awards.withdraw_evidence": {"token": "{workshop}", "piece": "{piece}"},
    "backpack.certificate": {"token": "{accepted}"},
    "backpack.json_file": {"token": "{accepted}"},
    "backpack.jwt_file": {"token": "{accepted}"},
    "backpack.linkedin": {"token": "{accepted}"},
    "backpack.name": {"token": "{accepted}"},
    "backpack.own_piece": {"token": "{accepted}", "piece": "{own_piece}"},
    "backpack.png_file": {"token": "{accepted}"},
    "backpack.qr_as_png": {"token": "{accepted}"},
    "backpack.qr_as_svg": {"token": "{accepted}"},
    "backpack.share": {"token": "{accepted}"},
    "backpack.show": {"token": "{accepted}"},
    "backpack.static": {"filename": "backpack.css"},
    "backpack.svg_file": {"token": "{accepted}"},
    **dict.fromkeys((*CURRICULUM_DESK, "curriculum.curriculum_version"), CURRICULUM),
    **LOOP,
    "curriculum.changes": {"slug": MAIN_ENTRY},
    "curriculum.compare": {"slug": MAIN_ENTRY, **BESIDE},
    "curriculum.compare_curriculum": {"slug": "{curriculum}", **BESIDE},
    "curriculum.curriculum_changes": {"slug": "{curriculum}"},
    "curriculum.newest_curriculum": {"slug": "{curriculum}"},
    "curriculum.achievement": DEFINITION,
    "curriculum.criteria": DEFINITION,
    "curriculum.draft_picture": DEFINITION,
    "curriculum.look_choice": {"name": "motif", "value": "willow"},
    "curriculum.upload_picture": DEFINITION,
    "curriculum.autosave": DEFINITION | {"step": "what"},
    "curriculum.edit": DEFINITION,
    "curriculum.edit_step": DEFINITION | {"step": "what"},
    "curriculum.begin_translation": DEFINITION,
    "curriculum.export_choices": DEFINITION,
    "curriculum.export_own": DEFINITION | {"form": "definition"},
    "curriculum.export_public": DEFINITION | {"form": "table"},
    "curriculum.export_pathway": {"slug": "future-craft-maker", "version": "1.0.0"},
    "curriculum.look_at_file": {"upload": "{upload}"},
    "curriculum.save_translation": DEFINITION,
    "curriculum.translate": DEFINITION,
    "curriculum.framework": {"key": "greencomp"},
    "curriculum.framework_item": {"key": "greencomp", "code": "4.3"},
    "curriculum.let": {"slug": "friesland"},
    "curriculum.map_own_item": {"code": "{gap}"},
    "curriculum.new_version": DEFINITION,
    "curriculum.newest": {"slug": MAIN_ENTRY},
    "curriculum.pathway": {"slug": "future-craft-maker"},
    "curriculum.pathway_picture": {"slug": "future-craft-maker"},
    **dict.fromkeys(PATHWAY_DESK, PATHWAY),
    **{name: {"token": "{fulfilment}"} for name in FULFILMENTS},
    "curriculum.preview": DEFINITION,
    "curriculum.preview_framework": {"upload": "{upload}"},
    "curriculum.publish": DEFINITION,
    "curriculum.save_step": DEFINITION | {"step": "what"},
    "curriculum.static": {"filename": "curriculum.css"},
    "curriculum.withdraw": DEFINITION,
    "check_in.asked": DOOR | {"asked": "{asked}"},
    "check_in.here": DOOR,
    "check_in.late": DOOR,
    "check_in.scanned": {"screen": "{screen}", "code": "0"},
    "demo.one_mail": {"name": "{mail}"},
    "curriculum_api.definition": {"slug": MAIN_ENTRY},
    "awards_api.assess": {"token": "{workshop}"},
    "awards_api.assessments": {"token": "{workshop}"},
    "awards_api.award": {"token": "{workshop}"},
    "awards_api.award_of": {"token": "{accepted}"},
    "awards_api.revoke": {"token": "{accepted}"},
    "workshops_api.enrol": {"token": "{workshop}"},
    "workshops_api.enrolments": {"token": "{workshop}"},
    "workshops_api.mark": {"token": "{workshop}", "day": "{day}"},
    "workshops_api.presence": {"token": "{workshop}", "day": "{day}"},
    "workshops_api.remove": {"token": "{workshop}", "number": "1"},
    "workshops_api.workshop": {"token": "{workshop}"},
    "awards_api.award_batch": {"token": "{batch}"},
    "programs.keys": {"slug": SCHOOL},
    "programs.revoke_key": {"slug": SCHOOL, "key_token": "{key}"},
    **{name: {"slug": SCHOOL, "webhook_token": "{webhook}"} for name in WEBHOOK_DESK},
    "programs.webhooks": {"slug": SCHOOL},
    "demo.sample": {"name": "own"},
    "demo.sign_in": {"key": "teacher"},
    "demo.try_sample": {"name": "own"},
    "people.edit_organisation": {"slug": SCHOOL},
    "people.follow_link": {"token": "{link}"},
    "people.members": {"slug": SCHOOL},
    "people.open_issuer": {"slug": "museum-friesland"},
    "people.organisation": {"slug": SCHOOL},
    "people.quality": {"slug": SCHOOL},
    "people.renew_link": {"token": "{link}"},
    "people.show_link": {"token": "{link}"},
    "people.type_digits": {"page": "{page}"},
    "people.withdraw_role": {"slug": SCHOOL},
    "shared_badges.by_code": {"code": "{share}"},
    "shared_badges.certificate": {"token": "{accepted}"},
    "shared_badges.evidence": {"token": "{own_piece}"},
    "shared_badges.evidence_file": {"token": "{own_piece}"},
    "shared_badges.png_file": {"token": "{accepted}"},
    "shared_badges.qr_as_png": {"token": "{accepted}"},
    "shared_badges.qr_as_svg": {"token": "{accepted}"},
    "shared_badges.svg_file": {"token": "{accepted}"},
    "surveys.by_code": {"code": "{questions}"},
    "surveys.by_link": {"link": "{asked_by_mail}"},
    "surveys.no_mails": {"link": "{asked_by_mail}"},
    "surveys.static": {"filename": "surveys.css"},
    "verifier.badge": {"token": "{accepted}"},
    "verifier.static": {"filename": "verifier.css"},
    "web.static": {"filename": "base.css"},
    **{name: {"token": "{workshop}"} for name in JOINING_DESK},
    **{name: {"token": "{to_join}"} for name in TO_JOIN},
    "workshops.my_place": {"token": "{workshop}"},
    **{name: {"token": "{place}"} for name in ("workshops.leave", "workshops.place")},
    "workshops.change_agreement": {"token": "{workshop}", "kind": "photos"},
    "workshops.decide_waiting": {"token": "{workshop}", "number": "{in_line}"},
    "workshops.change_door": {"token": "{workshop}"},
    "workshops.change_learner": {"token": "{workshop}", "number": "1"},
    "workshops.calendar": {"slug": "friesland"},
    "workshops.call_off_follow_up": {"token": "{workshop}", "form": "workshop_results"},
    "workshops.change_state": {"token": "{workshop}"},
    "workshops.close_feedback": {"token": "{workshop}", "form": "workshop_feedback"},
    "workshops.check_in": {"token": "{workshop}"},
    "workshops.check_in_file": {"token": "{workshop}", "piece": "{claim_piece}"},
    "workshops.check_in_poster": {"token": "{workshop}"},
    "workshops.check_in_screen": {"token": "{workshop}"},
    "workshops.decide": {"token": "{workshop}"},
    "workshops.edit": {"token": "{workshop}"},
    "workshops.enrol": {"token": "{workshop}"},
    "workshops.enrol_from": {"token": "{workshop}", "source": "{workshop}"},
    "workshops.teaching": {"token": "{lecture}"},
    "workshops.feedback": {"token": "{workshop}"},
    "workshops.feedback_finding": {"token": "{workshop}"},
    "workshops.open_feedback": {"token": "{workshop}"},
    "workshops.presence": {"token": "{workshop}"},
    "workshops.remove": {"token": "{workshop}", "number": "1"},
    "workshops.set_check_in_rules": {"token": "{workshop}"},
    "workshops.show": {"token": "{workshop}"},
    "workshops.static": {"filename": "plan.js"},
}

PUBLISHED = {
    "/.well-known/<path:rest>": "/.well-known/jwks.json",
    "/<path:rest>.json": None,
    "/achievements/<path:rest>.json": f"/achievements/{MAIN_ENTRY}/1.0.0.json",
    "/credentials/<rest>.json": "/credentials/{accepted}.json",
    "/credentials/<rest>.jwt": "/credentials/{accepted}.jwt",
    "/images/<path:rest>": f"/images/{MAIN_ENTRY}-1.0.0.svg",
    "/issuers/<path:rest>.json": f"/issuers/{SCHOOL}/did.json",
    "/issuers/<path:rest>.jwt": f"/issuers/{SCHOOL}/status/1.jwt",
}
"""One view serves whatever is published; None: the demo publishes nothing of this kind."""

TEAM = frozenset({"teacher", "let-lead", "admin"})
ASSESSOR = frozenset({"teacher"})
LEADING = frozenset({"let-lead", "let-lead-bg", "admin", "operator"})
"""The list of skills that no framework has is one for all teams: whoever leads one, or brings in frameworks, maps them."""
MEMBER_OF_LET = "teacher"
WHOSE: dict[str, frozenset[str]] = {
    "alliance.action": frozenset({"let-lead"}),
    "alliance.co_creations": frozenset({"let-lead"}),
    "alliance.edit_co_creation": frozenset({"let-lead"}),
    "alliance.move_action": frozenset({"let-lead"}),
    "alliance.plan": frozenset({"let-lead"}),
    "alliance.plan_action": frozenset({"let-lead"}),
    "alliance.plan_as_table": frozenset({"let-lead"}),
    "alliance.plan_co_creation": frozenset({"let-lead"}),
    "alliance.plan_on_paper": frozenset({"let-lead"}),
    "curriculum.add_member": frozenset({"let-lead"}),
    "curriculum.add_skill": frozenset({"let-lead"}),
    "curriculum.capacity": frozenset({"let-lead"}),
    "curriculum.close_hub": frozenset({"let-lead"}),
    "curriculum.correct_capacity": frozenset({"let-lead"}),
    "curriculum.edit_hub": frozenset({"let-lead"}),
    "curriculum.edit_member": frozenset({"let-lead"}),
    "curriculum.edit_team": frozenset({"let-lead"}),
    "curriculum.hubs": frozenset({"let-lead"}),
    "curriculum.open_hub": frozenset({"let-lead"}),
    "curriculum.remove_skill": frozenset({"let-lead"}),
    "curriculum.set_levels": frozenset({"let-lead"}),
    "curriculum.skills": frozenset({"let-lead"}),
    "curriculum.team": frozenset({"let-lead"}),
    "alliance.change_items": frozenset({"let-lead", "member"}),
    "alliance.change_need_state": frozenset({"let-lead", "member"}),
    "alliance.coverage": frozenset({"let-lead", "member"}),
    "alliance.coverage_as_table": frozenset({"let-lead", "member"}),
    "alliance.edit_need": frozenset({"let-lead", "member"}),
    "alliance.log_need": frozenset({"let-lead", "member"}),
    "alliance.co_creation": TEAM,
    "alliance.record_assent": TEAM,
    "alliance.write_agreement": TEAM,
    "alliance.alliance_plan": TEAM | {"member"},
    "curriculum.show_own_name": frozenset(),
    "alliance.add_member": frozenset({"let-lead", "admin", "operator"}),
    "alliance.change_state": TEAM,
    "alliance.edit_activity": TEAM,
    "alliance.issuers": frozenset({"let-lead", "admin", "operator"}),
    "alliance.strike_issuer": frozenset({"let-lead", "admin", "operator"}),
    **dict.fromkeys((*CASE_DESK, *CASE_PIECES), ASSESSOR),
    **dict.fromkeys(("awards.own_case", "awards.withdraw_own_case", *OWN_PIECES), frozenset({LEARNER})),
    **dict.fromkeys(("awards.own_evidence_file", "awards.withdraw_own_evidence"), frozenset({LEARNER})),
    "awards.own_evidence": frozenset({LEARNER, OTHER_LEARNER}),
    "awards.ask_for_case": frozenset(key for key in PEOPLE if key),
    "awards.assess": ASSESSOR,
    "awards.award": ASSESSOR,
    "awards.card": ASSESSOR | {"admin"},
    "awards.confirm": ASSESSOR,
    "awards.correct": ASSESSOR | {"admin"},
    "awards.correct_address": ASSESSOR | {"admin"},
    "awards.send_again": ASSESSOR | {"admin"},
    "awards.add_activity": ASSESSOR,
    "awards.evidence": ASSESSOR,
    "awards.let_again": ASSESSOR | {"admin"},
    "awards.take_claims": ASSESSOR,
    "awards.evidence_file": ASSESSOR,
    "awards.let_into_badge": ASSESSOR,
    **dict.fromkeys(OF_BATCH, ASSESSOR | {"admin"}),
    **dict.fromkeys((*LIMITS, "awards.undoing", "awards.resume_undoing"), frozenset({"admin", "operator"})),
    **dict.fromkeys(LOOK_ANSWERS, ASSESSOR),
    **dict.fromkeys(LOOKS, ASSESSOR | {"admin"}),
    **dict.fromkeys(IMPORTS, ASSESSOR | {"admin"}),
    "awards.own": frozenset({OTHER_LEARNER}),
    "awards.revoke": ASSESSOR | {"admin"},
    "awards.save": ASSESSOR,
    "awards.save_learner": ASSESSOR,
    "awards.show": ASSESSOR | {"admin"},
    "awards.undo_claim": ASSESSOR | {"admin"},
    "awards.withdraw_evidence": ASSESSOR,
    "backpack.certificate": frozenset({LEARNER}),
    "backpack.json_file": frozenset({LEARNER}),
    "backpack.jwt_file": frozenset({LEARNER}),
    "backpack.linkedin": frozenset({LEARNER}),
    "backpack.name": frozenset({LEARNER}),
    "backpack.own_piece": frozenset({LEARNER}),
    "backpack.png_file": frozenset({LEARNER}),
    "backpack.qr_as_png": frozenset({LEARNER}),
    "backpack.qr_as_svg": frozenset({LEARNER}),
    "backpack.share": frozenset({LEARNER}),
    "backpack.show": frozenset({LEARNER}),
    "backpack.svg_file": frozenset({LEARNER}),
    "curriculum.draft_picture": frozenset({"let-lead"}),
    "curriculum.upload_picture": frozenset({"let-lead"}),
    "curriculum.autosave": frozenset({"let-lead"}),
    "curriculum.edit": frozenset({"let-lead"}),
    "curriculum.begin_translation": frozenset({"let-lead"}),
    "curriculum.export_choices": frozenset({"let-lead"}),
    "curriculum.export_own": frozenset({"let-lead"}),
    "curriculum.look_at_file": frozenset({"let-lead"}),
    "curriculum.map_own_item": LEADING,
    "curriculum.save_translation": frozenset({"let-lead"}),
    "curriculum.translate": frozenset({"let-lead"}),
    "curriculum.edit_step": frozenset({"let-lead"}),
    "curriculum.new_version": frozenset({"let-lead"}),
    "curriculum.preview": frozenset({"let-lead"}),
    "curriculum.preview_framework": frozenset({"let-lead"}),
    "curriculum.publish": frozenset({"let-lead"}),
    **dict.fromkeys((*CURRICULUM_DESK, *LOOP), frozenset({"let-lead"})),
    "curriculum.save_step": frozenset({"let-lead"}),
    "curriculum.withdraw": frozenset({"let-lead"}),
    **dict.fromkeys((*PATHWAY_DESK[1:3], *PATHWAY_DESK[4:]), frozenset({"let-lead"})),
    "awards.standing_decision": frozenset({"let-lead", MEMBER_OF_LET}),
    **dict.fromkeys(FULFILMENTS, frozenset({"teacher", "let-lead"})),
    "people.edit_organisation": frozenset({"admin", "operator"}),
    "people.members": frozenset({"admin", "operator"}),
    "people.open_issuer": frozenset({"operator"}),
    "people.withdraw_role": frozenset({"admin", "operator"}),
    "programs.keys": frozenset({"admin", "operator"}),
    "programs.revoke_key": frozenset({"admin", "operator"}),
    **dict.fromkeys((*WEBHOOK_DESK, "programs.webhooks"), frozenset({"admin", "operator"})),
    **dict.fromkeys((*JOINING_DESK, "workshops.change_agreement", "workshops.decide_waiting"), TEAM),
    "workshops.leave_own": frozenset({LEARNER, OTHER_LEARNER}),
    "workshops.my_place": frozenset({LEARNER, OTHER_LEARNER}),
    "workshops.change_door": TEAM,
    "workshops.change_learner": TEAM,
    "workshops.call_off_follow_up": TEAM,
    "workshops.change_state": TEAM,
    "workshops.close_feedback": TEAM,
    "workshops.feedback": TEAM,
    "workshops.feedback_finding": TEAM,
    "workshops.open_feedback": TEAM,
    "workshops.check_in": TEAM,
    "workshops.check_in_file": TEAM,
    "workshops.check_in_poster": TEAM,
    "workshops.check_in_screen": TEAM,
    "workshops.decide": TEAM,
    "workshops.edit": TEAM,
    "workshops.enrol": TEAM,
    "workshops.enrol_from": TEAM,
    "workshops.teaching": TEAM,
    "workshops.presence": TEAM,
    "workshops.remove": TEAM,
    "workshops.set_check_in_rules": TEAM,
    "workshops.show": TEAM,
}
"""Who may see and do it, of those whom the route's rule lets in at all; everybody else is told there is nothing."""

HARMLESS_WITHOUT_TOKEN = frozenset({"curriculum.check_definition", "language.choose", "verifier_api.verify"})
"""The language of this browser, and answers that rest on nobody's cookies: a stranger's site gains nothing."""


@dataclass(frozen=True)
class Way:
    """One route with its address filled in, and one verb."""

    rule: Rule
    endpoint: str
    address: str
    verb: str

    def __str__(self) -> str:
        return f"{self.verb} {self.rule.rule} ({self.endpoint})"


def ways(world: World, *verbs: str) -> Iterator[Way]:
    for rule in sorted(world.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        address = _address(world, rule)
        for verb in sorted(set(verbs) & (rule.methods or set())):
            if address is not None and kind_of(world, rule) != "key":  # programs have a test of their own
                _forget_limits(world)
                yield Way(rule, rule.endpoint, address, verb)


def _address(world: World, rule: Rule) -> str | None:
    if rule.endpoint == "published.serve":
        found = PUBLISHED[rule.rule]
        return found and found.format(**world.values)
    values = {name: text.format(**world.values) for name, text in WHERE.get(rule.endpoint, {}).items()}
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", lambda place: values[place[1]], rule.rule)


def _forget_limits(world: World) -> None:
    """Every way is tried by ten people from one address, which is what the limits are there to refuse."""
    with world.played.database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM rate_limits")


def kind(world: World, way: Way) -> str:
    return kind_of(world, way.rule)


def kind_of(world: World, rule: Rule) -> str:
    found = rule_of(world.app, rule.endpoint)
    assert found is not None
    return found.kind


def let_in(world: World, way: Way, key: str | None) -> bool:
    """Whether the route's own rule lets this person in, whatever the thing."""
    rule = rule_of(world.app, way.endpoint)
    assert rule is not None
    if rule.kind in {"public", "demo_only"}:
        return True
    if key is None:
        return False
    if rule.kind == "signed_in":
        return True
    if key.startswith("learner"):
        return False
    with world.played.database.reading() as session:
        return rule.admits(viewer_of(session, key))


def owns(way: Way, key: str | None) -> bool:
    return way.endpoint not in WHOSE or key in WHOSE[way.endpoint]


class Snapshot:
    """The database at one moment, so that one form sent does not decide what the next one finds."""

    def __init__(self, world: World) -> None:
        self.live = world.played.folder / "badges.sqlite"
        self.kept = world.played.folder / "kept.sqlite"
        self._copy(self.live, self.kept)

    def bring_back(self) -> None:
        self._copy(self.kept, self.live)

    @staticmethod
    def _copy(source: Path, target: Path) -> None:
        with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
            read.backup(written)


def test_every_route_has_its_samples_here(world: World) -> None:
    rules = list(world.app.url_map.iter_rules())
    filled = {rule.endpoint for rule in rules if rule.arguments and rule.endpoint != "published.serve"}
    assert filled == set(WHERE)
    assert {rule.rule for rule in rules if rule.endpoint == "published.serve"} == set(PUBLISHED)
    guarded = {
        rule.endpoint
        for rule in rules
        if rule.arguments and rule_of(world.app, rule.endpoint).kind in {"signed_in", "roles"}  # type: ignore[union-attr]
    }
    assert guarded == set(WHOSE)


def test_everybody_sees_what_is_theirs_and_nothing_else(world: World) -> None:
    wrong = []
    for way in ways(world, "GET"):
        for key in PEOPLE:
            got = world.clients[key].get(way.address).status_code
            if let_in(world, way, key):
                right = got < 400 or got == 409 if owns(way, key) else got == 404
            else:
                right = got == 302 if key is None else got == 403
            if not right:
                wrong.append(f"{way} as {key}: {got}")
    assert wrong == []


def test_no_form_is_taken_without_its_token(world: World) -> None:
    wrong = []
    for way in ways(world, "POST"):
        for key in PEOPLE:
            got = world.clients[key].post(way.address, data={"name": "typed"}).status_code
            expected = 400 if let_in(world, way, key) else 401 if key is None else 403
            if got not in {expected, 429} and way.endpoint not in HARMLESS_WITHOUT_TOKEN:
                wrong.append(f"{way} as {key}: {got}")
    assert wrong == []


def test_nobody_does_anything_to_what_is_not_theirs(world: World) -> None:
    tokens = {key: world.token(key) for key in PEOPLE}
    wrong = []
    for way in ways(world, "POST"):
        for key in PEOPLE:
            if let_in(world, way, key) and owns(way, key):
                continue
            got = world.clients[key].post(way.address, data={"csrf_token": tokens[key]}).status_code
            expected = 404 if let_in(world, way, key) else 401 if key is None else 403
            if got != expected:
                wrong.append(f"{way} as {key}: {got}")
    assert wrong == []


@pytest.mark.slow
def test_no_form_sent_empty_breaks_anything(world: World) -> None:
    wrong, before = [], Snapshot(world)
    for way in ways(world, "POST"):
        for key in PEOPLE:
            if let_in(world, way, key) and owns(way, key):
                token = world.token(key)
                got = world.clients[key].post(way.address, data={"csrf_token": token}).status_code
                if got < 400:  # something was done: the next one finds the world as it was
                    before.bring_back()
                    world.clients[key] = world.played.client(key)
                if got >= 500:
                    wrong.append(f"{way} as {key}: {got}")
    assert wrong == []


def test_programs_enter_by_a_key_alone_and_find_only_what_is_their_schools(world: World) -> None:
    wrong = []
    keyed = [rule for rule in world.app.url_map.iter_rules() if kind_of(world, rule) == "key"]
    assert len(keyed) > 8
    for rule, verb in ((one, verb) for one in keyed for verb in sorted((one.methods or set()) - {"OPTIONS"})):
        address = _address(world, rule)
        assert address is not None
        for key in PEOPLE:
            got = world.clients[key].open(address, method=verb, json={}).status_code
            if got != 401:
                wrong.append(f"{verb} {address} as {key}: {got}")
        foreign = {"Authorization": f"Bearer {world.values['foreign_secret']}"}
        got = world.played.app.test_client().open(address, method=verb, headers=foreign).status_code
        if rule.arguments and verb in {"GET", "HEAD"} and got not in {404, 422}:
            wrong.append(f"{verb} {address} by the other school: {got}")
        if got >= 500:
            wrong.append(f"{verb} {address} by the other school: {got}")
    assert wrong == []


@pytest.mark.parametrize(
    ("key", "verb", "address"),
    [
        ("admin", "GET", f"/organisations/{SCHOOL_BG}/keys"),
        ("admin", "POST", f"/organisations/{SCHOOL_BG}/keys"),
        ("admin", "GET", f"/organisations/{SCHOOL_BG}/edit"),
        ("admin", "GET", f"/organisations/{SCHOOL_BG}/people"),
        ("admin", "POST", f"/organisations/{SCHOOL_BG}/edit"),
        ("admin", "POST", f"/organisations/{SCHOOL_BG}/people"),
        ("admin", "POST", f"/organisations/{SCHOOL_BG}/people/withdraw"),
        ("admin", "POST", "/alliances/central-bulgaria/members"),
        ("let-lead", "POST", "/alliances/central-bulgaria/members"),
        ("let-lead", "GET", "/alliances/central-bulgaria/issuers"),
        ("let-lead", "POST", "/alliances/central-bulgaria/issuers"),
        ("admin", "POST", "/alliances/central-bulgaria/issuers/strike"),
        ("let-lead", "GET", "/definitions/plant-dyes/1.0.0/edit"),
        ("let-lead", "POST", "/definitions/plant-dyes/1.0.0/edit/what"),
        ("let-lead", "POST", "/definitions/plant-dyes/1.0.0/new-version"),
        ("let-lead", "POST", "/definitions/plant-dyes/1.0.0/withdraw"),
    ],
)
def test_another_school_is_as_if_it_were_not_there(world: World, key: str, verb: str, address: str) -> None:
    _forget_limits(world)
    data = {"csrf_token": world.token(key)} if verb == "POST" else None
    assert world.clients[key].open(address, method=verb, data=data).status_code == 404


class Seen(HTMLParser):
    """What a page asks the browser to load or run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.complaints: list[str] = []
        self.in_script = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.in_script = tag == "script"
        self.complaints += [f"<{tag} {name}>" for name in given if name == "style" or name.startswith("on")]
        if tag == "style":
            self.complaints.append("<style>")
        loaded = [given.get(name) for name in ("src", "srcset", "data", "poster", "action", "formaction")]
        if tag == "link":
            loaded.append(given.get("href"))
        self.complaints += [f"<{tag}> {url}" for url in loaded if url and _is_foreign(url)]
        if tag == "a" and (given.get("href") or "").lower().startswith(("javascript:", "data:")):
            self.complaints.append(f"<a> {given['href']}")

    def handle_data(self, data: str) -> None:
        if self.in_script and data.strip():
            self.complaints.append(f"inline script {data.strip()[:40]}")

    def handle_endtag(self, tag: str) -> None:
        self.in_script = False


def _is_foreign(url: str) -> bool:
    parts = urlsplit(url)
    return (parts.scheme not in {"", "http"}) or (parts.netloc not in {"", "localhost", "localhost:8000"})


def header_faults(answer: TestResponse) -> list[str]:
    faults = []
    policy = answer.headers.get("Content-Security-Policy", "")
    if "unsafe" in policy or not ("default-src" in policy or policy.startswith("sandbox")):
        faults.append(f"policy: {policy}")
    if answer.headers.get("X-Content-Type-Options") != "nosniff":
        faults.append("sniffing allowed")
    for cookie in answer.headers.getlist("Set-Cookie"):
        if "HttpOnly" not in cookie or "SameSite=" not in cookie:
            faults.append(f"cookie: {cookie.split('=', 1)[0]}")
    return faults


@pytest.mark.slow
def test_no_page_runs_or_loads_anything_that_is_not_ours(world: World) -> None:
    wrong, pages = [], 0
    for way in ways(world, "GET"):
        for key in PEOPLE:
            answer = world.clients[key].get(way.address)
            faults = header_faults(answer)
            if answer.mimetype == "text/html":
                pages += 1
                faults += Seen(answer.text).complaints
            wrong += [f"{way} as {key}: {fault}" for fault in faults]
    assert wrong == []
    assert pages > 300


def test_signed_in_pages_are_kept_by_no_cache(world: World) -> None:
    wrong = [
        str(way)
        for way in ways(world, "GET")
        if kind(world, way) in {"signed_in", "roles"}
        and "no-store" not in world.clients["teacher"].get(way.address).headers.get("Cache-Control", "")
    ]
    assert wrong == []


def test_the_demos_doors_are_closed_to_everybody_on_the_network(world: World) -> None:
    far = {"REMOTE_ADDR": "192.0.2.7"}
    client: FlaskClient = world.app.test_client()
    assert client.get("/demo", environ_overrides=far).status_code == 404
    assert client.get("/demo/mail", environ_overrides=far).status_code == 404
    token = world.token(STRANGER)
    answer = world.clients[STRANGER].post(
        "/demo/sign-in/operator", data={"csrf_token": token}, environ_overrides=far
    )
    assert answer.status_code == 404
