"""The blueprint that all pages of this room hang on."""

from flask import Blueprint

blueprint = Blueprint("programs", __name__, template_folder="../templates")
