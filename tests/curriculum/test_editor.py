"""The editor in seven steps: each saves its own fields, what two people change is merged, helps beside the fields; no JavaScript."""

import json
import re
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from badge_service.curriculum.actions import frameworks
from badge_service.curriculum.rules.steps import STEPS

from .desk import Fields, begin, saved_content

DYE = "http://data.europa.eu/esco/skill/20c451f2-8e8a-4d47-95ec-830a086dbef1"


@pytest.fixture
def shipped(database: Any) -> None:
    """The frameworks that come with the service."""
    with database.writing() as session:
        frameworks.load_shipped_frameworks(session)


def step(lead: Any, edit: str, name: str) -> Fields:
    return Fields(lead.get(f"{edit}/{name}").text)


def save(lead: Any, edit: str, name: str, form: MultiDict[str, str]) -> Any:
    return lead.post(f"{edit}/{name}", data=form)


def test_the_editor_opens_at_its_first_step_and_each_step_says_where_one_is(lead: Any) -> None:
    edit = begin(lead)
    assert lead.get(edit).location == f"{edit}/what"
    for number, name in enumerate(STEPS, 1):
        page = lead.get(f"{edit}/{name}").text
        assert f"Step {number} of 7" in page
        assert page.count('aria-current="step"') == 1
        assert page.count("button-primary") == 1
        assert len(re.findall(r'<li class="eu-', page)) == 16
    assert lead.get(f"{edit}/nonsense").status_code == 404


def test_saving_leads_through_all_steps_to_publishing_and_changes_nothing_by_itself(
    lead: Any, database: Any, definition: Any
) -> None:
    edit = begin(lead, copy_of="Willow Basket")
    before, address = saved_content(database), f"{edit}/what"
    for following in [*list(STEPS)[1:], None]:
        answer = lead.post(address, data=Fields(lead.get(address).text).form(do="save"))
        assert answer.status_code == 303
        address = f"{edit}/{following}" if following else edit.replace("edit", "publish")
        assert answer.location == address
    assert saved_content(database) == before
    assert before["rubric"] == definition("willow-basket")["rubric"]


def test_a_step_saves_only_its_own_fields(lead: Any, database: Any) -> None:
    edit = begin(lead, copy_of="Willow Basket")
    form = step(lead, edit, "quality").form(title="Another", awarded_by="Teacher", do="save")
    save(lead, edit, "quality", form)
    content = saved_content(database)
    assert content["awarded_by"] == "Teacher"
    assert content["title"] == "Oak Spoon"


def test_a_first_look_at_an_empty_step_does_not_scold_and_says_how_much_is_missing(lead: Any) -> None:
    edit = begin(lead)
    page = lead.get(f"{edit}/quality").text
    assert 'class="field-errors"' not in page
    assert re.search(r'5\. Quality</span> <span class="editor-step-state">3 to do', page)


def test_every_error_of_a_step_stands_beside_its_field_and_in_its_summary(lead: Any) -> None:
    edit = begin(lead)
    form = step(lead, edit, "workload").form(**{"workload_hours.total": "many", "do": "save"})
    saved = save(lead, edit, "workload", form)
    assert "check=1" in saved.location
    page = lead.get(saved.location).text
    assert "“many” is not a number." in page
    assert 'value="many"' in page
    for place in ("f-eqf-level", "f-isced-f", "f-workload-hours-total", "f-participation"):
        assert f'href="#{place}"' in page
        assert f'id="{place}-errors"' in page


def test_what_is_only_missing_keeps_nobody_on_a_step(lead: Any) -> None:
    edit = begin(lead)
    saved = save(lead, edit, "what", step(lead, edit, "what").form(description="", do="save"))
    assert saved.location == f"{edit}/outcomes"


def test_each_link_of_a_summary_leads_to_an_element_of_the_page(lead: Any) -> None:
    edit = begin(lead)
    for name in STEPS:
        page = lead.get(f"{edit}/{name}?check=1").text
        assert set(re.findall(r'href="#(f-[^"]+)"', page)) <= set(re.findall(r' id="([^"]+)"', page)), name


