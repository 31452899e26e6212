"""schemathesis asks the API what its description allows and much that it does not: no 5xx, no answer of another shape."""

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from badge_service.web.limits import limiter
from tests.awards.conftest import SLUG, World
from tests.programs.conftest import Program

pytestmark = pytest.mark.slow

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = settings().max_examples * 2 // 5
"""Of each kind for each operation, what fits the description and what does not: 1,100 requests, with the profile `fuzz` 20,000."""


@pytest.fixture
def unlimited(app: Flask) -> Any:
    """Limits would answer nearly everything; they are tested elsewhere."""
    limiter.enabled = False
    yield app
    limiter.enabled = True


def asked(case: Case, program: Program, world: World) -> None:
    """Half of the addresses name something that is there, else everything would end at 404.

    What was drawn in their place and in that of the key is not sent: whether it would be refused is not asked.
    """
    put_right = {ParameterLocation.HEADER}
    if sum(map(ord, str(case.path_parameters))) % 2 == 0:
        put_right.add(ParameterLocation.PATH)
        if "token" in case.path_parameters:
            case.path_parameters["token"] = world.token
        if "slug" in case.path_parameters:
            case.path_parameters["slug"] = SLUG
    case.headers.update(program.headers())
    wrong = {where for where, drawn in case.meta.components.items() if drawn.mode is GenerationMode.NEGATIVE}
    case.call_and_validate(checks=[*CHECKS, *([negative_data_rejection] if wrong - put_right else [])])


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_answer_is_a_failure_of_ours_or_of_another_shape(
    unlimited: Flask, program: Program, world: World, class_of_three: list[int], mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", unlimited)
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Case) -> None:
            asked(case, program, world)

        ask()
        tried += 1
    assert tried >= 14
