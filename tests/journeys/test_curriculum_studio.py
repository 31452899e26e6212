"""A LET lead makes “Natural dyeing with onion skins”: from nothing to published, into a pathway, to a version that answers a finding."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from .stage import LOOKING, Visitor
from .test_let_lead import LEAD, begin

TITLE = "Natural dyeing with onion skins"
OWNER = "Люба Демо"
"""Her team owns the pathway Future Craft Maker (PATH-MAKER)."""
HOSTILE = '"><img src=x onerror="window.hurt=1"><script>window.hurt=1</script>'
OUTCOMES = [
    ("Knowledge", "Explains how alum changes the colour that onion skins give to wool."),
    ("Skill", "Dyes wool and linen with onion skins in two even shades."),
    ("Responsibility and autonomy", "Answers for safe work and disposes of dye water properly."),
]


def fill(lead: Visitor, fields: dict[str, str]) -> None:
    """Type into fields by the name they have in the content."""
    for name, text in fields.items():
        lead.page.locator(f'[name="{name}"]').fill(text)


def choose(lead: Visitor, fields: dict[str, str]) -> None:
    """Choose in lists by the words shown."""
    for name, words in fields.items():
        lead.page.locator(f'select[name="{name}"]').select_option(label=words)


def go_on(lead: Visitor, name: str) -> None:
    """Look at the step, save it, and arrive at the next one."""
    lead.look(lead.page.locator("#step-title").inner_text())
    lead.click("Save and continue")
    lead.page.locator("#step-title", has_text=name).wait_for()


def align(lead: Visitor, place: str, words: str, item: str) -> None:
    """Find an item of a framework at a place and add it."""
    page = lead.page
    picker = page.locator(f'.picker[data-place="{place}"]')
    picker.get_by_label("Find in the frameworks").fill(words)
    picker.get_by_role("button", name="Find", exact=True).click()
    row = picker.locator(".picker-rows li", has_text=item).first
    row.wait_for()
    lead.look("alignments found")
    row.get_by_role("button", name="Add").click()
    page.locator(f'[name^="{place}"][name$=".targetName"]').last.wait_for(state="attached")
    page.locator(".alignment-rows strong", has_text=item).first.wait_for()


def write_all_steps(lead: Visitor) -> None:
    """From the first step to the question whether to publish."""
    page = lead.page
    fill(
        lead,
        {"description": "Dyes wool and linen with onion skins and writes recipes that others can follow."},
    )
    choose(lead, {"alliance_topic": "Traditional crafts", "category": "Craft technique"})
    fill(lead, {"target_group": "VET students from 15, adult learners", "tags": "textile\nnatural dye"})
    go_on(lead, "Outcomes")
    for number, (kind, text) in enumerate(OUTCOMES):
        if number:
            lead.click("Add a learning outcome")
            page.locator(f'[name="learning_outcomes[{number}].text"]').wait_for()
        choose(lead, {f"learning_outcomes[{number}].kind": kind})
        fill(lead, {f"learning_outcomes[{number}].text": text})
    align(lead, "learning_outcomes[1].alignments", "dye fabrics", "dye fabrics")
    align(lead, "learning_outcomes[2].alignments", "promoting nature", "Promoting nature")
    go_on(lead, "Assessment")
    assess(lead)
    go_on(lead, "Level and workload")
    choose(lead, {"eqf_level": "EQF 3", "isced_f": "0723 Textiles (clothes, footwear and leather)"})
    hours = {"guided": "8", "practice": "8", "self_study": "2", "assessment": "2"}
    fill(lead, {f"workload_hours.{part}": number for part, number in hours.items()})
    choose(lead, {"participation": "on site or blended", "learning_mode": "face to face"})
    lead.tick("Pilot workshop")
    go_on(lead, "Quality")
    fill(
        lead,
        {
            "quality_assurance.name": "Regional Alliance internal review",
            "quality_assurance.description": "One in five awards is looked at again by a second assessor.",
            "awarded_by": "Teacher with a dyer present",
        },
    )
    go_on(lead, "Stacking")
    choose(lead, {"stackability.kind": "counts towards a larger credential"})
    lead.tick("Future Craft Maker")
    go_on(lead, "Look")
    lead.look("look")
    lead.click("Save and continue")


def assess(lead: Visitor) -> None:
    """A rubric from the library, each criterion with the outcome it judges, and what is handed in."""
    page = lead.page
    page.get_by_text("Copy a rubric").click()
    page.get_by_role("button", name="Replace mine Working safely").click()
    page.locator('[name="rubric.criteria[2].name"]').wait_for()
    for number in range(3):
        box = page.locator(f'[name="rubric.criteria[{number}].outcomes"]').nth(number)
        box.check()
    lead.tick("practical assessment")
    choose(lead, {"supervision": "supervised, identity not verified"})
    lead.click("Add evidence")
    page.locator('[name="evidence_required[0].genre"]').wait_for()
    fill(
        lead,
        {
            "evidence_required[0].genre": "portfolio",
            "evidence_required[0].description": "Six samples with recipes",
        },
    )


def put_into_pathway(lead: Visitor) -> None:
    """Into a new draft of Future Craft Maker, which is then published with the badge that it makes."""
    lead.go("/studio/pathways")
    lead.look("own pathways")
    lead.click("Add a badge to a pathway", "link")
    lead.page.get_by_label("Code of a published micro-credential").fill("CRF-ONI-1")
    lead.tick(re.compile("Future Craft Maker: one more to choose from"))
    lead.look("add to a pathway")
    lead.click("Add it")
    lead.page.get_by_role("heading", name="Future Craft Maker").first.wait_for()
    lead.look("draft of a pathway")
    lead.click("Save, then publish")
    lead.page.get_by_role("heading", name="The badge that it makes").wait_for()
    lead.page.locator("#because").select_option(value="editorial")
    lead.page.locator("#sentence").fill("One more craft technique to choose from.")
    lead.look("publish a pathway")
    lead.click("Publish", exact=True)
    lead.page.get_by_text(TITLE).first.wait_for()


def answer_a_finding(lead: Visitor) -> None:
    """What a pilot showed becomes a change, a decision, a draft, and a version that says why it changed."""
    page = lead.page
    lead.go("/studio/findings/new")
    page.get_by_label("What it is about").select_option(label=TITLE)
    fill(
        lead,
        {
            "text": "4 of 9 learners poured dye water into the drain.",
            "label": "pilot 2 in Friesland",
            "public_url": "https://example.org/pilot-2",
            "n": "9",
            "iteration": "2",
        },
    )
    lead.look("write down a finding")
    lead.click("Keep it")
    lead.click(re.compile("Ask for a change .*dye water"), "link")
    fill(lead, {"text": "Outcome 3 names where dye water goes."})
    lead.look("ask for a change")
    page.locator("main form button[type=submit]").last.click()
    row = page.locator(".finding", has_text="names where dye water goes")
    row.locator("[name=reason]").fill("Safety comes first.")
    row.get_by_role("button", name="Accept").click()
    lead.go("/studio/changes?state=accepted")
    row.get_by_role("button", name="Put it into a draft").click()
    page.locator("#step-title").wait_for()
    page.get_by_role("navigation", name="Steps").get_by_role("link", name="Outcomes").click()
    page.locator("#step-title", has_text="Outcomes").wait_for()
    fill(lead, {"learning_outcomes[2].text": "Works safely and takes dye water to the collecting point."})
    lead.click("Save and continue")
    page.locator("#step-title", has_text="Assessment").wait_for()
    lead.go(urlsplit(page.url).path.replace("/edit/assessment", "/publish"))
    because = page.locator("#because")
    because.select_option(value=because.locator("option", has_text="dye water").first.get_attribute("value"))
    lead.look("why it changed")
    lead.click("Publish it")
    page.get_by_role("heading", name=TITLE).first.wait_for()


@LOOKING
@pytest.mark.parametrize("script", [True, False], ids=["with-js", "without-js"])
def test_from_nothing_to_a_version_that_answers_a_finding(
    somebody: Callable[..., Visitor], script: bool
) -> None:
    lead = somebody() if script else somebody(java_script_enabled=False, looks=False)
    stranger = somebody()
    lead.be(OWNER)
    lead.click("English", exact=True)
    begin(lead, TITLE, "CRF-ONI-1")
    write_all_steps(lead)
    lead.page.get_by_role("heading", name="Publish “Natural dyeing").wait_for()
    lead.look("publish")
    lead.click("Publish it")
    lead.page.get_by_role("heading", name=TITLE).first.wait_for()
    stranger.go("/catalogue?text=onion")
    stranger.click(TITLE, "link")
    for words in ("dye fabrics", "Promoting nature", "20 hours", "Future Craft Maker", "EQF level 3"):
        stranger.page.get_by_text(words).first.wait_for()
    put_into_pathway(lead)
    answer_a_finding(lead)
    stranger.go("/achievements/natural-dyeing-with-onion-skins/changes")
    stranger.look("what changed")
    stranger.page.get_by_text("pilot 2 in Friesland").first.wait_for()
    stranger.page.get_by_text("collecting point").first.wait_for(state="attached")
    stranger.go("/pathways/future-craft-maker")
    stranger.page.get_by_text(TITLE).first.wait_for()


def test_what_is_typed_is_saved_by_itself_and_two_people_lose_nothing(
    somebody: Callable[..., Visitor],
) -> None:
    one, other = somebody(), somebody()
    one.be(LEAD)
    begin(one, TITLE, "CRF-ONI-2")
    address = one.page.url
    other.be(LEAD)
    other.go(address)
    fill(other, {"description": "The other's text."})
    other.page.get_by_label("Target group").focus()
    other.page.get_by_text("Saved at").wait_for()
    fill(one, {"target_group": "Adults"})
    one.page.get_by_label("Description", exact=True).focus()
    one.page.get_by_text("Saved at").wait_for()
    one.go(address)
    assert one.page.get_by_label("Description", exact=True).input_value() == "The other's text."
    fill(other, {"target_group": "Young makers"})
    other.page.get_by_label("Description", exact=True).focus()
    other.page.get_by_text("Somebody else changed the same field").wait_for()
    expect_conflict(other)
    other.click("Compare both texts")
    other.page.get_by_role("heading", name="Two people wrote at once").wait_for()
    expect_conflict(other)
    other.look("two people wrote at once")
    other.tick("What is saved now")
    other.click("Save what I chose")
    other.page.locator("#step-title").wait_for()
    assert other.page.get_by_label("Target group").input_value() == "Adults"


def expect_conflict(visitor: Visitor) -> None:
    """The browser's own line about the answer 409 is what this story is about."""
    visitor.said[:] = [line for line in visitor.said if "status of 409" not in line]