def test_each_line_of_the_checklist_opens_to_an_example_and_leads_to_a_field(lead: Any) -> None:
    edit = begin(lead)
    page = lead.get(f"{edit}/what").text
    assert page.count("For example:") >= 5
    addresses = re.findall(rf'href="({edit}/[a-z]+)#(f-[^"]+)"', page)
    assert len(addresses) >= 5
    for address, place in addresses:
        assert f'id="{place}"' in lead.get(address).text, (address, place)


# --- rows


def test_rows_are_added_and_removed_without_losing_what_was_typed(lead: Any, database: Any) -> None:
    edit = begin(lead)
    first = {"learning_outcomes[0].text": "Carves a spoon.", "do": "add:learning_outcomes"}
    answer = save(lead, edit, "outcomes", step(lead, edit, "outcomes").form(**first))
    assert answer.location.endswith("#f-learning_outcomes-1".replace("_", "-"))
    fields = step(lead, edit, "outcomes")
    assert dict(fields.sent)["learning_outcomes[0].text"] == "Carves a spoon."
    assert dict(fields.sent)["learning_outcomes[1].id"] == "LO2"
    typed = fields.form(
        **{"learning_outcomes[1].text": "Sharpens a knife.", "do": "remove:learning_outcomes:0"}
    )
    save(lead, edit, "outcomes", typed)
    content = saved_content(database)
    assert [(one["id"], one["text"]) for one in content["learning_outcomes"]] == [
        ("LO2", "Sharpens a knife.")
    ]
    assert content["rubric"]["criteria"][0]["outcomes"] == []


def test_criteria_and_levels_move_up_and_down(lead: Any, database: Any) -> None:
    edit = begin(lead, copy_of="Willow Basket")
    before = saved_content(database)["rubric"]
    save(lead, edit, "assessment", step(lead, edit, "assessment").form(do="down:rubric.criteria:0"))
    save(lead, edit, "assessment", step(lead, edit, "assessment").form(do="up:rubric.levels:3"))
    after = saved_content(database)["rubric"]
    assert [one["id"] for one in after["criteria"]] == ["C2", "C1", "C3"]
    assert [one["id"] for one in after["levels"]] == ["beginning", "developing", "exemplary", "proficient"]
    assert sorted(map(str, after["criteria"])) == sorted(map(str, before["criteria"]))


def test_every_small_button_of_every_step_works(lead: Any, shipped: None) -> None:
    edit = begin(lead, copy_of="Willow Basket")
    verbs = set()
    for name in STEPS:
        fields = step(lead, edit, name)
        for button in set(fields.buttons) - {"save"}:
            answer = save(lead, edit, name, fields.form(do=button, opened=current_opened(lead, edit, name)))
            assert answer.status_code in {303, 409}, (name, button, answer.text)
            verbs.add(button.split(":")[0])
    assert verbs >= {"stay", "preview", "add", "remove", "up", "down", "copy", "find", "suggest"}


def current_opened(lead: Any, edit: str, name: str) -> str:
    return str(dict(step(lead, edit, name).sent)["opened"])


@pytest.mark.parametrize(
    "deed",
    [
        f"remove:learning_outcomes:{'9' * 5000}",
        f"add:learning_outcomes[{'9' * 5000}].alignments",
        "add:code",
        "add:rubric.criteria",
        "remove:rubric",
        "add:learning_outcomes[99].alignments",
        "remove:alignments:999",
        "take:learning_outcomes[99].alignments:http://x.example",
        "take:alignments:http://no.example/such",
        "own:alignments",
        "copy:library:nothing:add",
        "copy:definition:0:add",
        f"copy:definition:{'9' * 60}:replace",
        "copy:library:craft-piece:add",
        "find:alignments",
        "x",
        "add:",
    ],
)
def test_a_made_up_deed_does_no_harm(lead: Any, deed: str) -> None:
    edit = begin(lead)
    answer = save(lead, edit, "outcomes", step(lead, edit, "outcomes").form(do=deed))
    assert answer.status_code in {303, 404}


