"""The printed code by which learners check in: one A4 page in the language of the workshop, to hang up beside the door."""

from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask_babel import force_locale
from flask_babel import gettext as _

from badge_service.settings import Settings
from badge_service.web.i18n import LANGUAGES
from badge_service.web.pdf import compile_pdf
from badge_service.web.qr import qr_svg
from badge_service.workshops.tables import CheckInDoor, Workshop

TEMPLATE = Path(__file__).parent / "templates" / "workshops" / "check_in_poster.typ"


@dataclass(frozen=True)
class Poster:
    """What stands on the page; `address` is typed by who cannot scan, `steps` are numbered."""

    language: str
    heading: str
    title: str
    place: str
    scan: str
    address: str
    steps: tuple[str, ...]
    note: str
    qr_picture: str
    demo: str


def poster_of(settings: Settings, workshop: Workshop, door: CheckInDoor) -> bytes:
    """The page as a tagged PDF; raises UnavailableError when it cannot be set."""
    address = f"{settings.address}/check-in/{door.token}"
    language = workshop.activity.language if workshop.activity.language in LANGUAGES else "en"
    with force_locale(language):
        poster = Poster(
            language=language,
            heading=_("Are you here?"),
            title=workshop.activity.title,
            place=workshop.activity.place,
            scan=_("Scan the code with your phone, or type this address:"),
            address=f"{urlsplit(settings.address).netloc}/check-in/{door.token}",
            steps=(
                _("Write your first name, or your number on the list."),
                _("Press “I am here”. You need no account."),
                _("Your teacher looks at it and says yes."),
            ),
            note=_(
                "Were you here and it was not written down? Scan the same code later and say what you did."
            ),
            qr_picture=_("QR code for checking in"),
            demo=_("Demo, not for use") if settings.is_for_trial else "",
        )
    return compile_pdf(TEMPLATE, asdict(poster), {"qr.svg": qr_svg(address).encode()})
