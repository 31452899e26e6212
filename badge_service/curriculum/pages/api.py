"""One address for programs: a definition goes in as JSON, the lint of its 16 European elements and every fault come out."""

from typing import Any

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from badge_service.curriculum.checking import definition_faults
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.rules import achievement_type, check_eu_elements
from badge_service.curriculum.rules.content import whole_numbers
from badge_service.curriculum.rules.formats.definition_file import (
    MOST_BYTES,
    is_definition_file,
    read_definition_file,
)
from badge_service.curriculum.words import told_element
from badge_service.errors import Fault, InvalidError
from badge_service.openbadges import strict_json
from badge_service.programs.operations import Operation, described
from badge_service.programs.rules.shapes import named, shape, text
from badge_service.web import access
from badge_service.web.forms import csrf
from badge_service.web.limits import limited
from badge_service.web.problems import Problem, json_answer

_ELEMENT = shape(
    {
        "id": text(10),
        "name": text(200),
        "level": text(40),
        "ok": {"type": "boolean"},
        "state": text(40),
        "field": {"type": ["string", "null"]},
        "message": {"type": ["string", "null"]},
        "what": text(4000),
        "why": text(4000),
        "example": text(4000),
    }
)
CHECKED = named(
    "CheckedDefinition",
    shape(
        {
            "ok": {"type": "boolean"},
            "achievementType": text(80),
            "elements": {"type": "array", "items": _ELEMENT},
            "faults": {
                "type": "array",
                "items": shape(
                    {"where": {"type": "string"}, "message": {"type": "string"}, "code": text(80)}
                ),
            },
        }
    ),
)


@blueprint.post("/api/v1/definitions/check")
@described(
    Operation(
        "POST",
        "What a micro-credential's definition lacks, and its 16 European elements",
        None,
        CHECKED,
        body={
            "type": "object",
            "description": "a content as definition.schema.json describes it, or our own file",
        },
    )
)
@access.public
@csrf.exempt  # type: ignore[untyped-decorator]
@limited("30 per minute", shared="definition-check")
def check_definition() -> ResponseReturnValue:
    """200 with the answer for any JSON object, 400 for anything else; nothing is kept, no cookie is read or set.

    The body is a content as `schemas/definition.schema.json` describes it, complete or not, or a file that we exported.
    """
    if request.mimetype != "application/json" or request.content_encoding not in (None, "", "identity"):
        raise UnsupportedMediaType
    try:
        content, faults = _content()
    except InvalidError as error:
        return _refused(error)
    faults += definition_faults(content)
    answer = jsonify(
        {
            "ok": not faults,
            "achievementType": achievement_type(content).value,
            "elements": [told_element(check) for check in check_eu_elements(content)],
            "faults": [{"where": one.where, "message": one.message, "code": one.code} for one in faults],
        }
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _content() -> tuple[dict[str, Any], list[Fault]]:
    """The content in the body, and what is wrong with the file around it."""
    if (request.content_length or 0) > MOST_BYTES:
        raise RequestEntityTooLarge
    body = request.get_data(cache=False)
    if len(body) > MOST_BYTES:
        raise RequestEntityTooLarge
    content = strict_json.loads(body, max_bytes=MOST_BYTES)
    if not isinstance(content, dict):
        raise InvalidError("This is no JSON object.", code="not_an_object")
    if is_definition_file(content):
        found = read_definition_file(body)
        return whole_numbers(found.content), [*found.faults]
    return whole_numbers(content), []


def _refused(error: InvalidError) -> Response:
    fault = Fault("body", error.message, error.code)
    problem = Problem(400, error.code, _("We cannot use this"), error.message, faults=[fault])
    answer = json_answer(problem)
    answer.headers["Cache-Control"] = "no-store"
    return answer
