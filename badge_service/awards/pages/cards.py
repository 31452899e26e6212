"""The sheet of claim cards as an answer: set once the codes are committed, so that nobody's writing waits for it."""

from collections.abc import Sequence
from functools import partial
from urllib.parse import urlsplit

from flask import Response, request
from flask_babel import force_locale
from flask_babel import gettext as _

from badge_service.awards.actions import IssuedCode
from badge_service.awards.claim_cards import CardWords, ClaimCard, claim_cards_pdf
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.web.forms import small_number
from badge_service.web.i18n import LANGUAGES
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import body_after_commit


def asked_file() -> int:
    """Which file of cards somebody wants, from 1."""
    return small_number(request.form.get("sheet", "")) or 1


def cards_answer(issued: Sequence[IssuedCode], version: DefinitionVersion, language: str) -> Response:
    """The sheet of cards, each in the language of its learner, as a PDF that is never kept by a browser."""
    settings = current_settings()
    words = {spoken: _card_words(spoken) for spoken in LANGUAGES}
    picture = version.picture_png or version.picture_svg.encode()
    printed = [
        ClaimCard(
            title=version.title,
            claim_url=f"{settings.address}/claim/{one.code}",
            claim_code=one.code,
            claim_address=f"{urlsplit(settings.address).netloc}/claim",
            badge_picture=picture,
            first_name=one.first_name or None,
            number=str(one.number) if one.number is not None else None,
            demo=settings.is_for_trial,
            words=words.get(one.language),
        )
        for one in issued
    ]
    sheet = words[language if language in LANGUAGES else "en"]
    answer = Response(mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="claim-cards.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return body_after_commit(answer, partial(claim_cards_pdf, printed, sheet))


def _card_words(language: str) -> CardWords:
    with force_locale(language):
        return CardWords(
            language=language,
            heading=_("Claim cards"),
            card_for=_("For"),
            scan=_("Scan the code, or type this at"),
            not_a_proof=_("This is a claim code, not a proof."),
            keep=_("Keep it to yourself until you have your badge."),
            demo=_("Demo, not for use"),
            badge_picture=_("Picture of the badge"),
            qr_picture=_("QR code for claiming the badge"),
        )
