"""The languages of the interface: which one this reader gets, how dates and numbers look, where the catalogues are."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Blueprint, Flask, Response, has_app_context, has_request_context, redirect, request
from flask_babel import (
    Babel,
    force_locale,
    format_date,
    format_datetime,
    format_decimal,
    format_percent,
    get_locale,
    get_translations,
)

from badge_service.web import access
from badge_service.web.addresses import safe_next
from badge_service.web.forms import csrf
from badge_service.web.viewer import current_viewer

LANGUAGES: dict[str, str] = {"en": "English", "bg": "Български", "nl": "Nederlands", "es": "Español"}
CONTENT_LANGUAGES = (
    "bg",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fi",
    "fr",
    "ga",
    "hr",
    "hu",
    "is",
    "it",
    "lt",
    "lv",
    "mk",
    "mt",
    "nl",
    "no",
    "pl",
    "pt",
    "ro",
    "sk",
    "sl",
    "sq",
    "sr",
    "sv",
    "tr",
    "uk",
    "fy",
    "ca",
    "eu",
    "gl",
)
"""The languages (ISO 639) in which people here write and speak."""
COOKIE = "language"
TRANSLATIONS = Path(__file__).parent.parent / "translations"
_ONE_YEAR = 365 * 24 * 3600


language_pages = Blueprint("language", __name__)


def choose_language() -> str:
    """?lang= first, then the cookie, the viewer's own choice, the browser's wish, English."""
    if not has_request_context():
        return "en"
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE), current_viewer().language):
        if wish in LANGUAGES:
            return str(wish)
    return request.accept_languages.best_match(list(LANGUAGES)) or "en"


def current_language() -> str:
    """The two letters for `<html lang>`."""
    locale = get_locale()
    return str(locale.language) if locale else "en"


def long_date(value: date | datetime | None) -> str:
    """3 November 2026; nothing for None."""
    return _european(value, "d MMMM y") if value is not None else ""


def short_date(value: date | datetime | None) -> str:
    """3 Nov 2026; nothing for None."""
    return _european(value, "d MMM y") if value is not None else ""


def _european(value: date | datetime, english: str) -> str:
    # English has two orders; the others have one, and their locale knows it.
    if current_language() == "en":
        return str(format_date(value, english))
    return str(format_date(value, "long" if "MMMM" in english else "medium"))


def date_and_time(value: datetime | None) -> str:
    """3 November 2026, 14:05; in UTC unless the app sets another time zone."""
    if value is None:
        return ""
    return f"{long_date(value)}, {format_datetime(value, 'HH:mm')}"


def number(value: float) -> str:
    """12,5 or 12.5, as the reader writes it."""
    return str(format_decimal(value))


def percent(value: float) -> str:
    """0.6 as 60 %."""
    return str(format_percent(value))


def language_name(code: str) -> str:
    """What the reader calls a language: "Bulgarian" for bg in English; the code itself if unknown."""
    try:
        return Locale.parse(code, sep="-").get_display_name(get_locale()) or code
    except (ValueError, LookupError, UnknownLocaleError):
        return code


def language_choices() -> list[tuple[str, str]]:
    """The languages of contents as choices of a form, named in the reader's language, in its order."""
    named = sorted((language_name(code).capitalize(), code) for code in CONTENT_LANGUAGES)
    return [(code, name) for name, code in named]


def country_name(code: str) -> str:
    """What the reader calls a country given by its ISO 3166 code, such as BG."""
    locale = get_locale()
    return str(locale.territories.get(code.upper(), code)) if locale else code


@language_pages.post("/language")
@access.public
@csrf.exempt  # type: ignore[untyped-decorator]
def choose() -> Response:
    """Remember the reader's language in a cookie and go back to where they were.

    No CSRF token is asked, so that pages for strangers need no session cookie; the browser says where it came from.
    """
    response = redirect(_without_language(safe_next(request.form.get("next"))))
    wish = request.form.get("language", "")
    if wish in LANGUAGES and request.headers.get("Sec-Fetch-Site") not in {"cross-site", "same-site"}:
        response.set_cookie(
            COOKIE, wish, max_age=_ONE_YEAR, httponly=True, samesite="Lax", secure=request.is_secure
        )
    return response  # type: ignore[return-value]


def _without_language(path: str) -> str:
    """An address that names a language would win over the one just chosen."""
    parts = urlsplit(path)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "lang"]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def compile_catalogues(source: Path, cache: Path) -> Path:
    """Compile every .po whose .mo is missing or older, beside it or, in a read-only folder, under `cache`.

    Returns the folder to load translations from.
    """
    if _compile_into(source, source):
        return source
    _compile_into(source, cache)
    return cache


def _compile_into(source: Path, target: Path) -> bool:
    for catalogue in sorted(source.glob("*/LC_MESSAGES/*.po")):
        compiled = target / catalogue.relative_to(source).with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= catalogue.stat().st_mtime:
            continue
        try:
            _compile(catalogue, compiled)
        except OSError:
            return False
    return True


def _compile(catalogue: Path, compiled: Path) -> None:
    compiled.parent.mkdir(parents=True, exist_ok=True)
    with catalogue.open("rb") as text:
        messages = read_po(text)
    # Several processes may start at once: each writes its own file and moves it into place.
    handle, name = tempfile.mkstemp(dir=compiled.parent)
    try:
        with os.fdopen(handle, "wb") as binary:
            write_mo(binary, messages)
        Path(name).replace(compiled)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything inside speaks `language`, in a request and in a worker that runs without an app alike."""
    with contextlib.ExitStack() as stack:
        if not has_app_context():
            stack.enter_context(_words_alone().app_context())
        stack.enter_context(force_locale(language if language in LANGUAGES else "en"))
        yield


@cache
def _words_alone() -> Flask:
    # flask-babel finds no catalogue outside an app, and would silently speak English.
    app = Flask("badge_service", static_folder=None)
    _load_words(app)
    return app


def _load_words(app: Flask) -> None:
    unwritable = Path(tempfile.gettempdir()) / "badge-service-translations"
    folder = compile_catalogues(TRANSLATIONS, Path(app.config.get("CACHE_FOLDER") or unwritable))
    Babel(app, locale_selector=choose_language, default_translation_directories=str(folder))
    _hurry(app)


def _hurry(app: Flask) -> None:
    """A page says a hundred words: flask-babel would look for the language's catalogue at each of them."""
    known: dict[str, Any] = {}

    def words() -> Any:
        locale = get_locale()
        language = locale.language if locale is not None else ""
        if language not in known:
            known[language] = get_translations()
        return known[language]

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: words().ugettext(text),
        ngettext=lambda one, many, count: words().ungettext(one, many, count),
        newstyle=True,
        pgettext=lambda context, text: words().upgettext(context, text),
        npgettext=lambda context, one, many, count: words().unpgettext(context, one, many, count),
    )


def init_i18n(app: Flask) -> None:
    """Languages, filters, the language form; `app.config["CACHE_FOLDER"]` holds catalogues of a read-only install."""
    _load_words(app)
    app.register_blueprint(language_pages)
    filters: dict[str, Any] = {
        "long_date": long_date,
        "short_date": short_date,
        "date_and_time": date_and_time,
        "number": number,
        "percent": percent,
        "language_name": language_name,
        "country_name": country_name,
    }
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals.update(languages=LANGUAGES, current_language=current_language)
