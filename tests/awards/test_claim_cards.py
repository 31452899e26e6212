"""Claim cards: eight to a sheet, each with its own code, and never taken for a proof."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image

from badge_service.awards.claim_cards import CardWords, ClaimCard, claim_cards_pdf, claim_cards_pictures
from badge_service.curriculum.picture import badge_svg
from badge_service.errors import InvalidError

Pages = Callable[[bytes], list[str]]
PICTURE = badge_svg("Willow Basket", "craft_technique", "CRF-WIL-1", 3).encode()


def card(index: int, **changes: object) -> ClaimCard:
    made = ClaimCard(
        title="Willow Basket: Base, Sides and Border",
        claim_url=f"https://badges.example/claim/7Qf3kZb1yT0a9dW2cV5xRg{index}",
        claim_code=f"7K3M9QXA11{index:02}",
        claim_address="badges.example/claim",
        badge_picture=PICTURE,
        first_name="Mira",
        number=f"No. {index}",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_twenty_cards_make_three_sheets_with_eight_at_most(pdf_pages: Pages) -> None:
    pages = pdf_pages(claim_cards_pdf([card(n) for n in range(20)]))
    assert [page.count("not a proof") for page in pages] == [8, 8, 4]
    assert [page.count("badges.example/claim") for page in pages] == [8, 8, 4]


def test_eight_cards_make_one_sheet(pdf_pages: Pages) -> None:
    assert len(pdf_pages(claim_cards_pdf([card(n) for n in range(8)]))) == 1


def test_a_card_says_whose_what_for_where_and_the_code_in_groups_of_four(pdf_pages: Pages) -> None:
    (page,) = pdf_pages(claim_cards_pdf([card(7)]))
    for words in ("Mira · No. 7", "Willow Basket: Base, Sides and Border", "7K3M-9QXA-1107"):
        assert words in page
    assert "This is a claim code, not a proof." in page
    assert "Demo" not in page


def test_every_code_on_the_sheet_reads_as_its_own_address() -> None:
    cards = [card(n) for n in range(9)]
    sheets = claim_cards_pictures(cards)
    read = [{code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(sheet)))} for sheet in sheets]
    assert read == [{each.claim_url for each in cards[:8]}, {cards[8].claim_url}]


def test_codes_are_at_least_25_millimetres_wide() -> None:
    (sheet,) = claim_cards_pictures([card(1)])
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(sheet)))
    assert (code.position.top_right.x - code.position.top_left.x) / 144 * 25.4 >= 25


def test_cards_speak_bulgarian_and_say_demo(pdf_pages: Pages) -> None:
    words = CardWords(language="bg", not_a_proof="Това е код за получаване, а не доказателство.", demo="Демо")
    pdf = claim_cards_pdf([card(1, title="Върбова кошница", first_name="Светлозара", demo=True)], words)
    (page,) = pdf_pages(pdf)
    for said in ("Върбова кошница", "Светлозара", "Това е код за получаване, а не доказателство.", "Демо"):
        assert said in page
    assert b"/Lang(bg)" in pdf


def test_markup_in_a_name_is_printed_as_typed(pdf_pages: Pages) -> None:
    typed = "#1 *M* $x$ ] \\"
    (page,) = pdf_pages(claim_cards_pdf([card(1, first_name=typed, title=typed)]))
    assert page.count(typed) == 2


def test_a_card_without_name_and_number_leaves_the_line_out(pdf_pages: Pages) -> None:
    (page,) = pdf_pages(claim_cards_pdf([card(1, first_name=None, number=None)]))
    assert page.startswith("Willow Basket")


def test_no_cards_is_refused() -> None:
    with pytest.raises(InvalidError) as caught:
        claim_cards_pdf([])
    assert caught.value.faults[0].code == "no_cards"


def test_each_card_of_a_sheet_speaks_the_language_of_its_learner(pdf_pages: Pages) -> None:
    bulgarian = CardWords(language="bg", not_a_proof="Това е код за получаване, а не доказателство.")
    (page,) = pdf_pages(claim_cards_pdf([card(1), card(2, words=bulgarian)]))
    assert page.count("This is a claim code, not a proof.") == 1
    assert page.count("Това е код за получаване, а не доказателство.") == 1
