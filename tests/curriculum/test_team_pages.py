"""The pages of teams and hubs: the desk for those who lead, the public pages, and the own name on the account."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from badge_service.curriculum.actions.frameworks import load_shipped_frameworks
from badge_service.curriculum.tables import CapacityEntry, Hub, LetMember, TeamSkill
from badge_service.people.rules import Role
from badge_service.people.tables import Person, RoleGrant
from badge_service.storage.session import Database, now

MEMBER = {
    "person": "-",
    "name": "Lieke <b>Weaver</b>",
    "organisation": "Weavers of Friesland",
    "helix": "civil_society",
    "sector": "craft",
    "since": "2026-01-05",
    "until": "",
}
HUB = {
    "name": "Dye lab Leeuwarden",
    "place": "Blokhuisplein 40",
    "about": "We dye <script>wool</script>.",
    "machines": "Band loom\nResin printer",
    "partners": "",
    "opening": "Tuesday to Friday, 9 to 17",
    "accessibility": "Step-free; no lift to the loft.",
    "language": "en",
    "spoken": ["nl", "en"],
}
ENTRY = {
    "held_on": "2026-11-20",
    "what": "A day with dyes",
    "topic": "dyes",
    "hours": "2,5",
    "headcount": "9",
}


def only(database: Database, table: type) -> object:
    with database.reading() as session:
        return session.scalars(select(table)).one()


def employ(database: Database, school: object) -> Person:
    """A teacher of the school, whose key the page signs in as."""
    with database.writing() as session:
        people = [
            Person(key=key, name=key, created_at=now(session)) for key in ("lead-one", "Tjitske Teacher")
        ]
        session.add_all(people)
        session.flush()
        place = school.organisation.id  # type: ignore[attr-defined]
        grant = RoleGrant(
            person_id=people[1].id, organisation_id=place, role=Role.TEACHER.value, granted_at=now(session)
        )
        session.add(grant)
        return people[1]


def test_an_empty_team_teaches_and_a_new_member_is_shown_as_text(
    lead: FlaskClient, visitor: FlaskClient
) -> None:
    assert lead.get("/teams").location == "/teams/friesland"
    assert "Nobody is in this team yet" in lead.get("/teams/friesland").text
    assert lead.post("/teams/friesland/members/new", data=MEMBER).status_code == 302
    page = lead.get("/teams/friesland").text
    assert "Lieke &lt;b&gt;Weaver" in page
    assert "<b>Weaver" not in page
    assert "Nobody yet from:" in page
    public = visitor.get("/lets/friesland").text
    assert "Lieke" not in public
    assert "Civil society and craft: 1" in public
    assert "Nobody yet from:" in public


def test_wrong_input_about_a_member_says_everything_and_keeps_it(lead: FlaskClient) -> None:
    wrong = MEMBER | {
        "name": "",
        "since": "2026-99-99",
        "organisation": "Kept organisation",
        "helix": "media",
    }
    refused = lead.post("/teams/friesland/members/new", data=wrong)
    assert refused.status_code == 422
    assert "Kept organisation" in refused.text
    assert "2026-99-99" in refused.text
    assert "Please fill this in." in refused.text
    for strange in (
        {"organisation": "x" * 100_000},
        {"name": "a\x07b"},
        {"until": "2020-01-01"},
        {"person": "x"},
    ):
        assert lead.post("/teams/friesland/members/new", data=MEMBER | strange).status_code in {404, 422}


def test_a_person_decides_on_their_account_whether_their_name_is_public(
    app: Flask, database: Database, imported: object, lead: FlaskClient, visitor: FlaskClient
) -> None:
    person = employ(database, imported)
    taken = MEMBER | {"person": person.key, "name": "", "listed": "y"}
    assert lead.post("/teams/friesland/members/new", data=taken).status_code == 302
    assert "waits for their own yes" in lead.get("/teams/friesland").text
    assert "Tjitske" not in visitor.get("/lets/friesland").text
    with database.writing() as session:  # the pages of this app know the teacher as person 9
        session.add(Person(id=9, key="t", name="Tjitske the ninth", created_at=now(session)))
        session.flush()
        session.scalars(select(LetMember)).one().person_id = 9
    own = app.test_client()
    own.environ_base["HTTP_X_PERSON"] = "teacher"
    assert "the team asks for it" in own.get("/account/teams").text
    address = f"/account/teams/{only(database, LetMember).token}"
    assert lead.post(address, data={"shown": "yes"}).status_code == 404
    assert own.post(address, data={"shown": "yes"}).status_code == 302
    assert "Tjitske the ninth" in visitor.get("/lets/friesland").text
    assert own.post(address, data={"shown": "no"}).status_code == 302
    assert "Tjitske" not in visitor.get("/lets/friesland").text
    assert visitor.get("/account/teams").status_code == 302


def test_two_people_on_one_member_see_a_field_by_field_merge(lead: FlaskClient, database: Database) -> None:
    lead.post("/teams/friesland/members/new", data=MEMBER)
    address = f"/teams/friesland/members/{only(database, LetMember).token}"
    theirs = MEMBER | {"organisation": "Theirs", "revision": "1"}
    assert lead.post(address, data=theirs).status_code == 302
    stale = lead.post(address, data=MEMBER | {"organisation": "Mine", "revision": "1"})
    assert stale.status_code == 422
    assert "Saved meanwhile: “Theirs”" in stale.text
    assert 'value="Mine"' in stale.text


def test_a_member_with_an_account_is_changed_without_a_name_to_type(
    lead: FlaskClient, database: Database, imported: object
) -> None:
    person = employ(database, imported)
    lead.post("/teams/friesland/members/new", data=MEMBER | {"person": person.key, "name": ""})
    address = f"/teams/friesland/members/{only(database, LetMember).token}"
    page = lead.get(address)
    assert page.status_code == 200
    assert 'name="name"' not in page.text
    assert "Weavers of Friesland" in page.text
    sent = MEMBER | {"organisation": "Dye works", "revision": "1"}
    assert lead.post(address, data=sent).status_code == 302
    member = only(database, LetMember)
    assert (member.organisation, member.name) == ("Dye works", "")
    stale = lead.post(address, data=sent | {"organisation": "Mine"})
    assert stale.status_code == 422
    assert "Saved meanwhile: “Dye works”" in stale.text
    wrong = lead.post(address, data=sent | {"organisation": "", "revision": "2"})
    assert wrong.status_code == 422


def test_the_matrix_saves_only_cells_that_were_changed(lead: FlaskClient, database: Database) -> None:
    lead.post("/teams/friesland/members/new", data=MEMBER)
    assert "The matrix is empty" in lead.get("/teams/friesland/skills").text
    assert lead.post("/teams/friesland/skills/add", data={"name": "Firing a kiln"}).status_code == 302
    assert lead.post("/teams/friesland/skills/add", data={"name": " "}).status_code == 422
    cell = f"{only(database, LetMember).token}:{only(database, TeamSkill).id}"
    assert f'name="level:{cell}"' in lead.get("/teams/friesland/skills").text
    saved = lead.post("/teams/friesland/skills", data={f"was:{cell}": "0", f"level:{cell}": "4"})
    assert saved.status_code == 302
    assert '<option value="4" selected>' in lead.get("/teams/friesland/skills").text
    old_page = {f"was:{cell}": "0", f"level:{cell}": "0"}
    assert lead.post("/teams/friesland/skills", data=old_page).status_code == 302
    assert '<option value="4" selected>' in lead.get("/teams/friesland/skills").text
    for wrong in ({f"level:{cell}": "9"}, {f"level:{cell}": "x"}, {"level:::": "1"}, {f"level:x{cell}": "1"}):
        assert lead.post("/teams/friesland/skills", data=wrong).status_code == 400
    skill = str(only(database, TeamSkill).id)
    assert lead.post("/teams/friesland/skills/remove", data={"skill": "9" * 40}).status_code == 404
    assert lead.post("/teams/friesland/skills/remove", data={"skill": skill}).status_code == 302


def test_a_skill_is_found_in_a_framework_without_javascript(lead: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        load_shipped_frameworks(session)
    page = lead.get("/teams/friesland/skills?q=sustainability").text
    target = page.partition('name="target_url" value="')[2].partition('"')[0]
    assert lead.post("/teams/friesland/skills/add", data={"target_url": target}).status_code == 302
    assert only(database, TeamSkill).target_url == target
    missing = lead.post("/teams/friesland/skills/add", data={"target_url": "https://nowhere.example"})
    assert missing.status_code == 404


def test_the_log_is_corrected_by_a_new_entry(lead: FlaskClient, database: Database) -> None:
    assert "Nothing is written down yet" in lead.get("/teams/friesland/capacity").text
    assert lead.post("/teams/friesland/capacity", data=ENTRY).status_code == 302
    wrong = ENTRY | {"hours": "many", "headcount": "-1", "what": "Kept words"}
    refused = lead.post("/teams/friesland/capacity", data=wrong)
    assert refused.status_code == 422
    assert "Kept words" in refused.text
    assert "Give the hours as a number" in refused.text
    address = f"/teams/friesland/capacity/{only(database, CapacityEntry).token}/correct"
    assert 'value="2.5"' in lead.get(address).text
    assert lead.post(address, data=ENTRY | {"hours": "3"}).status_code == 302
    page = lead.get("/teams/friesland/capacity").text
    assert "corrected by a later entry" in page
    for words in ("Entries: 1<", "Hours: 3<", "Hours counted for each person: 27<"):
        assert words in page
    again = lead.post(address, data=ENTRY)
    assert again.status_code == 422
    assert "corrected already" in again.text


def test_a_hub_has_a_public_page_and_says_when_it_is_closed(lead: FlaskClient, visitor: FlaskClient) -> None:
    assert "No hub yet" in lead.get("/teams/friesland/hubs").text
    address = lead.post("/teams/friesland/hubs/new", data=HUB).location
    assert address == "/hubs/dye-lab-leeuwarden"
    page = visitor.get(address).text
    for words in ("Blokhuisplein 40", "Resin printer", "Tuesday to Friday", "Step-free", "Dutch, English"):
        assert words in page
    assert "<script>wool" not in page
    assert "/edit" not in page
    assert "Dye lab Leeuwarden" in visitor.get("/lets/friesland").text
    edited = HUB | {"name": "Renamed", "revision": "1"}
    assert lead.post(f"{address}/edit", data=edited).status_code == 302
    stale = lead.post(f"{address}/edit", data=HUB | {"name": "Mine", "revision": "1"})
    assert "Saved meanwhile: “Renamed”" in stale.text
    assert lead.post(f"{address}/closed", data={"closed": "yes"}).status_code == 302
    assert "This hub has been closed since" in visitor.get(address).text
    assert "Renamed" not in visitor.get("/lets/friesland").text
    wrong = HUB | {"opening": "", "machines": "\n".join(["x" * 200] * 60), "spoken": ["xx"]}
    refused = lead.post("/teams/friesland/hubs/new", data=wrong)
    assert refused.status_code == 422
    assert "Please fill this in." in refused.text


@pytest.mark.parametrize(
    ("verb", "address"),
    [
        ("get", "/teams/friesland"),
        ("post", "/teams/friesland/edit"),
        ("post", "/teams/friesland/members/new"),
        ("get", "/teams/friesland/members/x"),
        ("get", "/teams/friesland/skills"),
        ("post", "/teams/friesland/skills"),
        ("post", "/teams/friesland/skills/add"),
        ("post", "/teams/friesland/skills/remove"),
        ("get", "/teams/friesland/capacity"),
        ("get", "/teams/friesland/capacity/x/correct"),
        ("get", "/teams/friesland/hubs"),
        ("post", "/teams/friesland/hubs/new"),
    ],
)
def test_foreign_teams_do_not_exist(
    other_lead: FlaskClient, visitor: FlaskClient, verb: str, address: str
) -> None:
    assert getattr(other_lead, verb)(address).status_code == 404
    assert getattr(visitor, verb)(address).status_code in {302, 401}


def test_foreign_hubs_are_read_but_not_changed(
    lead: FlaskClient, other_lead: FlaskClient, database: Database
) -> None:
    address = lead.post("/teams/friesland/hubs/new", data=HUB).location
    assert other_lead.get(address).status_code == 200
    assert other_lead.post(f"{address}/edit", data=HUB | {"revision": "1"}).status_code == 404
    assert other_lead.post(f"{address}/closed", data={"closed": "yes"}).status_code == 404
    assert only(database, Hub).closed_at is None