def test_a_nearly_empty_or_strange_post_is_answered(lead: Any) -> None:
    edit = begin(lead)
    for name in STEPS:
        opened = current_opened(lead, edit, name)
        strange = {
            "opened": opened,
            "learning_outcomes[7].text": "x",
            "rubric.levels[2].points": "∞",
            "eqf_level": "three",
            "look.shape": "triangle",
        }
        assert save(lead, edit, name, MultiDict(strange)).status_code == 303
        assert lead.get(f"{edit}/{name}?check=1").status_code == 200
    for opened in ("", "[]", "{", '{"title": 3}', "[" * 100_000, '"x"'):
        assert save(lead, edit, "what", MultiDict({"opened": opened, "title": "x"})).status_code == 409
    assert lead.get(edit.replace("edit", "preview")).status_code == 200
    assert lead.get(edit.replace("edit", "picture.svg")).status_code == 200
    assert lead.get("/definitions").status_code == 200


def test_further_text_cannot_smuggle_in_html(lead: Any) -> None:
    edit = begin(lead, copy_of="Willow Basket")
    form = step(lead, edit, "look").form(further_text="<script>alert(1)</script> **bold**", do="preview")
    page = lead.get(save(lead, edit, "look", form).location).text
    assert "<script>alert" not in page
    assert "<strong>bold</strong>" in page


def test_another_lead_cannot_save_a_step(lead: Any, other_lead: Any, database: Any) -> None:
    edit = begin(lead)
    for address in (f"{edit}/what", f"{edit}/what/autosave"):
        assert other_lead.post(address, data={"title": "Mine now"}).status_code == 404
    assert saved_content(database)["title"] == "Oak Spoon"


# --- saved as you go, by two people


def test_autosave_keeps_the_fields_and_says_how_the_checklist_stands(lead: Any, database: Any) -> None:
    edit = begin(lead)
    form = step(lead, edit, "what").form(description="Carves a spoon from oak.")
    answer = lead.post(f"{edit}/what/autosave", data=form)
    assert answer.status_code == 200
    assert saved_content(database)["description"] == "Carves a spoon from oak."
    assert "1. What it is" in answer.json["steps"]
    assert "European checklist" in answer.json["checklist"]
    again = form | {}
    again["opened"], again["description"] = answer.json["opened"], "Carves two spoons."
    assert lead.post(f"{edit}/what/autosave", data=again).status_code == 200
    assert saved_content(database)["description"] == "Carves two spoons."


def test_changes_of_two_people_in_different_fields_are_both_kept_unasked(lead: Any, database: Any) -> None:
    edit = begin(lead, copy_of="Willow Basket")
    mine = step(lead, edit, "what")
    save(lead, edit, "what", mine.form(target_group="Adults", do="save"))
    assert save(lead, edit, "what", mine.form(description="Mine.", do="save")).status_code == 303
    content = saved_content(database)
    assert (content["description"], content["target_group"]) == ("Mine.", "Adults")


def test_changes_of_two_people_in_different_rows_are_both_kept_unasked(lead: Any, database: Any) -> None:
    edit = begin(lead, copy_of="Willow Basket")
    mine = step(lead, edit, "outcomes")
    theirs = mine.form(**{"learning_outcomes[0].text": "Theirs.", "do": "add:learning_outcomes"})
    save(lead, edit, "outcomes", theirs)
    ours = mine.form(**{"learning_outcomes[1].text": "Mine.", "do": "remove:learning_outcomes:2"})
    assert save(lead, edit, "outcomes", ours).status_code == 303
    rows = saved_content(database)["learning_outcomes"]
    assert [(one["id"], one["text"]) for one in rows] == [("LO1", "Theirs."), ("LO2", "Mine."), ("LO4", "")]


def test_a_page_that_shows_an_old_text_never_writes_it_over_a_newer_one(lead: Any, database: Any) -> None:
    edit = begin(lead, copy_of="Willow Basket")
    mine = step(lead, edit, "what")
    save(lead, edit, "what", mine.form(title="Theirs", do="save"))
    first = lead.post(f"{edit}/what/autosave", data=mine.form(description="Mine."))
    form = mine.form(description="Mine again.", opened=first.json["opened"])
    assert lead.post(f"{edit}/what/autosave", data=form).status_code == 200
    content = saved_content(database)
    assert (content["title"], content["description"]) == ("Theirs", "Mine again.")


