"""The feedback loop: finding, change request, decision, draft, and the published version that answers it."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.curriculum import actions
from badge_service.curriculum.rules.findings import Note, RequestState
from badge_service.curriculum.tables import ChangeRequest, Curriculum, DefinitionVersion, Finding
from badge_service.errors import ConflictError, InvalidError, NotFoundError

from .conftest import PUBLIC_URL, School

FOUND = "7 of 12 baskets lost their border when carried."
ASKED = "Criterion 1 asks for a border that holds."


def finding(session: Session, school: School, **others: Any) -> Finding:
    willow = actions.newest_version(session, "willow-basket")
    facts = {
        "source_kind": "workshop",
        "public_url": "https://badges.example.org/activities/p2",
        "label": "pilot 2 in Friesland",
        "n": 12,
        "iteration": 2,
        "text": FOUND,
        "definition_id": willow.definition_id,
    }
    return actions.record_finding(session, school.lead, **{**facts, **others})


def accepted(session: Session, school: School) -> ChangeRequest:
    found = finding(session, school)
    request = actions.ask_for_change(
        session, school.lead, [found.id], text=ASKED, definition_id=found.definition_id
    )
    return actions.decide_change(
        session, school.lead, request.id, accept=True, reason="It is what makes it sound."
    )


def test_a_finding_goes_all_the_way_to_the_version_that_answers_it(database: Any, imported: School) -> None:
    with database.writing() as session:
        request = accepted(session, imported)
        draft = actions.draft_for(session, imported.lead, request.id)
        assert isinstance(draft, DefinitionVersion)
        assert (request.state, request.definition_version_id) == (RequestState.DRAFTED, draft.id)
        assert actions.draft_for(session, imported.lead, request.id).id == draft.id
        content = {**draft.content, "target_group": "Adults who carry"}
        actions.save_draft(session, imported.lead, draft.id, content, draft.revision)
        note = Note(("target_group",), request_id=request.id)
        actions.publish(session, imported.lead, draft.id, public_url=PUBLIC_URL, changes=[note])
        assert (request.state, request.answered_at is not None) == (RequestState.ANSWERED, True)
        (kept,) = actions.notes_of(session, [draft])[draft.id]
        assert kept.request is not None
        assert [one.text for one in kept.request.findings] == [FOUND]


def test_a_change_that_no_field_names_goes_back_to_the_accepted_ones(database: Any, imported: School) -> None:
    with database.writing() as session:
        request = accepted(session, imported)
        draft = actions.draft_for(session, imported.lead, request.id)
        actions.save_draft(session, imported.lead, draft.id, {**draft.content, "tags": ["x"]}, draft.revision)
        why = [Note(("tags",), editorial="Easier to find.")]
        actions.publish(session, imported.lead, draft.id, public_url=PUBLIC_URL, changes=why)
        assert (request.state, request.definition_version_id) == (RequestState.ACCEPTED, None)


@pytest.mark.parametrize("decision", [None, False])
def test_only_an_accepted_change_is_a_reason(database: Any, imported: School, decision: bool | None) -> None:
    with database.writing() as session:
        found = finding(session, imported)
        request = actions.ask_for_change(
            session, imported.lead, [found.id], text=ASKED, definition_id=found.definition_id
        )
        if decision is not None:
            actions.decide_change(session, imported.lead, request.id, accept=decision, reason="Too dear.")
        with pytest.raises(ConflictError):
            actions.draft_for(session, imported.lead, request.id)
        source = actions.newest_version(session, "willow-basket")
        draft = actions.new_version_from(session, imported.lead, source.id)
        actions.save_draft(session, imported.lead, draft.id, {**draft.content, "tags": ["x"]}, draft.revision)
        with pytest.raises(InvalidError):
            why = [Note(("tags",), request_id=request.id)]
            actions.publish(session, imported.lead, draft.id, public_url=PUBLIC_URL, changes=why)


def test_a_change_of_one_definition_is_no_reason_for_another(database: Any, imported: School) -> None:
    with database.writing() as session:
        request = accepted(session, imported)
        source = actions.newest_version(session, "guest-speaker-host")
        draft = actions.new_version_from(session, imported.lead, source.id)
        actions.save_draft(session, imported.lead, draft.id, {**draft.content, "tags": ["x"]}, draft.revision)
        with pytest.raises(InvalidError):
            why = [Note(("tags",), request_id=request.id)]
            actions.publish(session, imported.lead, draft.id, public_url=PUBLIC_URL, changes=why)


def test_everything_wrong_with_a_finding_is_named_at_once(database: Any, imported: School) -> None:
    with pytest.raises(InvalidError) as caught, database.writing() as session:
        finding(
            session, imported, kind="shout", severity="awful", source_kind="rumour", label=" ", text="x" * 1001,
            public_url="javascript:alert(1)", n=-1, iteration=10**12, definition_id=None,
        )  # fmt: skip
    assert {fault.where for fault in caught.value.faults} == {
        "kind", "severity", "source_kind", "label", "text", "public_url", "n", "iteration", "about",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["\x00", "a\ud800b", "\u202eevil"])
def test_texts_that_no_database_keeps_are_refused(database: Any, imported: School, text: str) -> None:
    with pytest.raises(InvalidError), database.writing() as session:
        finding(session, imported, text=text)
    with pytest.raises(InvalidError), database.writing() as session:
        finding(session, imported, public_url=f"https://a.example/{text}")


def test_a_later_room_records_without_a_person_and_nothing_is_written_down_about_one(
    database: Any, imported: School
) -> None:
    with database.writing() as session:
        willow = actions.newest_version(session, "willow-basket")
        found = actions.record_finding(
            session, None, source_kind="survey", public_url=None, label="the tracer survey", n=3, iteration=None,
            text="Nobody sells baskets.", definition_id=willow.definition_id,
        )  # fmt: skip
        assert (found.recorded_by, found.organisation_id) == (None, imported.organisation.id)


def test_a_finding_to_keep_asks_for_no_change(database: Any, imported: School) -> None:
    with database.writing() as session:
        keep = finding(session, imported, kind="keep")
        with pytest.raises(InvalidError) as caught:
            actions.ask_for_change(
                session, imported.lead, [keep.id], text=ASKED, definition_id=keep.definition_id
            )
        assert {fault.where for fault in caught.value.faults} == {"findings"}


def test_a_decision_needs_a_reason_and_is_made_once(database: Any, imported: School) -> None:
    with database.writing() as session:
        found = finding(session, imported)
        request = actions.ask_for_change(
            session, imported.lead, [found.id], text=ASKED, definition_id=found.definition_id
        )
        with pytest.raises(InvalidError):
            actions.decide_change(session, imported.lead, request.id, accept=True, reason=" ")
        actions.decide_change(session, imported.lead, request.id, accept=False, reason="Too dear.")
        assert (request.state, request.decided_by) == (RequestState.REJECTED, "lead-one")
        with pytest.raises(ConflictError):
            actions.decide_change(session, imported.lead, request.id, accept=True, reason="Yes.")


def test_findings_of_another_school_do_not_exist(
    database: Any, imported: School, other_school: School
) -> None:
    with database.writing() as session:
        found = finding(session, imported)
        request = accepted(session, imported)
        stranger = other_school.lead
        for act in (
            lambda: finding(session, other_school),
            lambda: actions.own_finding(session, stranger, found.id),
            lambda: actions.ask_for_change(
                session, stranger, [found.id], text=ASKED, definition_id=found.definition_id
            ),
            lambda: actions.decide_change(session, stranger, request.id, accept=True, reason="x"),
            lambda: actions.draft_for(session, stranger, request.id),
        ):
            with pytest.raises(NotFoundError):
                act()
        assert actions.own_findings(session, stranger).total == 0
        assert actions.own_requests(session, stranger).total == 0


def test_a_finding_about_two_schools_belongs_to_neither(
    database: Any, imported: School, other_school: School
) -> None:
    with database.writing() as session:
        foreign = actions.create_curriculum(
            session, other_school.lead, organisation_id=other_school.organisation.id,
            let_id=other_school.let.id, title="Theirs", language="es",
        )  # fmt: skip
        with pytest.raises(NotFoundError):
            finding(session, imported, curriculum_id=foreign.curriculum_id)
        assert session.scalars(select(Curriculum)).one().slug == "theirs"


# --- pages


def about(page: str, title: str) -> str:
    before = page[: page.index(f">{title}")]
    return before[before.rindex('value="') + 7 :].split('"')[0]


def typed(lead: Any, **changes: str) -> dict[str, str]:
    page = lead.get("/studio/findings/new").text
    return {
        "about": about(page, "Willow Basket"),
        "kind": "change",
        "severity": "serious",
        "text": FOUND,
        "source_kind": "workshop",
        "label": "pilot 2 in Friesland",
        "public_url": "https://badges.example.org/activities/p2",
        "n": "12",
        "iteration": "2",
        "language": "en",
        **changes,
    }


def test_the_loop_on_its_pages_from_a_finding_to_changed_after_pilot_2(
    lead: Any, visitor: Any, database: Any
) -> None:
    assert "No finding yet" in lead.get("/studio/findings").text
    assert lead.post("/studio/findings/new", data=typed(lead)).status_code == 302
    assert FOUND in lead.get("/studio/findings").text
    ask = lead.get("/studio/findings/1/ask")
    form = {"about": about(ask.text, "Willow Basket"), "text": ASKED}
    assert lead.post("/studio/findings/1/ask", data=form).location == "/studio/changes"
    assert ASKED in lead.get("/studio/changes").text
    assert lead.post("/studio/changes/1/decide", data={"decision": "accept", "reason": ""}).status_code == 422
    assert lead.post("/studio/changes/1/decide", data={"reason": "Yes."}).status_code == 422
    decided = lead.post(
        "/studio/changes/1/decide", data={"decision": "accept", "reason": "It makes it sound."}
    )
    assert decided.status_code == 302
    assert "It makes it sound." in lead.get("/studio/changes?state=accepted").text
    assert lead.post("/studio/changes/1/draft").location == "/definitions/willow-basket/1.1.0/edit"
    with database.writing() as session:
        draft = session.scalars(select(DefinitionVersion).where(DefinitionVersion.version == "1.1.0")).one()
        changed = {**draft.content, "target_group": "Adults who carry"}
        actions.save_draft(session, _lead_of(draft), draft.id, changed, draft.revision)
    publish = "/definitions/willow-basket/1.1.0/publish"
    assert '<option value="request-1" selected>' in lead.get(publish).text
    assert lead.post(publish, data={"because": "request-1", "step": "minor"}).status_code == 302
    for address in ("/achievements/willow-basket/1.1.0", "/achievements/willow-basket/changes"):
        page = visitor.get(address).text
        assert "pilot 2 in Friesland</a> because:" in page
        assert FOUND in page
        assert "12 people, iteration 2" in page
        assert "lead-one" not in page


def _lead_of(draft: DefinitionVersion) -> Any:
    from badge_service.people.rules import Grant, Role, Viewer

    grants = frozenset({Grant(Role.LET_LEAD, draft.definition.organisation_id)})
    return Viewer(key="lead-one", person_id=1, name="lead-one", grants=grants)


@pytest.mark.parametrize(
    "changes",
    [
        {"n": "9" * 5000},
        {"n": "many"},
        {"iteration": "-1"},
        {"about": "definition:99999999999999999999"},
        {"about": "curriculum:x:y"},
        {"about": ""},
        {"text": "x" * 100_000},
        {"label": "a\u202eb"},
        {"kind": "shout"},
        {"language": "<b>"},
        {"public_url": "javascript:alert(1)"},
    ],
)
def test_bad_input_is_named_and_what_was_typed_stays(lead: Any, changes: dict[str, str]) -> None:
    answer = lead.post("/studio/findings/new", data=typed(lead, **changes))
    assert answer.status_code == 422, changes
    assert "pilot 2 in Friesland" in answer.text or "label" in changes


def test_a_form_sent_empty_names_what_is_missing(lead: Any) -> None:
    assert lead.post("/studio/findings/new", data={}).status_code == 422
    assert lead.post("/studio/curricula/new", data={}).status_code == 422


def test_script_in_a_finding_is_shown_as_text(lead: Any) -> None:
    nasty = "<script>alert(1)</script>"
    assert lead.post("/studio/findings/new", data=typed(lead, text=nasty, label=nasty)).status_code == 302
    assert "<script>alert" not in lead.get("/studio/findings").text
    assert "&lt;script&gt;" in lead.get("/studio/findings").text


@pytest.mark.parametrize("number", ["0", "99999999999999999999", "x", "9" * 5000])
def test_numbers_that_no_row_has_are_not_found(lead: Any, number: str) -> None:
    assert lead.get(f"/studio/findings/{number}/ask").status_code == 404
    assert lead.post(f"/studio/changes/{number}/draft").status_code == 404
    decision = {"decision": "accept", "reason": "x"}
    assert lead.post(f"/studio/changes/{number}/decide", data=decision).status_code == 404
