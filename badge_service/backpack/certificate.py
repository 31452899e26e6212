"""The one-page certificate of a badge as PDF: who or that no name is in it, what for, by whom, and how to check it; the signed badge stays the proof."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from badge_service.storage.crockford import grouped
from badge_service.web.pdf import compile_pdf, compile_pictures, picture_file
from badge_service.web.qr import qr_svg

TEMPLATE = Path(__file__).parent / "templates" / "backpack" / "certificate.typ"


@dataclass(frozen=True)
class CertificateFacts:
    """What one certificate says; dates and amounts come as the reader's language writes them.

    `badge_picture` is an SVG or a PNG; `share_url` goes into the QR code; `share_code` (12 characters, shown in groups of
    four) is typed at `check_address`, such as `badges.example/v`; `name` is None when the badge carries no name.
    """

    title: str
    issuer: str
    awarded_on: str
    outcomes: Sequence[str]
    share_url: str
    share_code: str
    check_address: str
    badge_picture: bytes
    name: str | None = None
    workload: str | None = None
    level: str | None = None
    valid_until: str | None = None
    demo: bool = False


@dataclass(frozen=True)
class CertificateWords:
    """The fixed words of the page in one language (`language` as BCP 47); the defaults are English."""

    language: str = "en"
    heading: str = "Certificate"
    kind: str = "Micro-credential"
    awarded_to: str = "Awarded to"
    no_name: str = "This badge carries no name. It does not show whose it is."
    by: str = "Awarded by"
    on: str = "Date of award"
    workload: str = "Workload"
    level: str = "Level"
    valid_until: str = "Valid until"
    outcomes: str = "What was learnt and shown"
    check: str = "Check it at"
    scan: str = "Scan the code with a phone, or type this code at the address above:"
    share_code: str = "Share code"
    proof: str = "This page is a copy for people. The proof is the signed badge: only the check shows whether it is genuine and still valid."
    demo: str = "Demo, not for use"
    badge_picture: str = "Picture of the badge"
    qr_picture: str = "QR code with the address of this badge"


def certificate_pdf(facts: CertificateFacts, words: CertificateWords = CertificateWords()) -> bytes:
    """The certificate: one A4 page, tagged PDF/UA-1, byte-equal for equal input. Raises UnavailableError."""
    return compile_pdf(TEMPLATE, _data(facts, words), _files(facts))


def certificate_picture(facts: CertificateFacts, words: CertificateWords = CertificateWords()) -> bytes:
    """The same page as a PNG at 144 dots an inch. Raises UnavailableError."""
    return compile_pictures(TEMPLATE, _data(facts, words), _files(facts))[0]


def _data(facts: CertificateFacts, words: CertificateWords) -> dict[str, object]:
    shown = {
        **asdict(facts),
        "share_code": grouped(facts.share_code.replace("-", "")),
        "outcomes": list(facts.outcomes),
    }
    told = {key: shown[key] for key in shown if key != "badge_picture"}
    return {"facts": told | {"picture": picture_file("badge", facts.badge_picture)}, "words": asdict(words)}


def _files(facts: CertificateFacts) -> dict[str, bytes]:
    return {
        picture_file("badge", facts.badge_picture): facts.badge_picture,
        "qr.svg": qr_svg(facts.share_url).encode(),
    }
