"""The forms of alliances: open one, and name an issuer elsewhere that it knows."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField

from badge_service.alliance.rules import AllianceFacts
from badge_service.people.tables import Region
from badge_service.web.forms import Form, Needed
from badge_service.web.texts import plain


class IssuerForm(Form):
    """An issuer elsewhere that the alliance knows."""

    did = StringField(
        _l("Identifier"),
        [Needed()],
        description=_l(
            "As their badges name the issuer, for example did:web:school.example. Ask them for it."
        ),
    )
    name = StringField(
        _l("Name"),
        [Needed()],
        description=_l("The name under which you know them; it is shown to whoever checks."),
    )


class AllianceForm(Form):
    """What is said about a new alliance."""

    name = StringField(
        _l("Name"), [Needed()], description=_l("For example: Craft alliance of Central Bulgaria.")
    )
    slug = StringField(
        _l("Short name in the address"),
        [Needed()],
        description=_l("Small Latin letters, digits and hyphens. It stays for ever."),
    )
    region = SelectField(_l("Region"), coerce=int)
    aims = TextAreaField(
        _l("Aims"),
        [Needed()],
        description=_l("What the partners want to reach together, in a few sentences."),
    )

    def offer(self, regions: list[Region]) -> None:
        """Fill the choice of regions."""
        self.region.choices = [(region.id, region.name) for region in regions]

    def facts(self) -> AllianceFacts:
        """What was typed."""
        slug, name, aims = (plain(field.data) for field in (self.slug, self.name, self.aims))
        return AllianceFacts(slug, name, aims, int(self.region.data or 0))
