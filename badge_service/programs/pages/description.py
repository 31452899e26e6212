"""The description of the API for programmers, at one fixed address, open to everybody."""

from flask import Response, current_app, jsonify

from badge_service.programs.openapi import description as described
from badge_service.programs.pages.blueprint import blueprint
from badge_service.web import access
from badge_service.web.surroundings import current_settings


@blueprint.get("/api/v1/openapi.json")
@access.public
def description() -> Response:
    """OpenAPI 3.1, made from the routes themselves."""
    answer = jsonify(described(current_app, current_settings().address))
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