def test_two_people_see_both_texts_and_choose_field_by_field(lead: Any, database: Any) -> None:
    edit = begin(lead, copy_of="Willow Basket")
    mine = step(lead, edit, "what")
    save(lead, edit, "what", mine.form(description="Theirs.", target_group="Adults", do="save"))
    form = mine.form(description="Mine.", target_group="Makers", tags="one\ntwo")
    assert lead.post(f"{edit}/what/autosave", data=form).status_code == 409
    answer = save(lead, edit, "what", form)
    assert answer.status_code == 409
    assert answer.text.count("two-texts") == 2
    for words in ("Mine.", "Theirs.", "Makers", "Adults"):
        assert words in answer.text
    choice = Fields(answer.text).form(
        **{"keep:description": "theirs", "keep:target_group": "yours", "do": "merge"}
    )
    assert save(lead, edit, "what", choice).status_code == 303
    content = saved_content(database)
    assert (content["description"], content["target_group"]) == ("Theirs.", "Makers")
    assert content["tags"] == ["one", "two"]


def test_a_third_change_while_somebody_chooses_is_asked_again(lead: Any, database: Any) -> None:
    edit = begin(lead, copy_of="Willow Basket")
    mine = step(lead, edit, "what")
    save(lead, edit, "what", mine.form(description="Theirs.", do="save"))
    page = save(lead, edit, "what", mine.form(description="Mine.", do="save"))
    save(lead, edit, "what", step(lead, edit, "what").form(description="A third.", do="save"))
    choice = Fields(page.text).form(**{"keep:description": "yours", "do": "merge"})
    again = save(lead, edit, "what", choice)
    assert again.status_code == 409
    assert "A third." in again.text
    assert saved_content(database)["description"] == "A third."


# --- helps beside the fields


def test_items_are_found_added_once_and_refused_twice(lead: Any, shipped: None, database: Any) -> None:
    edit, place = begin(lead), "learning_outcomes[0].alignments"
    typed = {"learning_outcomes[0].text": "Dyes wool.", f"find:{place}": "dye fabrics", "do": f"find:{place}"}
    answer = save(lead, edit, "outcomes", step(lead, edit, "outcomes").form(**typed))
    page = lead.get(answer.location).text
    assert saved_content(database)["learning_outcomes"][0]["text"] == "Dyes wool."
    assert "ESCO" in page and "name: " in page
    fields = Fields(page)
    take = f"take:{place}:{DYE}"
    assert take in fields.buttons
    page = lead.get(save(lead, edit, "outcomes", fields.form(do=take)).location).text
    assert saved_content(database)["learning_outcomes"][0]["alignments"][0]["targetUrl"] == DYE
    assert take not in Fields(page).buttons
    assert "already at: Learning outcome 1" in page
    refused = save(lead, edit, "outcomes", Fields(page).form(do=f"take:alignments:{DYE}"))
    assert "is already there at: Learning outcome 1" in lead.get(refused.location).text
    assert saved_content(database)["alignments"] == []


def test_the_enter_key_in_a_find_field_finds(lead: Any, shipped: None) -> None:
    edit = begin(lead)
    form = step(lead, edit, "outcomes").form(**{"find:alignments": "teamwork", "do": "stay"})
    assert "find=teamwork" in save(lead, edit, "outcomes", form).location


def test_items_are_suggested_from_an_outcomes_own_text(lead: Any, shipped: None) -> None:
    edit, place = begin(lead), "learning_outcomes[0].alignments"
    typed = {"learning_outcomes[0].text": "Dyes fabrics with plants.", "do": f"suggest:{place}"}
    page = lead.get(save(lead, edit, "outcomes", step(lead, edit, "outcomes").form(**typed)).location).text
    assert f"take:{place}:{DYE}" in Fields(page).buttons


