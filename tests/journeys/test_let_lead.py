"""The LET lead at a desk: from an empty page, or from a copy, to a published definition that a stranger finds."""

from collections.abc import Callable

from .stage import Visitor

LEAD = "Lieke Demo"
COPIED = "Willow Basket: Base, Sides and Border"


def begin(lead: Visitor, title: str, code: str, copy_of: str | None = None) -> None:
    """From the list of definitions to the first step of a new draft."""
    lead.click("Definitions", "link")
    lead.look("definitions")
    lead.click("Begin a definition", "link")
    lead.look("begin")
    page = lead.page
    page.get_by_label("Title").fill(title)
    page.get_by_label("Short code").fill(code)
    if copy_of:
        options = page.get_by_label("Begin with").locator("option", has_text=copy_of)
        page.get_by_label("Begin with").select_option(value=options.first.get_attribute("value"))
    lead.click("Begin", exact=True)
    page.get_by_role("heading", name=title, level=1).wait_for()


def step(lead: Visitor, name: str) -> None:
    """Press a step in the list of steps."""
    lead.page.get_by_role("navigation", name="Steps").get_by_role("link", name=name).click()
    lead.page.locator("#step-title", has_text=name).wait_for()


def test_a_copy_is_published_found_and_followed_by_a_next_version(somebody: Callable[..., Visitor]) -> None:
    lead, stranger = somebody(), somebody()
    page = lead.page
    lead.be(LEAD)
    lead.look("home of a LET lead")
    begin(lead, "Willow Tray with Handles", "CRF-WIL-9", COPIED)
    page.get_by_role("heading", name="European checklist").wait_for()
    assert page.locator(".eu-list > li").count() == 16
    page.get_by_label("Description", exact=True).fill(
        "Weaves a flat tray with two handles that carries a loaf."
    )
    lead.click("Save and preview")
    page.get_by_text("This is how the page will look").wait_for()
    lead.look("preview")
    lead.click("Go on to publish", "link")
    lead.look("publish")
    lead.click("Publish it")
    page.get_by_role("heading", name="Willow Tray with Handles").first.wait_for()
    public = page.url if "/achievements/" in page.url else ""

    stranger.go("/catalogue")
    stranger.look("catalogue")
    stranger.page.get_by_label("Words or code").fill("tray")
    stranger.page.get_by_label("Topic").select_option(label="Traditional crafts")
    stranger.page.get_by_label("Region").select_option(label="Friesland")
    stranger.click("Show", exact=True)
    stranger.page.get_by_text("1 micro-credential", exact=False).wait_for()
    stranger.click("Willow Tray with Handles", "link")
    stranger.page.get_by_text("carries a loaf").wait_for()
    public = public or stranger.page.url

    lead.click("Definitions", "link")
    own = page.locator("li.definition", has_text="Willow Tray with Handles")
    own.locator("summary").click()
    own.get_by_role("button", name="New version").click()
    page.get_by_label("Description", exact=True).fill(
        "Weaves a flat tray with two handles that carries two loaves."
    )
    with page.expect_navigation():
        lead.click("Save and continue")
    page.get_by_text("1.1.0").or_(page.get_by_text("2.0.0")).first.wait_for()
    stranger.go(public)
    stranger.page.get_by_text("carries a loaf").wait_for()
    assert "two loaves" not in stranger.page.inner_text("main")


def test_an_empty_page_names_what_is_missing_by_step_and_keeps_what_was_typed(
    somebody: Callable[..., Visitor],
) -> None:
    lead = somebody()
    page = lead.page
    lead.be(LEAD)
    begin(lead, "Rush Seat Weaving", "CRF-RSH-1")
    page.get_by_label("Description", exact=True).fill("Weaves a chair seat from soaked rush.")
    lead.click("Save and continue")
    page.locator("#step-title", has_text="Outcomes").wait_for()
    step(lead, "Level and workload")
    page.get_by_label("Hours in total").fill("thirty")
    lead.click("Save and continue")
    page.get_by_text("“thirty” is not a number").first.wait_for()
    assert page.get_by_label("Hours in total").input_value() == "thirty"
    lead.look("a step with something to correct")
    page.get_by_role("alert").get_by_role("link").first.click()
    assert page.evaluate("location.hash").startswith("#f-")
    lead.click("Show them all", "link")
    lead.look("what is missing, by step")
    assert page.locator(".complaints a").count() >= 8
    page.locator(".complaints a", has_text="Type").first.click()
    page.locator("#step-title", has_text="Assessment").wait_for()
    step(lead, "What it is")
    assert (
        page.get_by_label("Description", exact=True).input_value() == "Weaves a chair seat from soaked rush."
    )
