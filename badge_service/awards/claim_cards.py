"""Printable claim cards for learners without e-mail: eight to an A4 sheet, each with the code that brings its badge to a phone."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from badge_service.errors import Fault, InvalidError
from badge_service.storage.crockford import grouped
from badge_service.web.pdf import compile_pdf, compile_pictures, picture_file
from badge_service.web.qr import qr_svg

TEMPLATE = Path(__file__).parent / "templates" / "awards" / "claim_cards.typ"
CARDS_A_PAGE = 8


@dataclass(frozen=True)
class ClaimCard:
    """One card: at most a first name and a number tell whose it is; `claim_code` is typed at `claim_address`, such as `badges.example/claim`.

    `badge_picture` is an SVG or a PNG; `claim_url` goes into the QR code. `words` are in the language of its learner;
    None for those of the sheet.
    """

    title: str
    claim_url: str
    claim_code: str
    claim_address: str
    badge_picture: bytes
    first_name: str | None = None
    number: str | None = None
    demo: bool = False
    words: "CardWords | None" = None


@dataclass(frozen=True)
class CardWords:
    """The fixed words of a sheet or a card in one language (`language` as BCP 47); the defaults are English."""

    language: str = "en"
    heading: str = "Claim cards"
    card_for: str = "For"
    scan: str = "Scan the code, or type this at"
    not_a_proof: str = "This is a claim code, not a proof."
    keep: str = "Keep it to yourself until you have your badge."
    demo: str = "Demo, not for use"
    badge_picture: str = "Picture of the badge"
    qr_picture: str = "QR code for claiming the badge"


def claim_cards_pdf(cards: Sequence[ClaimCard], words: CardWords = CardWords()) -> bytes:
    """The sheets: eight cards a page with cut marks, tagged PDF/UA-1. Raises InvalidError for no cards, UnavailableError."""
    return compile_pdf(TEMPLATE, _data(cards, words), _files(cards))


def claim_cards_pictures(cards: Sequence[ClaimCard], words: CardWords = CardWords()) -> list[bytes]:
    """The same sheets as PNG at 144 dots an inch, one a page. Raises as `claim_cards_pdf`."""
    return compile_pictures(TEMPLATE, _data(cards, words), _files(cards))


def _data(cards: Sequence[ClaimCard], words: CardWords) -> dict[str, object]:
    if not cards:
        raise InvalidError(
            "There is no card to print.", faults=[Fault("cards", "Choose at least one learner.", "no_cards")]
        )
    return {"cards": [_card(index, card, words) for index, card in enumerate(cards)], "words": asdict(words)}


def _card(index: int, card: ClaimCard, words: CardWords) -> dict[str, object]:
    return {
        "title": card.title,
        "whose": " · ".join(part for part in (card.first_name, card.number) if part),
        "code": grouped(card.claim_code.replace("-", "")),
        "address": card.claim_address,
        "demo": card.demo,
        "qr": f"qr{index}.svg",
        "picture": _picture_name(card),
        "words": asdict(card.words or words),
    }


def _picture_name(card: ClaimCard) -> str:
    return picture_file(f"badge-{sha256(card.badge_picture).hexdigest()[:16]}", card.badge_picture)


def _files(cards: Sequence[ClaimCard]) -> dict[str, bytes]:
    codes = {f"qr{index}.svg": qr_svg(card.claim_url).encode() for index, card in enumerate(cards)}
    return codes | {_picture_name(card): card.badge_picture for card in cards}