def test_what_no_framework_has_goes_on_the_list_of_gaps(lead: Any, shipped: None, database: Any) -> None:
    edit, place = begin(lead), "learning_outcomes[0].alignments"
    typed = {f"find:{place}": "Frisian willow hoop", "do": f"own:{place}"}
    save(lead, edit, "outcomes", step(lead, edit, "outcomes").form(**typed))
    taken = saved_content(database)["learning_outcomes"][0]["alignments"]
    assert [one["targetName"] for one in taken] == ["Frisian willow hoop"]
    assert taken[0]["targetUrl"].startswith("https://badges.example.org/frameworks/own/")
    without = save(lead, edit, "outcomes", step(lead, edit, "outcomes").form(do=f"own:{place}"))
    assert without.status_code == 303
    assert len(saved_content(database)["learning_outcomes"][0]["alignments"]) == 1


def test_an_outcome_nobody_can_see_is_gently_said_so_and_verbs_stand_beside(lead: Any) -> None:
    edit = begin(lead)
    typed = {"learning_outcomes[0].text": "Understands how willow dries.", "do": "stay"}
    save(lead, edit, "outcomes", step(lead, edit, "outcomes").form(**typed))
    page = lead.get(f"{edit}/outcomes").text
    assert "“understands” cannot be seen in anybody" in page
    assert "weaves, prepares" in page


def test_a_rubric_of_the_library_takes_the_place_of_the_own_or_is_added(lead: Any, database: Any) -> None:
    edit = begin(lead, copy_of="Willow Basket")
    add = step(lead, edit, "assessment").form(do="copy:library:safety:add")
    save(lead, edit, "assessment", add)
    criteria = saved_content(database)["rubric"]["criteria"]
    assert [one["id"] for one in criteria] == ["C1", "C2", "C3", "C4", "C5", "C6"]
    assert set(criteria[5]["descriptors"]) == {"beginning", "developing", "proficient", "exemplary"}
    save(lead, edit, "assessment", step(lead, edit, "assessment").form(do="copy:library:portfolio:replace"))
    names = [one["name"] for one in saved_content(database)["rubric"]["criteria"]]
    assert names == ["Selection", "Reflection", "Care"]


def test_a_rubric_of_an_own_published_definition_is_copied_and_no_foreign_one(
    lead: Any, other_lead: Any, database: Any, definition: Any
) -> None:
    edit = begin(lead)
    deed = next(
        b for b in step(lead, edit, "assessment").buttons if re.fullmatch("copy:definition:.*:replace", b)
    )
    save(lead, edit, "assessment", step(lead, edit, "assessment").form(do=deed))
    published = {
        definition(slug)["rubric"]["criteria"][0]["name"] for slug in ("willow-basket", "guest-speaker-host")
    }
    assert saved_content(database)["rubric"]["criteria"][0]["name"] in published
    theirs = begin(other_lead, title="Reed Mat", code="CRF-REE-1")
    assert (
        save(
            other_lead, theirs, "assessment", step(other_lead, theirs, "assessment").form(do=deed)
        ).status_code
        == 404
    )


def test_hours_add_up_by_themselves_until_somebody_types_another_total(lead: Any, database: Any) -> None:
    edit = begin(lead)
    hours = {
        "workload_hours.guided": "6",
        "workload_hours.practice": "7.5",
        "workload_hours.total": "",
        "do": "stay",
    }
    save(lead, edit, "workload", step(lead, edit, "workload").form(**hours))
    assert saved_content(database)["workload_hours"]["total"] == 13.5
    more = step(lead, edit, "workload").form(**{"workload_hours.assessment": "1", "do": "stay"})
    save(lead, edit, "workload", more)
    assert saved_content(database)["workload_hours"]["total"] == 14.5
    other = step(lead, edit, "workload").form(**{"workload_hours.total": "20", "do": "save"})
    page = lead.get(save(lead, edit, "workload", other).location).text
    assert "The parts add up to 14.5 hours, the total says 20" in page


def test_without_criteria_the_step_says_that_it_is_a_certificate(lead: Any, database: Any) -> None:
    edit = begin(lead)
    save(lead, edit, "assessment", step(lead, edit, "assessment").form(do="remove:rubric.criteria:0"))
    assert "This is a certificate of completion" in lead.get(f"{edit}/assessment").text
    assert saved_content(database)["achievement_type"] == "CertificateOfCompletion"


