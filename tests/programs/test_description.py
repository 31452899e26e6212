"""The description of the API is made from its routes, and every shape in it is a JSON Schema."""

from typing import Any

from flask import Flask
from jsonschema import Draft202012Validator

from badge_service.programs.operations import operation_of
from badge_service.web.access import rule_of


def description(app: Flask) -> dict[str, Any]:
    answer = app.test_client().get("/api/v1/openapi.json")
    assert answer.status_code == 200 and answer.mimetype == "application/json"
    assert answer.json is not None
    return answer.json


def test_every_route_of_the_api_is_described(app: Flask) -> None:
    told = description(app)
    described = {(path, verb.upper()) for path, verbs in told["paths"].items() for verb in verbs}
    routes = {
        (rule.rule.replace("<", "{").replace(">", "}"), verb)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and not rule.rule.endswith("openapi.json")
        for verb in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == routes


def test_every_shape_in_it_is_a_json_schema_and_every_name_is_known(app: Flask) -> None:
    told = description(app)

    def look(value: Any) -> None:
        if isinstance(value, dict):
            if "schema" in value:
                Draft202012Validator.check_schema(value["schema"])
            if "$ref" in value:
                assert value["$ref"].removeprefix("#/components/schemas/") in told["components"]["schemas"]
            for one in value.values():
                look(one)
        elif isinstance(value, list):
            for one in value:
                look(one)

    look(told)
    for shape in told["components"]["schemas"].values():
        Draft202012Validator.check_schema(shape)


def test_each_operation_asks_for_the_scope_that_its_route_checks(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        made = operation_of(app.view_functions[rule.endpoint])
        if made is not None and made.scope is not None:
            kept = rule_of(app, rule.endpoint)
            assert kept is not None and (kept.kind, kept.roles) == ("key", (made.scope.value,))
