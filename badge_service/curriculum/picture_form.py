"""The form with which a writer brings a picture for a badge."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from badge_service.web.forms import Form


class PictureForm(Form):
    """One file; what it may be is judged by its content."""

    picture = FileField(_l("PNG, JPEG or WebP"), [FileRequired(_l("Choose a picture: PNG, JPEG or WebP."))])
