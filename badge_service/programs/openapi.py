"""Writes the OpenAPI 3.1 description of every operation of the running app, from what the routes themselves declare."""

import re
from importlib.metadata import version
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from badge_service.programs.operations import ONCE_HEADER, Operation, operation_of
from badge_service.programs.rules.shapes import NAMED, Schema, shape, text

PROBLEM: Schema = shape(
    {
        "type": {"const": "about:blank"},
        "title": text(200),
        "status": {"type": "integer"},
        "detail": text(2000),
        "code": text(80, description="stable; what programs should look at"),
        "hint": text(2000),
        "faults": {
            "type": "array",
            "items": shape({"where": text(400), "message": text(2000), "code": text(80)}),
        },
    }
)
_WORDS = {
    400: "the request cannot be read, or its key stands in the address",
    401: "no key, or one that is not in use",
    403: "the key is not for that",
    404: "there is nothing here that this key may know of",
    405: "this address knows other verbs only",
    409: "it is too late, or somebody was faster",
    413: "too large",
    415: "another media type is needed",
    422: "something in the request needs correcting; `faults` names all of it",
    429: "too many requests; Retry-After says how many seconds to wait",
    503: "a part that is needed does not answer just now",
}


def description(app: Flask, address: str) -> dict[str, Any]:
    """The whole document; `address` is where the service is reached."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        made = operation_of(app.view_functions.get(rule.endpoint))
        if made is not None:
            paths.setdefault(_path(rule), {})[made.method.lower()] = _operation(rule, made)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Micro-credentials: workshops, enrolments, assessments, awards",
            "version": version("badge-service"),
            "description": "Requests and answers are JSON. Errors are RFC 9457 problem documents.",
        },
        "servers": [{"url": address}],
        "paths": paths,
        "components": {
            "schemas": {**NAMED, "Problem": PROBLEM},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _path(rule: Rule) -> str:
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)


def _operation(rule: Rule, made: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": rule.endpoint.replace(".", "_"),
        "summary": made.summary,
        "parameters": [*_in_path(rule, made), *_in_query(made), *_in_headers(made)],
        "responses": {
            str(made.status): {"description": "done", "content": _json(made.answer)},
            **{
                str(status): {
                    "description": _WORDS[status],
                    "content": {
                        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                    },
                }
                for status in _refusals(rule, made)
            },
        },
    }
    if made.scope is not None:
        told["security"] = [{"key": []}]
        told["x-scope"] = made.scope.value
    if made.body is not None:
        bodies = {**_json(made.body), **{name: {"schema": raw} for name, raw in made.raw.items()}}
        told["requestBody"] = {"required": True, "content": bodies}
    return told


def _refusals(rule: Rule, made: Operation) -> list[int]:
    refusals = {*made.refusals, 400, 429, 503}
    if made.scope is not None:
        refusals |= {401, 403, 422}
    if rule.arguments:
        refusals |= {404}
    if made.body is not None:
        refusals |= {413, 415, 422}
    return sorted(refusals)


def _in_path(rule: Rule, made: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": made.path.get(name, text(200, minLength=1))}
        for name in re.findall(r"<(?:[^:<>]+:)?([^<>]+)>", rule.rule)
    ]


def _in_query(made: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "required": False, "schema": asked}
        for name, asked in made.query.items()
    ]


def _in_headers(made: Operation) -> list[dict[str, Any]]:
    headers = dict(made.headers)
    if made.method != "GET" and made.scope is not None:
        headers[ONCE_HEADER] = text(
            255,
            minLength=1,
            pattern="^[!-~]+$",
            description="a random value; the same for a repeated request",
        )
    return [
        {"name": name, "in": "header", "required": made.once and name == ONCE_HEADER, "schema": asked}
        for name, asked in headers.items()
    ]


def _json(schema: Schema) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
