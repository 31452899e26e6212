"""A stranger at the front door: three sentences, two ways in, and pages that say what this is."""

from collections.abc import Callable

from .stage import Visitor


def test_a_stranger_sees_what_this_is_and_where_to_go(somebody: Callable[..., Visitor]) -> None:
    stranger = somebody()
    stranger.go("/")
    main = stranger.page.get_by_role("main")
    main.get_by_role("link", name="Check a badge").wait_for()
    main.get_by_role("link", name="See what can be earned").wait_for()
    stranger.look("front door")
    for path in ("/about", "/privacy", "/alliances", "/sign-in", "/v", "/demo"):
        stranger.go(path)
        stranger.look(path)
    stranger.go("/alliances")
    stranger.page.locator(".cards a").nth(1).click()
    stranger.look("alliance")
    stranger.page.locator("main a[href^='/activities/']").first.click()
    stranger.look("activity")
    stranger.go("/issuers/craft-school-friesland")
    stranger.look("organisation")
    stranger.go("/quality/craft-school-friesland")
    stranger.look("quality")
