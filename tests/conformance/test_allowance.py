"""One request to the door for test suites shares one allowance of CPU time, however many documents it brings."""

from badge_service.conformance import vocabulary
from badge_service.openbadges.contexts import OB3, VC2

DOCUMENT = {"@context": [VC2, OB3], "id": "urn:x:1", "type": ["VerifiableCredential"]}


def test_documents_are_examined_as_without_it_until_it_is_spent() -> None:
    allowance = vocabulary.Allowance()
    assert allowance.examine(DOCUMENT).nquads == vocabulary.examine(DOCUMENT).nquads
    assert allowance.examine_badge(DOCUMENT).nquads
    assert 0 < allowance.cpu_seconds < vocabulary.CPU_SECONDS


def test_after_it_was_spent_nothing_is_examined() -> None:
    allowance = vocabulary.Allowance(1e-9)
    assert allowance.examine(DOCUMENT).nquads
    for examine in (allowance.examine, allowance.examine_badge):
        assert [fault.code for fault in examine(DOCUMENT).faults] == ["examination_stopped"]
