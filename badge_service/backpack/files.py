"""Makes the files of one badge: the signed text as it is, or baked into its picture; the certificate in the reader's language."""

import json
from urllib.parse import urlsplit

from flask_babel import gettext as _

from badge_service.backpack.actions.materials import BadgeMaterial
from badge_service.backpack.certificate import CertificateFacts, CertificateWords, certificate_pdf
from badge_service.backpack.rules import contents_of, share_address
from badge_service.errors import NotFoundError
from badge_service.openbadges.baking import bake_png, bake_svg
from badge_service.settings import Settings
from badge_service.web.i18n import current_language, long_date, number
from badge_service.web.qr import qr_png, qr_svg


def json_file(material: BadgeMaterial) -> bytes:
    """The exact signed text, byte for byte as it is published while the page is open."""
    return material.signed_text.encode()


def png_file(material: BadgeMaterial) -> bytes:
    """The picture as PNG with the signed text baked in (OB 3.0, section 5.3)."""
    return bake_png(material.picture_png, material.signed_text)


def svg_file(material: BadgeMaterial) -> bytes:
    """The picture as SVG with the signed text baked in (OB 3.0, section 5.3); raises NotFoundError where it was uploaded."""
    if material.picture_svg is None:
        message = _("The picture of this badge was uploaded: there is no SVG of it. Take the PNG.")
        raise NotFoundError(message, code="picture.uploaded")
    return bake_svg(material.picture_svg.decode(), material.signed_text).encode()


def qr_caption(settings: Settings) -> tuple[str, ...]:
    """The words below a QR code that travels as a picture: the domain it leads to, and that it is for trial (decisions 10, 11)."""
    trial = (_("Demo, not for use"),) if settings.is_for_trial else ()
    return (urlsplit(settings.address).netloc, *trial)


def qr_png_file(token: str, settings: Settings) -> bytes:
    """The QR code of the share link as PNG, with its words below."""
    return qr_png(share_address(settings.address, token), caption=qr_caption(settings))


def qr_svg_file(token: str, settings: Settings) -> bytes:
    """The QR code of the share link as SVG, with its words below as outlines."""
    address = share_address(settings.address, token)
    return qr_svg(address, title=_("QR code"), caption=qr_caption(settings)).encode()


def certificate_file(material: BadgeMaterial, settings: Settings) -> bytes:
    """The certificate as PDF, its fixed words in the reader's language; its code names where the service is reached."""
    return certificate_pdf(certificate_facts(material, settings), certificate_words(_kind_of(material)))


def certificate_facts(material: BadgeMaterial, settings: Settings) -> CertificateFacts:
    """What the certificate says: name, dates and issuer from the signed text, the rest from its definition.

    Of a service for trial it says “demo, not for use” (decisions 11).
    """
    contents = contents_of(json.loads(material.signed_text))
    return CertificateFacts(
        title=contents.title,
        issuer=contents.issuer,
        awarded_on=long_date(contents.awarded),
        outcomes=material.outcomes,
        share_url=share_address(settings.address, material.token),
        share_code=material.share_code,
        check_address=f"{urlsplit(settings.address).netloc}/v",
        badge_picture=material.picture_svg or material.picture_png,
        name=contents.name,
        workload=_("%(hours)s hours", hours=number(material.hours)) if material.hours else None,
        level=_("EQF level %(level)s", level=material.level) if material.level else None,
        valid_until=long_date(contents.valid_until) or None,
        demo=settings.is_for_trial,
    )


def _kind_of(material: BadgeMaterial) -> str:
    return contents_of(json.loads(material.signed_text)).kind


def certificate_words(kind: str = "MicroCredential") -> CertificateWords:
    """The fixed words of the certificate in the reader's language; `kind` is the badge's achievementType."""
    assessed = kind != "CertificateOfCompletion"
    return CertificateWords(
        language=current_language(),
        heading=_("Certificate"),
        kind=_("Micro-credential") if assessed else _("Certificate of completion: nothing was assessed"),
        awarded_to=_("Awarded to"),
        no_name=_("This badge carries no name. It does not show whose it is."),
        by=_("Awarded by"),
        on=_("Date of award"),
        workload=_("Workload"),
        level=_("Level"),
        valid_until=_("Valid until"),
        outcomes=_("What was learnt and shown") if assessed else _("What it was about"),
        check=_("Check it at"),
        scan=_("Scan the code with a phone, or type this code at the address above:"),
        share_code=_("Share code"),
        proof=_(
            "This page is a copy for people. The proof is the signed badge: only the check shows whether it is "
            "genuine and still valid."
        ),
        demo=_("Demo, not for use"),
        badge_picture=_("Picture of the badge"),
        qr_picture=_("QR code with the address of this badge"),
    )
