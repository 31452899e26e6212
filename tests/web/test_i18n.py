"""Which language a reader gets, and how dates and numbers look in it."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask

from badge_service.web import access
from badge_service.web.i18n import (
    compile_catalogues,
    country_name,
    date_and_time,
    language_name,
    long_date,
    number,
    percent,
    short_date,
)

CATALOGUE = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Language"\nmsgstr "{}"\n'


def _lang(app: Flask, path: str = "/nope", cookie: str = "", **headers: str) -> str:
    client = app.test_client()
    if cookie:
        client.set_cookie("language", cookie)
    return client.get(path, headers=headers).text.split('<html lang="')[1][:2]


def test_the_address_beats_the_cookie_the_viewer_and_the_browser(app: Flask) -> None:
    everything = {"cookie": "es", "X-Person": "bulgarian", "Accept-Language": "nl"}
    assert _lang(app, "/nope?lang=nl", **everything) == "nl"
    assert _lang(app, **everything) == "es"
    assert _lang(app, **{"X-Person": "bulgarian", "Accept-Language": "nl"}) == "bg"
    assert _lang(app, **{"Accept-Language": "nl-BE,nl;q=0.9"}) == "nl"
    assert _lang(app, **{"Accept-Language": "fr"}) == "en"
    assert _lang(app, "/nope?lang=xx", cookie="yy") == "en"


def test_the_switch_works_without_script_and_comes_back(app: Flask) -> None:
    client = app.test_client()
    app.add_url_rule("/room", "room", access.public(lambda: "in"))
    answer = client.post("/language", data={"language": "bg", "next": "/room?page=2&lang=nl"})
    assert answer.headers["Location"] == "/room?page=2"
    assert "language=bg" in answer.headers["Set-Cookie"]
    assert '<html lang="bg">' in client.get("/nope").text


@pytest.mark.parametrize(
    ("data", "headers"), [({"language": "xx"}, {}), ({"language": "bg"}, {"Sec-Fetch-Site": "cross-site"})]
)
def test_an_unknown_language_or_another_site_changes_nothing(app: Flask, data, headers) -> None:
    assert "Set-Cookie" not in app.test_client().post("/language", data=data, headers=headers).headers


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("3 November 2026", "3 Nov 2026", "3 November 2026, 14:05", "1,234.5", "60%", "Bulgarian", "Bulgaria")),
        ("nl", ("3 november 2026", "3 nov 2026", "3 november 2026, 14:05", "1.234,5", "60%", "Bulgaars", "Bulgarije")),
        ("bg", ("3 ноември 2026 г.", "3.11.2026 г.", "3 ноември 2026 г., 14:05", "1 234,5", "60%", "български", "България")),
        ("es", ("3 de noviembre de 2026", "3 nov 2026", "3 de noviembre de 2026, 14:05", "1.234,5", "60 %", "búlgaro", "Bulgaria")),
    ],
)  # fmt: skip
def test_dates_and_numbers_look_as_the_reader_writes_them(
    app: Flask, language: str, words: tuple[str, ...]
) -> None:
    moment = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
    with app.test_request_context(f"/?lang={language}"):
        shown = (
            *(long_date(moment), short_date(date(2026, 11, 3)), date_and_time(moment)),
            *(number(1234.5), percent(0.6), language_name("bg"), country_name("BG")),
        )
    assert tuple(text.replace("\xa0", " ").replace("\u202f", " ") for text in shown) == words


def test_nothing_is_shown_for_no_date_and_codes_stay_when_unknown(app: Flask) -> None:
    with app.test_request_context("/"):
        assert (long_date(None), short_date(None), date_and_time(None)) == ("", "", "")
        assert (language_name("??"), country_name("ZZZ")) == ("??", "ZZZ")


def _catalogue(folder: Path, words: str) -> Path:
    path = folder / "bg" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(CATALOGUE.format(words), encoding="utf-8")
    return path


def test_a_missing_or_stale_catalogue_is_compiled(tmp_path: Path) -> None:
    source = _catalogue(tmp_path, "Език")
    assert compile_catalogues(tmp_path, tmp_path / "cache") == tmp_path
    compiled = source.with_suffix(".mo")
    assert "Език".encode() in compiled.read_bytes()
    first = compiled.stat().st_mtime_ns
    compile_catalogues(tmp_path, tmp_path / "cache")
    assert compiled.stat().st_mtime_ns == first
    _catalogue(tmp_path, "Говор")
    os.utime(source, (first / 1e9 + 5, first / 1e9 + 5))
    compile_catalogues(tmp_path, tmp_path / "cache")
    assert "Говор".encode() in compiled.read_bytes()


def test_a_read_only_install_compiles_into_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    real = tempfile.mkstemp

    def refuse(*args, dir=None, **options):
        if not str(dir).startswith(str(tmp_path / "cache")):
            raise PermissionError(dir)
        return real(*args, dir=dir, **options)

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    source = tmp_path / "source"
    _catalogue(source, "Език")
    assert compile_catalogues(source, tmp_path / "cache") == tmp_path / "cache"
    assert (tmp_path / "cache" / "bg" / "LC_MESSAGES" / "messages.mo").exists()
