"""The pages on which a workshop is run, through the application itself: with five hundred learners, and with twenty-five."""

import sys
from pathlib import Path

from flask.testing import FlaskClient

from badge_service.demo import world
from badge_service.demo.world import pilot

sys.path.insert(0, str(Path(__file__).parent))
import awarding
import lists
from measuring import Tell

FEW, MANY = 25, 500


def measure(folder: Path, tell: Tell, say: awarding.Say) -> None:
    """Prints what the slowest page of a workshop of five hundred takes, and how many times one of twenty-five."""
    few, many = (_taught(folder / str(count), count) for count in (FEW, MANY))
    found = {}
    for name, address in many[1].items():
        found[name] = lists.times_as_long(few[0], many[0], few[1][name], address)
        ratio, seconds = found[name]
        say(
            f"workshop, {name}: {seconds * 1e3:.1f} ms with {MANY} learners, {ratio:.2f} times as long as with {FEW}"
        )
    tell("workshop_page_500_median_ms", found["class list"][1] * 1e3, "ms", "<=50")
    tell("workshop_pages_500_worst_ms", max(seconds for _ratio, seconds in found.values()) * 1e3, "ms", "-")
    tell("workshop_page_500_x_25", found["class list"][0], "x", "<=2")


def _taught(folder: Path, learners: int) -> tuple[FlaskClient, dict[str, str]]:
    """The teacher's browser and the pages of a workshop of so many, nobody awarded yet."""
    place = awarding.make_place(folder, learners=learners)
    with place.database.reading() as session:
        taught = pilot(session, world.viewer_of(session, "teacher"))
        version = taught.versions[0].version
        here, what = f"/workshops/{taught.activity.token}", f"{version.definition.slug}/{version.version}"
    client = lists.client_of(place, "teacher")
    pages = {
        "class list": here,
        "presence": f"{here}/presence",
        "check-in": f"{here}/check-in",
        "matrix": f"{here}/assess/{what}",
        "before the button": f"{here}/assess/{what}/award",
    }
    return client, pages
