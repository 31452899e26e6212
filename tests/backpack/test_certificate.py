"""The certificate: one page that says what, who, by whom and how to check it."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image

from badge_service.backpack.certificate import (
    CertificateFacts,
    CertificateWords,
    certificate_pdf,
    certificate_picture,
)
from badge_service.curriculum.picture import badge_svg

Pages = Callable[[bytes], list[str]]
FACTS = CertificateFacts(
    title="Willow Basket: Base, Sides and Border",
    issuer="School of Crafts",
    awarded_on="21 November 2026",
    outcomes=("Weaves base, sides and border.", "Works safely with knives."),
    share_url="https://badges.example/credentials/7Qf3kZb1yT0a9dW2cV5xRg",
    share_code="7K3M-9QXA-11FZ",
    check_address="badges.example/v",
    badge_picture=badge_svg(
        "Willow Basket: Base, Sides and Border", "craft_technique", "CRF-WIL-1", 3
    ).encode(),
    name="Mira Petrova",
    workload="30 hours",
    level="EQF 3",
)
BULGARIAN = CertificateWords(
    language="bg",
    heading="Сертификат",
    no_name="В тази значка няма име.",
    check="Проверете на",
    outcomes="Научено",
)


def test_it_says_what_who_by_whom_when_and_how_to_check(pdf_pages: Pages) -> None:
    (page,) = pdf_pages(certificate_pdf(FACTS))
    for words in (FACTS.title, "Mira Petrova", "School of Crafts", "21 November 2026", "30 hours", "EQF 3"):
        assert words in page
    for words in (*FACTS.outcomes, "Check it at badges.example/v", "7K3M-9QXA-11FZ"):
        assert words in page
    assert "carries no name" not in page
    assert "Demo" not in page


def test_without_a_name_it_says_so(pdf_pages: Pages) -> None:
    (page,) = pdf_pages(certificate_pdf(replace(FACTS, name=None)))
    assert "This badge carries no name." in page
    assert "Awarded to" not in page


def test_a_demo_certificate_says_that_it_is_not_for_use(pdf_pages: Pages) -> None:
    (page,) = pdf_pages(certificate_pdf(replace(FACTS, demo=True)))
    assert "Demo, not for use" in page


def test_it_speaks_bulgarian(pdf_pages: Pages) -> None:
    facts = replace(
        FACTS, title="Върбова кошница", name=None, issuer="Училище по занаяти", outcomes=("Плете дъно.",)
    )
    pdf = certificate_pdf(facts, BULGARIAN)
    (page,) = pdf_pages(pdf)
    for words in (
        "Върбова кошница",
        "Училище по занаяти",
        "Плете дъно.",
        "В тази значка няма име.",
        "Проверете на",
    ):
        assert words in page
    assert b"/Lang(bg)" in pdf


def test_markup_in_names_and_titles_is_printed_as_typed(pdf_pages: Pages) -> None:
    typed = '#1 *Mira* $x$ ] \\ _P_ "q" <a> @b'
    (page,) = pdf_pages(
        certificate_pdf(replace(FACTS, name=typed, title=typed, issuer=typed, outcomes=(typed,)))
    )
    assert page.count(typed) == 4


def test_the_qr_code_on_the_page_reads_as_the_share_address_and_is_large_enough() -> None:
    image = Image.open(io.BytesIO(certificate_picture(FACTS)))
    (code,) = zxingcpp.read_barcodes(image)
    assert code.text == FACTS.share_url
    side = code.position.top_right.x - code.position.top_left.x
    assert side / 144 * 25.4 >= 25  # millimetres at 144 dots an inch


def test_however_much_there_is_to_say_it_stays_one_page(pdf_pages: Pages) -> None:
    long = "Names the main willow types, how they are soaked and sorted, and where the form comes from. "
    for count, times in ((0, 1), (8, 1), (12, 3), (40, 6)):
        facts = replace(
            FACTS,
            title="A long title of a badge " * 6,
            name="Maximiliana " * 12,
            issuer="A long name of an organisation " * 4,
            outcomes=(long * times,) * count,
            demo=True,
            valid_until="21 November 2031",
        )
        (page,) = pdf_pages(certificate_pdf(facts))
        assert "7K3M-9QXA-11FZ" in page
        assert ("…" in page) == (count == 40 or (count, times) == (12, 3))


def test_equal_facts_give_equal_bytes() -> None:
    assert certificate_pdf(FACTS) == certificate_pdf(FACTS)


@pytest.mark.parametrize("code", ["7K3M9QXA11FZ", "7K3M-9QXA-11FZ"])
def test_the_share_code_is_grouped_however_it_came(code: str, pdf_pages: Pages) -> None:
    (page,) = pdf_pages(certificate_pdf(replace(FACTS, share_code=code)))
    assert "7K3M-9QXA-11FZ" in page
