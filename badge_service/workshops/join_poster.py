"""The printed invitation to join a workshop: one A4 page in its language, with the code of its public page."""

from dataclasses import asdict
from urllib.parse import urlsplit

from flask_babel import force_locale
from flask_babel import gettext as _

from badge_service.settings import Settings
from badge_service.web.i18n import LANGUAGES, long_date
from badge_service.web.pdf import compile_pdf
from badge_service.web.qr import qr_svg
from badge_service.workshops.actions import days_of
from badge_service.workshops.check_in_poster import TEMPLATE, Poster
from badge_service.workshops.tables import Workshop


def join_address(settings: Settings, workshop: Workshop) -> str:
    """The public page on which learners join this workshop."""
    return f"{settings.address}/workshops/{workshop.join_token}/join"


def join_poster(settings: Settings, workshop: Workshop) -> bytes:
    """The page as a tagged PDF; raises UnavailableError when it cannot be set."""
    activity, address = workshop.activity, join_address(settings, workshop)
    language = activity.language if activity.language in LANGUAGES else "en"
    with force_locale(language):
        days = " · ".join(long_date(day) for day in days_of(workshop)[:4])
        poster = Poster(
            language=language,
            heading=_("Come and join in"),
            title=activity.title,
            place=f"{days} · {activity.place}",
            scan=_("Scan the code with your phone, or type this address:"),
            address=address.replace(settings.address, urlsplit(settings.address).netloc, 1),
            steps=(
                _("Read what it is about."),
                _("Write your name. An e-mail address is welcome and not needed."),
                _("Press “Join”. You need no account."),
            ),
            note=_("Up to and on %(day)s.", day=long_date(workshop.join_until))
            if workshop.join_until
            else "",
            qr_picture=_("QR code for joining"),
            demo=_("Demo, not for use") if settings.is_for_trial else "",
        )
    return compile_pdf(TEMPLATE, asdict(poster), {"qr.svg": qr_svg(address).encode()})
