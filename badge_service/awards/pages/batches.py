"""A batch of awards: how far the signing is, undo while it can be, and the claim cards."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from badge_service.awards import actions, words
from badge_service.awards.actions import IssuedCode
from badge_service.awards.claim_cards import CardWords, ClaimCard, claim_cards_pdf
from badge_service.awards.pages.blueprint import blueprint, sign_after_commit
from badge_service.awards.rules import BatchRow
from badge_service.awards.tables import AwardBatch
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.i18n import LANGUAGES
from badge_service.web.limits import limited
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session


@blueprint.get("/awards/batches/<token>")
@access.signed_in
def batch(token: str) -> ResponseReturnValue:
    """How far a batch is; it may be closed and opened again at any time."""
    found = actions.find_taught_batch(current_session(), own_viewer(), token)
    progress = actions.batch_progress(current_session(), current_settings(), found)
    held = [line for line in progress.lines if line.state in (BatchRow.SIGNED, BatchRow.WAITING)]
    return render_template(
        "awards/batch.html",
        batch=found,
        progress=progress,
        held=held,
        without_address=[line for line in held if not line.email or line.mail_failed],
        rows=words.ROWS,
        identity=words.IDENTITY_SAID,
        address={
            "token": found.activity.token,
            "slug": found.version.definition.slug,
            "version": found.version.version,
        },
    )


@blueprint.post("/awards/batches/<token>/resume")
@access.signed_in
@limited("20 per minute")
def resume(token: str) -> ResponseReturnValue:
    """Sign what still waits for its signature."""
    found = actions.find_taught_batch(current_session(), own_viewer(), token)
    sign_after_commit(actions.sign_tokens(current_session(), found))
    return redirect(url_for(".batch", token=token))


@blueprint.post("/awards/batches/<token>/undo")
@access.signed_in
def undo(token: str) -> ResponseReturnValue:
    """Take the whole batch back while its mails have not left."""
    found = actions.undo_batch(current_session(), own_viewer(), current_settings(), token)
    sign_after_commit(actions.sign_tokens(current_session(), found))
    flash(_("All badges of this group are taken back. Correct the levels and award again."))
    return redirect(url_for(".batch", token=token))


@blueprint.post("/awards/batches/<token>/cards.pdf")
@access.signed_in
@limited("30 per minute")
def cards(token: str) -> ResponseReturnValue:
    """Claim cards to print, each with a fresh code; a POST because older cards stop working."""
    session, viewer = current_session(), own_viewer()
    found = actions.find_taught_batch(session, viewer, token)
    issued = actions.print_cards(session, viewer, token, everybody=request.form.get("who") == "everybody")
    return cards_answer(issued, found.version, _language(found))


def cards_answer(issued: Sequence[IssuedCode], version: DefinitionVersion, language: str) -> Response:
    """The sheet of cards as a PDF that is never kept by a browser."""
    settings = current_settings()
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
        )
        for one in issued
    ]
    answer = Response(claim_cards_pdf(printed, _card_words(language)), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="claim-cards.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _language(found: AwardBatch) -> str:
    return found.activity.language if found.activity.language in LANGUAGES else "en"


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
