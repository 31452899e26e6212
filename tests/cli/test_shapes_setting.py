"""The setting that turns compiled shapes off reaches the library when the service is opened."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from badge_service.cli.opening import open_service
from badge_service.openbadges import canonical
from badge_service.openbadges.contexts import VC2
from badge_service.settings import for_demo

pytestmark = pytest.mark.full


@pytest.fixture(autouse=True)
def _shapes_as_they_were() -> Any:
    yield
    canonical.use_shapes()


@pytest.mark.parametrize(("one_in", "known"), [(0, False), (999_999, True), (1, False)])
def test_zero_expands_everything_and_one_compares_everything(
    tmp_path: Path, one_in: int, known: bool
) -> None:
    settings = replace(for_demo(tmp_path), shapes_checked_one_in=one_in)
    open_service(settings, must_exist=False).database.close()
    document = {"@context": [VC2], "id": "urn:uuid:1", "type": ["VerifiableCredential"], "name": "x"}
    canonical.examine(document, ours=True)
    assert (canonical.examine_known(document) is not None) is known
