"""The mails to learners about their badge, in their language: a link to look at it, and what was corrected in it."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from badge_service.awards import actions
from badge_service.awards.actions.other_mails import CORRECTION, REFUSAL, RETURN
from badge_service.awards.claim_links import award_letters
from badge_service.awards.rules import AwardState, Channel
from badge_service.awards.rules.cases import BEING_LOOKED_AT
from badge_service.awards.rules.corrections import Change
from badge_service.awards.tables import Award, AwardBatch, AwardCorrection, RecognitionCase
from badge_service.awards.words import CHANGES
from badge_service.people import actions as people
from badge_service.people.mails import Letter
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Organisation
from badge_service.settings import Settings
from badge_service.web import mail
from badge_service.web.i18n import speaking


def correction_letter(
    language: str, name: str, award: Award, changes: Sequence[str], reason: str, address: str | None
) -> Letter:
    """What the school corrected and why; `address` is the badge's own page, None for one not accepted yet."""
    title = award.version.title
    with speaking(language):
        if address is not None:
            where = _("Look at it here:") + "\n" + address
        else:
            where = _("The link that we mailed you before still works. It shows the badge as it is now.")
        told = {"organisation": award.organisation.name, "title": title}
        return Letter(
            _("Your badge was corrected: %(title)s", title=title),
            "\n\n".join(
                (
                    _("Hello %(name)s,", name=name),
                    _("%(organisation)s has corrected your badge “%(title)s”.", **told),
                    _("What is new: %(what)s", what=", ".join(str(CHANGES[Change(one)]) for one in changes)),
                    _("Why: %(reason)s", reason=reason),
                    where,
                    _(
                        "The link and the QR code of your badge stay the same. Older copies are now out of date."
                    ),
                    _("If you think that this is wrong, talk to your teacher."),
                )
            ),
        )


def send_correction_mail(
    session: Session, settings: Settings, award: Award, correction: AwardCorrection
) -> None:
    """Tell the learner, if there is an address at which they know of the badge."""
    email = actions.address_told(session, award, correction.corrected_at)
    if email is None:
        return
    accepted = award.state == AwardState.ACCEPTED
    language = _language(award)
    letter = correction_letter(
        language,
        actions.school_name(session, award),
        award,
        correction.changes,
        correction.reason,
        f"{settings.address}/badges/{award.token}" if accepted else None,
    )
    _send_news(session, email, letter, language, f"{CORRECTION}:{award.token}")


def reminder_letter(
    language: str, name: str, title: str, organisation: str, address: str, code: str, stop: str
) -> Letter:
    """The claim link once more, and the one by which reminders of this badge end."""
    with speaking(language):
        return Letter(
            _("Your badge is still waiting: %(title)s", title=title),
            "\n\n".join(
                (
                    _("Hello %(name)s,", name=name),
                    _(
                        "%(organisation)s has given you the badge “%(title)s”, and you have not answered yet.",
                        organisation=organisation,
                        title=title,
                    ),
                    _("Look at what is in it, then accept or decline:"),
                    f"{address}/claim/{code}",
                    _("Links that we mailed you before do not work any more."),
                    _("You want no reminder of this badge?"),
                    f"{address}/reminders/{stop}",
                    _("Keep this mail to yourself: whoever has the link can answer for you."),
                )
            ),
        )


def unclaimed_letter(
    language: str, name: str, organisation: str, address: str, count: int, days: int
) -> Letter:
    """Tells somebody of the school which badges nobody has answered for a year, and what comes next."""
    with speaking(language):
        return Letter(
            _("Badges that nobody has answered"),
            "\n\n".join(
                (
                    _("Hello %(name)s,", name=name),
                    ngettext(
                        "%(num)s badge of %(organisation)s has waited for its learner for a year.",
                        "%(num)s badges of %(organisation)s have waited for their learners for a year.",
                        count,
                        organisation=organisation,
                    ),
                    f"{address}/awards/unclaimed",
                    _(
                        "In %(days)s days we delete the addresses of these learners. The badges stay, and cards still "
                        "work: you can print one for a learner at any time.",
                        days=days,
                    ),
                )
            ),
        )


def send_reminder(session: Session, settings: Settings, award: Award, email: str, stop: str) -> None:
    """Mail a fresh claim link as a reminder; earlier links end."""
    mail.cancel(session, f"award:{award.token}")
    language, name = _language(award), actions.school_name(session, award)
    facts = (award.version.title, award.organisation.name, settings.address)
    code = actions.issue_code(session, award, Channel.MAIL, sent_to=email)
    _send_claim_link(session, award, email, reminder_letter(language, name, *facts, code, stop))


def send_assessor_mail(session: Session, settings: Settings, case: RecognitionCase) -> None:
    """Tell the named assessor of a case that it waits for them, unless it was closed meanwhile."""
    if case.assessor is None or case.state not in BEING_LOOKED_AT:
        return
    email = people.address_to_write_to(session, case.assessor.id)
    if email is None:
        return
    language = case.assessor.language
    with speaking(language):
        subject = _("A case of prior learning waits for you: %(title)s", title=case.version.title)
        sentences = (
            _("Hello %(name)s,", name=case.assessor.name),
            _(
                "somebody asks %(organisation)s for the badge “%(title)s” for what they can do already. A colleague"
                " named you as the assessor.",
                organisation=case.organisation.name,
                title=case.version.title,
            ),
            _("Look at it here:") + f"\n{settings.address}/recognition/cases/{case.token}",
        )
    mail.send(session, to=email, subject=subject, text="\n\n".join(sentences), language=language)


