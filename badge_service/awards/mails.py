"""The mail that brings a badge to its learner: a link to look at it, in the learner's language."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from badge_service.awards import actions
from badge_service.awards.rules import Channel
from badge_service.awards.tables import Award
from badge_service.people.mails import Letter
from badge_service.settings import Settings
from badge_service.web import mail
from badge_service.web.i18n import speaking


def award_letter(language: str, name: str, title: str, organisation: str, address: str, code: str) -> Letter:
    """The claim link; `title` stays in the badge's own language, `address` is where the service is reached."""
    with speaking(language):
        return Letter(
            _("A badge is waiting for you: %(title)s", title=title),
            "\n\n".join(
                (
                    _("Hello %(name)s,", name=name),
                    _(
                        "%(organisation)s has given you the badge “%(title)s”.",
                        organisation=organisation,
                        title=title,
                    ),
                    _("Look at what is in it, then accept or decline:"),
                    f"{address}/claim/{code}",
                    _("Nobody can see the badge before you accept it. Afterwards you decide who sees it."),
                    _("Keep this mail to yourself: whoever has the link can answer for you."),
                )
            ),
        )


def send_award_mail(session: Session, settings: Settings, award: Award, name: str, email: str) -> None:
    """Mail a fresh claim link for this award to `email`, which claiming by it proves; earlier ones end, sent or not."""
    mail.cancel(session, f"award:{award.token}")
    code = actions.issue_code(session, award, Channel.MAIL, sent_to=email)
    language = award.person.language if award.person is not None else "en"
    letter = award_letter(
        language, name, award.version.title, award.organisation.name, settings.address, code
    )
    mail.send(session, to=email, subject=letter.subject, text=letter.text, reference=f"award:{award.token}")