def test_a_session_that_ended_loses_nothing(somebody: Callable[..., Visitor]) -> None:
    lead = somebody()
    lead.be(LEAD)
    begin(lead, TITLE, "CRF-ONI-3")
    lead.context.clear_cookies()
    fill(lead, {"description": "Typed after the session ended."})
    lead.page.get_by_label("Target group").focus()
    trouble = lead.page.get_by_text("You have been signed out").or_(
        lead.page.get_by_text("This could not be saved")
    )
    trouble.first.wait_for()
    assert lead.page.get_by_label("Description", exact=True).input_value() == "Typed after the session ended."
    lead.click("Save and continue")
    lead.page.locator('[name="description"][value="Typed after the session ended."]').wait_for(
        state="attached"
    )
    lead.said[:] = [line for line in lead.said if "status of 40" not in line]


@pytest.mark.slow
def test_script_in_every_text_field_is_shown_harmless(somebody: Callable[..., Visitor]) -> None:
    lead = somebody()
    page: Any = lead.page
    lead.be(LEAD)
    begin(lead, HOSTILE[:100], "CRF-ONI-4")
    page.get_by_role("navigation", name="Steps").wait_for()
    base = page.url.rsplit("/", 1)[0]
    for name in ("what", "outcomes", "assessment", "workload", "quality", "stacking", "look"):
        page.goto(f"{base}/{name}")
        if name == "outcomes":
            lead.click("Write one by hand")
        if name == "assessment":
            lead.click("Add evidence")
        page.locator("#step-title").wait_for()
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        for field in page.locator("#editor :is(input[type=text], input[type=url], textarea):visible").all():
            field.fill(HOSTILE)
        with page.expect_navigation():
            page.locator('#editor button[value="save"]').click()
        for path in (
            f"{base}/{name}?check=1",
            base.replace("/edit", "/publish"),
            base.replace("/edit", "/preview"),
        ):
            page.goto(path)
            assert page.evaluate("window.hurt") is None, path
            assert page.locator('img[src="x"]').count() == 0, path
    lead.go("/definitions")
    assert page.evaluate("window.hurt") is None
    assert page.get_by_text('onerror="window.hurt=1"').first.is_visible()