def refusal_letter(language: str, case: RecognitionCase, address: str | None) -> Letter:
    """Why there is no badge for what was learnt before; `address` is the case's own page, None for whom has no account."""
    told = {"organisation": case.organisation.name, "title": case.version.title}
    with speaking(language):
        sentences = [
            _("Hello %(name)s,", name=case.name),
            _(
                "you asked %(organisation)s for the badge “%(title)s” for what you can do already. It was not given.",
                **told,
            ),
            _("Why: %(reason)s", reason=case.refusal),
            _("You can ask again when you have more to show."),
        ]
        if address is not None:
            sentences.append(_("Look at it here:") + "\n" + address)
        sentences.append(_("If you think that this is wrong, talk to the school."))
        subject = _("Your request for a badge: %(title)s", title=case.version.title)
        return Letter(subject, "\n\n".join(sentences))


def send_refusal_mail(session: Session, settings: Settings, case: RecognitionCase) -> None:
    """Tell the learner of a case that was closed without a badge, if there is an address."""
    if case.email is None:
        return
    language = case.person.language
    has_account = people.account_of(session, case.person_id) is not None
    address = f"{settings.address}/recognition/{case.token}" if has_account else None
    letter = refusal_letter(language, case, address)
    _send_news(session, case.email, letter, language, f"{REFUSAL}:{case.token}")


def send_return_mail(session: Session, award: Award, email: str) -> None:
    """Tell an address that a card was made which takes its place."""
    language = _language(award)
    with speaking(language):
        organisation = award.organisation.name
        letter = Letter(
            _("A new way to your badges"),
            "\n\n".join(
                (
                    _("Hello %(name)s,", name=actions.school_name(session, award)),
                    _(
                        "%(organisation)s has made a card by which you come back to your badges without this address.",
                        organisation=organisation,
                    ),
                    _("Once the card is used, this address does not open your badges any more."),
                    _("If you did not ask for this card, tell your school at once."),
                )
            ),
        )
    _send_news(session, email, letter, language, f"{RETURN}:{award.token}")


def send_unclaimed_mails(
    session: Session, settings: Settings, organisation: Organisation, count: int
) -> None:
    """One mail to each administrator of an organisation, or without one to each of its teachers."""
    for role in (Role.ADMIN, Role.TEACHER):
        found = [
            (person, email)
            for person in people.people_with(session, role, organisation.id)
            if (email := people.address_to_write_to(session, person.id))
        ]
        for person, email in found:
            words = (person.language, person.name, organisation.name, settings.address, count)
            letter = unclaimed_letter(*words, settings.contact_kept_days)
            mail.send(session, to=email, subject=letter.subject, text=letter.text, language=person.language)
        if found:
            return


def send_award_mail(session: Session, settings: Settings, award: Award, name: str, email: str) -> None:
    """Mail a fresh claim link for this award to `email`, which claiming by it proves; earlier ones end, sent or not."""
    mail.cancel(session, f"award:{award.token}")
    code = actions.issue_code(session, award, Channel.MAIL, sent_to=email)
    write = award_letters(_language(award), award.version.title, award.organisation.name, settings.address)
    _send_claim_link(session, award, email, write(name, code))


def name_used_letter(viewer: Viewer, batch: AwardBatch, sender: str, address: str) -> Letter:
    """Tells a teacher that a program has decided in their name, and where to look."""
    title = batch.version.title
    with speaking(viewer.language):
        return Letter(
            _("Badges were awarded in your name: %(title)s", title=title),
            "\n\n".join(
                (
                    _("Hello %(name)s,", name=viewer.name),
                    ngettext(
                        "a program has awarded %(num)s badge “%(title)s” in your name (%(activity)s).",
                        "a program has awarded %(num)s badges “%(title)s” in your name (%(activity)s).",
                        batch.total,
                        title=title,
                        activity=batch.activity.title,
                    ),
                    _("It has its key from %(name)s.", name=sender),
                    _("Look at it here:") + "\n" + f"{address}/awards/batches/{batch.token}",
                    _("If you did not decide this, tell an administrator of your organisation at once."),
                )
            ),
        )


def send_name_used_mail(
    session: Session, settings: Settings, teacher: Viewer, batch: AwardBatch, *, sender: str
) -> None:
    """Mail the teacher in whose name a program awarded, if there is an address; `sender` is the maker of its key."""
    email = people.address_to_write_to(session, teacher.person_id or 0)
    if email is not None:
        letter = name_used_letter(teacher, batch, sender, settings.address)
        mail.send(session, to=email, subject=letter.subject, text=letter.text, language=teacher.language)


def _language(award: Award) -> str:
    return award.person.language if award.person is not None else "en"


def _send_news(session: Session, email: str, letter: Letter, language: str, reference: str) -> None:
    """Mail what stands on its own; `reference` is what the school finds it by when it does not arrive."""
    mail.send(
        session, to=email, subject=letter.subject, text=letter.text, language=language, reference=reference
    )


def _send_claim_link(session: Session, award: Award, email: str, letter: Letter) -> None:
    language = _language(award)
    mail.send(
        session,
        to=email,
        subject=letter.subject,
        text=letter.text,
        language=language,
        reference=f"award:{award.token}",
    )
