"""The pages of alliances and activities: public ones for everybody, forms for those who plan."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup

from badge_service.alliance import actions, fragments, pages
from badge_service.alliance.rules import AllianceFacts
from badge_service.people.rules import NOBODY, Grant, Role, Viewer
from badge_service.people.tables import Organisation, Region
from badge_service.storage.session import Database, now
from badge_service.web.shell import init_shell, seal_shell
from badge_service.web.viewer import current_viewer, use_viewer_loader

TYPED = {
    "kind": "guest_lecture",
    "host": "central-bulgaria:school",
    "title": "Willow & <b>water</b>",
    "summary": "A basket maker shows how.\n\n<script>alert(1)</script>",
    "starts_on": "2026-11-21",
    "ends_on": "",
    "place": "Ruse",
    "language": "bg",
    "partners": "Museum of Ruse",
}


@dataclass
class Site:
    """The alliance's pages, and who looks at them."""

    app: Flask
    school: int
    newcomer: int
    viewer: Viewer = NOBODY

    def be(self, role: Role | None, organisation_id: int | None = None) -> FlaskClient:
        grants = frozenset({Grant(role, organisation_id or self.school)}) if role else frozenset()
        self.viewer = Viewer("key-1", 1, "Somebody", grants=grants) if role else NOBODY
        return self.app.test_client()

    def plan(self, **changes: str) -> str:
        answer = self.be(Role.TEACHER).post("/activities/new", data=TYPED | changes)
        assert answer.status_code == 302, answer.text
        return str(answer.location)


@pytest.fixture
def site(database: Database) -> Site:
    with database.writing() as session:
        region = Region(slug="central-bulgaria", name="Central Bulgaria", country="BG")
        session.add(region)
        session.flush()
        made = [
            Organisation(
                slug=slug,
                name=slug,
                kind="school",
                region_id=region.id,
                identifiers=[],
                created_at=now(session),
            )
            for slug in ("school", "newcomer")
        ]
        session.add_all(made)
        session.flush()
        lead = Viewer("key-lead", 9, "Lead", grants=frozenset({Grant(Role.LET_LEAD, made[0].id)}))
        facts = AllianceFacts("central-bulgaria", "Craft alliance", "Keep crafts alive.", region.id)
        actions.add_member(session, lead, actions.open_alliance(session, lead, facts), made[0])
    app = Flask("one_room", root_path=str(Path(__file__).parent))
    app.config.update(
        SECRET_KEY="for tests only", WTF_CSRF_ENABLED=False, PUBLIC_URL="http://localhost:8000", TESTING=True
    )
    app.extensions["badge_database"] = database
    init_shell(app)
    app.register_blueprint(pages.blueprint)
    found = Site(app, made[0].id, made[1].id)
    use_viewer_loader(app, lambda: found.viewer)
    seal_shell(app)
    return found


def test_a_planned_activity_has_a_public_page_at_once(site: Site) -> None:
    address = site.plan()
    page = site.be(None).get(address)
    assert page.status_code == 200
    assert "Guest lecture" in page.text
    assert "Museum of Ruse" in page.text
    assert "21 November 2026" in page.text
    assert "a teacher" in page.text
    assert "It was held" not in page.text


def test_what_people_typed_is_shown_as_text(site: Site) -> None:
    address = site.plan()
    page = site.be(None).get(address).text
    assert "<b>water" not in page
    assert "<script>alert" not in page


def test_all_faults_come_at_once_and_what_was_typed_stays(site: Site) -> None:
    wrong = TYPED | {"title": " ", "starts_on": "", "place": "x" * 121, "partners": "Kept partner"}
    answer = site.be(Role.TEACHER).post("/activities/new", data=wrong)
    assert answer.status_code == 422
    assert "Kept partner" in answer.text
    assert "<p>Please say on which day.</p>" in answer.text
    for field in ("title", "starts_on", "place"):
        assert f'href="#{field}"' in answer.text


def test_how_people_learn_there_is_asked_for_and_said_to_everybody(site: Site) -> None:
    said = {"qualities": ["collaborative", "interactive"], "group_size": "4", "topics": ["craft_technique"]}
    address = site.plan(**said)  # type: ignore[arg-type]
    page = site.be(None).get(address).text
    for words in ("working together, trying things out", "4 together", "Craft technique"):
        assert words in page
    form = site.be(Role.TEACHER).get(f"{address}/edit").text
    assert form.count(" checked") == 3 and 'value="4"' in form
    site.be(Role.TEACHER).post(f"{address}/edit", data=TYPED)
    assert "working together" not in site.be(None).get(address).text


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"qualities": ["pleasant"]}, "qualities"),
        ({"topics": ["x" * 9000]}, "topics"),
        ({"group_size": "9" * 5000}, "group_size"),
        ({"group_size": "0"}, "group_size"),
        ({"group_size": "1", "qualities": ["collaborative"]}, "group_size"),
    ],
)
def test_what_makes_no_sense_about_learning_is_named_beside_it(
    site: Site, typed: dict[str, object], where: str
) -> None:
    answer = site.be(Role.TEACHER).post("/activities/new", data=TYPED | typed)
    assert answer.status_code == 422
    assert f'href="#{where}"' in answer.text


def test_a_foreign_host_is_refused(site: Site) -> None:
    answer = site.be(Role.TEACHER, site.newcomer).post("/activities/new", data=TYPED)
    assert answer.status_code == 422


