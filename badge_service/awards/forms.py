"""The forms of this room: a piece of evidence, a correction, a typed code, the answer to a badge."""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice

from badge_service.awards.actions import ClaimView, Learner
from badge_service.awards.rules import ANSWERS, AgeBand
from badge_service.awards.words import IDENTITY_SAID, TYPED_GENRES, when_born
from badge_service.curriculum.rules import rubric_of
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.web.forms import Form, Needed
from badge_service.web.i18n import long_date


class EvidenceForm(Form):
    """One piece of evidence: a file, a link or a text."""

    learner = SelectField(_l("For whom?"), validate_choice=True)
    title = StringField(_l("What is it?"), description=_l("For example: photos of the finished baskets."))
    genre = SelectField(_l("Kind"), choices=[SelectChoice(*one) for one in TYPED_GENRES.items()])
    file = FileField(
        _l("File"),
        description=_l(
            "A photo or a PDF. Place and camera data are taken out; of a PDF its pages stay, without author or links."
        ),
    )
    url = StringField(_l("Or a link"), description=_l("It starts with https://"))
    text = TextAreaField(_l("Or in words"), description=_l("What you saw. Name nobody."))
    in_credential = BooleanField(
        _l("Title, words and link may stand in the badge"),
        description=_l("Files never do: the badge carries a fingerprint of them only."),
    )

    def offer(self, learners: Sequence[Learner]) -> None:
        """The whole group first, then everybody by number."""
        self.title.flags.required = True
        everybody = SelectChoice("", str(_l("The whole group")))
        each = [SelectChoice(str(one.number), f"{one.number}. {one.name}") for one in learners]
        self.learner.choices = [everybody, *each]


class CorrectionForm(Form):
    """What shall be different in a badge; what stands in it now is filled in. Levels are fields `level:<criterion>`."""

    name = StringField(_l("Name of the learner"), [Needed()])
    identity_check = SelectField(_l("Identity of the learner"), validate_choice=False)
    evidence = BooleanField(_l("Take the evidence as it stands now"))
    reason = TextAreaField(
        _l("Why is it corrected?"),
        [Needed()],
        description=_l("The learner reads this, and so does your school. It is never in the badge."),
    )


def correction_form(version: DefinitionVersion, levels: Mapping[str, str], **standing: str) -> CorrectionForm:
    """The form for a badge of this version with these levels in it."""
    rubric = rubric_of(version.content)
    choices = [SelectChoice(level.id, level.name) for level in rubric.levels]
    fields = {
        f"level:{criterion.id}": SelectField(criterion.name, choices=choices, validate_choice=False)
        for criterion in rubric.criteria
        if criterion.id in levels
    }
    form: CorrectionForm = type("CorrectionForm", (CorrectionForm,), fields)(
        data={**standing, **{f"level:{criterion}": level for criterion, level in levels.items()}}
    )
    known = {check.value for check in ANSWERS} | {standing["identity_check"]}
    form.identity_check.choices = [
        SelectChoice(value, words) for value, words in IDENTITY_SAID.items() if value in known
    ]
    return form


class CodeForm(Form):
    """A typed claim code."""

    code = StringField(
        _l("Code from your card"), description=_l("Twelve letters and digits, such as 7K3M-9PQR-4VWX.")
    )


class AnswerForm(Form):
    """The learner's answer to a badge; nothing is chosen beforehand."""

    name_choice = RadioField(_l("Your name"), validate_choice=False)
    age = RadioField(_l("When were you born?"), validate_choice=False)
    keep_in = RadioField(_l("Place of the badge"), validate_choice=False)
    password = PasswordField(_l("Choose a passphrase"))
    email = EmailField(_l("Or give an e-mail address"))

    def offer(self, view: ClaimView) -> None:
        """Write the answers for this badge's learner and country."""
        self.name_choice.choices = [("with", view.name), ("without", "")]
        if view.age is None:
            return
        dates = long_date(view.age.limit_since), long_date(view.age.adult_since)
        self.age.choices = [
            (band.value, when_born(band.value, *dates))
            for band in (AgeBand.ADULT, AgeBand.LIMIT_TO_17, AgeBand.UNDER_LIMIT)
        ]
