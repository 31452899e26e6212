"""The code on the screen: good in its own 30 seconds and the next, by the server's clock, for its own screen alone."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
import resvg_py
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from badge_service.people.rules import NOBODY
from badge_service.workshops.rules.rotating import code_at, is_current, is_ticket, seconds_left, ticket_at
from badge_service.workshops.tables import CheckInDoor

from .conftest import Site
from .test_check_in import ids, opened

SECRET = b"for tests only"
moments = st.integers(1_767_225_600, 1_893_456_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(moments, st.integers(-120, 120))
def test_a_code_is_good_in_its_period_and_the_next_and_at_no_other_time(moment: datetime, later: int) -> None:
    then = moment + timedelta(seconds=later)
    periods = int(then.timestamp()) // 30 - int(moment.timestamp()) // 30
    assert is_current(SECRET, "screen", code_at(SECRET, "screen", moment), then) == (periods in (0, 1))
    assert 1 <= seconds_left(moment) <= 30


@given(moments, st.text(max_size=20))
def test_codes_of_other_screens_secrets_and_kinds_are_none(moment: datetime, typed: str) -> None:
    code, ticket = code_at(SECRET, "screen", moment), ticket_at(SECRET, "screen", moment)
    assert not is_current(SECRET, "other", code, moment)
    assert not is_current(b"another secret", "screen", code, moment)
    assert not is_current(SECRET, "screen", ticket, moment)
    assert not is_ticket(SECRET, "screen", code, moment)
    assert is_ticket(SECRET, "screen", ticket, moment + timedelta(minutes=9))
    assert not is_ticket(SECRET, "screen", ticket, moment + timedelta(minutes=11))
    assert not is_current(SECRET, "screen", typed, moment)


def shown(site: Site) -> str:
    """The path in the code that the teacher's screen shows now."""
    page = site.be(site.world.teacher).get(f"/workshops/{site.token}/check-in/screen")
    assert page.status_code == 200
    return code_path(site)


def code_path(site: Site) -> str:
    with site.database.reading() as session:
        token = session.scalars(select(CheckInDoor.screen_token)).one()
    return f"/check-in/screen/{token}/{code_at(SECRET, token, site.database.clock())}"


def ticket_on(page: str) -> str | None:
    found = re.search(r'name="ticket" value="([0-9a-f]{16})"', page)
    return found[1] if found else None


def test_who_scans_in_time_may_take_ten_minutes_to_type(site: Site, clock) -> None:
    opened(site)
    path = shown(site)
    clock.advance(seconds=31)
    learner = site.be(NOBODY)
    ticket = ticket_on(learner.get(path).text)
    assert ticket
    clock.advance(minutes=9)
    answer = learner.post(path, data={"ticket": ticket, "name": "Maria"})
    assert "Your teacher has it" in learner.get(answer.location).text
    page = site.be(site.world.teacher).get(f"/workshops/{site.token}/check-in").text
    assert "scanned the screen" in page


def test_who_scans_a_photo_of_an_old_code_is_asked_to_scan_again(site: Site, clock) -> None:
    opened(site)
    path = shown(site)
    clock.advance(seconds=61)
    page = site.be(NOBODY).get(path)
    assert "This code is too old" in page.text
    assert ticket_on(page.text) is None


@pytest.mark.parametrize("ticket", ["", "0" * 16, "x" * 100_000, "Ω"])
def test_a_ticket_of_ones_own_making_is_none(site: Site, ticket: str) -> None:
    opened(site)
    answer = site.be(NOBODY).post(shown(site), data={"ticket": ticket, "name": "Maria"})
    assert answer.status_code == 422
    assert ids(site) == []


def test_the_screen_shows_the_code_of_this_moment_and_asks_for_the_next(site: Site) -> None:
    opened(site)
    page = site.be(site.world.teacher).get(f"/workshops/{site.token}/check-in/screen").text
    assert 'data-refresh="' in page
    drawn = re.search(r"<svg[^>]*screen-qr.*?</svg>", page, re.S)[0]
    picture = Image.open(io.BytesIO(resvg_py.svg_to_bytes(svg_string=drawn, width=600)))
    [code] = zxingcpp.read_barcodes(picture)
    assert code.text == "http://localhost:8000" + code_path(site)


def test_a_closed_door_has_no_screen(site: Site) -> None:
    teacher = site.be(site.world.teacher)
    address = f"/workshops/{site.token}/check-in"
    assert teacher.get(f"{address}/screen").status_code == 404
    opened(site)
    path = shown(site)
    teacher = site.be(site.world.teacher)
    teacher.post(f"{address}/door", data={"do": "close"})
    assert teacher.get(f"{address}/screen").status_code == 404
    assert ticket_on(site.be(NOBODY).get(path).text) is None
    assert site.be(site.world.foreign_teacher).get(f"{address}/screen").status_code == 404
