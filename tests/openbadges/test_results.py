"""Results mean something only when the achievement describes them."""

from typing import Any

import pytest

from badge_service.openbadges import results


def faults_of(badge: dict[str, Any], **changes: Any) -> list[str]:
    badge["credentialSubject"]["result"][0].update(changes)
    return [fault.message for fault in results.link_faults(badge)]


def test_described_results_have_no_faults(unsigned: dict[str, Any]) -> None:
    assert faults_of(unsigned) == []


def test_unknown_descriptions_and_levels_are_named_with_their_place(unsigned: dict[str, Any]) -> None:
    assert faults_of(unsigned, resultDescription="urn:x") == [
        "This result is not described in the achievement.",
        "This level is not one of the described levels.",
    ]
    assert results.link_faults(unsigned)[0].where == "credentialSubject.result[0]"


def test_a_result_that_is_a_status_must_say_it(unsigned: dict[str, Any]) -> None:
    unsigned["credentialSubject"]["achievement"]["resultDescription"][0]["resultType"] = "Status"
    assert faults_of(unsigned) == []
    del unsigned["credentialSubject"]["result"][0]["status"]
    assert faults_of(unsigned) == ["This result must say its status."]


@pytest.mark.parametrize("subject", [None, [], "x", {}, {"achievement": 7}, {"achievement": {}, "result": 7}])
def test_documents_of_any_shape_are_looked_at(subject: Any) -> None:
    assert results.link_faults({"credentialSubject": subject}) == []
