"""The forms of this room; the actions decide what is right, forms only carry what was typed."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from badge_service.people.rules import ORGANISATION_KINDS, Role
from badge_service.web.forms import Form
from badge_service.web.i18n import LANGUAGES

ROLE_WORDS: dict[Role, Any] = {
    Role.OPERATOR: _l("operator of the service"),
    Role.ADMIN: _l("administrator"),
    Role.LET_LEAD: _l("lead of a learning team (LET)"),
    Role.TEACHER: _l("teacher"),
    Role.LEARNER: _l("learner"),
    Role.MEMBER: _l("member of the alliance"),
}
KIND_WORDS: dict[str, Any] = {
    "school": _l("School"),
    "university": _l("University"),
    "museum": _l("Museum or archive"),
    "craft": _l("Craft maker or guild"),
    "company": _l("Company"),
    "public": _l("Public authority"),
    "association": _l("Association"),
    "other": _l("Something else"),
}


_LANGUAGE_CHOICES = [SelectChoice(code, name) for code, name in LANGUAGES.items()]
_ROLE_CHOICES = [
    SelectChoice(role.value, words) for role, words in ROLE_WORDS.items() if role is not Role.OPERATOR
]


class LinkForm(Form):
    """Where to mail a one-time link, and where to go afterwards."""

    email = EmailField(_l("E-mail address"), [DataRequired(_l("Type your e-mail address."))])
    next = HiddenField()


class SignInForm(Form):
    """Address and password; a form of its own, so that the Enter key does what is meant."""

    email = EmailField(
        _l("E-mail address"), [DataRequired(_l("Type your e-mail address."))], id="password-email"
    )
    password = PasswordField(_l("Password"), [DataRequired(_l("Type your password."))])
    next = HiddenField()


class DigitsForm(Form):
    """The six digits of a mail."""

    digits = StringField(
        _l("Six digits"), [DataRequired(_l("Type the six digits of the mail.")), Length(max=20)]
    )


class ProfileForm(Form):
    """How the service calls a person, and in which language."""

    name = StringField(
        _l("Your name"),
        [DataRequired()],
        description=_l("As it should stand in a badge, if you want it there."),
    )
    language = SelectField(_l("Language of pages and mails"), choices=_LANGUAGE_CHOICES)


class AddressForm(Form):
    """One more e-mail address."""

    email = EmailField(
        _l("Another e-mail address"),
        [DataRequired(_l("Type an e-mail address."))],
        description=_l("Add one that you will still have after school."),
    )


class PasswordForm(Form):
    """A new password, and the old one where there is one."""

    current = PasswordField(_l("Your password now"))
    password = PasswordField(
        _l("New password"),
        [DataRequired(_l("Type a new password."))],
        description=_l("At least 12 characters. Four words in a row are easy to remember."),
    )


class MemberForm(Form):
    """Somebody to add to an organisation."""

    name = StringField(_l("Name"), [DataRequired(_l("A name is needed."))])
    email = EmailField(
        _l("E-mail address"),
        [DataRequired(_l("Type an e-mail address."))],
        description=_l("We write to it; they sign in by a mailed link."),
    )
    role = SelectField(
        _l("Role"),
        choices=_ROLE_CHOICES,
    )
    language = SelectField(_l("Language of the mail"), choices=_LANGUAGE_CHOICES)


class RegionForm(Form):
    """A region in which an alliance works."""

    name = StringField(_l("Name of the region"), [DataRequired(_l("A name is needed."))])
    country = StringField(_l("Country"), [DataRequired()], description=_l("Two capital letters, such as BG."))
    slug = StringField(
        _l("Short name in addresses"),
        [DataRequired()],
        description=_l("Small Latin letters and hyphens: ruse."),
    )


class OrganisationForm(Form):
    """What an organisation says about itself."""

    name = StringField(_l("Legal name"), [DataRequired()], description=_l("As registered. Badges carry it."))
    kind = SelectField(
        _l("What it is"), choices=[SelectChoice(kind, KIND_WORDS[kind]) for kind in ORGANISATION_KINDS]
    )
    region_slug = SelectField(_l("Region"), validate_choice=False)
    website = URLField(_l("Its own web site"))
    email = EmailField(_l("E-mail address for questions"))
    identifiers = TextAreaField(
        _l("Register numbers"),
        description=_l(
            "One a line: the kind of number, a colon, the number. For example “vat: BG123456789”."
        ),
    )
    quality_statement = TextAreaField(
        _l("How quality is kept"),
        description=_l(
            "Who looks after the quality of your micro-credentials, and how. Everybody can read it."
        ),
    )


class NewOrganisationForm(OrganisationForm):
    """A new organisation: also its short name for ever, and what the operator says about it."""

    slug = StringField(
        _l("Short name in addresses"),
        [DataRequired()],
        description=_l(
            "Small Latin letters and hyphens, such as craft-school-ruse. It can never be changed."
        ),
    )
    issues = BooleanField(_l("It issues badges: give it a digital identity (DID) and a key"))
    may_award_ects = BooleanField(_l("It may award ECTS points"))
