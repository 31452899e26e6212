"""Our own files have addresses that change with their content; an organisation's colour stays readable."""

import pytest
from flask import Flask

from badge_service.web import assets


def test_the_layout_links_files_by_digest_and_they_may_be_kept_for_ever(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/nope").text
    sheet = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "?v=" in sheet
    answer = client.get(sheet)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert "immutable" not in client.get(sheet.split("?")[0]).headers["Cache-Control"]


@pytest.mark.parametrize("colour", ["ffff00", "000000", "ffffff", "7a1f4f", "00aa88"])
def test_any_colour_becomes_readable_on_light_and_on_dark(colour: str) -> None:
    sheet = assets.accent_sheet(colour)
    light, dark = (part.split(";")[0].split("#")[1][:6] for part in sheet.split("--accent:")[1:])

    def contrast(one: str, other: str) -> float:
        return assets._contrast(
            *(assets._luminance([int(c[i : i + 2], 16) for i in (0, 2, 4)]) for c in (one, other))
        )

    assert contrast(light, "f1ebe0") >= 4.5
    assert contrast(light, "ffffff") >= 4.5
    assert contrast(dark, "2b261e") >= 4.5
    assert contrast(dark, "14110d") >= 4.5


def test_an_accent_sheet_is_served_only_at_its_digest(app: Flask) -> None:
    client = app.test_client()
    with app.test_request_context("/"):
        address = assets.accent_address("7A1F4F")
    answer = client.get(address)
    assert answer.mimetype == "text/css"
    assert "--accent:#7a1f4f" in answer.text
    assert client.get(address.replace("-", "-0", 1)).status_code == 404
    assert client.get("/static/accents/red}*{x-000000000000.css").status_code == 404
