"""The mails that this room writes, each in the language of whoever gets it."""

from dataclasses import dataclass

from flask_babel import gettext as _

from badge_service.people.actions import IssuedLink
from badge_service.web.i18n import speaking


@dataclass(frozen=True)
class Letter:
    """Subject and plain text of one mail."""

    subject: str
    text: str


def sign_in_letter(language: str, name: str, address: str, link: IssuedLink) -> Letter:
    """The one-time link for signing in; `address` is where the service is reached."""
    with speaking(language):
        return Letter(
            _("Your link for signing in"),
            "\n\n".join(
                (
                    _("Hello %(name)s,", name=name),
                    _("open this address and press the button there to sign in:"),
                    f"{address}/link/{link.token}",
                    _("Or type these six digits on the page where you asked for this mail:"),
                    f"{link.digits[:3]} {link.digits[3:]}",
                    _("Link and digits work once, within 30 minutes."),
                    _("If you did not ask for this, do nothing: nobody has got in."),
                )
            ),
        )


def confirm_letter(language: str, name: str, address: str, link: IssuedLink) -> Letter:
    """The one-time link that proves an address to be somebody's own."""
    with speaking(language):
        return Letter(
            _("Confirm your e-mail address"),
            "\n\n".join(
                (
                    _("Hello,"),
                    _(
                        "%(name)s wants to add this address to their account here. If that is you, open:",
                        name=name,
                    ),
                    f"{address}/link/{link.token}",
                    _("Or type these six digits on your account's page:"),
                    f"{link.digits[:3]} {link.digits[3:]}",
                    _("Link and digits work once, within 30 minutes. If this is not you, do nothing."),
                )
            ),
        )


def welcome_letter(language: str, name: str, role: str, organisation: str, address: str) -> Letter:
    """Tells somebody which role they were given; `role` is already in their language."""
    with speaking(language):
        return Letter(
            _("You are now %(role)s at %(organisation)s", role=role, organisation=organisation),
            "\n\n".join(
                (
                    _("Hello %(name)s,", name=name),
                    _("%(organisation)s has entered you as: %(role)s.", organisation=organisation, role=role),
                    _(
                        "You need no password. Sign in with this e-mail address; we mail you a link each time:"
                    ),
                    f"{address}/sign-in",
                )
            ),
        )