def test_the_opened_fingerprints_are_of_this_step_only(lead: Any) -> None:
    edit = begin(lead)
    assert set(json.loads(current_opened(lead, edit, "stacking"))) == {
        "prerequisites",
        "stackability.kind",
        "stackability.pathways",
    }


def test_a_number_far_too_large_says_the_limit_and_stands_before_what_is_missing(lead: Any) -> None:
    edit = begin(lead)
    wrong = {"workload_hours.guided": "99999999999999999999", "workload_hours.total": "20", "do": "save"}
    saved = save(lead, edit, "workload", step(lead, edit, "workload").form(**wrong))
    page = lead.get(saved.location).text
    sentence = "99999999999999999999 is too large; at most 2000 hours."
    assert sentence in page and "is not a number" not in page
    summary = re.search(r'class="complaints".*?</ul>', page, re.DOTALL)
    assert summary is not None and "This is empty" in summary[0]
    assert summary[0].index(sentence) < summary[0].index("This is empty")


def test_saving_a_wrong_value_shows_a_warning_and_no_green_tick(lead: Any) -> None:
    edit = begin(lead)
    form = step(lead, edit, "workload").form(**{"workload_hours.total": "many", "do": "save"})
    page = lead.get(save(lead, edit, "workload", form).location).text
    notice = re.search(r'<div class="notice notice-(\w+)" role="status">.*?</div>', page, re.DOTALL)
    assert notice is not None and notice[1] == "warning" and "Something here needs correcting" in notice[0]


def test_one_button_makes_a_certificate_and_what_does_not_apply_is_hidden(lead: Any, database: Any) -> None:
    edit = begin(lead)
    page = step(lead, edit, "assessment")
    assert "certificate" in page.buttons
    save(lead, edit, "assessment", page.form(do="certificate", assessment_types="quiz"))
    content = saved_content(database)
    assert (content["learning_outcomes"], content["rubric"]["criteria"]) == ([], [])
    assert (content["assessment_types"], content["achievement_type"]) == ([], "CertificateOfCompletion")
    after = lead.get(f"{edit}/assessment").text
    for text in ("Every criterion must reach", "Types of assessment</legend>", "Pass level", "Add a level"):
        assert text not in after
    publish = lead.get(edit.replace("edit", "publish")).text
    assert "Learning outcome" not in publish and "Criteria" not in publish
    save(lead, edit, "assessment", step(lead, edit, "assessment").form(do="stay"))
    assert saved_content(database)["rubric"] == content["rubric"]


def test_outcomes_of_a_certificate_go_by_one_button_and_written_ones_stay_until_then(
    lead: Any, database: Any
) -> None:
    edit = begin(lead, copy_of="Willow Basket")
    written = saved_content(database)["learning_outcomes"]
    assert "No outcome: certificate" not in lead.get(f"{edit}/outcomes").text
    save(lead, edit, "assessment", step(lead, edit, "assessment").form(do="certificate"))
    assert saved_content(database)["learning_outcomes"] == written
    assert "No outcome: certificate of completion" in lead.get(f"{edit}/outcomes").text
    save(lead, edit, "outcomes", step(lead, edit, "outcomes").form(do="certificate"))
    assert saved_content(database)["learning_outcomes"] == []


def test_a_step_that_stands_as_the_draft_began_says_so_until_something_is_chosen(lead: Any) -> None:
    begin(lead)
    page = lead.get("/definitions/oak-spoon/1.0.0/edit/stacking").text
    assert page.count("nothing chosen yet: the usual is taken") == 2  # stacking and look
    sent = Fields(page).form(do="stay", prerequisites="Basic carving")
    assert lead.post("/definitions/oak-spoon/1.0.0/edit/stacking", data=sent).status_code == 303
    page = lead.get("/definitions/oak-spoon/1.0.0/edit/stacking").text
    assert page.count("nothing chosen yet: the usual is taken") == 1
    assert '<nav class="tabs" aria-label="Studio">' in page
