"""The forms of the feedback loop and of curricula: a finding, a change that is asked for, a decision, a new curriculum."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from badge_service.curriculum.words import FINDING_KINDS, SEVERITIES, SOURCE_KINDS
from badge_service.web.forms import Form, Needed
from badge_service.web.i18n import language_choices


def _choices(words: Any) -> list[SelectChoice]:
    return [SelectChoice(key, text) for key, text in words.items()]


class FindingForm(Form):
    """What was learnt, about what, from whom."""

    about = SelectField(_l("What it is about"), [Needed()], validate_choice=False)
    kind = SelectField(
        _l("What it asks for"), choices=_choices(FINDING_KINDS), default="change", validate_choice=False
    )
    severity = SelectField(
        _l("How much it matters"), choices=_choices(SEVERITIES), default="medium", validate_choice=False
    )
    text = TextAreaField(
        _l("What was found"),
        [Needed()],
        description=_l(
            "One finding, without anybody's name: “7 of 12 baskets lost their border when carried.”"
        ),
    )
    source_kind = SelectField(_l("Kind of source"), choices=_choices(SOURCE_KINDS), validate_choice=False)
    label = StringField(
        _l("Name of the source"),
        [Needed()],
        description=_l("It goes on after “Changed after …”: “pilot 2 in Friesland”."),
    )
    public_url = StringField(
        _l("Web address of the source"), description=_l("Where everybody can read about it.")
    )
    n = IntegerField(
        _l("From how many people"),
        [Optional()],
        description=_l("Everybody sees this number. Nobody is named, however small it is."),
    )
    iteration = IntegerField(_l("Iteration"), [Optional()])
    language = SelectField(_l("Language of these texts"), choices=language_choices, validate_choice=False)


class RequestForm(Form):
    """What should change because of findings."""

    about = SelectField(_l("What should change"), [Needed()], validate_choice=False)
    text = TextAreaField(
        _l("What should be different"),
        [Needed()],
        description=_l("One change: “Criterion 1 asks for a border that stays when the basket is carried.”"),
    )


class DecisionForm(Form):
    """Yes or no, with a reason."""

    reason = TextAreaField(
        _l("Why"),
        [Needed()],
        description=_l("If it is accepted, everybody reads this beside the new version."),
    )


class CurriculumStartForm(Form):
    """Where a new curriculum begins."""

    title = StringField(_l("Title"), [Needed()])
    place = SelectField(_l("For whom"), [Needed()], validate_choice=False)
    language = SelectField(_l("Language"), choices=language_choices, validate_choice=False)