def test_it_is_edited_held_and_listed_among_the_past(site: Site) -> None:
    address = site.plan()
    browser = site.be(Role.TEACHER)
    changed = {key: value for key, value in TYPED.items() if key not in {"kind", "host"}}
    assert browser.post(f"{address}/edit", data=changed | {"title": "Willow only"}).status_code == 302
    assert browser.post(f"{address}/state", data={"to": "held"}).status_code == 302
    page = site.be(None).get("/alliances/central-bulgaria").text
    assert "What has happened" in page
    assert "Willow only" in page
    assert "tag-good" in page


def test_a_foreign_teacher_finds_no_form(site: Site) -> None:
    address = site.plan()
    browser = site.be(Role.TEACHER, site.newcomer)
    assert browser.get(f"{address}/edit").status_code == 404
    assert browser.post(f"{address}/state", data={"to": "held"}).status_code == 404
    assert site.be(Role.LEARNER).get("/activities/new").status_code == 403
    assert site.be(None).get("/activities/new").status_code == 302


def test_a_lead_opens_an_alliance_and_seats_members(site: Site) -> None:
    browser = site.be(Role.LET_LEAD)
    assert (
        browser.post("/alliances/central-bulgaria/members", data={"organisation": "newcomer"}).status_code
        == 302
    )
    assert "newcomer" in site.be(None).get("/alliances/central-bulgaria").text
    typed = {"name": "Second", "slug": "second", "aims": "Aims.", "region": "1"}
    assert site.be(Role.LET_LEAD).post("/alliances/new", data=typed).location == "/alliances/second"
    again = site.be(Role.LET_LEAD).post("/alliances/new", data=typed)
    assert again.status_code == 422
    assert "taken" in again.text


def test_long_lists_come_in_pages(site: Site) -> None:
    for number in range(21):
        site.plan(title=f"Lecture {number:02}")
    browser = site.be(None)
    assert "Page 1 of 2" in browser.get("/alliances/central-bulgaria").text
    assert "Lecture 20" in browser.get("/alliances/central-bulgaria?upcoming=2").text
    assert browser.get("/alliances/central-bulgaria?upcoming=x&past=999999999").status_code == 200


@pytest.mark.parametrize("address", ["/alliances/nowhere", "/activities/AAAAAAAAAAAAAAAAAAAAAA"])
def test_an_unknown_address_is_404(site: Site, address: str) -> None:
    assert site.be(None).get(address).status_code == 404


def at_home(site: Site, role: Role, organisation_id: int | None = None) -> Markup | None:
    """What the alliance adds to the home of somebody with this role."""
    site.be(role, organisation_id)
    with site.app.test_request_context():
        return fragments.own_alliances(current_viewer(), None)


@pytest.mark.parametrize("role", [Role.MEMBER, Role.LET_LEAD])
def test_home_leads_members_and_let_leads_to_their_alliance_and_what_it_plans(site: Site, role: Role) -> None:
    shown = at_home(site, role)
    assert (
        shown is not None and 'href="/alliances/central-bulgaria"' in shown and "Nothing is planned" in shown
    )
    planned = site.plan()
    shown = at_home(site, role)
    assert shown is not None and f'href="{planned}"' in shown and "<b>water" not in shown
    assert "Nothing is planned" not in shown


def test_home_says_when_a_members_organisation_has_no_seat(site: Site) -> None:
    shown = at_home(site, Role.MEMBER, site.newcomer)
    assert shown is not None and "no seat" in shown and 'href="/alliances"' in shown


def test_home_says_nothing_of_alliances_to_a_learner(site: Site) -> None:
    assert at_home(site, Role.LEARNER) is None


SCHOOL_ELSEWHERE = {"did": "did:web:school.example", "name": "School Elsewhere"}
LIST = "/alliances/central-bulgaria/issuers"


def test_a_coordinator_keeps_the_list_of_issuers_elsewhere(site: Site) -> None:
    lead = site.be(Role.LET_LEAD)
    assert lead.post(LIST, data=SCHOOL_ELSEWHERE).status_code == 302
    assert lead.post(LIST, data=SCHOOL_ELSEWHERE | {"name": "School, renamed"}).status_code == 302
    lead.get(LIST)  # says what was done
    shown = lead.get(LIST).text
    assert "School, renamed" in shown and "School Elsewhere" not in shown
    public = site.be(None).get("/alliances/central-bulgaria").text
    assert "did:web:school.example" in public and "Change this list" not in public
    lead = site.be(Role.LET_LEAD)
    assert lead.post(f"{LIST}/strike", data={"did": "did:web:school.example"}).status_code == 302
    assert lead.post(f"{LIST}/strike", data={"did": "did:web:school.example"}).status_code == 404
    assert "did:web:school.example" not in site.be(None).get("/alliances/central-bulgaria").text


@pytest.mark.parametrize(
    "wrong", [{"did": "school.example"}, {"did": "did:web:a b"}, {"did": ""}, {"name": " "}]
)
def test_what_is_no_issuer_is_not_listed_and_nothing_typed_is_lost(site: Site, wrong: dict[str, str]) -> None:
    typed = SCHOOL_ELSEWHERE | wrong
    answer = site.be(Role.LET_LEAD).post(LIST, data=typed)
    assert answer.status_code == 422
    assert all(f'value="{value}"' in answer.text for value in typed.values() if value.strip())


def test_others_keep_no_list(site: Site) -> None:
    assert site.be(Role.MEMBER).get(LIST).status_code == 403
    assert site.be(None).post(LIST, data=SCHOOL_ELSEWHERE).status_code == 401
