"""The form of the page where anybody checks any badge: paste or type, or give a file or a photo."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, StringField, TextAreaField

from badge_service.web.forms import Form


class CheckForm(Form):
    """One of the two is enough; a file wins."""

    text = TextAreaField(
        _l("Link, share code or text"),
        description=_l("A link to a badge, the code from a certificate, or the whole text of a badge file."),
    )
    file = FileField(
        _l("File or photo"),
        description=_l("The badge as a file or picture (JSON, PNG, SVG), or a photo of its QR code."),
    )
    again = HiddenField()
    """The badge that was just judged, packed by its own page, to be asked about once more."""

    recipient = StringField(
        _l("Is it theirs? (optional)"),
        description=_l(
            "The e-mail address or name of the person who showed it to you. We compare it with the badge and keep nothing."
        ),
    )
