"""The one blueprint of this room."""

from pathlib import Path

from flask import Blueprint

blueprint = Blueprint(
    "workshops",
    __name__,
    template_folder="../templates",
    static_folder=str(Path(__file__).parents[1] / "static"),
    static_url_path="/static",
    url_prefix="/workshops",
)
