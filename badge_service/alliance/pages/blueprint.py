"""The blueprint to which the pages of this room add their routes."""

from flask import Blueprint

blueprint = Blueprint("alliance", __name__, template_folder="../templates")
